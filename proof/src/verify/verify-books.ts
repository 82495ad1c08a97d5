// SPDX-License-Identifier: Apache-2.0
import { DISPOSITIONS, FINAL_DISPOSITIONS, isPresent } from '../book-leaves.ts'
import type { DispositionName } from '../book-leaves.ts'
import { BUNDLE_FILES } from '../bundle-file.ts'
import { digestOf, ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import { forEachEntry, largeFile } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { countBits, fieldKey, RecordColumns, setBit } from './record-columns.ts'
import type { Batch } from './record-columns.ts'
import { replayPostings } from './replay-postings.ts'
import type { Account, Balances } from './replay-postings.ts'
import { readRevisions } from './revisions.ts'
import type { Revisions } from './revisions.ts'
import { readRewrites } from './rewrites.ts'
import type { Rewrites } from './rewrites.ts'
import { checkAbandonedBooks, isAbandoned } from './verify-cut-over.ts'
import type { CheckList } from './verdict.ts'
import { dispositionWords } from './words.ts'

/** What the books add up to, read once. */
type Counted = { root: string; records: number; byField: Map<string, number[]>; recordsBy: Map<string, number>; smallestGroup: number }
/** The records of a parties' bundle and their rewrites, for the checks of flows; null in a public bundle. */
export type CheckedRecords = { columns: RecordColumns; rewrites: Rewrites | null; revisions: Revisions }

/** Re-adds the books: inventory roots, bijection, counts, postings, close (CONTRACTS §§3, 4). A public bundle shows totals only. */
export async function verifyBooks(bundle: OpenedBundle, checks: CheckList): Promise<CheckedRecords | null> {
  if (bundle.index.kind === 'public') {
    await checks.also('close', (say) => say(checkClose(bundle, null)))
    return null
  }
  const balances = await checks.need('postings', () => replayPostings(bundle.events))
  let revisions: Revisions = []
  const columns = await checks.need('inventory', async (say) => {
    const found = await readInventory(bundle)
    revisions = await readRevisions(bundle, found)
    say({ zh: `${found.count} 条记录`, en: `${found.count} records` })
    return found
  })
  const counted = await checks.need('books', async (say) => {
    const found = await readBooks(bundle, columns)
    say({ zh: `一一对应;去向组合最小的一组有 ${found.smallestGroup} 条`, en: `one to one; the smallest group of equal dispositions has ${found.smallestGroup} records` })
    return found
  })
  await checks.also('balance', (say) => {
    const sum = compareCounts(counted, balances)
    say({ zh: `收 ${sum} 个值,逐数据集逐字段重算,差额 0`, en: `${sum} values, added up again by data set and field, difference 0` })
  })
  let rewrites: Rewrites | null = null
  await checks.also('rewrites', async () => {
    rewrites = await readRewrites(bundle, columns, revisions)
  })
  await checks.also('close', (say) => say(checkClose(bundle, { balances, counted })))
  if (isAbandoned(bundle)) await checks.also('abandoned', (say) => say(checkAbandonedBooks(bundle, (body) => compareClose(body, { balances, counted }))))
  return { columns, rewrites, revisions }
}

/** Indexes run from 0; each InventoryCommitted covers its range with its root and counts. */
async function readInventory(bundle: OpenedBundle): Promise<RecordColumns> {
  const columns = new RecordColumns(bundle.events, bundle.files.get(BUNDLE_FILES.inventory)?.size ?? 0)
  let index = 0
  let at = 0
  let tree = new MerkleAccumulator()
  let values: number[] = columns.batches[0]?.fields.map(() => 0) ?? []
  await forEachEntry(largeFile(bundle, BUNDLE_FILES.inventory), (entry, leafInput) => {
    const batch = columns.batches[at]
    if (batch === undefined) throw new ProofError('COUNTS', 'the inventory has more records than was committed')
    addEntry(columns, { batch, index, entry }, values)
    tree.push(digestOf(leafInput))
    index += 1
    if (index < batch.first + batch.records) return
    refuseOtherBatch(batch, values, tree)
    at += 1
    tree = new MerkleAccumulator()
    values = columns.batches[at]?.fields.map(() => 0) ?? []
  })
  if (at !== columns.batches.length) throw new ProofError('COUNTS', 'the inventory has fewer records than was committed')
  return columns
}

function addEntry(columns: RecordColumns, { batch, index, entry }: { batch: Batch; index: number; entry: Buffer }, values: number[]): void {
  const width = entry.length < 42 ? -1 : entry.readUInt16BE(40)
  if (entry.length !== 42 + width + 32) throw new ProofError('BAD_LEAF', 'an inventory leaf has a wrong length')
  if (indexIn(entry) !== index || entry.compare(batch.dataSetId, 0, 16, 24, 40) !== 0) throw new ProofError('ORDER', `inventory leaf ${index}`)
  if (width !== batch.width) throw new ProofError('BAD_LEAF', `inventory leaf ${index} has another number of fields`)
  const presence = entry.subarray(42, 42 + width)
  for (let field = batch.fields.length; field < width * 8; field += 1) if (isPresent(presence, field)) throw new ProofError('BAD_LEAF', `inventory leaf ${index} has a field too many`)
  countBits(presence, values)
  columns.presence.set(presence, columns.bitsOf(batch, index))
  columns.addRecord(index, entry.subarray(8, 24), entry.subarray(42 + width))
}

/** Index at the beginning of an entry; beyond what can be counted it equals no index. */
function indexIn(entry: Buffer): number {
  return entry.readUInt32BE(0) * 2 ** 32 + entry.readUInt32BE(4)
}

function refuseOtherBatch(batch: Batch, values: readonly number[], tree: MerkleAccumulator): void {
  if (toHex(tree.root()) !== batch.root) throw new ProofError('ROOT', `inventory from ${batch.first}`)
  batch.counts.forEach((count, field) => {
    if (values[field] !== count) throw new ProofError('COUNTS', `field ${batch.fields[field] ?? '?'}: ${values[field] ?? 0} values found, ${count} committed`)
  })
}

/** Same index, same record; a field has a disposition exactly when it has a value. Counts everything on the way. */
async function readBooks(bundle: OpenedBundle, columns: RecordColumns): Promise<Counted> {
  const tree = new MerkleAccumulator()
  const byField = new Map<string, number[]>()
  const recordsBy = new Map<string, number>()
  const groups = new GroupSizes(columns.count)
  let [index, at] = [0, 0]
  let counts: number[][] = []
  await forEachEntry(largeFile(bundle, BUNDLE_FILES.books), (entry, leafInput) => {
    while (index === (columns.batches[at]?.first ?? 0) + (columns.batches[at]?.records ?? 0) && at < columns.batches.length) at += 1
    const batch = columns.batches[at]
    if (batch === undefined) throw new ProofError('BIJECTION', `${columns.count} records in the inventory, more in the books`)
    if (index === batch.first) counts = batch.fields.map((_, field) => countersOf(byField, fieldKey(batch, field)))
    const vector = vectorOf(columns, { batch, index, entry })
    const name = bookRecord(columns, { batch, index, vector }, counts)
    recordsBy.set(name, (recordsBy.get(name) ?? 0) + 1)
    groups.add(at, vector)
    tree.push(digestOf(leafInput))
    index += 1
  })
  if (index !== columns.count) throw new ProofError('BIJECTION', `${columns.count} records in the inventory, ${index} in the books`)
  return { root: toHex(tree.root()), records: index, byField, recordsBy, smallestGroup: groups.smallest() }
}

function vectorOf(columns: RecordColumns, { batch, index, entry }: { batch: Batch; index: number; entry: Buffer }): Buffer {
  const width = entry.length < 26 ? -1 : entry.readUInt16BE(24)
  if (entry.length !== 26 + width) throw new ProofError('BAD_LEAF', 'a books leaf has a wrong length')
  if (indexIn(entry) !== index || !columns.isRecord(index, entry.subarray(8, 24))) throw new ProofError('BIJECTION', `leaf ${index}`)
  if (width !== batch.fields.length) throw new ProofError('BIJECTION', `leaf ${index} has another number of fields`)
  return entry.subarray(26)
}

const [TRANSFERRED, SEALED, DESTROYED] = (['transferred', 'sealed', 'destroyed'] as const).map((name) => DISPOSITIONS.indexOf(name))

/** Counts the vector by field and account, notes what later checks ask for; returns the one disposition of the record, `mixed` or `none`. */
function bookRecord(columns: RecordColumns, { batch, index, vector }: { batch: Batch; index: number; vector: Buffer }, counts: readonly number[][]): string {
  const bits = columns.bitsOf(batch, index)
  const presence = columns.presence.subarray(bits, bits + batch.width)
  let found = 0
  for (let field = 0; field < vector.length; field += 1) {
    const code = vector[field] ?? 0
    if (code >= DISPOSITIONS.length) throw new ProofError('BAD_VECTOR', 'a disposition byte is not known')
    if ((code !== 0) !== isPresent(presence, field)) throw new ProofError('BIJECTION', `leaf ${index}, field ${field}`)
    if (code === 0) continue
    const counters = counts[field]
    if (counters !== undefined) counters[code] = (counters[code] ?? 0) + 1
    found |= 1 << code
    if (code === TRANSFERRED) setBit(columns.transferred, bits, field)
    if (code === SEALED) setBit(columns.sealed, bits, field)
    columns.ends[index] = (columns.ends[index] ?? 0) | (code === DESTROYED ? 1 : 2)
  }
  if (found === 0) return 'none'
  const only = DISPOSITIONS.findIndex((_, code) => found === 1 << code)
  return only < 0 ? 'mixed' : (DISPOSITIONS[only] ?? 'mixed')
}

function countersOf(byField: Map<string, number[]>, key: string): number[] {
  const known = byField.get(key) ?? DISPOSITIONS.map(() => 0)
  byField.set(key, known)
  return known
}

/** How many records share the rarest vector of dispositions: small groups single people out (CONTRACTS §3). */
class GroupSizes {
  readonly #records: number
  readonly #sizes = new Map<string, number>()

  constructor(records: number) {
    this.#records = records
  }

  add(batch: number, vector: Buffer): void {
    // More kinds than half the records: one of them is alone, whatever follows.
    if (this.#sizes.size * 2 > this.#records) return
    const key = `${batch} ${vector.toString('latin1')}`
    this.#sizes.set(key, (this.#sizes.get(key) ?? 0) + 1)
  }

  smallest(): number {
    if (this.#sizes.size * 2 > this.#records) return 1
    return [...this.#sizes.values()].reduce((least, size) => Math.min(least, size), this.#records)
  }
}

/** Σ of vectors = replayed postings, per data set × field × account; returns the sum of all values. */
function compareCounts({ byField }: Counted, balances: Balances): number {
  let total = 0
  for (const key of new Set([...byField.keys(), ...balances.keys()])) {
    for (const [code, account] of DISPOSITIONS.entries()) {
      if (account === 'empty') continue
      const inBooks = byField.get(key)?.[code] ?? 0
      const posted = accountOf(balances, key, account)
      if (inBooks !== posted) throw new ProofError('NOT_BALANCED', `${key} ${account}: ${inBooks} in the leaves, ${posted} posted`)
      total += inBooks
    }
  }
  const discovered = [...balances.values()].reduce((sum, line) => sum + (line.get('discovered') ?? 0), 0)
  if (discovered !== total) throw new ProofError('NOT_BALANCED', `${discovered} discovered, ${total} in the accounts`)
  return total
}

/** At the close: one MatterClosed, its totals are the books, its root is that of the books leaves, nothing pending. */
function checkClose(bundle: OpenedBundle, books: { balances: Balances; counted: Counted } | null): { zh: string; en: string } {
  const [closed, ...more] = eventsOf(bundle.events, 'MatterClosed')
  if (closed === undefined && books === null) throw new ProofError('TYPE_MISSING', 'a public bundle shows the close')
  if (closed === undefined) return { zh: '尚未办结,账簿根尚未入日志', en: 'not closed yet: the root of the books is not in the log' }
  if (more.length > 0) throw new ProofError('ORDER', 'the matter was closed twice')
  const { discovered, dispositions } = closed.body
  const sum = FINAL_DISPOSITIONS.reduce((total, name) => total + dispositions[name], 0)
  if (sum !== discovered) throw new ProofError('NOT_BALANCED', `${discovered} discovered, ${sum} in the final accounts`)
  if (bundle.events.some((event) => event.seq > closed.seq && event.postings.length > 0)) throw new ProofError('POSTING', 'postings after the close')
  if (books !== null) compareClose(closed.body, books)
  const parts = (language: 'zh' | 'en'): string => FINAL_DISPOSITIONS.map((name) => `${dispositionWords[name][language]} ${dispositions[name]}`).join(' + ')
  return { zh: `账平:收 ${discovered} = ${parts('zh')},差额 0`, en: `balanced: ${discovered} = ${parts('en')}` }
}

function compareClose(body: BodyOf<'MatterClosed'>, { balances, counted }: { balances: Balances; counted: Counted }): void {
  for (const name of DISPOSITIONS.slice(1)) {
    const posted = [...balances.keys()].reduce((total, key) => total + accountOf(balances, key, name), 0)
    const stated = FINAL_DISPOSITIONS.find((final) => final === name)
    if (posted !== (stated === undefined ? 0 : body.dispositions[stated])) throw new ProofError('NOT_BALANCED', `${name}: ${posted} posted`)
  }
  if (counted.records !== body.records) throw new ProofError('COUNTS', `${counted.records} records in the books, ${body.records} at the close`)
  if (counted.root !== body.booksRoot) throw new ProofError('ROOT', 'books at the close')
  compareRecords(counted.recordsBy, body)
}

/** Records by disposition, `mixed` when a record has several. A record without any value may be counted under any of them. */
function compareRecords(counted: ReadonlyMap<string, number>, body: BodyOf<'MatterClosed'>): void {
  const names = [...FINAL_DISPOSITIONS, 'mixed'] as const
  const isBelow = names.some((name) => body.recordsBy[name] < (counted.get(name) ?? 0))
  const total = names.reduce((sum, name) => sum + body.recordsBy[name], 0)
  if (isBelow || total !== body.records) throw new ProofError('COUNTS', 'records by disposition at the close')
}

function accountOf(balances: Balances, key: string, account: Account | DispositionName): number {
  return balances.get(key)?.get(account) ?? 0
}
