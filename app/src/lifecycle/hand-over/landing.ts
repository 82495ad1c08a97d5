// SPDX-License-Identifier: Apache-2.0
import type { CanonicalValue, ManifestDataSet, SegmentRecord } from '@handover/proof'

/** 落地种类. Where a recipient loads a package; the word stands in the acceptance, the path never does. */
export type LandingKind = 'sqlite' | 'postgresql' | 'mysql' | 'folder'

/** A landing table: one data set, one text column a field. */
export interface LandingTable {
  /** `ds_` and eight hexadecimal digits of the data set id: no title gets into a name. */
  name: string
  dataSet: ManifestDataSet
}

/** One segment of a package, opened. */
export interface LandingSegment {
  position: number
  /** Of the ciphertext, as the signed outer statement names it. */
  sha256: string
  count: number
  /** Read one at a time: none is kept. */
  records: Iterable<SegmentRecord>
}

/** A row as it stands in the destination, with nothing interpreted. */
export interface LandedRow {
  recordId: string
  /** One letter a field (see `landCell`); anything else was put there by somebody. */
  kinds: string
  /** By field index: the text, null, or undefined where there is no readable text (a column is gone, bytes are not UTF-8). */
  cells: readonly (string | null | undefined)[]
}

/** 落地处. A place that holds packages as exact text (CONTRACTS §8). A segment is there whole or not at all. */
export interface Landing {
  kind: LandingKind
  /** Makes what is missing; changes nothing that is there. */
  prepare(tables: readonly LandingTable[]): Promise<void>
  /** Segments of a package that are loaded, with the digest of their ciphertext. */
  loaded(packageId: string): Promise<Map<number, string>>
  /** Loads a segment in one transaction. */
  load(packageId: string, segment: LandingSegment, tables: ReadonlyMap<string, LandingTable>): Promise<void>
  /** Rows of this package and rows that belong to no loaded package, ordered by record id as bytes of text. */
  readBack(packageId: string, table: LandingTable): AsyncIterable<LandedRow>
  /** Removes the rows of these records (hexadecimal ids) that other packages brought: a later package replaces or withdraws them. */
  takeBack(packageId: string, recordIds: readonly string[]): Promise<void>
  /** Destroys everything that these packages brought, so that the place itself does not give it back, and returns how many rows of theirs are found afterwards. */
  destroy(packageIds: readonly string[]): Promise<{ rows: number; left: number }>
  /** Removes a package's rows, so that it can be loaded again. */
  forget(packageId: string, tables: readonly LandingTable[]): Promise<void>
  /** After reading back: copies for people, where the kind has them. Returns what to tell. */
  finish(packageId: string, tables: readonly LandingTable[]): Promise<string[]>
  close(): Promise<void>
}

/** Tables of the data sets of a package. */
export function landingTables(dataSets: readonly ManifestDataSet[]): Map<string, LandingTable> {
  const short = new Map<string, number>()
  for (const { id } of dataSets) short.set(id.slice(0, 8), (short.get(id.slice(0, 8)) ?? 0) + 1)
  // Eight digits tell data sets of a matter apart; where they do not, the whole id does.
  return new Map(dataSets.map((dataSet) => [dataSet.id, { name: `ds_${short.get(dataSet.id.slice(0, 8)) === 1 ? dataSet.id.slice(0, 8) : dataSet.id}`, dataSet }]))
}

/** Letter of a field that was not handed over. */
export const notSent = '-'

/** How a value stands in a text column: `n` null, `t` its text, `b` bytes as hexadecimal, `x` text that databases refuse (with NUL), as hexadecimal of its UTF-8. Nothing is trimmed or re-formatted (CONTRACTS §1). */
export function landCell(value: CanonicalValue): { kind: 'n' | 't' | 'b' | 'x'; text: string | null } {
  if (value === null) return { kind: 'n', text: null }
  if (typeof value !== 'string') return { kind: 'b', text: Buffer.from(value).toString('hex') }
  return value.includes('\0') ? { kind: 'x', text: Buffer.from(value, 'utf8').toString('hex') } : { kind: 't', text: value }
}

/** The value of a cell, or undefined when letter and text do not belong together any more. */
export function takeCell(kind: string | undefined, text: string | null | undefined): CanonicalValue | undefined {
  if (kind === 'n') return text === null ? null : undefined
  if (typeof text !== 'string') return undefined
  if (kind === 't') return text
  if ((kind !== 'b' && kind !== 'x') || !/^([0-9a-f]{2})*$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'hex')
  return kind === 'b' ? bytes : bytes.toString('utf8')
}

/** A record as a row: letters and texts by field index. */
export function landRow(record: SegmentRecord, width: number): { recordId: string; kinds: string; cells: (string | null)[] } {
  const kinds = Array.from({ length: width }, (): string => notSent)
  const cells = Array.from({ length: width }, (): string | null => null)
  for (const { index, value } of record.fields) {
    const { kind, text } = landCell(value)
    kinds[index] = kind
    cells[index] = text
  }
  return { recordId: Buffer.from(record.recordId).toString('hex'), kinds: kinds.join(''), cells }
}
