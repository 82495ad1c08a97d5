// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

/** 境外身份证号: Hong Kong, Macao, Taiwan, Singapore, the United States and Britain by their own forms and check characters; of other countries only a header tells. Source: 香港入境事务处 (MOD 11), 內政部 (weights 1 9 8 … 1 1), ICA (NRIC/FIN), SSA (no area 000, 666, 9xx), HMRC (NINO). */
export const nationalIdForeign: Recogniser = {
  type: 'national-id-foreign', chance: 0.002, isSoft: true, lengths: [8, 13], needs: chars.digit, never: chars.han | chars.at | chars.star, shareAlone: 0.9,
  check(text): Check {
    const number = text.toUpperCase()
    if (/^[A-Z]{1,2}\d{6}\([\dA]\)$/.test(number)) return passesHongKong(number) ? pass(number) : fail('BAD_CHECKSUM')
    if (/^[A-Z][1289]\d{8}$/.test(number)) return passesTaiwan(number) ? pass(number) : fail('BAD_CHECKSUM')
    if (/^[STFGM]\d{7}[A-Z]$/.test(number)) return passesSingapore(number) ? pass(number) : fail('BAD_CHECKSUM')
    const isOther = /^[157]\d{6}\(\d\)$/.test(number) || /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(number) || /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(number)
    return isOther ? pass(number) : fail(number.length < 8 ? 'BAD_LENGTH' : 'BAD_FORMAT')
  },
}

const letterValue = (letter: string): number => letter.charCodeAt(0) - 55

function passesHongKong(number: string): boolean {
  const letters = number.slice(0, number.indexOf('(') - 6)
  const first = letters.length === 2 ? letterValue(letters) : 36
  let sum = first * 9 + letterValue(letters.slice(-1)) * 8
  for (let i = 0; i < 6; i++) sum += Number(number[letters.length + i]) * (7 - i)
  const check = (11 - (sum % 11)) % 11
  return number.at(-2) === (check === 10 ? 'A' : String(check))
}

const taiwanOrder = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'

function passesTaiwan(number: string): boolean {
  const area = taiwanOrder.indexOf(number[0] ?? '') + 10
  let sum = Math.floor(area / 10) + (area % 10) * 9 + Number(number[9])
  for (let i = 1; i <= 8; i++) sum += Number(number[i]) * (9 - i)
  return sum % 10 === 0
}

function passesSingapore(number: string): boolean {
  const series = number[0] ?? ''
  let sum = series === 'T' || series === 'G' ? 4 : series === 'M' ? 3 : 0
  ;[2, 7, 6, 5, 4, 3, 2].forEach((weight, i) => (sum += weight * Number(number[i + 1])))
  const letters = series === 'S' || series === 'T' ? 'JZIHGFEDCBA' : series === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK'
  return number[8] === letters[series === 'M' ? 10 - (sum % 11) : sum % 11]
}
