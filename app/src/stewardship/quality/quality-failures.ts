// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What the check of quality and the way back of corrections refuse. */
export const qualityFailures = failures({
  QUALITY_FILE_EXISTS: {
    exit: 74, zh: '{where} 已经存在,没有覆盖。', en: '{where} exists already; it was not overwritten.',
    remedy: { zh: '请换一个文件名,或先移走原来的文件。', en: 'Name another file, or move that one away.' },
  },
  QUALITY_SOURCE_DIFFERS: {
    exit: 65, zh: '{where} 的内容与账内清查时不同(或已不在原处),没有出具账内的质量证明。', en: '{where} is not what was entered in the books (or is gone); no certificate of the matter was made.',
    remedy: { zh: '先用 handover scan --delta 比对并入账;或不进事项,直接 handover quality 文件。', en: 'Compare it with handover scan --delta and book it first; or check the file alone: handover quality FILE.' },
  },
  QUALITY_NOTHING: {
    exit: 2, zh: '事项里还没有入账的数据源,没有可检查的内容。', en: 'No source of this matter is in the books; there is nothing to check.',
    remedy: { zh: '先 handover ingest 数据源;或直接 handover quality 文件。', en: 'Run handover ingest SOURCE first; or handover quality FILE.' },
  },
  WORK_LIST_WRONG_FILE: {
    exit: 65, zh: '{where} 不是本程序导出的更正清单({why}),没有读取任何更正。', en: '{where} is not a work list of this program ({why}); no correction was taken.',
    remedy: { zh: '请用 handover quality --list 导出的 XLSX,只填「更正值」一列,不要删改其他列和工作表。', en: 'Use the XLSX of handover quality --list, fill in the column of corrections only, and leave other columns and sheets as they are.' },
  },
  WORK_LIST_OTHER_SOURCE: {
    exit: 65, zh: '更正清单里没有数据源 {where}(按内容摘要和名称都找不到),没有更正。', en: 'The work list knows no source {where} (neither by its digest nor by its name); nothing was corrected.',
    remedy: { zh: '请指明导出清单时检查的那个文件。', en: 'Name the file that was checked when the list was made.' },
  },
  WORK_LIST_SOURCE_CHANGED: {
    exit: 65, zh: '{where} 在导出清单之后改动过,清单里的行号可能已不对应,没有生成更正副本。', en: '{where} changed after the list was made, so its rows may be others; no corrected copy was written.',
    remedy: { zh: '请对现在的文件重新运行 handover quality --list,把更正值填入新清单。', en: 'Run handover quality --list on the file as it is now and fill in the new list.' },
  },
  WORK_LIST_REFUSED: {
    exit: 65, zh: '清单里有 {refused} 处更正不能采用,没有生成更正副本(可采用的 {changes} 处也没有写入)。', en: '{refused} corrections of the list cannot be taken; no corrected copy was written (nor the {changes} that could).',
    remedy: { zh: '用 --preview 看每处原因并改正;确认只写可采用的,加 --partial。', en: 'See each reason with --preview and mend it; to write only those that can be taken, add --partial.' },
  },
  WORK_LIST_NO_CHANGE: {
    exit: 2, zh: '清单里没有填写可采用的更正值,没有生成更正副本。', en: 'The list holds no correction that can be taken; no corrected copy was written.',
    remedy: { zh: '请在「更正值」一列填写后再导入。', en: 'Fill in the column of corrections and import it again.' },
  },
  CORRECTION_ORIGINAL: {
    exit: 2, zh: '更正只写入新的副本,不直接改原文件 {where},也不直接改账内的记录。', en: 'Corrections are written into a new copy only; neither the original {where} nor records in the books are changed directly.',
    remedy: { zh: '用 -o 指明另一个文件名;核对副本后由你们替换原文件,再 handover scan --delta 与 handover delta request(两人批准)入账。', en: 'Name another file with -o; when you checked the copy, put it in the place of the original yourselves, then handover scan --delta and handover delta request (approved by two) book it.' },
  },
  CORRECTION_KIND: {
    exit: 2, zh: '更正副本只能为 CSV 文本和 XLSX 工作簿生成,{where} 是 {kind};没有写入任何内容。', en: 'Corrected copies are written for CSV text and XLSX workbooks; {where} is {kind}. Nothing was written.',
    remedy: { zh: '请按预览(--preview --json)在原系统中逐处更正后重新导出;或先另存为 CSV,再检查、更正。', en: 'Correct it in the system it comes from, place by place as the preview lists them, and export it anew; or save it as CSV and check that.' },
  },
  CORRECTION_SHEET: {
    exit: 65, zh: '工作簿 {where} 不能逐格更正:{why};没有写入任何内容。', en: 'The workbook {where} cannot be corrected cell by cell: {why}. Nothing was written.',
    remedy: { zh: '请在 Excel 中按预览(--preview --json)更正并另存;或另存为 CSV,再检查、更正。', en: 'Correct it in Excel as the preview lists it (--preview --json), or save it as CSV and check that.' },
  },
  CORRECTION_ENCODING: {
    exit: 65, zh: '{where} 的编码 {encoding} 写不了字符 {character},没有生成更正副本。', en: 'The encoding {encoding} of {where} cannot hold the character {character}; no corrected copy was written.',
    remedy: { zh: '请把原文件另存为 UTF-8,再检查、更正;或改用该编码有的字。', en: 'Save the original as UTF-8 and check that, or use a character that the encoding has.' },
  },
  CORRECTION_NOT_READ_BACK: {
    exit: 65, zh: '更正副本 {where} 读回核对不符(第 {row} 行),已删除,原文件没有改动。', en: 'The corrected copy {where} did not read back as meant (row {row}); it was removed, the original is untouched.',
    remedy: { zh: '这是程序的问题,请报告(不要附上客户数据)。', en: 'This is a fault of the program; report it (without customer data).' },
  },
})
