// SPDX-License-Identifier: Apache-2.0
import { notReadReasons } from './not-read-reasons.ts'
import type { ZipArchive } from './open-zip.ts'
import { readBesideCells } from './read-beside-cells.ts'
import type { ReadPlace } from './read-csv.ts'
import { sheetRows } from './read-sheet.ts'
import type { SheetExtras } from './read-sheet.ts'
import { openWorkbook } from './read-workbook.ts'
import type { SheetPart } from './read-workbook.ts'
import type { ReadEvent } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'
import { tableDataSets } from './table-data-sets.ts'

/** Reads all sheets of a workbook, hidden ones too, as stored: numbers by their lexeme, dates as ISO, formulas by their cached value; then what stands beside the cells; lists what it does not read. */
export async function* readXlsx(at: ReadPlace, zip: ZipArchive, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const book = await openWorkbook(zip, setting.alive)
  setting.alive()
  let next = at.firstDataSet
  const sheets: { sheet: SheetPart; extras: SheetExtras }[] = []
  for (const sheet of book.sheets) {
    if (sheet.type === 'missing') throw sourceFailures.XLSX_CORRUPT({ where: `${zip.where}!${sheet.name}`, why: '工作表没有对应的文件 / sheet without a part' })
    if (sheet.type !== 'worksheet') {
      yield { kind: 'notRead', where: `${zip.where}!${sheet.name}`, why: notReadReasons.otherSheet }
      continue
    }
    const extras: SheetExtras = { mergedRanges: 0, hiddenRows: 0, hiddenColumns: 0, headerFooter: [] }
    next = yield* tableDataSets({ at, name: sheet.name, kind: 'xlsx', hidden: sheet.hidden, extras, setting }, sheetRows(zip, sheet, book, { limits: setting.limits, extras }), next)
    sheets.push({ sheet, extras })
  }
  yield* readBesideCells({ at, zip, book, sheets }, setting, next)
}
