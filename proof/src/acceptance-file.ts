// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { once } from './byte-reader.ts'
import { compareBytes, concat, decodeUtf8Strict, fromHex, ProofError, sha256, toHex, u16be, utf8, view } from './bytes.ts'
import { envelopeText, signStatement } from './dsse.ts'
import { canonicalJson, parseCanonicalJson } from './jcs.ts'
import { leafHash, MerkleAccumulator } from './merkle.ts'
import type { NoteSigner } from './note.ts'
import { isCount, isHexId, listOf, objectOf, oneOf, readShape } from './shape.ts'
import type { Shaped } from './shape.ts'
import { acceptanceStatement } from './statements.ts'
import type { Acceptance } from './statements.ts'
import { tarFile } from './tar.ts'
import type { TarEntry } from './tar.ts'

/**
 * One record as read back from the destination. `root` is 32 zero bytes for a record that the package does not have: without salts there
 * is nothing to compute it from. `seen` counts its rows.
 */
export type AcceptedRecord = { recordId: Uint8Array; root: Uint8Array; seen: number }

const isDifference = objectOf({ recordId: isHexId, kind: oneOf('missing', 'extra', 'duplicate', 'changed'), fields: listOf(isCount) })
/** 差异. One record that is not at the destination as it was sent; `fields` are field indexes, empty unless changed. */
export type Difference = Shaped<typeof isDifference>

/** Names of the files of an acceptance, in their order. */
export const ACCEPTANCE_FILES = { statement: 'acceptance.json', records: 'records.bin', differences: 'differences.ndjson' } as const

/** Bytes of one row of `records.bin`: id (16) ‖ root (32) ‖ u16 times seen. */
export const ACCEPTED_ROW_BYTES = 50
const SEEN_AT = 48
const SEEN_MAX = 65_535
/** A line names at most some thousands of fields. */
const LINE_BYTES_MAX = 4 * 1024 * 1024

/** A file that can be read from its beginning more than once, so that nothing has to be held in memory. */
export type RereadableFile = { size: number; open: () => AsyncIterable<Uint8Array> }
/** The two lists of an acceptance, both in the order of record ids. */
export type AcceptanceLists = { records: RereadableFile; differences: RereadableFile }
/** The lists with what the statement says of them. */
export type DescribedLists = AcceptanceLists & { acceptedRoot: string; count: number; recordsDigest: string; differencesDigest: string; isEqual: boolean }
/** What `acceptanceEntries` fills in from the records and differences themselves. */
export type AcceptanceFacts = Omit<Acceptance, 'acceptedRoot' | 'records' | 'recordsDigest' | 'differencesDigest' | 'status'>

/** Reads both lists once, with flat memory; refuses lists that are cut or out of order. */
export async function describeLists(lists: AcceptanceLists): Promise<DescribedLists> {
  const records = await walked(new AcceptedRecordsWalk(), lists.records)
  const differences = await walked(new DifferencesWalk(), lists.differences)
  return { ...lists, acceptedRoot: toHex(records.root), count: records.count, recordsDigest: toHex(records.digest), differencesDigest: toHex(differences.digest), isEqual: differences.count === 0 }
}

/** The entries of an acceptance tar; give them to `writeTar`. The status follows from the differences (CONTRACTS §8). */
export function acceptanceEntries(facts: AcceptanceFacts, lists: DescribedLists, signers: readonly NoteSigner[]): TarEntry[] {
  const { acceptedRoot, count, recordsDigest, differencesDigest, isEqual } = lists
  const acceptance: Acceptance = { ...facts, acceptedRoot, records: count, recordsDigest, differencesDigest, status: isEqual && facts.refused.length === 0 ? 'complete' : 'differences' }
  return [
    tarFile(ACCEPTANCE_FILES.statement, utf8(envelopeText(signStatement(acceptanceStatement(acceptance), signers)))),
    entryOf(ACCEPTANCE_FILES.records, lists.records),
    entryOf(ACCEPTANCE_FILES.differences, lists.differences),
  ]
}

