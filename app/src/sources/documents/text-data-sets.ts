// SPDX-License-Identifier: Apache-2.0
import type { ReadPlace } from '../read-csv.ts'
import { noRows } from '../source-events.ts'
import type { Cell, PlaceUnit, ReadEvent, SourceDataSet, SourceKind, SourceRow } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { labelledValues } from './labelled-values.rules.ts'

/** A piece of text and where it stands: paragraph, line or page, counted from 1. */
export interface TextPiece {
  place: number
  text: string
}

/** What a text data set is of. */
export interface TextRead {
  at: ReadPlace
  setting: ReadSetting
  name: string
  kind: SourceKind
  unit: PlaceUnit
  isPicture?: boolean
}

/** Title of the one field of a text. */
export const textField = '正文'
const BATCH = 500
const BATCH_CHARS = 4 * 1024 * 1024

/** Text as a data set of one field, a row a piece; nothing when no piece holds anything. Returns the next free number. Refuses a piece beyond the limit of a cell. */
export async function* textDataSet(read: TextRead, index: number, pieces: Iterable<TextPiece> | AsyncIterable<TextPiece>): AsyncGenerator<ReadEvent, number> {
  const counts = noRows()
  let batch: SourceRow[] = []
  let chars = 0
  for await (const piece of pieces) {
    if (piece.text.trim() === '') {
      counts.blankRows++
      continue
    }
    if (piece.text.length > read.setting.limits.cellCharsMax) throw sourceFailures.CELL_TOO_LONG({ where: read.at.place, row: piece.place, limit: read.setting.limits.cellCharsMax })
    if (counts.rows >= read.setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where: read.at.place, limit: read.setting.limits.rowsMax })
    if (counts.rows === 0) yield { kind: 'dataSet', dataSet: textSet(read, index) }
    const cell = textCell(piece.text)
    if (cell.extras !== undefined) counts.oddCells++
    batch.push({ ordinal: counts.rows++, place: piece.place, cells: [cell] })
    chars += piece.text.length
    if (batch.length === BATCH || chars > BATCH_CHARS) {
      read.setting.alive()
      yield { kind: 'rows', dataSet: index, rows: batch }
      batch = []
      chars = 0
    }
  }
  if (counts.rows === 0) return index
  if (batch.length > 0) yield { kind: 'rows', dataSet: index, rows: batch }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
  return index + 1
}

function textSet(read: TextRead, index: number): SourceDataSet {
  return {
    index, source: read.at.source, name: read.name, kind: read.kind, hidden: false, fields: [{ name: textField, index: 0 }], headerRow: null, blankHeaders: 0, duplicateHeaders: 0,
    text: read.isPicture === true ? 'picture' : 'written', placeUnit: read.unit,
  }
}

/** The text of a whole document as one record: the values that it labels (姓名:…), and all of it as the last field; `beside` is what stands beside the text (page headers, comments …). What is entered in the books is a document, not its paragraphs. */
export async function* documentDataSet(read: TextRead, index: number, pieces: Iterable<TextPiece> | AsyncIterable<TextPiece>, beside: readonly string[] = []): AsyncGenerator<ReadEvent, number> {
  if (read.setting.documents === 'parts') return yield* textDataSet(read, index, pieces)
  const texts: string[] = []
  let chars = 0
  for await (const { text, place } of pieces) {
    texts.push(text)
    chars += text.length + 1
    if (chars > read.setting.limits.cellCharsMax) throw sourceFailures.CELL_TOO_LONG({ where: read.at.place, row: place, limit: read.setting.limits.cellCharsMax })
  }
  if ([...texts, ...beside].every((text) => text.trim() === '')) return index
  const values = labelledValues(texts, beside)
  const fields = [...values.map(({ label }) => label), textField].map((name, i) => ({ name, index: i }))
  const cells = [...values.map(({ value }) => textCell(value)), textCell([...texts, ...beside].join('\n'))]
  yield { kind: 'dataSet', dataSet: { index, source: read.at.source, name: read.name, kind: read.kind, hidden: false, fields, headerRow: 1, blankHeaders: 0, duplicateHeaders: 0, placeUnit: 'part' } }
  yield { kind: 'rows', dataSet: index, rows: [{ ordinal: 0, place: 1, cells }] }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...noRows(), rows: 1, oddCells: cells.filter((cell) => cell.extras !== undefined).length } }
  return index + 1
}

/** A text as a cell; what is no well-formed text travels as bytes (CONTRACTS §1). */
export function textCell(text: string): Cell {
  if (!text.includes('\0') && text.isWellFormed()) return { value: text }
  return { value: new Uint8Array(Buffer.from(text, 'utf16le')), extras: { flag: 'not-text' } }
}
