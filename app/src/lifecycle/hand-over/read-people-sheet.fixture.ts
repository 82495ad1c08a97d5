// SPDX-License-Identifier: Apache-2.0
import ExcelJS from 'exceljs'

/** The filled cells of a workbook, as another program reads them; for tests. */
export async function readXlsx(file: string): Promise<{ text: string; isFormula: boolean }[]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  const cells: { text: string; isFormula: boolean }[] = []
  book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => cells.push({ text: cell.text, isFormula: cell.type === ExcelJS.ValueType.Formula }))))
  return cells
}
