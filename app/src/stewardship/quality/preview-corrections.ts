// SPDX-License-Identifier: Apache-2.0
import { isInformationType, maskValue, plainText, type InformationType } from '../../detection/index.ts'
import type { Words } from '../../kit/failure.ts'
import { addYears, dayOf } from '../../kit/time.ts'
import { readSource, type ReadOptions, type SourceFile, type SourceRow } from '../../sources/index.ts'
import { examineCell } from './examine-cell.ts'
import { examineRow, rowColumnsOf } from './examine-row.ts'
import { workbookCell } from '../../kit/formula-cell.rules.ts'
import { qualityFailures } from './quality-failures.ts'
import { isTable } from './quality-report.ts'
import { checkReasons, qualityRules } from './quality-rules.ts'
import { readWorkList, type FilledLine, type FilledList } from './read-work-list.ts'
import type { WorkListSource } from './work-list.ts'

/** Why a correction cannot be taken. */
export const correctionRefusals = {
  STILL_WRONG: { zh: '更正后的值仍不符合规则', en: 'the corrected value still breaks a rule' },
  CELL_CHANGED: { zh: '导出清单后,此单元格已改动', en: 'the cell changed since the list was made' },
  NO_SUCH_CELL: { zh: '文件里没有这个单元格', en: 'the file has no such cell' },
  CONTRADICTION: { zh: '同一单元格填了不同的更正值', en: 'two different corrections for one cell' },
  NOT_A_CELL: { zh: '整行的问题,没有单元格可改', en: 'a finding of a whole row has no cell to correct' },
  NOT_TEXT: { zh: '更正值含有不能写入的字符', en: 'the correction holds characters that cannot be written' },
} as const satisfies Record<string, Words>

/** The code of a refusal. */
export type CorrectionRefusal = keyof typeof correctionRefusals

/** One correction as it would be taken, or why not; values only masked. `text` is what would be written: it goes into the copy and nowhere else. */
export interface Correction {
  row: number
  dataSetName: string
  fieldName: string
  place: number
  before: string
  after: string
  refusal: CorrectionRefusal | null
  why: Words | null
  cell: { dataSet: number; ordinal: number; field: number | null }
  text: string
}

/** 更正预览. What a filled list would do to a source. */
export interface CorrectionPreview {
  source: SourceFile
  /** The file is byte for byte the one that was checked. */
  isSame: boolean
  /** Corrections in the order of the file, then those without a cell; cells that hold the value already are in `unchanged`. */
  corrections: Correction[]
  unchanged: number
  /** Filled lines that belong to other sources of the list. */
  elsewhere: number
  empty: number
}

/** 预览更正. Holds every filled line against the source as it is now: counts, masked values before and after, and each refusal; changes nothing. Refuses a file that is no work list and a source that the list does not know. */
export async function previewCorrections(order: { list: string; source: string; options?: ReadOptions }): Promise<CorrectionPreview> {
  const list = await readWorkList(order.list)
  let chosen: Chosen | null = null
  let file: SourceFile | null = null
  const numbers = new Map<number, number>()
  for await (const event of readSource(order.source, order.options ?? {})) {
    if (event.kind === 'source') {
      file = event.source
      chosen = new Chosen(list, file, order.source)
    } else if (event.kind === 'dataSet' && isTable(event.dataSet)) numbers.set(event.dataSet.index, numbers.size)
    else if (event.kind === 'rows') for (const row of event.rows) chosen?.take(numbers.get(event.dataSet) ?? -1, row)
  }
  if (file === null || chosen === null) throw qualityFailures.WORK_LIST_OTHER_SOURCE({ where: order.source })
  return chosen.preview()
}

interface Wanted {
  line: FilledLine
  text: string
  isDoubtful: boolean
}

/** The ways in which a list can have shown a value. */
const shownForms = (plain: string, type: InformationType): string[] => [maskValue(type, plain), maskValue('birth-date', plain), plain].map(workbookCell)

/** The lines of the list that concern one source, by their cells. */
class Chosen {
  readonly #list: FilledList
  readonly #source: WorkListSource
  readonly #file: SourceFile
  readonly #number: number
  readonly #isSame: boolean
  readonly #byRow = new Map<string, Map<number, Wanted>>()
  readonly #corrections: Correction[] = []
  readonly #orphans: FilledLine[] = []
  readonly #at: { today: string; staleBefore: string }
  #unchanged = 0
  #elsewhere = 0

  constructor(list: FilledList, file: SourceFile, where: string) {
    const bySha = list.sources.findIndex(({ sha256 }) => sha256 === file.sha256)
    const number = bySha >= 0 ? bySha : list.sources.findIndex(({ source }) => source === file.place)
    const source = list.sources[number]
    if (source === undefined) throw qualityFailures.WORK_LIST_OTHER_SOURCE({ where })
    this.#list = list
    this.#file = file
    this.#source = source
    this.#number = number
    this.#isSame = bySha >= 0
    const today = dayOf(list.head.today)
    this.#at = { today, staleBefore: addYears(today, -list.head.staleYears) }
    for (const line of list.lines) this.#sort(line)
  }

