// SPDX-License-Identifier: Apache-2.0
import { gradeType, inspectText, isPersonalType, maskValue, type InformationType } from '../../detection/index.ts'
import type { SourceRow } from '../../sources/index.ts'
import type { FoundSpans, ScannedField } from './scan-report.ts'

const EVIDENCE_MAX = 3
/** Texts are searched in pieces, cut at a line's end where there is one. */
const PIECE_CHARS = 20_000
const identityMarks = ['姓名', '性别', '民族', '出生', '住址']

/** What stands in the free text of one data set: the whole of it is searched, unlike the texts in a column of a table. */
export class TextFindings {
  private readonly byType = new Map<InformationType, FoundSpans>()
  private readonly alive: (msNeeded?: number) => void
  private texts = 0
  private personalTexts = 0
  private isCard = false

  constructor(alive: (msNeeded?: number) => void) {
    this.alive = alive
  }

  add(rows: readonly SourceRow[]): void {
    for (const row of rows) {
      for (const { value } of row.cells) if (typeof value === 'string') this.addText(value, row.place)
      this.alive()
    }
  }

  private addText(text: string, row: number): void {
    this.texts++
    this.isCard ||= isIdentityCard(text)
    let isPersonal = false
    for (const piece of piecesOf(text)) {
      for (const [from, to, type] of inspectText(piece)) {
        isPersonal ||= isPersonalType(type)
        this.note(type, row, piece.slice(from, to))
      }
    }
    if (isPersonal) this.personalTexts++
  }

  private note(type: InformationType, row: number, text: string): void {
    let found = this.byType.get(type)
    if (found === undefined) this.byType.set(type, (found = { type, count: 0, evidence: [] }))
    found.count++
    if (found.evidence.length < EVIDENCE_MAX) found.evidence.push({ row, shown: maskValue(type, text) })
  }

  /** The fields of the data set in the light of what was found: the text itself, and the picture where it is one of an identity card, which is sensitive under every rule set (DETECTION.md §2: S as card image). */
  end(fields: readonly ScannedField[], about: { isPicture: boolean; ruleSet: string | undefined }): { fields: ScannedField[]; found: FoundSpans[] } {
    const found = [...this.byType.values()].sort((a, b) => b.count - a.count)
    const personal = found.filter(({ type }) => isPersonalType(type))
    const told = fields.map((field) => (personal.length > 0 && this.mayReplace(field) ? this.personalText(field, personal, about.ruleSet) : field))
    return { fields: about.isPicture && this.isCard ? [...told, cardField(told.length, about.ruleSet)] : told, found }
  }

  // A list of numbers, one a line, is a column of numbers; anything else is a text that holds some.
  private mayReplace(field: ScannedField): boolean {
    return field.type === 'none' || field.type === 'free-text-personal' || field.values < 5 || field.matched < field.values * 0.8
  }

  private personalText(field: ScannedField, personal: readonly FoundSpans[], ruleSet: string | undefined): ScannedField {
    const grading = gradeType('free-text-personal', ruleSet)
    const types = personal.map(({ type, count }) => `${type} ${count}`).join(', ')
    return {
      ...field, type: 'free-text-personal', grade: grading.grade, gradeRule: grading.rule, combination: grading.isCombination, confidence: 0.9, matched: this.personalTexts, invalid: 0, masked: 0, damaged: 0,
      evidence: personal.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, EVIDENCE_MAX), why: `全文检索发现:${types}`, whyEn: `found in the whole text: ${types}`,
    }
  }
}

/** Whether a recognised text is that of a resident identity card: its title or the title of its number, or most of the titles on its face. */
export function isIdentityCard(text: string): boolean {
  const plain = text.slice(0, PIECE_CHARS).replace(/\s+/g, '')
  if (/公民身份号码|居民身份证|签发机关.{0,30}有效期限/.test(plain)) return true
  return identityMarks.filter((mark) => plain.includes(mark)).length >= 4 && /\d{17}[\dXx]/.test(plain)
}

function cardField(index: number, ruleSet: string | undefined): ScannedField {
  return {
    name: '图像', index, type: 'resident-id', grade: 'sensitive', gradeRule: `${gradeType('resident-id', ruleSet).rule}/card-image`, combination: false, confidence: 0.9,
    values: 1, empty: 0, distinct: 1, matched: 1, invalid: 0, masked: 0, damaged: 0, evidence: [], why: '图像是居民身份证:证件影像为敏感个人信息', whyEn: 'the picture is a resident identity card: a card image is sensitive',
  }
}

function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const limit = from + PIECE_CHARS
    const line = limit >= text.length ? text.length : text.lastIndexOf('\n', limit) + 1
    const end = line > from ? line : limit
    yield text.slice(from, end)
    from = end
  }
}
