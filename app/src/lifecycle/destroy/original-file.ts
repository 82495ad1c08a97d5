// SPDX-License-Identifier: Apache-2.0
// What an order does to one file: every row found again by its place, and compared with what was inventoried, before anything is touched (CONTRACTS §9).
import { createHmac, type KeyObject } from 'node:crypto'
import { fieldLeaf, type CanonicalValue } from '@handover/proof'
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { readSource, type ReadOptions, type SourceFile, type SourceRow } from '../../sources/index.ts'
import { compartments } from '../../vault/index.ts'
import type { InventoryDataSet } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { grantHours } from './destruction-order.ts'
import { ExpectedRows, type ExpectedRow } from './expected-rows.ts'
import { DigestSet, RowEdits } from './row-edits.ts'
import { stays, type RowFate } from './row-fate.rules.ts'

/** A data set of the file with the rows that it should have, read as they are needed. */
export interface ExpectedSet {
  dataSet: InventoryDataSet
  /** How many rows it should have. */
  count: number
  /** Its copy of the order; null for other data sets of the same source, which stay as they are. */
  copy: string | null
  rows(): AsyncGenerator<ExpectedRow[], void, undefined>
}

/** Marks the data set of title rows above a table: one record a cell. */
export const titleMark = '#above'

/** A data set as it was found in the file. */
export interface FoundSet {
  name: string
  fields: readonly string[]
  edits: RowEdits
}

/** A file that was read and compared. */
export interface ComparedFile {
  source: SourceFile
  sets: FoundSet[]
  /** Digest of all rows in order, under a key of the matter. */
  content: Buffer
  /** The same digest for the file as it shall be. */
  contentAfter: Buffer
  /** Tells whether a row with this digest must not be in the rewritten file: it goes, and no row like it stays. */
  isGone: (digest: Buffer) => boolean
  counts: { removed: number; blanked: number; untouched: number }
}

/** What a file is compared with. */
export interface Comparison {
  path: string
  expected: readonly ExpectedSet[]
  readAs: ReadOptions
  /** The request whose approval covers the reading of the records. */
  approval: string
  /** The bytes are known to be those that were inventoried (or left by an earlier order), so rows need no comparison one by one. */
  knownState(found: { sha256: string; content: Buffer }): boolean
}

/** Reads a file and finds every expected row in it; refuses one whose rows are not those of the inventory, with clear counts and without touching it. */
export async function compareFile(ctx: Context, matter: Matter, given: Comparison): Promise<ComparedFile> {
  const key = await ctx.vault.matterKey(matter.id, 'ids')
  const content = () => createHmac('sha256', key).update('handover/original-content/v1')
  const expected = given.expected.map((set) => new ExpectedRows(set.rows()))
  const run: Run = {
    ctx, matter, given, key, expected, content: content(), after: content(), sets: [], going: new DigestSet(), staying: new DigestSet(),
    tally: { same: 0, changed: 0, missing: 0, extra: 0, unknown: 0 }, counts: { removed: 0, blanked: 0, untouched: 0 },
  }
  try {
    const source = await readAll(run)
    const { tally } = run
    for (const [at, set] of given.expected.entries()) tally.missing += Math.max(0, set.count - (run.sets[at]?.edits.rows ?? 0))
    const digest = run.content.digest()
    const isKnown = given.knownState({ sha256: source.sha256, content: digest })
    if (tally.missing + tally.extra > 0 || (!isKnown && tally.changed + tally.unknown > 0)) throw destroyFailures.ORIGINAL_CHANGED({ file: basename(given.path), ...tally })
    return { source, sets: run.sets, content: digest, contentAfter: run.after.digest(), isGone: (row) => run.going.has(row) && !run.staying.has(row), counts: run.counts }
  } finally {
    for (const rows of expected) await rows.end()
  }
}

async function readAll(run: Run): Promise<SourceFile> {
  let source: SourceFile | null = null
  for await (const event of readSource(run.given.path, run.given.readAs)) {
    if (event.kind === 'source') source = event.source
    if (event.kind === 'dataSet') {
      const { name, fields, index } = event.dataSet
      run.sets.push({ name, fields: fields.map((field) => field.name), edits: new RowEdits(name.endsWith(titleMark)) })
      for (const digest of [run.content, run.after]) digest.update(`\ndata set ${index}\n`)
    }
    if (event.kind === 'rows') await takeRows(run, event.dataSet, event.rows)
  }
  return required(source, 'a reader names its source')
}

