// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { fieldLeaf, fromHex, isValue, recordRoot, type AcceptedRecord, type Difference, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import { notSent, takeCell, type LandedRow, type Landing, type LandingTable } from './landing.ts'

/** What was found at the destination, compared with the package record by record. */
export interface LandedComparison {
  records: AcceptedRecord[]
  differences: Difference[]
  /** Values of the package's records that are there, right or wrong. */
  values: number
  /** Which data set a difference is in, for the recipient's own screen. */
  dataSetOf: Map<string, ManifestDataSet>
}

const noRoot = Buffer.alloc(32)

/** 读回比对. Reads every row back from the destination and compares it with the package, both in the order of record ids (CONTRACTS §8); memory does not grow with the width of the records. */
export async function compareLanded(landing: Landing, sent: { packageId: string; tables: ReadonlyMap<string, LandingTable>; records: AsyncIterable<SegmentRecord> }): Promise<LandedComparison> {
  const found: LandedComparison = { records: [], differences: [], values: 0, dataSetOf: new Map() }
  const strangers: Strangers = new Map()
  const expected = sent.records[Symbol.asyncIterator]()
  let next = await expected.next()
  for (const [dataSetId, table] of [...sent.tables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const note = new TableNote(found, strangers, table.dataSet)
    const rows = landing.readBack(sent.packageId, table)[Symbol.asyncIterator]()
    let row = await rows.next()
    while (next.done !== true && hexOf(next.value.dataSetId) === dataSetId) {
      const id = hexOf(next.value.recordId)
      for (; row.done !== true && compareText(row.value.recordId, id) < 0; row = await rows.next()) note.extra(row.value)
      const same: LandedRow[] = []
      for (; row.done !== true && row.value.recordId === id; row = await rows.next()) same.push(row.value)
      note.record(next.value, same)
      next = await expected.next()
    }
    for (; row.done !== true; row = await rows.next()) note.extra(row.value)
  }
  noteStrangers(found, strangers)
  return found
}

/** Rows that are no record of their table, by the id they bear. */
type Strangers = Map<string, { seen: number; dataSet: ManifestDataSet }>

/** A stranger is an extra record, unless it bears the id of a record of another table: then that record is there twice. */
function noteStrangers(found: LandedComparison, strangers: Strangers): void {
  const known = new Map(found.records.map((record) => [hexOf(record.recordId), record]))
  const doubled = new Set(found.differences.filter(({ kind }) => kind === 'duplicate').map(({ recordId }) => recordId))
  const missing = new Set(found.differences.filter(({ kind }) => kind === 'missing').map(({ recordId }) => recordId))
  for (const [id, { seen, dataSet }] of strangers) {
    // A missing record's id in another table is a stranger there: under its own id it would look like the record.
    const recordId = missing.has(id) ? standIn(id) : id
    const record = known.get(recordId)
    if (record !== undefined) record.seen += seen
    else {
      found.records.push({ recordId: fromHex(recordId), root: noRoot, seen })
      found.differences.push({ recordId, kind: 'extra', fields: [] })
    }
    if ((record !== undefined || seen > 1) && !doubled.has(recordId)) found.differences.push({ recordId, kind: 'duplicate', fields: [] })
    found.dataSetOf.set(recordId, dataSet)
  }
}

/** Collects what is found of one table. */
class TableNote {
  readonly #found: LandedComparison
  readonly #dataSet: ManifestDataSet
  readonly #fieldIds: Uint8Array[]
  readonly #strangers: Strangers

  constructor(found: LandedComparison, strangers: Strangers, dataSet: ManifestDataSet) {
    this.#found = found
    this.#strangers = strangers
    this.#dataSet = dataSet
    this.#fieldIds = dataSet.fields.map((field) => fromHex(field.id))
  }

  extra(row: LandedRow): void {
    // A row whose id is not one of ours still needs a name under which both sides can speak of it.
    const id = /^[0-9a-f]{32}$/.test(row.recordId) ? row.recordId : standIn(row.recordId)
    this.#strangers.set(id, { seen: (this.#strangers.get(id)?.seen ?? 0) + 1, dataSet: this.#dataSet })
  }

  record(sent: SegmentRecord, rows: readonly LandedRow[]): void {
    const id = hexOf(sent.recordId)
    if (rows.length === 0) return this.#differ(id, 'missing', [])
    const judged = rows.map((row) => this.#judge(sent, row))
    const wrong = judged.find(({ fields }) => fields.length > 0)
    this.#found.records.push({ recordId: sent.recordId, root: (wrong ?? judged[0])?.root ?? noRoot, seen: rows.length })
    this.#found.values += judged[0]?.values ?? 0
    if (wrong !== undefined) this.#differ(id, 'changed', [...new Set(judged.flatMap(({ fields }) => fields))].sort((a, b) => a - b))
    if (rows.length > 1) this.#differ(id, 'duplicate', [])
  }

  #judge(sent: SegmentRecord, row: LandedRow): { root: Uint8Array; fields: number[]; values: number } {
    const leaves = this.#fieldIds.map((): Uint8Array => noRoot)
    const changed = new Set<number>()
    let values = 0
    for (const { index, leafHash } of sent.leaves) {
      leaves[index] = leafHash
      // Something stands where nothing was handed over.
      if (row.kinds[index] !== notSent || row.cells[index] !== null) changed.add(index)
    }
    for (const { index, value, salt } of sent.fields) {
      const landed = takeCell(row.kinds[index], row.cells[index])
      if (landed !== undefined && isValue(landed)) values += 1
      const fieldId = this.#fieldIds[index]
      const leafOf = (of: typeof value): Uint8Array => (fieldId === undefined ? noRoot : fieldLeaf({ salt, recordId: sent.recordId, fieldId, value: of }))
      const leaf = landed === undefined || (typeof landed === 'string' && !landed.isWellFormed()) ? noRoot : leafOf(landed)
      leaves[index] = leaf
      if (Buffer.compare(leaf, leafOf(value)) !== 0) changed.add(index)
    }
    if (row.kinds.length !== this.#dataSet.fields.length && changed.size === 0) changed.add(Math.max(0, this.#dataSet.fields.length - 1))
    return { root: recordRoot(leaves), fields: [...changed], values }
  }

  #differ(recordId: string, kind: Difference['kind'], fields: number[]): void {
    this.#found.differences.push({ recordId, kind, fields })
    this.#found.dataSetOf.set(recordId, this.#dataSet)
  }
}

function standIn(text: string): string {
  return createHash('sha256').update(`handover/stranger/${text}`).digest('hex').slice(0, 32)
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The order of the destinations: text by its bytes. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
