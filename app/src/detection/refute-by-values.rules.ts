// SPDX-License-Identifier: Apache-2.0
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts } from './column-scan.ts'
import { countOf } from './count-shares.ts'
import type { HeaderReading } from './header-reading.ts'
import type { InformationType } from './information-types.ts'

// Types that a flag or a code of one or two digits may hold: 性别 as 1 and 2, 吸烟 as 0 and 1.
const keptAsCodes = new Set<InformationType>(['gender', 'marital-status', 'education', 'ethnicity', 'religion', 'job', 'medical', 'age', 'birth-date', 'income', 'credit-information', 'social-insurance', 'preference', 'region', 'transaction', 'customer-id'])
const keptAsAmounts = new Set<InformationType>(['income', 'credit-information', 'transaction', 'medical', 'social-insurance', 'geo-location', 'age', 'preference'])
const keptAsDates = new Set<InformationType>(['birth-date', 'age', 'medical'])
const keptAsFiles = new Set<InformationType>(['photo', 'biometric', 'online-id', 'medical', 'secret', 'geo-location', 'free-text-personal'])
const keptAsStructures = new Set<InformationType>(['free-text-personal', 'preference', 'secret', 'geo-location', 'biometric', 'medical', 'address', 'region', 'photo', 'transaction', 'credit-information'])
const keptAsHashes = new Set<InformationType>(['customer-id', 'online-id', 'secret', 'password', 'user-name', 'biometric', 'photo', 'payment-account'])

const flag = /^(?:[01]|true|false|yes|no|[yntf是否有无√×])$/i
const oneOrTwoDigits = /^\d{1,2}$/
const instant = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ T]\d{1,2}:\d{2}/
const day = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$/
const amount = /^-?\d{1,9}\.\d{1,4}$/
const share = /^-?\d{1,3}(?:\.\d+)?\s?%$/
const structure = /^[{[].*[}\]]$/s
const uuid = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i
const file = /^(?:https?:\/\/|\/|\.\/|[\w-]+\/).*\.(?:jpe?g|png|gif|webp|bmp|pdf|tiff?)(?:\?.*)?$/i
// 身份证, 银行卡: words that mean this number and no other.
const saysIdCard = /sfz|id_?card|身份证|公民身份|shenfenzheng|citizen/
const saysBank = /bank|yhk|yinhang|credit|debit|pan$|cc|银行|信用卡|储蓄卡|工资卡/

/** Whether values show that a name means another thing than it seems to: a flag is no telephone number, an instant no name, two digits no address, and `khh` with names of banks no 客户号. A name alone never outweighs values that its type cannot have. */
export function isRefuted(header: HeaderReading, counts: ColumnCounts): boolean {
  const { type } = header
  if (type === null || type === 'none' || counts.seen.length === 0) return false
  const areAll = (form: RegExp): boolean => counts.seen.every(({ text }) => form.test(text))
  return isOtherWord(header, counts, areAll) || isOtherForm(header, type, counts, areAll)
}

function isOtherWord(header: HeaderReading, counts: ColumnCounts, areAll: (form: RegExp) => boolean): boolean {
  if (header.type === 'customer-id') return areAll(/^[^\d*]*[\u4e00-\u9fff]{2}[^\d*]*$/) || (/(?:^|_)num$/.test(header.word) && areAll(/^\d{1,4}$/)) // user_num: how many
  if (header.type === 'organisation-name') return areAll(/^.{1,2}$/) || (counts.values >= 5 && areAll(/^[A-Z]{0,3}-?\d{2,}$/)) || (countOf('organisation-name', counts) === 0 && isFewWords(counts))
  if (header.type === 'medical') return header.word.length <= 3 && areAll(/^[A-Za-z][A-Za-z_/ &().]*$/) && areAll(/^.{3,}$/)
  return false
}

