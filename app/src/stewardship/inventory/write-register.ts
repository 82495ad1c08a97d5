// SPDX-License-Identifier: Apache-2.0
import ExcelJS from 'exceljs'
import { linkSync, rmSync } from 'node:fs'
import { namingFile } from '../../ledger/index.ts'
import { basisText } from '../../law/index.ts'
import { inventoryFailures } from './inventory-failures.ts'
import { missingWords, type ProcessingRegister, type RegisterEntry } from './register.ts'
import { workbookCell } from '../../kit/formula-cell.rules.ts'

type Lang = 'zh' | 'en'

/** Words that the sheets need of other rooms. */
export interface RegisterWords {
  typeLabel: (type: string) => string
  lang: Lang
}

const gradeWords: Record<string, readonly [string, string]> = { sensitive: ['敏感', 'sensitive'], general: ['一般', 'general'], organisation: ['单位', 'organisation'], none: ['非个人信息', 'not personal'] }

const activityColumns: readonly (readonly [zh: string, en: string, width: number])[] = [
  ['编号', 'no.', 6], ['数据源', 'source', 24], ['数据集', 'data set', 18], ['处理活动', 'activity', 16], ['处理目的', 'purpose', 24], ['合法性基础', 'basis', 14], ['收集方式', 'collected', 12], ['来源是否合法', 'lawful source', 14],
  ['一般个人信息种类', 'general categories', 34], ['敏感个人信息种类', 'sensitive categories', 28], ['记录数', 'records', 12], ['字段值数', 'values', 12], ['个人数', 'persons', 10], ['不满十四周岁记录', 'records of under 14', 12],
  ['接收方', 'recipients', 24], ['保存期限', 'retention', 36], ['方案中的去向', 'planned ends', 30], ['存放位置与副本', 'location and copies', 40], ['尚缺', 'missing', 30],
]
const fieldColumns: readonly (readonly [zh: string, en: string, width: number])[] = [
  ['编号', 'no.', 6], ['数据源', 'source', 24], ['数据集', 'data set', 18], ['列', 'column', 22], ['序号', 'position', 8], ['信息类型', 'type', 18], ['级别', 'grade', 12], ['定级规则', 'rule', 34], ['有值', 'values', 12], ['把握', 'confidence', 8], ['处理活动', 'activity', 18],
]

/** 登记表. Writes the register as a workbook: activities, fields, explanations; every cell is text, so nothing in it can act (SECURITY P24). Stands under its name only when it is whole; refuses a name that is taken. */
export async function writeRegister(file: string, register: ProcessingRegister, words: RegisterWords): Promise<void> {
  const at = words.lang === 'zh' ? 0 : 1
  const partial = `${file}.${process.pid}.part`
  rmSync(partial, { force: true }) // left by a crash
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: partial, useStyles: true, useSharedStrings: false })
  const activities = sheetOf(book, ['处理活动登记', 'Processing activities'][at] ?? '', activityColumns, at)
  for (const entry of register.entries) for (const row of activityRows(entry, words)) activities.addRow(row.map(workbookCell)).commit()
  activities.commit()
  const fields = sheetOf(book, ['字段清单', 'Fields'][at] ?? '', fieldColumns, at)
  for (const entry of register.entries) for (const row of fieldRows(entry, words)) fields.addRow(row.map(workbookCell)).commit()
  fields.commit()
  const guide = book.addWorksheet(['填写说明', 'Notes'][at] ?? '')
  guide.columns = [{ width: 110, style: { numFmt: '@', alignment: { wrapText: true } } }]
  for (const line of guideLines(register, words.lang)) guide.addRow([workbookCell(line)]).commit()
  guide.commit()
  try {
    await book.commit()
    linkSync(partial, file) // unlike a rename, a link never replaces a file
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw inventoryFailures.REGISTER_FILE_EXISTS({ file }, { cause: error })
    throw namingFile(error, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

function sheetOf(book: ExcelJS.stream.xlsx.WorkbookWriter, name: string, columns: typeof activityColumns, at: 0 | 1): ExcelJS.Worksheet {
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map((column) => ({ header: column[at], width: column[2], style: { numFmt: '@', alignment: { vertical: 'top', wrapText: true } } }))
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } }
  sheet.getRow(1).font = { bold: true }
  sheet.getRow(1).commit()
  return sheet
}

