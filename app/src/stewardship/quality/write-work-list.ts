// SPDX-License-Identifier: Apache-2.0
import ExcelJS from 'exceljs'
import { createWriteStream, linkSync, rmSync, type WriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { namingFile } from '../../ledger/index.ts'
import { workbookCell } from '../../kit/formula-cell.rules.ts'
import { qualityFailures } from './quality-failures.ts'
import { qualityRules } from './quality-rules.ts'
import type { QualityFinding, QualityReport } from './quality-report.ts'
import { addressCode, workListHead, workListLayout, workListSource } from './work-list.ts'

/** A sheet has 1,048,576 rows; beyond this the rest is counted, not listed. */
const listedMax = 1_000_000
const widths = [7, 22, 18, 9, 16, 20, 24, 9, 44, 28, 12]

/** 更正清单. Writes findings as they come into a workbook with flat memory: addresses, masked values, 错误原因, and an empty column for corrections. Stands under its name only when it is whole; refuses a name that is taken. */
export class WorkListWriter {
  readonly #file: string
  readonly #lang: 'zh' | 'en'
  readonly #out: WriteStream
  /** Rejected when the disk fails, at whatever moment. */
  readonly #broken: Promise<never>
  readonly #book: ExcelJS.stream.xlsx.WorkbookWriter
  readonly #list: ExcelJS.Worksheet
  #listed = 0
  #found = 0

  constructor(file: string, lang: 'zh' | 'en') {
    this.#file = file
    this.#lang = lang
    rmSync(this.#partial, { force: true }) // left by a crash
    const out = createWriteStream(this.#partial, { flags: 'wx', mode: 0o600 })
    this.#out = out
    this.#broken = new Promise((_, reject) => out.once('error', (error) => reject(namingFile(error, file))))
    this.#broken.catch(() => undefined) // told when the list is finished
    this.#book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
    const { sheets, columns, columnsEn, at } = workListLayout
    this.#list = this.#book.addWorksheet(sheets.list, { views: [{ state: 'frozen', ySplit: 1 }] })
    this.#list.columns = (lang === 'zh' ? columns : columnsEn).map((header, i) => ({ header, width: widths[i] ?? 12, hidden: i === at.code, style: { numFmt: '@', alignment: { vertical: 'top', wrapText: i === 8 } } }))
    this.#list.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } }
    this.#list.getRow(1).font = { bold: true }
    this.#list.getRow(1).commit()
  }

  /** Adds findings, a line each. */
  add(findings: readonly QualityFinding[]): void {
    for (const finding of findings) {
      this.#found++
      if (this.#listed >= listedMax) continue
      this.#listed++
      const { weight } = qualityRules[finding.rule]
      const kind = weight === 'error' ? (this.#lang === 'zh' ? '错误' : 'error') : this.#lang === 'zh' ? '待核对' : 'to review'
      const cells = [String(this.#listed), finding.sourceName, finding.dataSetName, String(finding.place), finding.fieldName, finding.recordId, finding.masked, kind, finding.reason[this.#lang], '', addressCode(finding)]
      this.#list.addRow(cells.map(workbookCell)).commit()
    }
  }

  /** Completes the workbook; says how many findings stand in it. */
  async finish(report: QualityReport): Promise<{ listed: number; found: number }> {
    this.#list.commit()
    const guide = this.#book.addWorksheet(workListLayout.sheets.guide)
    guide.columns = [{ width: 110, style: { alignment: { wrapText: true } } }]
    for (const line of this.#guideLines()) guide.addRow([line]).commit()
    guide.commit()
    const code = this.#book.addWorksheet(workListLayout.sheets.code, { state: 'hidden' })
    code.addRow([JSON.stringify(workListHead.parse({ format: workListLayout.format, today: report.today, staleYears: report.staleYears, listed: this.#listed, found: this.#found }))]).commit()
    for (const { source, sha256, dataSets } of report.sources) {
      const line = workListSource.parse({ source, sha256, dataSets: dataSets.map(({ name, rows, fields }) => ({ name, rows, fields: fields.map((field) => ({ name: field.name, type: field.type })) })) })
      // A cell holds 32,767 characters: a long line goes on in the next cells.
      code.addRow(JSON.stringify(line).match(/[\s\S]{1,30000}/g) ?? []).commit()
    }
    code.commit()
    await Promise.race([this.#book.commit(), this.#broken])
    await this.#place()
    return { listed: this.#listed, found: this.#found }
  }

  /** Takes back what was begun. */
  async discard(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#out.closed ? resolve() : this.#out.once('close', () => resolve())))
    this.#out.destroy()
    await closed
    rmSync(this.#partial, { force: true })
  }

  get #partial(): string {
    return `${this.#file}.${process.pid}.part`
  }

  async #place(): Promise<void> {
    try {
      const handle = await open(this.#partial, 'r+')
      await handle.sync()
      await handle.close()
      linkSync(this.#partial, this.#file)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw qualityFailures.QUALITY_FILE_EXISTS({ where: this.#file }, { cause: error })
      throw namingFile(error, this.#file)
    } finally {
      rmSync(this.#partial, { force: true })
    }
  }

  #guideLines(): string[] {
    const rest = this.#found - this.#listed
    return this.#lang === 'zh'
      ? [
          '一、只填「更正值」一列;其他列、工作表名称和隐藏的代码都不要改动,可以排序、筛选、留空。留空表示不改。',
          '二、「现值」已脱敏;完整的值请按数据源、数据集和行号在原文件中查看。',
          '三、「错误」按规则必定不对;「待核对」需要人判断,属实的不必填写。同一单元格列出多次的,只填一处或填写相同的值。整行重复没有单元格可改,请在来源系统处理。',
          '四、填好后:handover quality import 本文件 数据源 --preview 先看将改动什么;再 --apply -o 更正副本.csv 生成副本。原文件永远不会被改动。',
          '五、本清单含个人信息的线索,请按内部资料保管,用后删除。',
          ...(rest > 0 ? [`六、问题共 ${this.#found} 处,一张工作表只能列出 ${this.#listed} 处;更正后请再检查一次。`] : []),
        ]
      : [
          '1. Fill in the column "Correction" only; leave other columns, sheet names and hidden codes as they are. Sorting and filtering are fine; an empty cell changes nothing.',
          '2. Values are masked; see the whole value in the source file by data set and row.',
          '3. "error": wrong by a rule for certain. "to review": a person has to judge; leave it empty if it is true. If a cell is listed twice, fill in one line, or both alike. A row that stands twice has no cell to correct: mend it in the system it comes from.',
          '4. Then: handover quality import THIS-FILE SOURCE --preview shows what would change; --apply -o CORRECTED.csv writes a copy. The original is never touched.',
          '5. This list holds traces of personal information: keep it inside, delete it after use.',
          ...(rest > 0 ? [`6. ${this.#found} findings; one sheet can list ${this.#listed} of them. Check again after correcting.`] : []),
        ]
  }
}
