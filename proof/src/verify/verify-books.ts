// SPDX-License-Identifier: Apache-2.0
import { DISPOSITIONS, decodeBooksEntry, decodeInventoryEntry, decodeRewriteEntry, FINAL_DISPOSITIONS, isPresent, unframeEntries } from '../book-leaves.ts'
import type { BooksEntry, DispositionName, InventoryEntry } from '../book-leaves.ts'
import { BUNDLE_FILES } from '../bundle-file.ts'
import { equalBytes, ProofError, toHex } from '../bytes.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf, MatterEvent } from './matter-events.ts'
import { replayPostings } from './replay-postings.ts'
import type { Account, Balances } from './replay-postings.ts'
import { fileOf } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { CheckList } from './verdict.ts'

type Leaves = { inventory: InventoryEntry[]; books: BooksEntry[] }

/** Re-adds the books: inventory roots, bijection, counts, postings, close (CONTRACTS §§3, 4). A public bundle shows totals only. */
export async function verifyBooks(bundle: OpenedBundle, checks: CheckList): Promise<void> {
  const balances = bundle.index.kind === 'public' ? null : await checks.need('postings', () => replayPostings(bundle.events))
  if (balances !== null) {
    const inventory = await checks.need('inventory', (say) => {
      const found = checkInventory(bundle)
      say({ zh: `${found.length} 条记录`, en: `${found.length} records` })
      return found
    })
    const books = await checks.need('books', (say) => {
      const found = checkBijection(bundle, inventory)
      const group = smallestGroup(inventory, found)
      say({ zh: `一一对应;去向组合最小的一组有 ${group} 条`, en: `one to one; the smallest group of equal dispositions has ${group} records` })
      return found
    })
    await checks.also('balance', (say) => {
      const sum = compareCounts(bundle.events, { inventory, books }, balances)
      say({ zh: `收 ${sum} 个值,逐数据集逐字段重算,差额 0`, en: `${sum} values, added up again by data set and field, difference 0` })
    })
    await checks.also('rewrites', () => checkRewrites(bundle, inventory))
  }
  await checks.also('close', (say) => say(checkClose(bundle, balances)))
}

/** Entries of a .bin file, decoded. */
function entriesOf<T>(bundle: OpenedBundle, name: string, decode: (entry: Uint8Array) => T): T[] {
  return Array.from(unframeEntries(fileOf(bundle.files, name)), decode)
}

/** Indexes run from 0; each InventoryCommitted covers its range with its root and counts. */
function checkInventory(bundle: OpenedBundle): InventoryEntry[] {
  const raw = [...unframeEntries(fileOf(bundle.files, BUNDLE_FILES.inventory))]
  const entries = raw.map(decodeInventoryEntry)
  refuseDoubled(entries)
  const fieldsOf = new Map<string, string>()
  let next = 0
  for (const { body } of [...eventsOf(bundle.events, 'InventoryCommitted')].sort((a, b) => a.body.first - b.body.first)) {
    if (body.records > 0 && body.first !== next) throw new ProofError('ORDER', `the inventory has a gap at ${next}`)
    const range = entries.slice(body.first, body.first + body.records)
    if (range.length !== body.records) throw new ProofError('COUNTS', 'the inventory has fewer records than was committed')
    if (toHex(rootOfLeaves(raw.slice(body.first, body.first + body.records).map(leafHash))) !== body.root) throw new ProofError('ROOT', `inventory from ${body.first}`)
    checkBatch(body, range)
    // Counts are kept by field, so a later batch of the same data set may not name its fields otherwise.
    const fields = body.fields.map(({ f }) => f).join(' ')
    if ((fieldsOf.get(body.ds) ?? fields) !== fields) throw new ProofError('ORDER', `the fields of ${body.ds} changed`)
    fieldsOf.set(body.ds, fields)
    next += body.records
  }
  if (next !== entries.length) throw new ProofError('COUNTS', 'the inventory has more records than was committed')
  return entries
}

/** A record that stands in the inventory twice would be counted twice. */
function refuseDoubled(entries: readonly InventoryEntry[]): void {
  if (new Set(entries.map(({ recordId }) => toHex(recordId))).size !== entries.length) throw new ProofError('ORDER', 'a record is in the inventory twice')
}

