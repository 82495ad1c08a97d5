// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, fromHex, isValue, recordRoot, type CanonicalValue, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import { notSent, takeCell, type LandedRow, type Landing, type LandingTable } from './landing.ts'
import { LandedLists, type LandedComparison } from './landed-lists.ts'

const noLeaf = Buffer.alloc(32)

/** What was sent: the records of a package in their order, a segment at a time. */
export interface SentPackage {
  packageId: string
  tables: ReadonlyMap<string, LandingTable>
  segments: AsyncIterable<Iterable<SegmentRecord>>
}

/**
 * 读回比对. Reads every row back from the destination, computes its record root anew, and compares it with the package, both in the order of record ids
 * (CONTRACTS §8); memory grows neither with the records nor with the differences. The caller closes what it gets.
 */
export async function compareLanded(landing: Landing, sent: SentPackage, scratch: string): Promise<LandedComparison> {
  const tables = [...sent.tables].sort(([a], [b]) => (a < b ? -1 : 1))
  const lists = new LandedLists(scratch, tables.map(([, { dataSet }]) => dataSet))
  try {
    const expected = new SentWalk(sent.segments)
    await expected.next()
    for (const [place, [dataSetId, table]] of tables.entries()) await compareTable(new TableNote(lists, place, table.dataSet), { expected, dataSetId }, landing.readBack(sent.packageId, table))
    return lists.finish()
  } catch (error) {
    lists.close()
    throw error
  }
}

/** Walks the records of a package without a promise for each of them. */
class SentWalk {
  readonly #segments: AsyncIterator<Iterable<SegmentRecord>>
  #records: Iterator<SegmentRecord> = Iterator.from<SegmentRecord>([])
  /** The record that is next, or undefined at the end. */
  record: SegmentRecord | undefined
  /** Its data set and its own id in hexadecimal. */
  dataSetId = ''
  recordId = ''

  constructor(segments: AsyncIterable<Iterable<SegmentRecord>>) {
    this.#segments = segments[Symbol.asyncIterator]()
  }

  async next(): Promise<void> {
    let following = this.#records.next()
    while (following.done === true) {
      const segment = await this.#segments.next()
      if (segment.done === true) {
        this.record = undefined
        return
      }
      this.#records = segment.value[Symbol.iterator]()
      following = this.#records.next()
    }
    this.record = following.value
    this.dataSetId = hexOf(this.record.dataSetId)
    this.recordId = hexOf(this.record.recordId)
  }
}

async function compareTable(note: TableNote, { expected, dataSetId }: { expected: SentWalk; dataSetId: string }, landed: AsyncIterable<LandedRow>): Promise<void> {
  const rows = landed[Symbol.asyncIterator]()
  let row = await rows.next()
  while (expected.record !== undefined && expected.dataSetId === dataSetId) {
    const id = expected.recordId // hexadecimal, so that the order of text is the order of its bytes whatever stands in a row
    for (; row.done !== true && row.value.recordId < id; row = await rows.next()) note.extra(row.value)
    note.begin(expected.record)
    for (; row.done !== true && row.value.recordId === id; row = await rows.next()) note.row(row.value)
    note.end()
    await expected.next()
  }
  for (; row.done !== true; row = await rows.next()) note.extra(row.value)
  note.endExtras()
}

/** Collects what is found of one table; many rows of one id are judged one after the other. */
class TableNote {
  readonly #lists: LandedLists
  readonly #place: number
  readonly #dataSet: ManifestDataSet
  readonly #fieldIds: Uint8Array[]
  #sent: SegmentRecord | null = null
  #seen = 0
  #root: Uint8Array = noLeaf
  #values = 0
  #changed = new Set<number>()
  #stranger: { text: string; seen: number } | null = null

  constructor(lists: LandedLists, place: number, dataSet: ManifestDataSet) {
    this.#lists = lists
    this.#place = place
    this.#dataSet = dataSet
    this.#fieldIds = dataSet.fields.map((field) => fromHex(field.id))
  }

  /** A row that is no record of this table; rows of one id follow each other. */
  extra({ recordId }: LandedRow): void {
    if (this.#stranger?.text === recordId) {
      this.#stranger.seen += 1
      return
    }
    this.endExtras()
    this.#stranger = { text: recordId, seen: 1 }
  }

  endExtras(): void {
    if (this.#stranger !== null) this.#lists.stranger(this.#stranger.text, this.#place, this.#stranger.seen)
    this.#stranger = null
  }

  begin(sent: SegmentRecord): void {
    this.#sent = sent
    this.#seen = 0
    this.#changed = new Set()
  }

  /** A row with the record's id: what counts is the first, or the first that is wrong. */
  row(row: LandedRow): void {
    if (this.#sent === null) return
    const judged = this.#judge(this.#sent, row)
    if (this.#seen === 0) this.#values = judged.values
    if (this.#seen === 0 || (judged.fields.length > 0 && this.#changed.size === 0)) this.#root = judged.root
    for (const field of judged.fields) this.#changed.add(field)
    this.#seen += 1
  }

  end(): void {
    if (this.#sent === null) return
    const { recordId } = this.#sent
    const dataSet = this.#place
    if (this.#seen === 0) return this.#lists.differ(recordId, 'missing', { dataSet, fields: [] })
    this.#lists.accept({ recordId, root: this.#root, seen: this.#seen, values: this.#values })
    if (this.#changed.size > 0) this.#lists.differ(recordId, 'changed', { dataSet, fields: [...this.#changed].sort((a, b) => a - b) })
    if (this.#seen > 1) this.#lists.differ(recordId, 'duplicate', { dataSet, fields: [] })
  }

  #judge(sent: SegmentRecord, row: LandedRow): { root: Uint8Array; fields: number[]; values: number } {
    const leaves = this.#fieldIds.map((): Uint8Array => noLeaf)
    const changed = new Set<number>()
    let values = 0
    for (const { index, leafHash } of sent.leaves) {
      leaves[index] = leafHash
      // Something stands where nothing was handed over.
      if (row.kinds[index] !== notSent || row.cells[index] !== null) changed.add(index)
    }
    for (const field of sent.fields) {
      const landed = takeCell(row.kinds[field.index], row.cells[field.index])
      if (landed !== undefined && isValue(landed)) values += 1
      leaves[field.index] = landed === undefined || (typeof landed === 'string' && !landed.isWellFormed()) ? noLeaf : this.#leaf(sent, field, landed)
    }
    const root = recordRoot(leaves)
    // The root tells whether anything differs; only then is every field looked at.
    if (Buffer.compare(root, sent.root) !== 0) for (const field of sent.fields) if (Buffer.compare(leaves[field.index] ?? noLeaf, this.#leaf(sent, field, field.value)) !== 0) changed.add(field.index)
    if (row.kinds.length !== this.#dataSet.fields.length && changed.size === 0) changed.add(Math.max(0, this.#dataSet.fields.length - 1))
    return { root, fields: [...changed], values }
  }

  #leaf({ recordId }: SegmentRecord, { index, salt }: { index: number; salt: Uint8Array }, value: CanonicalValue): Uint8Array {
    const fieldId = this.#fieldIds[index]
    return fieldId === undefined ? noLeaf : fieldLeaf({ salt, recordId, fieldId, value })
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