/** The lists of an acceptance from memory, in order. */
export function acceptanceLists(found: { records: readonly AcceptedRecord[]; differences: readonly Difference[] }): AcceptanceLists {
  const inMemory = (bytes: Uint8Array): RereadableFile => ({ size: bytes.length, open: () => once(bytes) })
  return { records: inMemory(encodeAcceptedRecords(found.records)), differences: inMemory(encodeDifferences(found.differences)) }
}

/** What walks over the bytes of a file as they come. */
type Walk<T> = { take: (bytes: Uint8Array) => void; finish: () => T }

async function walked<T>(walk: Walk<T>, file: RereadableFile): Promise<T> {
  for await (const part of file.open()) walk.take(part)
  return walk.finish()
}

function entryOf(name: string, { size, open }: RereadableFile): TarEntry {
  // Opened when its turn comes: a file that nobody reads must not stay open.
  return { name, size, content: { [Symbol.asyncIterator]: () => open()[Symbol.asyncIterator]() } }
}

/** What a walk over `records.bin` finds: how many rows, the root over them, the digest of the file. */
export type WalkedRecords = { count: number; root: Uint8Array; digest: Uint8Array }

/**
 * Reads `records.bin` in pieces of any size with flat memory: order, root, digest. `onRow` sees each row (id ‖ root ‖ seen; only valid
 * during the call). What does not hold is thrown by `finish`, so that the digest of a file is known even then.
 */
export class AcceptedRecordsWalk {
  readonly #onRow: ((row: Buffer) => void) | null
  readonly #hash = createHash('sha256')
  readonly #tree = new MerkleAccumulator()
  readonly #last = Buffer.alloc(16)
  readonly #leaf = Buffer.alloc(1 + SEEN_AT)
  #rest: Buffer = Buffer.alloc(0)
  #count = 0
  #isOrdered = true

  constructor(onRow: ((row: Buffer) => void) | null = null) {
    this.#onRow = onRow
  }

  take(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    const all = this.#rest.length === 0 ? view(bytes) : Buffer.concat([this.#rest, bytes])
    const whole = all.length - (all.length % ACCEPTED_ROW_BYTES)
    for (let at = 0; at < whole; at += ACCEPTED_ROW_BYTES) this.#row(all.subarray(at, at + ACCEPTED_ROW_BYTES))
    this.#rest = Buffer.from(all.subarray(whole))
  }

