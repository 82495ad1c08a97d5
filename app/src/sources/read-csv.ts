// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import { cellDecoder, guessEncoding, surveyText } from './decode-text.ts'
import type { CellDecoder, TextSurvey } from './decode-text.ts'
import { fieldNames, findTableStart } from './find-header.rules.ts'
import { fieldForm, RecordSpans, splitRecord } from './split-csv.ts'
import type { CsvDialect } from './split-csv.ts'
import { noRows } from './source-events.ts'
import type { Cell, ReadEvent, SourceField, SourceFile, SourceRow } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

const CHUNK = 1024 * 1024
const SAMPLE_RECORDS = 200
const BATCH = 500
/** What a sample or a batch may hold: bytes of the file, and cells. */
const BATCH_BYTES = 4 * 1024 * 1024
const BATCH_CELLS = 100_000

/** The place of a file in a read: which source and data set numbers it takes. */
export interface ReadPlace {
  fd: number
  path: string
  /** What people are shown. */
  place: string
  name: string
  source: number
  firstDataSet: number
  /** Reads a file that stands inside this one; absent where nobody follows. */
  nest?: Nest
}

/** A file inside another: an entry of an archive, an attachment, a picture in a document. */
export interface InnerFile {
  name: string
  /** Bytes that it takes packed, where that is known: what unpacks to far more is a bomb. */
  packedBytes?: number
  pieces(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** Reads an inner file as a source of its own; what is wrong with it is listed, and the outer file goes on. */
export type Nest = (inner: InnerFile) => AsyncGenerator<ReadEvent>

interface CsvRecord {
  row: number
  cells: Cell[]
  start: number
  end: number
}

/** Reads a CSV or other delimited text file as a stream of rows with their byte ranges (RFC 4180; UX.md §7). Refuses an unknown encoding, an unclosed quote and what exceeds the limits. */
export async function* readCsv(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const survey = surveyText(at.fd, at.place, setting.encoding, setting.alive)
  const dialect = findDialect(at, survey, setting)
  const source: SourceFile = {
    index: at.source, path: at.path, place: at.place, kind: 'csv', bytes: survey.bytes, sha256: survey.sha256,
    encoding: survey.encoding, delimiter: dialect.delimiterText,
  }
  yield { kind: 'source', source }
  const records = csvRecords(at, survey, dialect, setting)
  const sample = takeSample(records)
  const start = findTableStart(sample.map((record) => record.cells.map(textOf)), setting.header === 'detect')
  let next = at.firstDataSet
  if (start.titleRows.length > 0) yield* titleDataSet(at, next++, start.titleRows.flatMap((row) => sample[row] ?? []))
  yield* tableDataSet(at, next, { sample, start, records }, setting)
}

/** How a CSV file is laid out, as its beginning shows it: for readers that take the rows as bytes. */
export interface CsvLayout {
  delimiter: number
  delimiterText: string
  fields: SourceField[]
  headerRow: number | null
  blankHeaders: number
  duplicateHeaders: number
  /** Events of the title rows above the table, if any. */
  titles: ReadEvent[]
  /** Where the first record below the header begins, and how many records stand before it. */
  bodyStart: number
  rowsBefore: number
}

/** Finds the separator, the header and the first row of the table as `readCsv` does. Refuses as it does. */
export function layOutCsv(at: ReadPlace, survey: TextSurvey, setting: ReadSetting): CsvLayout {
  const dialect = findDialect(at, survey, setting)
  const sample = takeSample(csvRecords(at, survey, dialect, setting))
  const start = findTableStart(sample.map((record) => record.cells.map(textOf)), setting.header === 'detect')
  const { fields, named, header } = fieldsOf(sample, start)
  const first = sample[start.firstRow]
  const before = sample[start.firstRow - 1]
  return {
    delimiter: dialect.delimiter, delimiterText: dialect.delimiterText, fields, headerRow: header?.row ?? null, blankHeaders: named.blank, duplicateHeaders: named.duplicate,
    titles: start.titleRows.length > 0 ? [...titleDataSet(at, at.firstDataSet, start.titleRows.flatMap((row) => sample[row] ?? []))] : [],
    bodyStart: first?.start ?? before?.end ?? survey.bomBytes + dialect.skipBytes,
    rowsBefore: first !== undefined ? first.row - 1 : (before?.row ?? (dialect.skipBytes > 0 ? 1 : 0)),
  }
}

function fieldsOf(sample: CsvRecord[], start: CsvTable['start']): { fields: SourceField[]; named: ReturnType<typeof fieldNames>; header: CsvRecord | null } {
  const header = start.header === null ? null : (sample[start.header] ?? null)
  const width = header === null ? widestUsual(sample.slice(start.firstRow)) : header.cells.length
  const named = fieldNames(header === null ? null : header.cells.map(textOf), width)
  return { fields: named.names.map((name, i): SourceField => ({ name, index: i })), named, header }
}

const textOf = (cell: Cell): string | null => (typeof cell.value === 'string' ? cell.value : cell.value === null ? null : '\u0001')

function takeSample(records: Generator<CsvRecord>): CsvRecord[] {
  const sample: CsvRecord[] = []
  for (let bytes = 0, cells = 0; sample.length < SAMPLE_RECORDS && bytes < BATCH_BYTES && cells < BATCH_CELLS * 2; ) {
    const next = records.next()
    if (next.done === true) break
    sample.push(next.value)
    bytes += next.value.end - next.value.start
    cells += next.value.cells.length
  }
  return sample
}

/** Title rows hold values too: they become a data set of free text beside the table. */
function* titleDataSet(at: ReadPlace, index: number, rows: CsvRecord[]): Generator<ReadEvent> {
  const fields = [{ name: '标题', index: 0 }]
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name: `${at.name}#above`, kind: 'csv', hidden: false, fields, headerRow: null, blankHeaders: 0, duplicateHeaders: 0 } }
  const texts: SourceRow[] = []
  for (const record of rows) {
    for (const cell of record.cells) {
      if (!isEmpty(cell)) texts.push({ ordinal: texts.length, place: record.row, cells: [cell], range: { start: record.start, end: record.end } })
    }
  }
  yield { kind: 'rows', dataSet: index, rows: texts }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...noRows(), rows: texts.length } }
}