function checkBatch(body: BodyOf<'InventoryCommitted'>, range: readonly InventoryEntry[]): void {
  const values = body.fields.map(() => 0)
  range.forEach((entry, at) => {
    if (entry.index !== BigInt(body.first + at) || dataSetText(entry) !== body.ds) throw new ProofError('ORDER', `inventory leaf ${body.first + at}`)
    if (entry.presence.length !== Math.ceil(values.length / 8)) throw new ProofError('BAD_LEAF', `inventory leaf ${body.first + at} has another number of fields`)
    for (let field = 0; field < entry.presence.length * 8; field += 1) {
      if (!isPresent(entry.presence, field)) continue
      if (field >= values.length) throw new ProofError('BAD_LEAF', `inventory leaf ${body.first + at} has a field too many`)
      values[field] = (values[field] ?? 0) + 1
    }
  })
  body.fields.forEach((field, at) => {
    if (values[at] !== field.values) throw new ProofError('COUNTS', `field ${field.f}: ${values[at] ?? 0} values found, ${field.values} committed`)
  })
}

/** Same index, same record; a field has a disposition exactly when it has a value. */
function checkBijection(bundle: OpenedBundle, inventory: readonly InventoryEntry[]): BooksEntry[] {
  const books = entriesOf(bundle, BUNDLE_FILES.books, decodeBooksEntry)
  if (books.length !== inventory.length) throw new ProofError('BIJECTION', `${inventory.length} records in the inventory, ${books.length} in the books`)
  books.forEach((entry, at) => {
    const record = inventory[at]
    if (record === undefined || entry.index !== record.index || !equalBytes(entry.recordId, record.recordId)) throw new ProofError('BIJECTION', `leaf ${at}`)
    if (Math.ceil(entry.vector.length / 8) !== record.presence.length) throw new ProofError('BIJECTION', `leaf ${at} has another number of fields`)
    entry.vector.forEach((code, field) => {
      if ((code !== 0) !== isPresent(record.presence, field)) throw new ProofError('BIJECTION', `leaf ${at}, field ${field}`)
    })
  })
  return books
}

/** Σ of vectors = replayed postings, per data set × field × account; returns the sum of all values. */
function compareCounts(events: readonly MatterEvent[], leaves: Leaves, balances: Balances): number {
  const counted = countVectors(events, leaves)
  let total = 0
  for (const key of new Set([...counted.keys(), ...balances.keys()])) {
    for (const account of DISPOSITIONS.slice(1)) {
      const inBooks = counted.get(key)?.get(account) ?? 0
      const posted = accountOf(balances, key, account)
      if (inBooks !== posted) throw new ProofError('NOT_BALANCED', `${key} ${account}: ${inBooks} in the leaves, ${posted} posted`)
      total += inBooks
    }
  }
  const discovered = [...balances.values()].reduce((sum, line) => sum + (line.get('discovered') ?? 0), 0)
  if (discovered !== total) throw new ProofError('NOT_BALANCED', `${discovered} discovered, ${total} in the accounts`)
  return total
}

function countVectors(events: readonly MatterEvent[], { inventory, books }: Leaves): Map<string, Map<DispositionName, number>> {
  const fieldsOf = new Map(eventsOf(events, 'InventoryCommitted').map(({ body }) => [body.ds, body.fields.map(({ f }) => f)]))
  const counted = new Map<string, Map<DispositionName, number>>()
  books.forEach((entry, at) => {
    const record = inventory[at]
    if (record === undefined) return
    const ds = dataSetText(record)
    const fields = fieldsOf.get(ds) ?? []
    entry.vector.forEach((code, position) => {
      const name = DISPOSITIONS[code]
      if (code === 0 || name === undefined) return
      const key = `${ds} ${fields[position] ?? '?'}`
      const line = counted.get(key) ?? new Map<DispositionName, number>()
      counted.set(key, line.set(name, (line.get(name) ?? 0) + 1))
    })
  })
  return counted
}

/** The list of rewrites, event by event, each with its root; every rewritten record is in the inventory. */
function checkRewrites(bundle: OpenedBundle, inventory: readonly InventoryEntry[]): void {
  const raw = [...unframeEntries(fileOf(bundle.files, BUNDLE_FILES.rewrites))]
  let next = 0
  for (const { seq, body } of eventsOf(bundle.events, 'RecordsRewritten')) {
    const part = raw.slice(next, next + body.records)
    if (part.length !== body.records || toHex(rootOfLeaves(part.map(leafHash))) !== body.root) throw new ProofError('ROOT', `rewrites of event ${seq}`)
    next += body.records
  }
  if (next !== raw.length) throw new ProofError('COUNTS', 'there are rewrites that no event speaks of')
  for (const entry of raw.map(decodeRewriteEntry)) {
    const record = inventory[Number(entry.index)]
    if (record === undefined || !equalBytes(record.recordId, entry.recordId)) throw new ProofError('BIJECTION', `rewrite of leaf ${entry.index}`)
  }
}

