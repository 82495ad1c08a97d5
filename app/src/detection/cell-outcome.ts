// SPDX-License-Identifier: Apache-2.0
import { holdsIdentifier } from './inspect-text.ts'
import type { InformationType } from './information-types.ts'
import { damagedType, maskedTypes } from './mask-value.ts'
import { chars, charsIn } from './normalise-text.ts'
import type { CheckOptions, Recogniser } from './recogniser.ts'
import { recognisers } from './recognisers.ts'
import { isoDate } from './recognisers/dates.ts'
import { isTellingLandline } from './recognisers/telephone.ts'
import { detectionWork } from './work-counter.ts'

/** How a value was found to be of a type. */
export type FoundHow = 'matched' | 'masked' | 'damaged'

/** Everything that a column counts about one value beside where it stands; equal values have equal outcomes. */
export interface CellOutcome {
  /** False for bytes that are no text, of which nothing else is known. */
  isText: boolean
  found: readonly { type: InformationType; how: FoundHow }[]
  isDigits: boolean
  isOldId: boolean
  /** The number of somebody who is not yet fourteen (个人信息保护法 第二十八条). */
  isChildsId: boolean
  isTellingLandline: boolean
  /** Year of the date that the value is; `hasTime` says that it carries a time of day other than midnight. */
  year: number | null
  hasTime: boolean
  isWords: boolean
  holdsIdentifier: boolean
}

/** The outcome that says nothing. */
export const plainOutcome: CellOutcome = { isText: true, found: [], isDigits: false, isOldId: false, isChildsId: false, isTellingLandline: false, year: null, hasTime: false, isWords: false, holdsIdentifier: false }

/** Looks a value up in all recognisers: the reference that the byte kernel has to equal. `text` is plain (`plainText`). */
export function examineText(text: string, isPrecisionLost: boolean, options: CheckOptions): CellOutcome {
  const kinds = charsIn(text)
  const isWords = text.length >= 8 && ((kinds & chars.han) !== 0 || (text.length >= 24 && text.includes(' ')))
  const outcome = { ...plainOutcome, isDigits: kinds === chars.digit, isWords, holdsIdentifier: isWords && holdsIdentifier(text) }
  detectionWork.steps += text.length * (isWords ? 2 : 1)
  if (text.length > 254) return outcome
  const damaged = kinds <= (chars.digit | chars.latin | chars.other) ? damagedType(text, isPrecisionLost) : null
  if (damaged !== null) return { ...outcome, found: [{ type: damaged, how: 'damaged' }] }
  const isMasked = (kinds & chars.star) !== 0 || /[xX•●#某＊×]{2}/.test(text)
  const found: CellOutcome['found'][number][] = isMasked ? maskedTypes(text).map((type) => ({ type, how: 'masked' })) : []
  const rules = fitting(text.length, kinds)
  detectionWork.steps += text.length * rules.length
  for (const recogniser of rules) {
    if (!recogniser.check(text, options).valid) continue
    found.push({ type: recogniser.type, how: 'matched' })
    if (recogniser.type === 'resident-id') Object.assign(outcome, { isOldId: text.length === 15, isChildsId: isChilds(text, options.today) })
    if (recogniser.type === 'landline' && isTellingLandline(text)) outcome.isTellingLandline = true
    if (recogniser.type === 'birth-date') Object.assign(outcome, dateOutcome(text))
  }
  return { ...outcome, found }
}

// The old number of fifteen digits was given to nobody who is a child now.
function isChilds(text: string, today: string): boolean {
  const number = text.replace(/[\s-]/g, '')
  return number.length === 18 && isUnder14(Number(number.slice(6, 14)), Number(today.replaceAll('-', '')))
}

/** Whether somebody born on a day is below fourteen on another, both as yyyymmdd; on the birthday they are fourteen (个人信息保护法 第二十八条: 不满十四周岁). */
export function isUnder14(birthDay: number, today: number): boolean {
  return birthDay > today - 140_000
}

function dateOutcome(text: string): Pick<CellOutcome, 'year' | 'hasTime'> {
  const time = /[T\s](\d{1,2}):(\d\d)/.exec(text)
  return { year: Number((isoDate(text) ?? '0').slice(0, 4)), hasTime: time !== null && (time[1] !== '00' || time[2] !== '00') }
}

const fittingByShape = new Map<number, readonly Recogniser[]>()

/** The recognisers that take a text of this length and these kinds of characters; few shapes occur, so they are remembered. */
function fitting(length: number, kinds: number): readonly Recogniser[] {
  const shape = length * 64 + kinds
  let found = fittingByShape.get(shape)
  if (found === undefined) {
    found = recognisers.filter((one) => length >= one.lengths[0] && length <= one.lengths[1] && (kinds & one.needs) === one.needs && (kinds & one.never) === 0)
    fittingByShape.set(shape, found)
  }
  return found
}

/** The outcomes that occurred in this thread, each once; a column counts them by number. */
const outcomes: CellOutcome[] = []
const numberByKey = new Map<string, number>()

/** The number of an outcome. */
export function outcomeNumber(outcome: CellOutcome): number {
  const { isText, isDigits, isOldId, isChildsId, year, hasTime, isWords } = outcome
  let key = `${isText}${isDigits}${isOldId}${isChildsId}${outcome.isTellingLandline}${year}${hasTime}${isWords}${outcome.holdsIdentifier}`
  for (const { type, how } of outcome.found) key += `,${type}/${how}`
  const known = numberByKey.get(key)
  if (known !== undefined) return known
  outcomes.push(outcome)
  numberByKey.set(key, outcomes.length - 1)
  return outcomes.length - 1
}

/** The outcome with a number; there is one for every number that was given out. */
export function outcomeOf(number: number): CellOutcome {
  return outcomes[number] ?? plainOutcome
}

/** The outcome of bytes that are no text. */
export const notTextOutcome = outcomeNumber({ ...plainOutcome, isText: false })
