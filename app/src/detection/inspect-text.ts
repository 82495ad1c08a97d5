// SPDX-License-Identifier: Apache-2.0
import { creditCodeCheck } from './check-digits.ts'
import type { InformationType } from './information-types.ts'
import { foldWidth } from './normalise-text.ts'
import { columnCheck } from './recogniser.ts'
import type { CheckOptions } from './recogniser.ts'
import { recogniserOf } from './recognisers.ts'
import { looksLikeNameInText, surnameLength } from './recognisers/names.ts'
import { addressEvidence } from './recognisers/places.ts'
import { isRegionStart, leadingRegion } from './regions.ts'

/** A found span: start, end (exclusive), in UTF-16 units, and its type. */
export type TextSpan = readonly [number, number, InformationType]

interface TextRule {
  type: InformationType
  pattern: RegExp
  /** Words that must stand in the 14 characters before. */
  after?: RegExp
}

// All patterns are linear: no quantifier inside a quantifier that could split the same text in two ways. No \b, which does not work beside Chinese.
const rules: readonly TextRule[] = [
  { type: 'resident-id', pattern: /(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g },
  { type: 'resident-id', pattern: /(?<![\dA-Za-z])\d{15}(?![\dA-Za-z])/g, after: /身份证|证件/ },
  { type: 'uscc', pattern: /(?<![\dA-Za-z])[1-9AN][\dA-HJ-NPQRTUWXY]\d{6}[\dA-HJ-NPQRTUWXY]{10}(?![\dA-Za-z])/g },
  { type: 'foreign-permanent-resident-id', pattern: /(?<![\dA-Za-z])(?:[A-Z]{3}\d{12}|9\d{16}[\dX])(?![\dA-Za-z])/g },
  { type: 'email', pattern: /[\w.%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5}/g },
  { type: 'bank-card', pattern: /(?<![\dA-Za-z-])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,4}(?:[ -]?\d{1,3})?(?![\dA-Za-z])/g },
  { type: 'mobile', pattern: /(?<![\d.])(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g },
  { type: 'landline', pattern: /(?<![\d-])\(?0\d{2,3}\)?[ -]?[1-9]\d{6,7}(?:-\d{1,6})?(?!\d)/g },
  { type: 'landline', pattern: /(?<![\d-])[48]00[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)/g },
  { type: 'landline', pattern: /(?<![\d-])[2-8]\d{6,7}(?![\d-])/g, after: /电话|座机|固话|传真/ },
  { type: 'mainland-travel-permit', pattern: /(?<![A-Za-z\d])[HM]\d{8}(?:\d{2})?(?![A-Za-z\d])/g, after: /回乡证|来往内地|通行证/ },
  { type: 'mainland-travel-permit', pattern: /(?<![A-Za-z\d])\d{8}(?:\d{2})?(?![A-Za-z\d])/g, after: /台胞证|来往大陆/ },
  { type: 'hk-mo-travel-permit', pattern: /(?<![A-Za-z\d])[CWLT][A-Z\d]\d{7}(?![A-Za-z\d])/g },
  { type: 'passport', pattern: /(?<![A-Za-z\d])(?:[EGDSPKH]\d{7,8}|[EKH][A-Z]\d{7}|[PSD]E\d{7}|M[AB]\d{7}|1[45]\d{7})(?![A-Za-z\d])/g },
  { type: 'licence-plate', pattern: /[\u4e00-\u9fff][A-HJ-Z][·• ]?[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d挂学警港澳领](?![A-Za-z\d])/g },
  { type: 'military-id', pattern: /[\u4e00-\u9fa5]字第\d{4,8}号/g },
  { type: 'ip-address', pattern: /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/g },
  { type: 'mac-address', pattern: /(?<![\dA-Fa-f:-])[\dA-Fa-f]{2}(?:[:-][\dA-Fa-f]{2}){5}(?![\dA-Fa-f:-])/g },
  { type: 'vin', pattern: /(?<![A-Za-z\d])[A-HJ-NPR-Z\d]{17}(?![A-Za-z\d])/g },
  { type: 'imei', pattern: /(?<![A-Za-z\d])\d{15}(?![A-Za-z\d])/g, after: /IMEI|串号/i },
  { type: 'postcode', pattern: /(?<![A-Za-z\d])\d{6}(?![A-Za-z\d])/g, after: /邮编|邮政编码|邮码/ },
  { type: 'birth-date', pattern: /(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?/g, after: /出生|生于|生日/ },
  { type: 'online-id', pattern: /(?<![A-Za-z\d_-])[A-Za-z][A-Za-z\d_-]{5,19}(?![A-Za-z\d_-])/g, after: /微信号?[::是为]?\s?$/ },
  { type: 'online-id', pattern: /(?<!\d)[1-9]\d{4,10}(?!\d)/g, after: /QQ号?[::是为]?\s?$/i },
]

/** The types whose presence alone makes a text personal. */
const strong = new Set<InformationType>(['resident-id', 'email', 'mobile', 'bank-card', 'passport', 'licence-plate', 'landline'])

/** Finds personal information in a free text: identifiers by form and checksum, names, addresses and organisations by rules. Spans do not overlap and are in order. */
export function inspectText(text: string): TextSpan[] {
  const folded = foldWidth(text)
  const found = [...identifierSpans(folded), ...addressSpans(folded), ...organisationSpans(folded), ...nameSpans(folded)]
  if (/^\s*\d{4}00\s*$/.test(folded)) found.push(...wholePostcode(folded))
  return withoutOverlaps(found)
}

/** Whether a text holds an identifier that points to a person; cheap enough for every cell. */
export function holdsIdentifier(text: string): boolean {
  if (!/\d{7}|@|\d[ -]\d{3}|[\uff10-\uff19]{4}/.test(text)) return false
  for (const [, , type] of identifierSpans(foldWidth(text))) if (strong.has(type)) return true
  return false
}

function* identifierSpans(text: string): Generator<TextSpan> {
  const options = columnCheck()
  for (const rule of rules) {
    for (const match of text.matchAll(rule.pattern)) {
      const end = match.index + match[0].length
      if (rule.after !== undefined && !rule.after.test(text.slice(Math.max(0, match.index - 14), match.index))) continue
      if (isOfType(rule.type, match[0], options)) yield [match.index, end, rule.type]
    }
  }
}

function isOfType(type: InformationType, text: string, options: CheckOptions): boolean {
  // In a text a credit code counts by its own check character, as others count it; a value must also carry a right organisation code.
  if (type === 'uscc') return creditCodeCheck(text) === text[17]
  return recogniserOf(type)?.check(text, options).valid === true
}

// Bare digits: only the codes of main offices, which end in 00; any other six digits are just a number.
function* wholePostcode(text: string): Generator<TextSpan> {
  const start = text.search(/\d/)
  if (recogniserOf('postcode')?.check(text.trim(), columnCheck()).valid === true) yield [start, start + 6, 'postcode']
}

const addressRun = /^[\u4e00-\u9fffA-Za-z\d#()\-~、 ]{0,80}/
const addressWord = /[路街道巷弄里村镇乡号室栋幢楼苑]|小区|花园|公寓|大厦|广场/
const addressEnd = /(?:号楼|号|弄|栋|幢|单元|室|楼|层|组|户|路|街|道|巷|村|小区|花园|公寓|大厦|广场|镇|乡|区|县|市|省|苑|里)/g

/** Addresses: from the name of a region to the last word of a road, house or room before the sentence goes on. */
function* addressSpans(text: string): Generator<TextSpan> {
  for (let at = 0; at < text.length; at++) {
    if (!isRegionStart(text, at)) continue
    const head = leadingRegion(text.slice(at, at + 15))
    if (head < 2) continue
    const run = addressRun.exec(text.slice(at, at + 80))?.[0] ?? ''
    if (!addressWord.test(run)) {
      at += head - 1
      continue
    }
    let end = 0
    for (const match of run.matchAll(addressEnd)) {
      if (match.index > end + 14 && end > 0) break // too far: another sentence
      end = match.index + match[0].length
    }
    if (end <= head || addressEvidence(run.slice(0, end)) < 2) {
      at += head - 1
      continue
    }
    const room = /^\d{1,5}/.exec(run.slice(end))?.[0].length ?? 0
    yield [at, at + end + room, 'address']
    at += end + room - 1
  }
}

const organisation = /[\u4e00-\u9fffA-Za-z\d()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|事务所|研究院|医院|大学|学院|支行|银行)/g
const leadIn = /^.*(?:在|与|和|由|从|到|向|给|是|为|了|把|被|让|跟|去|找|至|及|于|叫|称|说|我们|你们|他们|请|经|受|就|系|任职|供职|来自|通过|联系|咨询)(?=[\u4e00-\u9fff]{3})/

function* organisationSpans(text: string): Generator<TextSpan> {
  for (const match of text.matchAll(organisation)) {
    const lead = leadIn.exec(match[0])?.[0].length ?? 0
    if (match[0].length - lead >= 4) yield [match.index + lead, match.index + match[0].length, 'organisation-name']
  }
}

const nameAfter = /(?:姓名|名字|联系人|收货人|收件人|寄件人|我叫|名叫|我是|本人|业主|户主|经办人|负责人|法人代表|法定代表人|持卡人|申请人|投保人|患者|客户|用户|会员|顾客|师傅|司机|员工|同事|主任|经理|律师|医生)\s?[::是为]?\s?/g
const nameEnd = /^(?:$|[^\u4e00-\u9fff]|先生|女士|小姐|太太|老师|师傅|经理|来电|来访|反映|投诉|要求|预约|购买|致电|称|反馈|表示|电话|手机|于|的|在|与|和|说|及|身份证|住|已|将|从|向|因|是|为)/
const titled = /([\u4e00-\u9fff]{1,4})(?=先生|女士|小姐|太太|老师|师傅|经理|医生|律师|教授|主任|老板|总监|同学)/g

/** Names: after a word that announces one, or before a title; the detection model deepens this. */
function* nameSpans(text: string): Generator<TextSpan> {
  for (const match of text.matchAll(nameAfter)) {
    const start = match.index + match[0].length
    const length = nameLength(text.slice(start, start + 5))
    if (length > 0) yield [start, start + length, 'person-name']
  }
  for (const match of text.matchAll(titled)) {
    const run = match[1] ?? ''
    for (let length = Math.min(3, run.length); length >= 1; length--) {
      const name = run.slice(run.length - length)
      const surname = surnameLength(name)
      if (surname > 0 && length <= surname + 2 && (length > 1 || run.length === 1 || /[，,。:：、 ]/.test(text[match.index + run.length - 2] ?? ' '))) {
        yield [match.index + run.length - length, match.index + run.length, 'person-name']
        break
      }
    }
  }
}

/** Length of the name at the start of a text: surname and one or two characters that end where a name may end. */
function nameLength(text: string): number {
  const surname = surnameLength(text)
  if (surname === 0) return 0
  for (const given of [2, 1]) {
    const length = surname + given
    if (/^[\u4e00-\u9fff]+$/.test(text.slice(0, length)) && text.slice(0, length).length === length && looksLikeNameInText(text.slice(0, length)) && nameEnd.test(text.slice(length))) return length
  }
  return 0
}

/** Of spans that overlap the more certain one stays: identifiers before addresses before organisations before names, then the longer. */
function withoutOverlaps(spans: TextSpan[]): TextSpan[] {
  const kept: TextSpan[] = []
  const taken = [...spans].sort((a, b) => rank(a[2]) - rank(b[2]) || b[1] - b[0] - (a[1] - a[0]))
  const isTaken = new Uint8Array(spans.reduce((end, span) => Math.max(end, span[1]), 0))
  for (const span of taken) {
    if (isTaken.subarray(span[0], span[1]).includes(1)) continue
    isTaken.fill(1, span[0], span[1])
    kept.push(span)
  }
  return kept.sort((a, b) => a[0] - b[0])
}

const order: readonly InformationType[] = ['resident-id', 'uscc', 'foreign-permanent-resident-id', 'email', 'bank-card', 'mobile', 'landline']

function rank(type: InformationType): number {
  const at = order.indexOf(type)
  if (at >= 0) return at
  return type === 'address' ? 50 : type === 'organisation-name' ? 51 : type === 'person-name' ? 52 : 20
}