  finish(): WalkedRecords {
    if (this.#rest.length > 0) throw new ProofError('CUT', 'records.bin is cut')
    if (!this.#isOrdered) throw new ProofError('BAD_RECORDS', 'records.bin is out of order')
    return { count: this.#count, root: this.#tree.root(), digest: this.digest() }
  }

  /** Digest of the bytes so far. */
  digest(): Uint8Array {
    return this.#hash.copy().digest()
  }

  #row(row: Buffer): void {
    if (row.readUInt16BE(SEEN_AT) === 0 || (this.#count > 0 && this.#last.compare(row, 0, 16) >= 0)) this.#isOrdered = false
    row.copy(this.#last, 0, 0, 16)
    row.copy(this.#leaf, 1, 0, SEEN_AT) // the first byte stays zero: a leaf of RFC 6962
    this.#tree.push(sha256(this.#leaf))
    this.#count += 1
    this.#onRow?.(row)
  }
}

/** Reads `differences.ndjson` in pieces of any size with flat memory; `onDifference` sees each. What does not hold is thrown by `finish`. */
export class DifferencesWalk {
  readonly #onDifference: ((difference: Difference) => void) | null
  readonly #hash = createHash('sha256')
  #rest: Buffer = Buffer.alloc(0)
  #last: Difference | null = null
  #count = 0
  #problem: ProofError | null = null

  constructor(onDifference: ((difference: Difference) => void) | null = null) {
    this.#onDifference = onDifference
  }

  take(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    if (this.#problem !== null) return
    const all = this.#rest.length === 0 ? view(bytes) : Buffer.concat([this.#rest, bytes])
    try {
      let at = 0
      for (let end = all.indexOf(10, at); end >= 0; end = all.indexOf(10, at)) {
        this.#line(all.subarray(at, end))
        at = end + 1
      }
      this.#rest = Buffer.from(all.subarray(at))
      if (this.#rest.length > LINE_BYTES_MAX) throw new ProofError('CUT', 'a line of differences.ndjson does not end')
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      this.#problem = error
    }
  }

  finish(): { count: number; digest: Uint8Array } {
    if (this.#problem !== null) throw this.#problem
    if (this.#rest.length > 0) throw new ProofError('CUT', 'differences.ndjson is cut')
    return { count: this.#count, digest: this.digest() }
  }

  /** Digest of the bytes so far. */
  digest(): Uint8Array {
    return this.#hash.copy().digest()
  }

  #line(bytes: Uint8Array): void {
    const difference = readShape(isDifference, parseCanonicalJson(decodeUtf8Strict(bytes)), 'a difference')
    if (this.#last !== null && compareDifferences(this.#last, difference) >= 0) throw new ProofError('BAD_DIFFERENCES', 'differences.ndjson is out of order')
    this.#last = difference
    this.#count += 1
    this.#onDifference?.(difference)
  }
}

/** Root over records in the order of their ids, each leaf = id ‖ root: what the sender sent and what the recipient accepted are compared by it. */
export function recordSetRoot(records: readonly { recordId: Uint8Array; root: Uint8Array }[]): Uint8Array {
  const tree = new MerkleAccumulator()
  for (const { recordId, root } of [...records].sort((a, b) => compareBytes(a.recordId, b.recordId))) tree.push(leafHash(concat(recordId, root)))
  return tree.root()
}

/** One row of `records.bin`; more rows than a row can say count as 65,535. */
export function acceptedRow({ recordId, root, seen }: AcceptedRecord): Uint8Array {
  return concat(recordId, root, u16be(Math.min(seen, SEEN_MAX)))
}

/** Rows of id (16) ‖ root (32) ‖ u16 times seen, in the order of ids; refuses an id that occurs twice. */
export function encodeAcceptedRecords(records: readonly AcceptedRecord[]): Uint8Array {
  const rows = [...records].sort((a, b) => compareBytes(a.recordId, b.recordId)).map(acceptedRow)
  const bytes = Buffer.concat(rows) // not spread into arguments: there may be a million rows
  decodeAcceptedRecords(bytes)
  return bytes
}

/** The rows of `records.bin`; refuses a cut file and ids that repeat or are out of order. */
export function decodeAcceptedRecords(bytes: Uint8Array): AcceptedRecord[] {
  const records: AcceptedRecord[] = []
  const walk = new AcceptedRecordsWalk((row) => {
    const own = Buffer.from(row)
    records.push({ recordId: own.subarray(0, 16), root: own.subarray(16, SEEN_AT), seen: own.readUInt16BE(SEEN_AT) })
  })
  walk.take(bytes)
  walk.finish()
  return records
}

/** One canonical line a difference. */
export function differenceLine(difference: Difference): string {
  return `${canonicalJson(difference)}\n`
}

/** One canonical line a difference, in the order of record ids. */
export function encodeDifferences(differences: readonly Difference[]): Uint8Array {
  return utf8([...differences].sort((a, b) => compareDifferences(a, b)).map(differenceLine).join(''))
}

/** The lines of `differences.ndjson`; refuses lines that are not canonical or out of order. */
export function decodeDifferences(bytes: Uint8Array): Difference[] {
  const differences: Difference[] = []
  const walk = new DifferencesWalk((difference) => differences.push(difference))
  walk.take(bytes)
  walk.finish()
  return differences
}

/** The order of differences: by record id, then by the name of the kind. */
export function compareDifferences(a: Difference, b: Difference): number {
  return compareBytes(fromHex(a.recordId), fromHex(b.recordId)) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)
}