  #sort(line: FilledLine): void {
    const { source, dataSet, ordinal, field } = line.address
    if (source !== this.#number) {
      this.#elsewhere++
      return
    }
    if (field === null) {
      this.#orphans.push(line)
      return
    }
    const key = `${dataSet} ${ordinal}`
    const cells = this.#byRow.get(key) ?? new Map<number, Wanted>()
    const known = cells.get(field)
    if (known === undefined) cells.set(field, { line, text: line.correction, isDoubtful: false })
    else if (known.text !== line.correction) known.isDoubtful = true
    this.#byRow.set(key, cells)
  }

  /** Compares the lines of one row with the row. */
  take(dataSet: number, row: SourceRow): void {
    const key = `${dataSet} ${row.ordinal}`
    const cells = this.#byRow.get(key)
    if (cells === undefined) return
    this.#byRow.delete(key)
    const set = this.#source.dataSets[dataSet]
    const fields = (set?.fields ?? []).map(({ name, type }): { name: string; type: InformationType } => ({ name, type: isInformationType(type) ? type : 'none' }))
    const now = row.cells.map(({ value }) => (typeof value === 'string' ? plainText(value) : null))
    const corrected = now.map((text, i) => {
      const wanted = cells.get(i)
      return wanted === undefined ? text : plainText(wanted.text)
    })
    const rowFindings = examineRow(corrected.map((text) => (text === '' ? null : text)), rowColumnsOf(fields), this.#at)
    for (const [field, wanted] of [...cells].sort(([a], [b]) => a - b)) {
      const type = fields[field]?.type ?? 'none'
      const cell = row.cells[field]
      const base = { row: wanted.line.row, dataSetName: set?.name ?? '', fieldName: fields[field]?.name ?? '', place: row.place, cell: { dataSet, ordinal: row.ordinal, field }, text: wanted.text }
      if (cell === undefined || fields[field] === undefined) {
        this.#corrections.push({ ...base, before: '', after: maskValue(type, wanted.text), refusal: 'NO_SUCH_CELL', why: null })
        continue
      }
      if (cell.value === wanted.text) {
        this.#unchanged++
        continue
      }
      const before = typeof cell.value === 'string' ? maskValue(type, plainText(cell.value)) : ''
      const refusal = this.#refusalOf(wanted, { now: now[field] ?? '', type, rowRule: rowFindings.find((one) => one.field === field || one.also === field)?.rule })
      this.#corrections.push({ ...base, before, after: maskValue(type, plainText(wanted.text)), ...refusal })
    }
  }

  #refusalOf(wanted: Wanted, about: { now: string; type: InformationType; rowRule: keyof typeof qualityRules | undefined }): Pick<Correction, 'refusal' | 'why'> {
    if (wanted.isDoubtful) return { refusal: 'CONTRADICTION', why: null }
    // eslint-disable-next-line no-control-regex -- what a text file cannot hold in a cell
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(wanted.text)) return { refusal: 'NOT_TEXT', why: null }
    if (!this.#isSame && !shownForms(about.now, about.type).includes(wanted.line.masked)) return { refusal: 'CELL_CHANGED', why: null }
    const plain = plainText(wanted.text)
    const wrong = examineCell({ value: plain }, plain, about.type, this.#at.today)
    if (wrong !== null) return { refusal: 'STILL_WRONG', why: wrong.code === undefined ? qualityRules[wrong.rule].name : checkReasons[wrong.code] }
    return about.rowRule === undefined || about.rowRule === 'STALE' ? { refusal: null, why: null } : { refusal: 'STILL_WRONG', why: qualityRules[about.rowRule].name }
  }

  /** What all lines come to; those whose rows the file does not have are refused. */
  preview(): CorrectionPreview {
    const lost = [...this.#byRow.values()].flatMap((cells) => [...cells.values()].map(({ line }) => line))
    const without = (line: FilledLine, refusal: CorrectionRefusal): Correction => ({ row: line.row, dataSetName: this.#source.dataSets[line.address.dataSet]?.name ?? '', fieldName: '', place: 0, before: '', after: '', refusal, why: null, cell: line.address, text: line.correction })
    const corrections = [...this.#corrections, ...lost.map((line) => without(line, 'NO_SUCH_CELL')), ...this.#orphans.map((line) => without(line, 'NOT_A_CELL'))]
    return { source: this.#file, isSame: this.#isSame, corrections, unchanged: this.#unchanged, elsewhere: this.#elsewhere, empty: this.#list.empty }
  }
}
