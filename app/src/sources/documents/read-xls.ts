// SPDX-License-Identifier: Apache-2.0
import { CFB, read, set_cptable } from '@e965/xlsx'
import type { CellObject, WorkBook, WorkSheet } from '@e965/xlsx'
import * as codePages from '@e965/xlsx/dist/cpexcel.full.mjs'
import { z } from 'zod'
import { digestOf } from '../digest-file.ts'
import { dateFormat, numberCell } from '../excel-number.rules.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { SheetRow } from '../read-sheet.ts'
import type { Cell, ReadEvent, WhyNotRead } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { tableDataSets } from '../table-data-sets.ts'
import { besideBiff } from './biff-records.ts'
import { programNames } from './read-properties.ts'
import { textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

/** A sheet of BIFF8 has so many rows and columns at most. */
const ROWS_MAX = 65_536
const COLUMNS_MAX = 256

const containers = z.object({ read: z.custom<(bytes: Buffer, how: { type: 'buffer' }) => unknown>((value) => typeof value === 'function') }).parse(CFB)
const directory = z.object({ FullPaths: z.array(z.string()), FileIndex: z.array(z.object({ content: z.unknown().optional() })) })
/** Streams that hold the workbook, its properties, or nothing that anybody wrote. */
const readStreams = new Set(['Workbook', 'Book', '\u0005SummaryInformation', '\u0005DocumentSummaryInformation', '\u0001CompObj', '\u0001Ole', '\u0001Sh33tJ5'])
const telling = new Set(['Title', 'Subject', 'Author', 'Manager', 'Company', 'Category', 'Keywords', 'Comments', 'LastAuthor', 'ContentStatus'])
// Text of BIFF5 is in a code page (936 on the mainland); without its table it would be read as Latin.
set_cptable(codePages)

/** Reads an old workbook (BIFF, .xls): cells as stored, hidden sheets too, dates by their format; comments and their authors, links to people, page headers and footers, text boxes, prompts, names and properties as text; pictures as files of their own. Lists what it does not read. Refuses encrypted files and other documents of the same container (.doc, .ppt, .msg). */
export async function* readXls(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const bytes = wholeFile(at, setting)
  const container = openContainer(at, bytes)
  setting.alive(20_000)
  const book = parse(at, bytes)
  if (book.SheetNames.length === 0) throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: '没有工作表 / no sheets' })
  yield { kind: 'source', source: digestOf(at, 'xls', setting) }
  let next = at.firstDataSet
  const comments: TextPiece[] = []
  for (const [i, name] of book.SheetNames.entries()) {
    const sheet = book.Sheets[name]
    const type: string = sheet?.['!type'] ?? 'sheet'
    const hidden = (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) !== 0
    if (sheet === undefined || type !== 'sheet') {
      yield { kind: 'notRead', where: `${at.place}!${name}`, why: notReadReasons.otherSheet }
      continue
    }
    const is1904 = book.Workbook?.WBProps?.date1904 === true
    const extras = { mergedRanges: sheet['!merges']?.length ?? 0, hiddenRows: hiddenIn(sheet['!rows']), hiddenColumns: hiddenIn(sheet['!cols']) }
    next = yield* tableDataSets({ at, name, kind: 'xls', hidden, extras, setting }, rowsOf(sheet, is1904, comments), next)
  }
  yield* besideCells({ at, book, container, comments }, setting, next)
}

interface OldBook {
  at: ReadPlace
  book: WorkBook
  container: Container
  comments: TextPiece[]
}

async function* besideCells({ at, book, container, comments }: OldBook, setting: ReadSetting, first: number): AsyncGenerator<ReadEvent> {
  const beside = besideBiff(container.workbook, setting.alive)
  const known = new Set(comments.map(({ text }) => text.replace(/\s+/g, ' ').trim()))
  const texts = [...beside.texts.filter((text) => !known.has(text)), ...namesAndProperties(book)].map((text, i) => ({ place: i + 1, text }))
  const list = (why: WhyNotRead, name = ''): ReadEvent => ({ kind: 'notRead', where: name === '' ? at.place : `${at.place}!${name}`, why })
  const isRead = setting.documents === 'parts'
  if (isRead) {
    const next = yield* textDataSet({ at, setting, name: `${at.name}#comments`, kind: 'xls', unit: 'part' }, first, comments)
    yield* textDataSet({ at, setting, name: `${at.name}#beside`, kind: 'xls', unit: 'part' }, next, texts)
  } else {
    if (comments.length > 0) yield list(notReadReasons.comments)
    if (texts.length > 0) yield list(notReadReasons.besideCells)
  }
  for (const [i, { ending, bytes }] of beside.pictures.entries()) {
    if (ending === null || at.nest === undefined || !isRead) yield list(notReadReasons.image, `picture${i + 1}`)
    else yield* at.nest({ name: `picture${i + 1}.${ending}`, pieces: () => [bytes] })
  }
  if (beside.hasChart) yield list(notReadReasons.chart)
  if (beside.hasUnknownText) yield list(notReadReasons.headerFooter)
  if (book.vbaraw !== undefined || container.streams.some((path) => path.includes('_VBA_PROJECT_CUR/'))) yield list(notReadReasons.macro)
  const others = new Set(container.streams.filter((path) => !path.includes('_VBA_PROJECT_CUR/') && !readStreams.has(lastOf(path))).map((path) => path.split('/')[1] ?? path))
  for (const name of others) yield list(name.startsWith('MBD') || name.startsWith('LNK') ? notReadReasons.embedded : name === '_SX_DB_CUR' ? notReadReasons.pivot : notReadReasons.otherPart, name)
}