const isEmpty = (cell: Cell): boolean => cell.value === null || cell.value.length === 0

interface CsvTable {
  sample: CsvRecord[]
  start: { header: number | null; firstRow: number }
  records: Generator<CsvRecord>
}

function* tableDataSet(at: ReadPlace, index: number, table: CsvTable, setting: ReadSetting): Generator<ReadEvent> {
  const { fields, named, header } = fieldsOf(table.sample, table.start)
  const body = table.sample.slice(table.start.firstRow)
  yield {
    kind: 'dataSet',
    dataSet: { index, source: at.source, name: at.name, kind: 'csv', hidden: false, fields, headerRow: header?.row ?? null, blankHeaders: named.blank, duplicateHeaders: named.duplicate },
  }
  const counts = noRows()
  let known = fields.length
  let batch: SourceRow[] = []
  let weight = 0
  for (const record of chain(body, table.records)) {
    if (record.cells.every(isEmpty)) {
      counts.blankRows++
      continue
    }
    if (record.cells.length > known) {
      yield { kind: 'moreFields', dataSet: index, fields: Array.from({ length: record.cells.length - known }, (_, i) => ({ name: `列${known + i + 1}`, index: known + i })) }
      known = record.cells.length
    }
    if (record.cells.length > fields.length) counts.longRows++
    if (record.cells.length < fields.length) counts.shortRows++
    counts.oddCells += record.cells.reduce((n, cell) => n + (cell.extras?.flag === undefined ? 0 : 1), 0)
    while (record.cells.length < fields.length) record.cells.push({ value: null })
    if (counts.rows >= setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where: at.place, limit: setting.limits.rowsMax })
    batch.push({ ordinal: counts.rows++, place: record.row, cells: record.cells, range: { start: record.start, end: record.end } })
    weight += record.end - record.start + record.cells.length * (BATCH_BYTES / BATCH_CELLS)
    if (batch.length === BATCH || weight > BATCH_BYTES) {
      setting.alive()
      yield { kind: 'rows', dataSet: index, rows: batch }
      batch = []
      weight = 0
    }
  }
  if (batch.length > 0) yield { kind: 'rows', dataSet: index, rows: batch }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
}

function widestUsual(rows: CsvRecord[]): number {
  return rows.reduce((width, row) => Math.max(width, row.cells.every(isEmpty) ? 0 : row.cells.length), 0)
}

function* chain(first: CsvRecord[], rest: Generator<CsvRecord>): Generator<CsvRecord> {
  yield* first
  yield* rest
}

