// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'

/** What a reader recognised a source as. */
export type SourceKind = 'csv' | 'xlsx' | 'sqlite' | 'text' | 'json' | 'docx' | 'xls' | 'pdf' | 'image' | 'eml' | 'zip' | 'tar' | 'gzip' | 'mysql' | 'postgresql' | 'sqlserver'

/** What the place of a row counts, where it is not the row of a table; `key` is the value of a table's own numeric key. */
export type PlaceUnit = 'key' | 'line' | 'paragraph' | 'page' | 'part'

/** Text encodings that the CSV reader understands (UX.md §7). */
export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'latin1'

/** One file of a source (数据源), with the digest of the bytes that were read. `path` is the full path, `place` what people are shown. */
export interface SourceFile {
  index: number
  path: string
  place: string
  kind: SourceKind
  bytes: number
  sha256: string
  /** The place of the archive, mail or document that this file stands in; it can be scanned there and not entered in the books. */
  inside?: string
  /** Text and CSV only. `sure` is false when the encoding was told by the caller or guessed from a pattern of zero bytes. */
  encoding?: TextEncoding
  delimiter?: string
}

/** A field (字段) of a data set, by position; names may repeat, may be personal, and are blank where the source gives none. */
export interface SourceField {
  name: string
  index: number
  /** The declared type of a database column, lower case. */
  declaredType?: string
  /** What the owner of a database wrote about the column. */
  comment?: string
}

/** One sheet, table or text file (数据集). `index` counts up over one read, over all files. */
export interface SourceDataSet {
  index: number
  source: number
  name: string
  kind: SourceKind
  hidden: boolean
  fields: SourceField[]
  /** 1-based row of the header in the file; null when there is none. */
  headerRow: number | null
  blankHeaders: number
  duplicateHeaders: number
  /** What the owner of a database wrote about the table. */
  comment?: string
  /** Free text in one field (正文): searched as a whole for what stands in it. `picture`: recognised from a picture, so characters may be wrong. */
  text?: 'written' | 'picture'
  placeUnit?: PlaceUnit
}

/** What is odd about a cell; the value itself is kept as it stands in the file. */
export type CellFlag = 'number-as-id' | 'precision-lost' | 'not-text' | 'odd-quotes' | 'formula-without-value' | 'error-value' | 'impossible-date'

/** What travels beside the canonical value and is not committed (CONTRACTS §1). */
export interface CellExtras {
  cellType?: 'text' | 'number' | 'date' | 'boolean' | 'error' | 'integer' | 'real' | 'blob'
  rawSerial?: string
  numberFormat?: string
  flag?: CellFlag
}

/** A cell: its canonical value (CONTRACTS §1: null, text or bytes; empty text is not null) and what is odd about it. */
export interface Cell {
  value: null | string | Uint8Array
  extras?: CellExtras
}

/** One row. `ordinal` is 0-based among the data rows and stable; `place` is the 1-based row in the file, or the row id of a table. */
export interface SourceRow {
  ordinal: number
  place: number
  cells: Cell[]
  /** CSV: the bytes of the row in the file, line end included, for the executor that deletes it. */
  range?: { start: number; end: number }
}

/** Counts of one data set, known at its end. */
export interface RowCounts {
  rows: number
  blankRows: number
  shortRows: number
  longRows: number
  oddCells: number
  mergedRanges: number
  /** Rows and columns of a sheet that Excel does not show; they were read. */
  hiddenRows?: number
  hiddenColumns?: number
}

/** Why something was not read: a stable code and the sentence. */
export interface WhyNotRead extends Words {
  code: string
}

/** What a reader tells, in this order: source, then per data set its fields, rows and end; files inside it last; `notRead` and `pages` (of slow work) anywhere. `discard`: a file failed, so nothing counts that came from it or from what stands inside it, which is every source from this number on; its `notRead` follows. */
export type ReadEvent =
  | { kind: 'source'; source: SourceFile }
  | { kind: 'dataSet'; dataSet: SourceDataSet }
  | { kind: 'moreFields'; dataSet: number; fields: SourceField[] }
  | { kind: 'rows'; dataSet: number; rows: SourceRow[] }
  | { kind: 'dataSetEnd'; dataSet: number; counts: RowCounts }
  | { kind: 'notRead'; where: string; why: WhyNotRead }
  | { kind: 'discard'; firstSource: number }
  | { kind: 'pages'; done: number; total: number }

/** Counts of a data set before its first row. */
export function noRows(): RowCounts {
  return { rows: 0, blankRows: 0, shortRows: 0, longRows: 0, oddCells: 0, mergedRanges: 0 }
}
