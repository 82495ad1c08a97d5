// SPDX-License-Identifier: Apache-2.0
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

const ROW_BYTES = 50
const SEEN_MAX = 65_535

/** What `acceptanceEntries` fills in from the records and differences themselves. */
export type AcceptanceFacts = Omit<Acceptance, 'acceptedRoot' | 'recordsDigest' | 'differencesDigest' | 'status'>

/** The entries of an acceptance tar; give them to `writeTar`. The status follows from the differences (CONTRACTS §8). */
export function acceptanceEntries(facts: AcceptanceFacts, found: { records: readonly AcceptedRecord[]; differences: readonly Difference[] }, signers: readonly NoteSigner[]): TarEntry[] {
  const records = encodeAcceptedRecords(found.records)
  const differences = encodeDifferences(found.differences)
  const acceptance: Acceptance = {
    ...facts,
    acceptedRoot: toHex(recordSetRoot(found.records)),
    recordsDigest: toHex(sha256(records)),
    differencesDigest: toHex(sha256(differences)),
    status: found.differences.length === 0 && facts.refused.length === 0 ? 'complete' : 'differences',
  }
  return [
    tarFile(ACCEPTANCE_FILES.statement, utf8(envelopeText(signStatement(acceptanceStatement(acceptance), signers)))),
    tarFile(ACCEPTANCE_FILES.records, records),
    tarFile(ACCEPTANCE_FILES.differences, differences),
  ]
}

/** Root over records in the order of their ids, each leaf = id ‖ root: what the sender sent and what the recipient accepted are compared by it. */
export function recordSetRoot(records: readonly { recordId: Uint8Array; root: Uint8Array }[]): Uint8Array {
  const tree = new MerkleAccumulator()
  for (const { recordId, root } of [...records].sort((a, b) => compareBytes(a.recordId, b.recordId))) tree.push(leafHash(concat(recordId, root)))
  return tree.root()
}

/** Rows of id (16) ‖ root (32) ‖ u16 times seen, in the order of ids; refuses an id that occurs twice. */
export function encodeAcceptedRecords(records: readonly AcceptedRecord[]): Uint8Array {
  const rows = [...records].sort((a, b) => compareBytes(a.recordId, b.recordId)).map((record) => concat(record.recordId, record.root, u16be(Math.min(record.seen, SEEN_MAX))))
  const bytes = Buffer.concat(rows) // not spread into arguments: there may be a million rows
  decodeAcceptedRecords(bytes)
  return bytes
}

/** The rows of `records.bin`; refuses a cut file and ids that repeat or are out of order. */
export function decodeAcceptedRecords(bytes: Uint8Array): AcceptedRecord[] {
  if (bytes.length % ROW_BYTES !== 0) throw new ProofError('CUT', 'records.bin is cut')
  const buffer = view(bytes)
  const records = Array.from({ length: bytes.length / ROW_BYTES }, (_, row) => {
    const at = row * ROW_BYTES
    return { recordId: buffer.subarray(at, at + 16), root: buffer.subarray(at + 16, at + 48), seen: buffer.readUInt16BE(at + 48) }
  })
  records.forEach(({ recordId, seen }, row) => {
    const earlier = records[row - 1]
    if (seen === 0 || (earlier !== undefined && compareBytes(earlier.recordId, recordId) >= 0)) throw new ProofError('BAD_RECORDS', 'records.bin is out of order')
  })
  return records
}

/** One canonical line a difference, in the order of record ids. */
export function encodeDifferences(differences: readonly Difference[]): Uint8Array {
  const lines = [...differences].sort((a, b) => compareDifferences(a, b)).map((difference) => `${canonicalJson(difference)}\n`)
  return utf8(lines.join(''))
}

/** The lines of `differences.ndjson`; refuses lines that are not canonical or out of order. */
export function decodeDifferences(bytes: Uint8Array): Difference[] {
  const lines = decodeUtf8Strict(bytes).split('\n')
  if (lines.pop() !== '') throw new ProofError('CUT', 'differences.ndjson is cut')
  const differences = lines.map((line) => readShape(isDifference, parseCanonicalJson(line), 'a difference'))
  differences.forEach((difference, at) => {
    const earlier = differences[at - 1]
    if (earlier !== undefined && compareDifferences(earlier, difference) >= 0) throw new ProofError('BAD_DIFFERENCES', 'differences.ndjson is out of order')
  })
  return differences
}

function compareDifferences(a: Difference, b: Difference): number {
  return compareBytes(fromHex(a.recordId), fromHex(b.recordId)) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)
}
