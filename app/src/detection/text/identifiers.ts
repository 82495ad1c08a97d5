// SPDX-License-Identifier: Apache-2.0
import { creditCodeCheck } from '../check-digits.ts'
import type { InformationType } from '../information-types.ts'
import { foldWidth } from '../normalise-text.ts'
import { columnCheck } from '../recogniser.ts'
import type { CheckOptions } from '../recogniser.ts'
import { recogniserOf } from '../recognisers.ts'
import { glance, signs } from './glance.ts'
import type { TextSpan } from './text-span.ts'

/** What a text must hold for a group of rules to be worth running: most sentences hold none of it. */
const groups = { digits: /\d(?:[ -]?\d){5}/, at: /@/, latin: /[A-Za-z][ ·•A-Za-z\d:-]{3}/, year: /\d{4}[-/.年]/, dotted: /\d\.\d/, colons: /:[\dA-Fa-f]{0,4}:/, account: /微信|QQ/i, military: /字第/ } as const

interface TextRule {
  type: InformationType
  group: keyof typeof groups
  pattern: RegExp
  /** Words that must stand in the 14 characters before. */
  after?: RegExp
}

// All patterns are linear: no quantifier inside a quantifier that could split the same text in two ways. No \b, which does not work beside Chinese.
const rules: readonly TextRule[] = [
  { type: 'resident-id', group: 'digits', pattern: /(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g },
  { type: 'resident-id', group: 'digits', pattern: /(?<![\dA-Za-z])\d{15}(?![\dA-Za-z])/g, after: /身份证|证件/ },
  { type: 'uscc', group: 'digits', pattern: /(?<![\dA-Za-z])[1-9AN][\dA-HJ-NPQRTUWXY]\d{6}[\dA-HJ-NPQRTUWXY]{10}(?![\dA-Za-z])/g },
  { type: 'foreign-permanent-resident-id', group: 'digits', pattern: /(?<![\dA-Za-z])(?:[A-Z]{3}\d{12}|9\d{16}[\dX])(?![\dA-Za-z])/g },
  { type: 'email', group: 'at', pattern: /[\w.%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5}/g },
  { type: 'bank-card', group: 'digits', pattern: /(?<![\dA-Za-z-])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,4}(?:[ -]?\d{1,3})?(?![\dA-Za-z])/g },
  { type: 'mobile', group: 'digits', pattern: /(?<![\d.])(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g },
  { type: 'landline', group: 'digits', pattern: /(?<![\d-])\(?0\d{2,3}\)?[ -]?[1-9]\d{6,7}(?:-\d{1,6})?(?!\d)/g },
  { type: 'landline', group: 'digits', pattern: /(?<![\d-])[48]00[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)/g },
  { type: 'landline', group: 'digits', pattern: /(?<![\d-])[2-8]\d{6,7}(?![\d-])/g, after: /电话|座机|固话|传真/ },
  { type: 'mainland-travel-permit', group: 'digits', pattern: /(?<![A-Za-z\d])[HM]\d{8}(?:\d{2})?(?![A-Za-z\d])/g, after: /回乡证|来往内地|通行证/ },
  { type: 'mainland-travel-permit', group: 'digits', pattern: /(?<![A-Za-z\d])\d{8}(?:\d{2})?(?![A-Za-z\d])/g, after: /台胞证|来往大陆/ },
  { type: 'hk-mo-travel-permit', group: 'digits', pattern: /(?<![A-Za-z\d])[CWLT][A-Z\d]\d{7}(?![A-Za-z\d])/g },
  { type: 'passport', group: 'digits', pattern: /(?<![A-Za-z\d])(?:[EGDSPKH]\d{7,8}|[EKH][A-Z]\d{7}|[PSD]E\d{7}|M[AB]\d{7}|1[45]\d{7})(?![A-Za-z\d])/g },
  { type: 'licence-plate', group: 'latin', pattern: /[\u4e00-\u9fff][A-HJ-Z][·• ]?[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d挂学警港澳领](?![A-Za-z\d])/g },
  { type: 'military-id', group: 'military', pattern: /[\u4e00-\u9fa5]字第\d{4,8}号/g },
  { type: 'ip-address', group: 'dotted', pattern: /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/g },
  { type: 'ip-address', group: 'colons', pattern: /(?<![\w:.])[\dA-Fa-f]{0,4}(?::[\dA-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])/g },
  { type: 'mac-address', group: 'latin', pattern: /(?<![\dA-Fa-f:-])[\dA-Fa-f]{2}(?:[:-][\dA-Fa-f]{2}){5}(?![\dA-Fa-f:-])/g },
  { type: 'vin', group: 'latin', pattern: /(?<![A-Za-z\d])[A-HJ-NPR-Z\d]{17}(?![A-Za-z\d])/g },
  { type: 'imei', group: 'digits', pattern: /(?<![A-Za-z\d])\d{15}(?![A-Za-z\d])/g, after: /IMEI|串号/i },
  { type: 'postcode', group: 'digits', pattern: /(?<![A-Za-z\d])\d{6}(?![A-Za-z\d])/g, after: /邮编|邮政编码|邮码/ },
  { type: 'birth-date', group: 'year', pattern: /(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?/g, after: /出生|生于|生日/ },
  { type: 'online-id', group: 'account', pattern: /(?<![A-Za-z\d_-])[A-Za-z][A-Za-z\d_-]{5,19}(?![A-Za-z\d_-])/g, after: /微信号?[::是为]?\s?$/ },
  { type: 'online-id', group: 'account', pattern: /(?<!\d)[1-9]\d{4,10}(?!\d)/g, after: /QQ号?[::是为]?\s?$/i },
]

/** The types whose presence alone makes a text personal. */
const strong = new Set<InformationType>(['resident-id', 'email', 'mobile', 'bank-card', 'passport', 'licence-plate', 'landline'])

/** Whether a text holds an identifier that points to a person; cheap enough for every cell. */
export function holdsIdentifier(text: string): boolean {
  if (!/\d{7}|@|\d[ -]\d{3}|[\uff10-\uff19]{4}/.test(text)) return false
  for (const [, , type] of identifierSpans(foldWidth(text))) if (strong.has(type)) return true
  return false
}

// What must occur before a group's own sign is worth looking for.
const groupNeeds: readonly (readonly [keyof typeof groups, number])[] = [
  ['digits', signs.digit], ['at', signs.at], ['latin', signs.latin], ['year', signs.digit], ['dotted', signs.digit], ['colons', signs.colon], ['account', signs.account], ['military', signs.military],
]
const needOfAny = groupNeeds.reduce((bits, [, need]) => bits | need, 0)

/** Identifiers by form and check digit; `text` has its full-width forms made plain, `bits` are what a glance shows of it. */
export function* identifierSpans(text: string, bits = glance(text)): Generator<TextSpan> {
  if ((bits & needOfAny) === 0) return
  const worth = new Set<keyof typeof groups>()
  for (const [group, need] of groupNeeds) if ((bits & need) !== 0 && groups[group].test(text)) worth.add(group)
  if (worth.size === 0) return
  let options: CheckOptions | null = null // the day of today takes longer to tell than most texts to search
  for (const rule of rules) {
    if (!worth.has(rule.group)) continue
    for (const match of text.matchAll(rule.pattern)) {
      const end = match.index + match[0].length
      if (rule.after !== undefined && !rule.after.test(text.slice(Math.max(0, match.index - 14), match.index))) continue
      if (isOfType(rule.type, match[0], (options ??= columnCheck()))) yield [match.index, end, rule.type]
    }
  }
}

function isOfType(type: InformationType, text: string, options: CheckOptions): boolean {
  // Two colons are a slip of the finger more often than an address; three groups are not.
  if (type === 'ip-address' && text.includes(':') && text.split(/[:.]/).filter((group) => group !== '').length < 3) return false
  // In a text a credit code counts by its own check character, as others count it; a value must also carry a right organisation code.
  if (type === 'uscc') return creditCodeCheck(text) === text[17]
  return recogniserOf(type)?.check(text, options).valid === true
}

/** Bare digits: only the codes of main offices, which end in 00; any other six digits are just a number. */
export function* wholePostcode(text: string): Generator<TextSpan> {
  const start = text.search(/\d/)
  if (recogniserOf('postcode')?.check(text.trim(), columnCheck()).valid === true) yield [start, start + 6, 'postcode']
}