/** Digests of all rows of a file, however it is read now; for looking whether a destroyed row is still there. */
export async function findRows(ctx: Context, matter: Matter, given: { path: string; readAs: ReadOptions; isGone: ComparedFile['isGone'] }): Promise<{ source: SourceFile; content: Buffer; found: number; rows: number }> {
  const key = await ctx.vault.matterKey(matter.id, 'ids')
  const content = createHmac('sha256', key).update('handover/original-content/v1')
  let source: SourceFile | null = null
  const seen = { found: 0, rows: 0 }
  for await (const event of readSource(given.path, given.readAs)) {
    if (event.kind === 'source') source = event.source
    if (event.kind === 'dataSet') content.update(`\ndata set ${event.dataSet.index}\n`)
    if (event.kind !== 'rows') continue
    for (const row of event.rows) {
      const bytes = rowBytes(row)
      content.update(bytes)
      seen.rows += 1
      if (given.isGone(rowDigest(key, bytes))) seen.found += 1
    }
  }
  return { source: required(source, 'a reader names its source'), content: content.digest(), ...seen }
}

interface Run {
  ctx: Context
  matter: Matter
  given: Comparison
  key: KeyObject
  expected: readonly ExpectedRows[]
  content: ReturnType<typeof createHmac>
  after: ReturnType<typeof createHmac>
  sets: FoundSet[]
  going: DigestSet
  staying: DigestSet
  tally: { same: number; changed: number; missing: number; extra: number; unknown: number }
  counts: ComparedFile['counts']
}

async function takeRows(run: Run, index: number, rows: readonly SourceRow[]): Promise<void> {
  const set = required(run.sets[index], 'rows follow their data set')
  const wanted = (await run.expected[index]?.next(rows.length)) ?? []
  run.tally.extra += rows.length - wanted.length
  for (const [at, row] of rows.entries()) {
    const bytes = rowBytes(row)
    run.content.update(bytes)
    const fate = wanted[at]?.fate ?? 'stays'
    if (fate !== 'goes') run.after.update(fate === 'stays' ? bytes : rowBytes(row, fate))
    set.edits.add(row, fate)
    ;(fate === 'stays' ? run.staying : run.going).add(rowDigest(run.key, bytes))
    run.counts[fate === 'stays' ? 'untouched' : fate === 'goes' ? 'removed' : 'blanked'] += 1
  }
  const expected = run.given.expected[index]
  if (expected !== undefined) await compareRows(run, expected, wanted.flatMap((one, at) => (rows[at] === undefined ? [] : [{ row: rows[at], expected: one }])))
}

/** Recomputes each row's commitments from the values in the file (CONTRACTS §3). */
async function compareRows(run: Run, set: ExpectedSet, pairs: readonly { row: SourceRow; expected: ExpectedRow }[]): Promise<void> {
  const { ctx, matter, tally } = run
  const fieldIds = set.dataSet.fields.map((field) => idBytes('fld', field.id))
  const pairById = new Map(pairs.map((pair) => [pair.expected.recordId.toString('hex'), pair]))
  const open = pairs.filter((pair) => !pair.expected.isErased)
  tally.unknown += pairs.length - open.length
  if (open.length === 0) return
  const grant = { person: ctx.signer.vkey.name, purpose: 'destroy-original' as const, compartments, until: addHours(ctx.now(), grantHours), approval: run.given.approval }
  for await (const records of ctx.vault.read(grant, { matterId: matter.id, recordIds: open.map((pair) => pair.expected.recordId), withLeaves: true })) {
    for (const record of records) {
      const { row } = required(pairById.get(record.recordId.toString('hex')), 'only what was asked for is read')
      const verdicts = fieldIds.map((fieldId, position) => {
        const salt = record.salts[position]
        const leaf = record.leaves?.[position]
        if (salt === undefined || leaf === undefined) return 'unknown'
        return leaf.equals(fieldLeaf({ salt, recordId: record.recordId, fieldId, value: row.cells[position]?.value ?? null })) ? 'same' : 'changed'
      })
      const isLonger = row.cells.length > fieldIds.length
      tally[isLonger || verdicts.includes('changed') ? 'changed' : verdicts.includes('unknown') ? 'unknown' : 'same'] += 1
    }
  }
}

/** A row's cells as bytes: tag, length, value; empty cells at the end do not count, since files leave them out or not. */
function rowBytes(row: SourceRow, fate: RowFate = 'stays'): Buffer {
  const values = row.cells.map((cell, position) => (stays(fate, position) ? cell.value : null))
  while (values.length > 0 && isEmpty(values.at(-1) ?? null)) values.pop()
  const lengths = values.map((value) => (value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value, 'utf8') : value.length))
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + 5, 1))
  let at = 0
  for (const [position, value] of values.entries()) {
    const length = lengths[position] ?? 0
    at = bytes.writeUInt8(length === 0 ? 0 : typeof value === 'string' ? 1 : 2, at)
    at = bytes.writeUInt32BE(length, at)
    if (typeof value === 'string') bytes.write(value, at, 'utf8')
    else if (value !== null) bytes.set(value, at)
    at += length
  }
  bytes.writeUInt8(0xff, at)
  return bytes
}

function isEmpty(value: CanonicalValue): boolean {
  return value === null || value.length === 0
}

function rowDigest(key: KeyObject, bytes: Buffer): Buffer {
  return createHmac('sha256', key).update('row').update(bytes).digest()
}
