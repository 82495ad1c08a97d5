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
import { stays, type RowFate } from './row-fate.rules.ts'

/** A record that still has a row in the file, in order of its place at the first scan. */
export interface ExpectedRow {
  recordId: Buffer
  fate: RowFate
  /** Its key is gone, so its values can no longer be compared one by one. */
  isErased: boolean
}

/** A data set of the file with the rows that it should have. */
export interface ExpectedSet {
  dataSet: InventoryDataSet
  rows: ExpectedRow[]
}

/** One row of the file with what happens to it. */
export interface RowEdit {
  place: number
  range: { start: number; end: number } | undefined
  fate: RowFate
}

/** A data set as it was found in the file. */
export interface FoundSet {
  name: string
  fields: readonly string[]
  edits: RowEdit[]
}

/** A file that was read and compared. */
export interface ComparedFile {
  source: SourceFile
  sets: FoundSet[]
  /** Digest of all rows in order, under a key of the matter. */
  content: Buffer
  /** The same digest for the file as it shall be. */
  contentAfter: Buffer
  /** Digests of rows that go and are not also rows that stay. */
  going: Set<string>
  counts: { removed: number; blanked: number; untouched: number }
}

/** What a file is compared with. */
export interface Comparison {
  path: string
  expected: readonly ExpectedSet[]
  readAs: ReadOptions
  /** The bytes are known to be those that were inventoried (or left by an earlier order), so rows need no comparison one by one. */
  knownState(found: { sha256: string; content: Buffer }): boolean
}

/** Reads a file and finds every expected row in it; refuses one whose rows are not those of the inventory, with clear counts and without touching it. */
export async function compareFile(ctx: Context, matter: Matter, given: Comparison): Promise<ComparedFile> {
  const key = await ctx.vault.matterKey(matter.id, 'ids')
  const run: Run = { ctx, matter, given, content: createHmac('sha256', key).update('handover/original-content/v1'), after: createHmac('sha256', key).update('handover/original-content/v1'), key, sets: [], going: new Set(), staying: new Set(), tally: { same: 0, changed: 0, missing: 0, extra: 0, unknown: 0 }, counts: { removed: 0, blanked: 0, untouched: 0 } }
  let source: SourceFile | null = null
  for await (const event of readSource(given.path, given.readAs)) {
    if (event.kind === 'source') source = event.source
    if (event.kind === 'dataSet') {
      run.sets.push({ name: event.dataSet.name, fields: event.dataSet.fields.map((field) => field.name), edits: [] })
      for (const digest of [run.content, run.after]) digest.update(`\ndata set ${event.dataSet.index}\n`)
    }
    if (event.kind === 'rows') await takeRows(run, event.dataSet, event.rows)
  }
  for (const [at, set] of given.expected.entries()) run.tally.missing += Math.max(0, set.rows.length - (run.sets[at]?.edits.length ?? 0))
  const content = run.content.digest()
  const found = required(source, 'a reader names its source')
  const { tally } = run
  const isKnown = given.knownState({ sha256: found.sha256, content })
  if (tally.missing + tally.extra > 0 || (!isKnown && tally.changed + tally.unknown > 0)) throw destroyFailures.ORIGINAL_CHANGED({ file: basename(given.path), ...tally })
  for (const digest of run.staying) run.going.delete(digest)
  return { source: found, sets: run.sets, content, contentAfter: run.after.digest(), going: run.going, counts: run.counts }
}

/** Digests of all rows of a file, however it is read now; for looking whether a destroyed row is still there. */
export async function findRows(ctx: Context, matter: Matter, given: { path: string; readAs: ReadOptions; wanted: ReadonlySet<string> }): Promise<{ source: SourceFile; content: Buffer; found: number; rows: number }> {
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
      if (given.wanted.has(rowDigest(key, bytes))) seen.found += 1
    }
  }
  return { source: required(source, 'a reader names its source'), content: content.digest(), ...seen }
}

interface Run {
  ctx: Context
  matter: Matter
  given: Comparison
  key: KeyObject
  content: ReturnType<typeof createHmac>
  after: ReturnType<typeof createHmac>
  sets: FoundSet[]
  going: Set<string>
  staying: Set<string>
  tally: { same: number; changed: number; missing: number; extra: number; unknown: number }
  counts: ComparedFile['counts']
}

async function takeRows(run: Run, index: number, rows: readonly SourceRow[]): Promise<void> {
  const expected = run.given.expected[index]
  const set = required(run.sets[index], 'rows follow their data set')
  const first = set.edits.length
  const pairs = rows.map((row, at) => ({ row, expected: expected?.rows[first + at] }))
  run.tally.extra += pairs.filter((pair) => pair.expected === undefined).length
  for (const { row, expected: wanted } of pairs) {
    const bytes = rowBytes(row)
    run.content.update(bytes)
    const fate = wanted?.fate ?? 'stays'
    if (fate !== 'goes') run.after.update(fate === 'stays' ? bytes : rowBytes(row, fate))
    set.edits.push({ place: row.place, range: row.range, fate })
    ;(fate === 'stays' ? run.staying : run.going).add(rowDigest(run.key, bytes))
    run.counts[fate === 'stays' ? 'untouched' : fate === 'goes' ? 'removed' : 'blanked'] += 1
  }
  if (expected !== undefined) await compareRows(run, expected, pairs.flatMap((pair) => (pair.expected === undefined ? [] : [{ row: pair.row, expected: pair.expected }])))
}

/** Recomputes each row's commitments from the values in the file (CONTRACTS §3). */
async function compareRows(run: Run, set: ExpectedSet, pairs: readonly { row: SourceRow; expected: ExpectedRow }[]): Promise<void> {
  const { ctx, matter, tally } = run
  const fieldIds = set.dataSet.fields.map((field) => idBytes('fld', field.id))
  const pairById = new Map(pairs.map((pair) => [pair.expected.recordId.toString('hex'), pair]))
  const open = pairs.filter((pair) => !pair.expected.isErased)
  tally.unknown += pairs.length - open.length
  if (open.length === 0) return
  const grant = { person: ctx.signer.vkey.name, purpose: 'destroy-original' as const, compartments, until: addHours(ctx.now(), grantHours), approval: null }
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
  const parts = values.map((value) => {
    const bytes = value === null ? Buffer.alloc(0) : typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value)
    const head = Buffer.alloc(5)
    head.writeUInt8(bytes.length === 0 ? 0 : typeof value === 'string' ? 1 : 2)
    head.writeUInt32BE(bytes.length, 1)
    return Buffer.concat([head, bytes])
  })
  return Buffer.concat([...parts, Buffer.of(0xff)])
}

function isEmpty(value: CanonicalValue): boolean {
  return value === null || value.length === 0
}

function rowDigest(key: KeyObject, bytes: Buffer): string {
  return createHmac('sha256', key).update('row').update(bytes).digest('base64').slice(0, 22)
}
