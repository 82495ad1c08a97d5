// SPDX-License-Identifier: Apache-2.0
import { CFB, read } from '@e965/xlsx'
import type { CellObject, WorkBook, WorkSheet } from '@e965/xlsx'
import { z } from 'zod'
import { digestOf } from '../digest-file.ts'
import { dateFormat, numberCell } from '../excel-number.rules.ts'
import { notReadReasons } from '../find-unread-parts.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { SheetRow } from '../read-sheet.ts'
import type { Cell, ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { tableDataSets } from '../table-data-sets.ts'
import { textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

/** A sheet of BIFF8 has so many rows and columns at most. */
const ROWS_MAX = 65_536
const COLUMNS_MAX = 256

const containers = z.object({ read: z.custom<(bytes: Buffer, how: { type: 'buffer' }) => unknown>((value) => typeof value === 'function') }).parse(CFB)
const directory = z.object({ FullPaths: z.array(z.string()) })

/** Reads an old workbook (BIFF, .xls): cells as stored, hidden sheets too, dates by their format; comments as text. Refuses encrypted files and other documents of the same container (.doc, .ppt, .msg). */
export async function* readXls(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const bytes = wholeFile(at, setting)
  refuseOthers(at, bytes)
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
  if (setting.documents === 'parts') yield* textDataSet({ at, setting, name: `${at.name}#comments`, kind: 'xls', unit: 'part' }, next, comments)
  else if (comments.length > 0) yield { kind: 'notRead', where: at.place, why: notReadReasons.comments }
  if (book.vbaraw !== undefined) yield { kind: 'notRead', where: at.place, why: notReadReasons.macro }
}

const hiddenIn = (lines: readonly ({ hidden?: boolean } | undefined)[] | undefined): number => (lines ?? []).filter((line) => line?.hidden === true).length

/** The container holds many kinds; its directory tells which. */
function refuseOthers(at: ReadPlace, bytes: Buffer): void {
  let names: string[]
  try {
    names = directory.parse(containers.read(bytes, { type: 'buffer' })).FullPaths.map((path) => path.split('/').at(-1) ?? '')
  } catch (error) {
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: 'OLE 目录损坏 / broken directory' }, { cause: error })
  }
  if (names.includes('EncryptedPackage')) throw sourceFailures.ENCRYPTED_FILE({ where: at.place })
  if (names.includes('Workbook') || names.includes('Book')) return
  const what = names.includes('WordDocument') ? 'DOC' : names.includes('PowerPoint Document') ? 'PPT' : names.some((name) => name.startsWith('__substg1.0')) ? 'MSG' : 'OLE'
  throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what })
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
    for (const cell of line.slice(0, COLUMNS_MAX)) for (const { t } of cell?.c ?? []) if (typeof t === 'string') comments.push({ place: at + 1, text: t })
    yield { row: at + 1, cells }
  }
}

function cellOf(cell: CellObject | undefined, is1904: boolean): Cell {
  if (cell === undefined || cell === null || cell.v === undefined || cell.v === null) return { value: null }
  if (cell.t === 's') return textCell(String(cell.v))
  if (cell.t === 'b') return { value: cell.v === true ? 'TRUE' : 'FALSE', extras: { cellType: 'boolean', rawSerial: cell.v === true ? '1' : '0' } }
  if (cell.t === 'e') return { value: typeof cell.w === 'string' ? cell.w : `#${String(cell.v)}`, extras: { cellType: 'error', flag: 'error-value' } }
  const code = typeof cell.z === 'string' ? cell.z : undefined
  return numberCell(String(cell.v), code === undefined ? null : dateFormat(0, code), code, is1904)
}