/** Constants that the workbook names, and properties that somebody wrote. */
function namesAndProperties(book: WorkBook): string[] {
  const names = (book.Workbook?.Names ?? []).filter(({ Ref }) => typeof Ref === 'string' && Ref.includes('"')).map(({ Name, Ref }) => `${Name}: ${Ref}`)
  const properties = [...Object.entries(book.Props ?? {}).filter(([name]) => telling.has(name)), ...Object.entries(book.Custprops ?? {}).filter(([name]) => !['FMTID', 'CodePage'].includes(name))]
  return [...new Set([...names, ...properties.flatMap(([name, value]) => (typeof value === 'string' && !programNames.test(value.trim()) ? [`${name}: ${value}`] : []))])]
}

const hiddenIn = (lines: readonly ({ hidden?: boolean } | undefined)[] | undefined): number => (lines ?? []).filter((line) => line?.hidden === true).length

interface Container {
  workbook: Buffer
  /** Full paths of the streams that hold anything. */
  streams: string[]
}

const lastOf = (path: string): string => path.split('/').at(-1) ?? ''

/** The container holds many kinds; its directory tells which. */
function openContainer(at: ReadPlace, bytes: Buffer): Container {
  let found: z.infer<typeof directory>
  try {
    found = directory.parse(containers.read(bytes, { type: 'buffer' }))
  } catch (error) {
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: 'OLE 目录损坏 / broken directory' }, { cause: error })
  }
  const names = found.FullPaths.map(lastOf)
  if (names.includes('EncryptedPackage')) throw sourceFailures.ENCRYPTED_FILE({ where: at.place })
  const main = ['Workbook', 'Book'].map((name) => names.indexOf(name)).find((index) => index >= 0)
  if (main !== undefined) {
    const contentAt = (index: number): Buffer => contentOf(found.FileIndex[index]?.content)
    return { workbook: contentAt(main), streams: found.FullPaths.filter((path, i) => !path.endsWith('/') && contentAt(i).length > 0) }
  }
  const what = names.includes('WordDocument') ? 'DOC' : names.includes('PowerPoint Document') ? 'PPT' : names.some((name) => name.startsWith('__substg1.0')) ? 'MSG' : 'OLE'
  throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what })
}

function contentOf(content: unknown): Buffer {
  if (content instanceof Uint8Array) return Buffer.from(content.buffer, content.byteOffset, content.length)
  return Array.isArray(content) ? Buffer.from(content.map(Number)) : Buffer.alloc(0)
}

function parse(at: ReadPlace, bytes: Buffer): WorkBook {
  try {
    return read(bytes, { type: 'buffer', dense: true, cellFormula: false, cellHTML: false, cellText: false, cellNF: true, cellDates: false, cellStyles: true, bookVBA: true, sheetRows: ROWS_MAX + 1 })
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message)) throw sourceFailures.ENCRYPTED_FILE({ where: at.place }, { cause: error })
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: 'BIFF' }, { cause: error })
  }
}

async function* rowsOf(sheet: WorkSheet, is1904: boolean, comments: TextPiece[]): AsyncGenerator<SheetRow> {
  for (const [at, line] of (sheet['!data'] ?? []).slice(0, ROWS_MAX).entries()) {
    if (line === undefined || line === null) continue
    const cells = Array.from({ length: Math.min(line.length, COLUMNS_MAX) }, (_, i) => cellOf(line[i], is1904))
    comments.push(...line.slice(0, COLUMNS_MAX).flatMap(notesOf).map((text) => ({ place: at + 1, text })))
    yield { row: at + 1, cells }
  }
}

/** Comments on a cell with their authors, and a link from it to somebody. */
function notesOf(cell: CellObject | undefined): string[] {
  const target: unknown = cell?.l?.Target
  const comments = (cell?.c ?? []).flatMap(({ t, a }): unknown[] => [t, a]).filter((text): text is string => typeof text === 'string' && !programNames.test(text.trim()))
  return typeof target === 'string' && /^(mailto|tel|sms):/i.test(target) ? [...comments, target] : comments
}

function cellOf(cell: CellObject | undefined, is1904: boolean): Cell {
  if (cell === undefined || cell === null || cell.v === undefined || cell.v === null) return { value: null }
  if (cell.t === 's') return textCell(String(cell.v))
  if (cell.t === 'b') return { value: cell.v === true ? 'TRUE' : 'FALSE', extras: { cellType: 'boolean', rawSerial: cell.v === true ? '1' : '0' } }
  if (cell.t === 'e') return { value: typeof cell.w === 'string' ? cell.w : `#${String(cell.v)}`, extras: { cellType: 'error', flag: 'error-value' } }
  const code = typeof cell.z === 'string' ? cell.z : undefined
  return numberCell(String(cell.v), code === undefined ? null : dateFormat(0, code), code, is1904)
}