function activityRows(entry: RegisterEntry, words: RegisterWords): string[][] {
  const { lang } = words
  const activities = entry.activities.length > 0 ? entry.activities : [{ name: '', purposes: [], basis: 'unknown', columns: [], neededForTransfer: false, retention: null, retentionEn: null }]
  const left = entry.fields.filter(({ activity }) => activity === null).map(({ column }) => column)
  const unassigned = entry.activities.length > 0 && left.length > 0 ? [{ name: lang === 'zh' ? '(未归入任何活动)' : '(in no activity)', purposes: [], basis: 'unknown', columns: left, neededForTransfer: false, retention: null, retentionEn: null }] : []
  return [...activities, ...unassigned].map((activity) => {
    const fields = entry.fields.filter(({ column, values }) => values > 0 && (entry.activities.length === 0 || activity.columns.includes(column)))
    const types = (grade: string): string => [...new Set(fields.filter((field) => field.grade === grade).map(({ type }) => words.typeLabel(type)))].join('、')
    return [
      String(entry.number), entry.source, entry.dataSet + (entry.hidden ? (lang === 'zh' ? '(隐藏)' : ' (hidden)') : ''), activity.name, activity.purposes.join('、'), activity.basis === 'unknown' ? '' : basisText(activity.basis, lang), said(entry.collected), said(entry.lawfulSource), types('general'), types('sensitive'),
      String(entry.records), String(fields.reduce((sum, { values }) => sum + values, 0)), entry.persons === null ? '' : String(entry.persons), String(entry.under14), entry.recipients.join('、'), activity.retention === null || activity.retentionEn === null ? '' : (lang === 'zh' ? activity.retention : activity.retentionEn).join('\n') || (lang === 'zh' ? '无法定保存期' : 'no statutory retention'),
      entry.endings.map(({ outcome, values, until }) => `${outcome} ${values}${until === null ? '' : ` → ${until}`}`).join('\n'), [entry.location, ...entry.copies.map(({ kind, holder, values, ended }) => `${kind} · ${holder} · ${values}${ended === null ? '' : ` · ${ended}`}`)].join('\n'),
      entry.missing.map((part) => missingWords[part][lang]).join('、'),
    ]
  })
}

/** What nobody said stays empty: an empty cell asks, a word would answer. */
const said = (word: string): string => (word === 'unknown' || word === 'unconfirmed' ? '' : word)

function fieldRows(entry: RegisterEntry, { typeLabel, lang }: RegisterWords): string[][] {
  return entry.fields.map((field) => [String(entry.number), entry.source, entry.dataSet, field.column, String(field.position + 1), typeLabel(field.type), gradeWords[field.grade]?.[lang === 'zh' ? 0 : 1] ?? field.grade, field.rule, String(field.values), field.confidence.toFixed(2), field.activity ?? ''])
}

function guideLines(register: ProcessingRegister, lang: Lang): string[] {
  const total = register.entries.reduce((sum, { records, values }) => ({ records: sum.records + records, values: sum.values + values }), { records: 0, values: 0 })
  const sets = register.ruleSets.join('、')
  return lang === 'zh'
    ? [
      `个人信息处理活动登记 · ${register.of} · ${register.writtenAt}`, '依据:个人信息保护法 第五十一条(分类管理)、第五十五条至第五十六条(处理情况记录)。',
      `数据集 ${register.entries.length} 个,记录 ${total.records} 条,字段值 ${total.values} 个${register.persons === null ? '(尚未归并到个人)' : `,个人 ${register.persons} 名`}。分级规则集:${sets}(handover grade rules 查看每条规则)。`,
      '由清查、处理情况登记(handover treat)和处置方案(handover plan)填出;空格表示无人说明,不作推定;“尚缺”一栏列出要补的内容。', '数字、编号均为文本;以 = + - @ 等开头的内容前加了撇号,打开不会执行。本文件含列名和路径,请在本单位内保管。',
    ]
    : [
      `Register of processing activities · ${register.of} · ${register.writtenAt}`, 'By PIPL 51 (classification) and 55 to 56 (records of processing).',
      `${register.entries.length} data sets, ${total.records} records, ${total.values} values${register.persons === null ? ' (persons not resolved yet)' : `, ${register.persons} persons`}. Grading rule sets: ${sets} (handover grade rules explains each rule).`,
      'Filled in from the scan, the treatment (handover treat) and the plan (handover plan). An empty cell means that nobody said it: nothing is presumed; the last column lists what is missing.', 'All cells are text; what begins with = + - @ has an apostrophe before it, so nothing acts when opened. The file holds column titles and paths: keep it in the firm.',
    ]
}
