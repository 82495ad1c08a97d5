// SPDX-License-Identifier: Apache-2.0
import { gradeImage, gradeType, inspectText, isPersonalType, maskValue, type InformationType } from '../../detection/index.ts'
import type { SourceRow } from '../../sources/index.ts'
import type { FoundSpans, ScannedField } from './scan-report.ts'

const EVIDENCE_MAX = 3
/** Texts are searched in pieces, cut at a line's end where there is one. */
const PIECE_CHARS = 20_000
/** What two pieces of one long line share: twice what any identifier, name or address takes. */
const SHARED_CHARS = 400
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
    let end = 0
    for (const piece of piecesOf(text)) {
      for (const [from, to, type] of inspectText(piece.text)) {
        const at = piece.from + from
        if (at < piece.first || at >= piece.last || at < end) continue // the piece beside it has it whole
        end = piece.from + to
        isPersonal ||= isPersonalType(type)
        this.note(type, row, piece.text.slice(from, to))
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
  const { grade, rule } = gradeImage('resident-id', ruleSet)
  return {
    name: '图像', index, type: 'resident-id', isImage: true, grade, gradeRule: rule, combination: false, confidence: 0.9,
    values: 1, empty: 0, distinct: 1, matched: 1, invalid: 0, masked: 0, damaged: 0, evidence: [], why: '图像是居民身份证:证件影像为敏感个人信息', whyEn: 'the picture is a resident identity card: a card image is sensitive',
  }
}

/** A piece of a text: where it begins, and which findings are its own: those that begin from `first` on and before `last`. */
interface Piece {
  text: string
  from: number
  first: number
  last: number
}

/** Pieces of a text. Where a line is longer than a piece, neighbours share their ends, and each has what begins in its own half of what they share: nothing is cut in two, and nothing is found twice. */
function* piecesOf(text: string): Generator<Piece> {
  for (let from = 0, first = 0; from < text.length; ) {
    const limit = from + PIECE_CHARS
    const line = limit >= text.length ? text.length : text.lastIndexOf('\n', limit) + 1
    if (line > first) {
      yield { text: text.slice(from, line), from, first, last: line }
      from = first = line
    } else {
      yield { text: text.slice(from, limit), from, first, last: limit - SHARED_CHARS / 2 }
      first = limit - SHARED_CHARS / 2
      from = limit - SHARED_CHARS
    }
  }
}
