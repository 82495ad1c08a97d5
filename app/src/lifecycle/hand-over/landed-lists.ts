// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { acceptedRow, compareDifferences, differenceLine, type AcceptanceLists, type Difference, type ManifestDataSet } from '@handover/proof'
import { digestRowBytes, writeDigestRow, type DifferenceCounts } from './compare-spills.ts'
import { RecordSpill, spillPartitions } from './record-spill.ts'
import { ScratchFile, ScratchWriter } from './scratch-file.ts'

/** How many differences are kept for the screen; the acceptance's own list has all of them. */
export const shownDifferencesMax = 1000

/** A difference with the data set in which it was found. */
export interface PlacedDifference extends Difference {
  dataSet: ManifestDataSet | undefined
}

/** What was found at the destination, in the form of the acceptance: two lists in files of the scratch folder, by record id. */
export interface LandedComparison {
  lists: AcceptanceLists
  counts: Omit<DifferenceCounts, 'matched'>
  /** The first of the differences. */
  shown: PlacedDifference[]
  /** Values of the package's records that are there, right or wrong. */
  values: number
  /** Removes the files. */
  close(): void
}

type Kind = Difference['kind']
const kinds: readonly Kind[] = ['changed', 'duplicate', 'extra', 'missing']
const strangerBytes = 22
const noRoot = Buffer.alloc(32)

/** 读回所得. Takes what is found table by table and gives it in the order of record ids; memory does not grow with the records, nor with the differences. */
export class LandedLists {
  readonly #folder: string
  readonly #dataSets: readonly ManifestDataSet[]
  readonly #accepted: RecordSpill
  readonly #differences: RecordSpill
  readonly #row = Buffer.alloc(digestRowBytes)
  #strangers: RecordSpill
  #values = 0

  constructor(folder: string, dataSets: readonly ManifestDataSet[]) {
    this.#folder = folder
    this.#dataSets = dataSets
    this.#accepted = new RecordSpill(folder)
    this.#differences = new RecordSpill(folder)
    this.#strangers = new RecordSpill(folder)
  }