/** At the close: one MatterClosed, its totals are the books, its root is that of the books leaves, nothing pending. */
function checkClose(bundle: OpenedBundle, balances: Balances | null): { zh: string; en: string } {
  const [closed, ...more] = eventsOf(bundle.events, 'MatterClosed')
  if (closed === undefined && balances === null) throw new ProofError('TYPE_MISSING', 'a public bundle shows the close')
  if (closed === undefined) return { zh: '尚未办结,账簿根尚未入日志', en: 'not closed yet: the root of the books is not in the log' }
  if (more.length > 0) throw new ProofError('ORDER', 'the matter was closed twice')
  const { discovered, dispositions } = closed.body
  const sum = FINAL_DISPOSITIONS.reduce((total, name) => total + dispositions[name], 0)
  if (sum !== discovered) throw new ProofError('NOT_BALANCED', `${discovered} discovered, ${sum} in the final accounts`)
  if (bundle.events.some((event) => event.seq > closed.seq && event.postings.length > 0)) throw new ProofError('POSTING', 'postings after the close')
  if (balances !== null) compareClose(bundle, closed.body, balances)
  const parts = FINAL_DISPOSITIONS.map((name) => `${name} ${dispositions[name]}`).join(' + ')
  return { zh: `账平:收 ${discovered} = ${parts},差额 0`, en: `balanced: ${discovered} = ${parts}` }
}

function compareClose(bundle: OpenedBundle, body: BodyOf<'MatterClosed'>, balances: Balances): void {
  for (const name of DISPOSITIONS.slice(1)) {
    const posted = [...balances.keys()].reduce((total, key) => total + accountOf(balances, key, name), 0)
    const stated = FINAL_DISPOSITIONS.find((final) => final === name)
    if (posted !== (stated === undefined ? 0 : body.dispositions[stated])) throw new ProofError('NOT_BALANCED', `${name}: ${posted} posted`)
  }
  const raw = [...unframeEntries(fileOf(bundle.files, BUNDLE_FILES.books))]
  if (raw.length !== body.records) throw new ProofError('COUNTS', `${raw.length} records in the books, ${body.records} at the close`)
  if (toHex(rootOfLeaves(raw.map(leafHash))) !== body.booksRoot) throw new ProofError('ROOT', 'books at the close')
  compareRecords(raw.map((entry) => decodeBooksEntry(entry).vector), body)
}

/** Records by disposition, `mixed` when a record has several. A record without any value may be counted under any of them. */
function compareRecords(vectors: readonly Uint8Array[], body: BodyOf<'MatterClosed'>): void {
  const counted = new Map<string, number>()
  for (const vector of vectors) {
    const codes = new Set(vector.filter((code) => code !== 0))
    const [only] = codes
    const name = codes.size > 1 ? 'mixed' : only === undefined ? 'none' : (DISPOSITIONS[only] ?? 'none')
    counted.set(name, (counted.get(name) ?? 0) + 1)
  }
  const names = [...FINAL_DISPOSITIONS, 'mixed'] as const
  const isBelow = names.some((name) => body.recordsBy[name] < (counted.get(name) ?? 0))
  const total = names.reduce((sum, name) => sum + body.recordsBy[name], 0)
  if (isBelow || total !== body.records) throw new ProofError('COUNTS', 'records by disposition at the close')
}

/** How many records share the rarest vector of dispositions: small groups single people out (CONTRACTS §3). */
function smallestGroup(inventory: readonly InventoryEntry[], books: readonly BooksEntry[]): number {
  const sizes = new Map<string, number>()
  books.forEach((entry, at) => {
    const record = inventory[at]
    const key = record === undefined ? '' : `${dataSetText(record)} ${toHex(entry.vector)}`
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  })
  return [...sizes.values()].reduce((least, size) => Math.min(least, size), books.length)
}

function dataSetText(entry: InventoryEntry): string {
  return `ds_${toHex(entry.dataSetId)}`
}

function accountOf(balances: Balances, key: string, account: Account): number {
  return balances.get(key)?.get(account) ?? 0
}
