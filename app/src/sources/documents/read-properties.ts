// SPDX-License-Identifier: Apache-2.0
import type { ZipArchive } from '../open-zip.ts'
import { scanPart } from '../read-workbook.ts'
import type { TextPiece } from './text-data-sets.ts'

/** Where an office file keeps its properties. */
export const propertyParts: readonly string[] = ['docProps/core.xml', 'docProps/app.xml', 'docProps/custom.xml']
const telling = new Set(['creator', 'lastModifiedBy', 'title', 'subject', 'description', 'keywords', 'category', 'Company', 'Manager', 'lpwstr', 'contentStatus'])
/** What programs write on their own accord; it names nobody. */
export const programNames = /^(unknown|author|作者|openpyxl|microsoft( office)?( user| excel| word)?|wps( office)?|apache poi|exceljs|administrator|admin|user|windows 用户|sheetjs|xlsxwriter|python-xlsx|python-docx|un-named)?$/i

/** Properties of an office file that somebody wrote: author, title, company …, as `name: value` (ECMA-376 part 2). */
export async function propertyPieces(zip: ZipArchive, parts: readonly string[] = propertyParts): Promise<TextPiece[]> {
  const found: TextPiece[] = []
  for (const part of parts) {
    let name = ''
    await scanPart(zip, part, {
      open: (opened) => void (name = telling.has(opened) ? opened : ''),
      close: () => void (name = ''),
      text: (text) => {
        if (name !== '' && !programNames.test(text.trim())) found.push({ place: found.length + 1, text: `${name}: ${text}` })
      },
    })
  }
  return found
}