  /** A record of the package that is there: the root of what stands there, and in how many rows. */
  accept(found: { recordId: Uint8Array; root: Uint8Array; seen: number; values: number }): void {
    writeDigestRow(this.#row, found)
    this.#accepted.add(this.#row)
    this.#values += found.values
  }

  /** A record of the package that is not there as it was sent. */
  differ(recordId: Uint8Array, kind: Kind, of: { dataSet: number; fields: readonly number[] }): void {
    const row = Buffer.alloc(21 + 2 * of.fields.length)
    row.set(recordId, 0)
    row.writeUInt8(kinds.indexOf(kind), 16)
    row.writeUInt16LE(of.dataSet, 17)
    row.writeUInt16LE(of.fields.length, 19)
    of.fields.forEach((field, at) => row.writeUInt16LE(field, 21 + 2 * at))
    this.#differences.add(row)
  }

  /** Rows that are no record of their table, by the text that stands where an id should. */
  stranger(text: string, dataSet: number, seen: number): void {
    // A row whose id is not one of ours still needs a name under which both sides can speak of it.
    this.#strangers.add(strangerRow(/^[0-9a-f]{32}$/.test(text) ? Buffer.from(text, 'hex') : standIn(text), dataSet, seen))
  }

  /** Both lists in order. Nothing can be added afterwards. */
  finish(): LandedComparison {
    this.#renameStrangers()
    const files = [new ScratchFile(this.#folder, 'records'), new ScratchFile(this.#folder, 'differences')] as const
    const [records, lines] = [new ScratchWriter(files[0]), new ScratchWriter(files[1])]
    const counts = { missing: 0, extra: 0, changed: 0, duplicate: 0 }
    const shown: PlacedDifference[] = []
    for (let partition = 0; partition < spillPartitions; partition++) {
      const found = this.#partition(partition)
      for (const record of found.records) records.add(acceptedRow(record))
      for (const { dataSet, ...difference } of found.differences) {
        counts[difference.kind] += 1
        lines.add(Buffer.from(differenceLine(difference)))
        if (shown.length < shownDifferencesMax) shown.push({ ...difference, dataSet: this.#dataSets[dataSet] })
      }
    }
    records.flush()
    lines.flush()
    this.close()
    return { lists: { records: files[0], differences: files[1] }, counts, shown, values: this.#values, close: () => files.forEach((file) => file.close()) }
  }

  /** Forgets what was taken. */
  close(): void {
    for (const spill of [this.#accepted, this.#differences, this.#strangers]) spill.close()
  }

  /** A missing record's id in another table is a stranger there: under its own id it would look like the record. */
  #renameStrangers(): void {
    if (this.#strangers.rows === 0) return
    const renamed = new RecordSpill(this.#folder)
    for (let partition = 0; partition < spillPartitions; partition++) {
      const missing = new Set(differencesOf(this.#differences.partition(partition)).filter(({ kind }) => kind === 'missing').map(({ recordId }) => recordId))
      for (const { recordId, dataSet, seen } of strangersOf(this.#strangers.partition(partition))) renamed.add(strangerRow(missing.has(recordId) ? standIn(recordId) : Buffer.from(recordId, 'hex'), dataSet, seen))
    }
    this.#strangers.close()
    this.#strangers = renamed
  }

  #partition(partition: number): { records: AcceptedRow[]; differences: DifferenceRow[] } {
    const records = acceptedOf(this.#accepted.partition(partition))
    const differences = differencesOf(this.#differences.partition(partition))
    const strangers = strangersOf(this.#strangers.partition(partition))
    if (strangers.length > 0) addStrangers({ records, differences }, strangers)
    return { records: records.sort((a, b) => Buffer.compare(a.recordId, b.recordId)), differences: differences.sort(compareDifferences) }
  }
}

interface AcceptedRow {
  recordId: Buffer
  root: Buffer
  seen: number
}

interface DifferenceRow extends Difference {
  dataSet: number
}

interface StrangerRow {
  recordId: string
  dataSet: number
  seen: number
}

/** A stranger is an extra record, unless it bears the id of a record of another table: then that record is there twice. */
function addStrangers({ records, differences }: { records: AcceptedRow[]; differences: DifferenceRow[] }, strangers: readonly StrangerRow[]): void {
  const byId = new Map<string, StrangerRow>()
  for (const one of strangers) byId.set(one.recordId, { ...one, seen: one.seen + (byId.get(one.recordId)?.seen ?? 0) })
  const known = new Map(records.map((record) => [record.recordId.toString('hex'), record]))
  const doubled = new Set(differences.filter(({ kind }) => kind === 'duplicate').map(({ recordId }) => recordId))
  for (const { recordId, dataSet, seen } of byId.values()) {
    const record = known.get(recordId)
    if (record !== undefined) record.seen += seen
    else {
      records.push({ recordId: Buffer.from(recordId, 'hex'), root: noRoot, seen })
      differences.push({ recordId, kind: 'extra', fields: [], dataSet })
    }
    if ((record !== undefined || seen > 1) && !doubled.has(recordId)) differences.push({ recordId, kind: 'duplicate', fields: [], dataSet })
  }
}

function acceptedOf(rows: Buffer): AcceptedRow[] {
  return Array.from({ length: rows.length / digestRowBytes }, (_, row) => {
    const at = row * digestRowBytes
    return { recordId: rows.subarray(at, at + 16), root: rows.subarray(at + 16, at + 48), seen: rows.readUInt32LE(at + 48) }
  })
}

function differencesOf(rows: Buffer): DifferenceRow[] {
  const found: DifferenceRow[] = []
  for (let at = 0; at < rows.length; ) {
    const count = rows.readUInt16LE(at + 19)
    const start = at + 21
    const fields = Array.from({ length: count }, (_, field) => rows.readUInt16LE(start + 2 * field))
    found.push({ recordId: rows.toString('hex', at, at + 16), kind: kinds[rows.readUInt8(at + 16)] ?? 'changed', fields, dataSet: rows.readUInt16LE(at + 17) })
    at = start + 2 * count
  }
  return found
}

function strangerRow(recordId: Buffer, dataSet: number, seen: number): Buffer {
  const row = Buffer.alloc(strangerBytes)
  row.set(recordId, 0)
  row.writeUInt16LE(dataSet, 16)
  row.writeUInt32LE(seen, 18)
  return row
}

function strangersOf(rows: Buffer): StrangerRow[] {
  return Array.from({ length: rows.length / strangerBytes }, (_, row) => {
    const at = row * strangerBytes
    return { recordId: rows.toString('hex', at, at + 16), dataSet: rows.readUInt16LE(at + 16), seen: rows.readUInt32LE(at + 18) }
  })
}

function standIn(text: string): Buffer {
  return createHash('sha256').update(`handover/stranger/${text}`).digest().subarray(0, 16)
}