/** How the records of this file are split, and what stands before the first. */
interface FileDialect extends CsvDialect {
  delimiterText: string
  skipBytes: number
}

const candidates = [',', '\t', ';', '|']

function findDialect(at: ReadPlace, survey: TextSurvey, setting: ReadSetting): FileDialect {
  const isGb18030 = survey.encoding === 'gb18030'
  const unitBytes = bytesPerUnit(survey)
  const buffer = Buffer.alloc(256 * 1024)
  const n = readSync(at.fd, buffer, 0, buffer.length, survey.bomBytes)
  const units = unitsOf(buffer.subarray(0, n - (n % unitBytes)), survey)
  const isWhole = n < buffer.length
  const declared = separatorLine(units)
  const told = setting.delimiter ?? declared?.delimiter
  if (told !== undefined) return { delimiter: told.charCodeAt(0), delimiterText: told, isGb18030, skipBytes: setting.delimiter === null ? (declared?.units ?? 0) * unitBytes : 0 }
  const best = candidates
    .map((text) => ({ text, ...consistency(units, isWhole, { delimiter: text.charCodeAt(0), isGb18030 }) }))
    .filter((candidate) => candidate.fields > 1)
    .sort((a, b) => b.share - a.share || b.fields - a.fields)[0]
  const text = best?.text ?? ','
  return { delimiter: text.charCodeAt(0), delimiterText: text, isGb18030, skipBytes: 0 }
}

const TABULAR_SHARE = 0.8

/** Whether the beginning of a text without a telling name is a table: most of its records have the same number of fields, more than one. Prose has commas too. */
export function looksTabular(at: ReadPlace, setting: ReadSetting): boolean {
  const head = Buffer.alloc(64 * 1024)
  const n = readSync(at.fd, head, 0, head.length, 0)
  const guess = guessEncoding(head.subarray(0, n), setting.encoding)
  const survey = { ...guess, sha256: '', bytes: n, isStrict: false }
  const unitBytes = bytesPerUnit(survey)
  const body = head.subarray(guess.bomBytes, n)
  const units = unitsOf(body.subarray(0, body.length - (body.length % unitBytes)), survey)
  if (n === 0 || separatorLine(units) !== null) return true
  const isGb18030 = guess.encoding === 'gb18030'
  return isList(body, guess.encoding, n < head.length) || candidates.some((text) => {
    const found = consistency(units, n < head.length, { delimiter: text.charCodeAt(0), isGb18030 })
    return found.fields > 1 && found.share >= TABULAR_SHARE
  })
}

const LIST_LINE_CHARS = 40

/** Short lines without a sentence in them, such as numbers one below the other: a table of one column. */
function isList(bytes: Buffer, encoding: TextSurvey['encoding'], isCut: boolean): boolean {
  const lines = new TextDecoder(encoding === 'latin1' ? 'windows-1252' : encoding).decode(bytes).split(/\r\n|\n|\r/)
  const whole = (isCut ? lines.slice(0, -1) : lines).map((line) => line.trim()).filter((line) => line !== '')
  return whole.length >= 2 && whole.every((line) => line.length <= LIST_LINE_CHARS && !/[\uff0c。\uff1b\uff01\uff1f\uff1a、?!;]|[a-z] [a-z]/i.test(line))
}

// Excel writes and honours a first line `sep=;`.
function separatorLine(units: ArrayLike<number>): { delimiter: string; units: number } | null {
  const head = Array.from({ length: Math.min(8, units.length) }, (_, i) => String.fromCharCode(units[i] ?? 0)).join('')
  const match = /^sep=(.)(\r\n|\n|\r)/i.exec(head)
  return match?.[1] === undefined ? null : { delimiter: match[1], units: match[0].length }
}

/** Share of the sampled records that have the most frequent number of fields. */
function consistency(units: ArrayLike<number>, isWhole: boolean, dialect: CsvDialect): { share: number; fields: number } {
  const record = new RecordSpans()
  const countByFields = new Map<number, number>()
  let records = 0
  for (let at = 0; at < units.length && records < SAMPLE_RECORDS; ) {
    if (splitRecord({ units, isLast: isWhole }, at, dialect, record) !== 'record') break
    at = record.end
    if (record.fields === 1 && record.spans[0] === record.spans[1]) continue
    records++
    countByFields.set(record.fields, (countByFields.get(record.fields) ?? 0) + 1)
  }
  let best = { share: 0, fields: 0 }
  for (const [fields, count] of countByFields) if (fields > 1 && count / records > best.share) best = { share: count / records, fields }
  return best
}