function isOtherForm(header: HeaderReading, type: InformationType, counts: ColumnCounts, areAll: (form: RegExp) => boolean): boolean {
  if (countOf(type, counts) > 0 && type !== 'free-text-personal' && type !== 'age') return false
  const isFewKinds = counts.values >= 5 && distinctValues(counts) <= 2
  if (areAll(flag) && isFewKinds && (!keptAsCodes.has(type) || type === 'age' || type === 'birth-date' || type === 'income' || type === 'customer-id')) return true
  if (areAll(oneOrTwoDigits) && counts.values >= 10 && counts.digitsOnly === counts.values && distinctValues(counts) <= 10 && (!keptAsCodes.has(type) || type === 'customer-id')) return true
  if (isKey(type, counts)) return true
  if (areAll(instant) && !keptAsDates.has(type)) return true
  if (areAll(day) && !keptAsDates.has(type)) return true
  if ((areAll(amount) && !keptAsAmounts.has(type)) || (areAll(share) && !keptAsAmounts.has(type)) || (type === 'age' && areAll(share))) return true
  if (areAll(structure) && !keptAsStructures.has(type)) return true
  if (areAll(uuid) && !keptAsHashes.has(type)) return true
  if (areAll(file) && !keptAsFiles.has(type) && !documents.has(type)) return true
  switch (type) {
    case 'postcode':
      return areAll(/^\D+$/) || areAll(/^.{1,2}$/)
    case 'person-name': // words that come again and again, in Chinese, and no name among them
      return (isFewWords(counts) && counts.seen.some(({ text }) => /[\u4e00-\u9fff]/.test(text))) || (counts.values >= 5 && areAll(/^\+?[\d() .\-/]{7,24}$/) && areAll(/[() .\-/+]|\d{10}/)) // contact: the telephone
    case 'region':
    case 'job':
    case 'education':
    case 'ethnicity':
      return counts.seen.every(({ text }) => text.length > 40) || (areAll(/^\S*\d{6,}\S*$/) && type !== 'region')
    case 'secret': // 代币: how many tokens, not which; authorization: by which office
      return (areAll(/^\d{1,6}$/) && !/cvv|cvc|security_code|otp|pin/.test(header.word)) || areAll(/[\u4e00-\u9fff]{2}/)
    case 'income': // pay: by what means
      return counts.values >= 5 && areAll(/^\D+$/)
    case 'bank-account':
    case 'payment-account': // account_bank: the bank's name
      return counts.values >= 5 && areAll(/^\D*[\u4e00-\u9fff]{2}\D*$/) && areAll(/(?:银行|信用社|支行|分行|营业部|微信|支付宝|现金)/)
    case 'mobile':
    case 'landline':
      return areAll(/^[A-Za-z]{1,12}$/)
    case 'age':
      return areAll(/^\d{3,}$/) && counts.seen.every(({ text }) => Number(text) > 150)
    case 'resident-id': // 证书编号 is no 证件号: digits of another length
      return !saysIdCard.test(header.word) && areAll(/^\d{3,14}$|^\d{19,}$/) && counts.values >= 5
    case 'online-id': // short, or counted on by one: keys of machines and records
      return areCountedOn(counts) || (counts.values >= 5 && areAll(/^\d{1,4}$/))
    case 'social-insurance':
    case 'biometric':
      return areCountedOn(counts)
    case 'tax-id':
    case 'uscc':
    case 'business-registration-number': // 税收分类, 业务号: too short for what an authority gives
      return counts.values >= 5 && areAll(/^\d{1,6}$/)
    case 'bank-card':
      return !saysBank.test(header.word) && areAll(/^\d{1,11}$|^\d{20,}$/)
    case 'free-text-personal':
      return counts.digitsOnly > counts.values * 0.9 && areAll(/^\d{1,10}$/)
    default:
      return false
  }
}

/** Short numbers that are counted on by one from row to row: a key. */
function areCountedOn(counts: ColumnCounts): boolean {
  const numbers = counts.seen.filter(({ text }) => /^\d{1,7}$/.test(text))
  return counts.values >= 5 && numbers.length === counts.seen.length && numbers.length >= 3 && numbers.every(({ text, place }, i) => i === 0 || Number(text) - Number(numbers[0]?.text) === place - (numbers[0]?.place ?? 0))
}

/** A dozen words in a long column: kinds of something. */
const isFewWords = (counts: ColumnCounts): boolean => counts.values >= 40 && distinctValues(counts) <= 12

/** Numbers of three digits and more that hardly repeat are keys into another table; 性别, 民族 and 职位 have few codes. */
const isKey = (type: InformationType, counts: ColumnCounts): boolean => ofFewKinds.has(type) && counts.values >= 20 && counts.digitsOnly === counts.values && distinctValues(counts) >= counts.values * 0.8 
const ofFewKinds = new Set<InformationType>(['gender', 'marital-status', 'education', 'ethnicity', 'religion', 'job'])

/** Whether values are few short words that come again and again: a status, no text. */
export const isEnumeration = (counts: ColumnCounts): boolean => counts.values >= 20 && distinctValues(counts) <= 8 && counts.seen.every(({ text }) => text.length <= 6 || /^[A-Za-z_]{1,20}$/.test(text)) && counts.wordsWithSpans === 0

/** Whether all values seen are files. */
export const areFiles = (counts: ColumnCounts): boolean => counts.seen.length > 0 && counts.seen.every(({ text }) => file.test(text))

const documents = new Set<InformationType>(['resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'driver-licence', 'bank-card', 'military-id', 'foreign-permanent-resident-id', 'national-id-foreign', 'social-insurance'])

/** Whether the values of a document's column are files: pictures of it. */
export const arePictures = (header: HeaderReading, counts: ColumnCounts): boolean => header.type !== null && documents.has(header.type) && areFiles(counts)