const bytesPerUnit = (survey: TextSurvey): number => (survey.encoding.startsWith('utf-16') ? 2 : 1)

/** The bytes as code units of the encoding: bytes, or 16-bit units in the machine's order. */
function unitsOf(bytes: Buffer, survey: TextSurvey): ArrayLike<number> {
  if (bytesPerUnit(survey) === 1) return bytes
  const units = new Uint16Array(bytes.length >> 1)
  const isLittle = survey.encoding === 'utf-16le'
  for (let i = 0; i < units.length; i++) units[i] = isLittle ? bytes.readUInt16LE(i * 2) : bytes.readUInt16BE(i * 2)
  return units
}

/** All records of the file, streamed through a window that grows only when one record does not fit. */
function* csvRecords(at: ReadPlace, survey: TextSurvey, dialect: FileDialect, setting: ReadSetting): Generator<CsvRecord> {
  const decode = cellDecoder(survey.encoding)
  const unitBytes = bytesPerUnit(survey)
  const record = new RecordSpans()
  let offset = survey.bomBytes + dialect.skipBytes // of the window in the file
  let window = Buffer.allocUnsafe(CHUNK)
  let row = dialect.skipBytes > 0 ? 1 : 0
  for (;;) {
    const filledBytes = fill(at.fd, window, offset)
    const isLast = offset + filledBytes >= survey.bytes
    const bytes = window.subarray(0, filledBytes - (filledBytes % unitBytes))
    const units = unitsOf(bytes, survey)
    let used = 0
    while (used < units.length) {
      const result = splitRecord({ units, isLast }, used, dialect, record)
      if (result === 'unclosed-quote') throw sourceFailures.UNCLOSED_QUOTE({ where: at.place, row: row + 1 })
      if (result === 'incomplete') break
      row++
      if (record.fields > setting.limits.fieldsMax) throw sourceFailures.TOO_MANY_FIELDS({ where: at.place, row, limit: setting.limits.fieldsMax })
      used = record.end
      yield { row, cells: cellsOf(bytes, record, unitBytes, decode), start: offset + record.start * unitBytes, end: offset + record.end * unitBytes }
    }
    setting.alive()
    offset += used * unitBytes
    if (isLast) return
    if (used === 0) {
      if (window.length >= setting.limits.recordBytesMax) throw sourceFailures.RECORD_TOO_LONG({ where: at.place, row: row + 1, limit: setting.limits.recordBytesMax })
      window = Buffer.allocUnsafe(window.length * 2)
    }
  }
}

function fill(fd: number, window: Buffer, offset: number): number {
  let filled = 0
  while (filled < window.length) {
    const n = readSync(fd, window, filled, window.length - filled, offset + filled)
    if (n === 0) break
    filled += n
  }
  return filled
}

function cellsOf(bytes: Buffer, record: RecordSpans, unitBytes: number, decode: CellDecoder): Cell[] {
  const cells: Cell[] = []
  for (let i = 0; i < record.fields; i++) {
    const start = (record.spans[i * 3] ?? 0) * unitBytes
    const end = (record.spans[i * 3 + 1] ?? 0) * unitBytes
    const form = record.spans[i * 3 + 2]
    const isQuoted = form === fieldForm.quoted || form === fieldForm.escaped
    const value = decode(isQuoted ? bytes.subarray(start + unitBytes, end - unitBytes) : bytes.subarray(start, end))
    if (typeof value !== 'string') {
      cells.push({ value: form === fieldForm.escaped ? withoutDoubledQuotes(value, unitBytes) : value, extras: { flag: 'not-text' } })
    } else if (form === fieldForm.odd) cells.push({ value, extras: { flag: 'odd-quotes' } })
    else cells.push({ value: form === fieldForm.escaped ? value.replaceAll('""', '"') : value })
  }
  return cells
}

function withoutDoubledQuotes(bytes: Uint8Array, unitBytes: number): Uint8Array {
  const kept: number[] = []
  for (let i = 0; i < bytes.length; i += unitBytes) {
    const unit = Array.from(bytes.subarray(i, i + unitBytes))
    kept.push(...unit)
    const isQuote = unit.reduce((sum, byte) => sum + byte, 0) === 0x22 && unit.includes(0x22)
    if (isQuote) i += unitBytes // the second of a doubled quote
  }
  return Uint8Array.from(kept)
}
