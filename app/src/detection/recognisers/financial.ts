// SPDX-License-Identifier: Apache-2.0
import { creditCodeCheck, organisationCodeCheck, passesLuhn, passesMod1110 } from '../check-digits.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'
import { prefectureExisted } from '../regions.ts'

/** Issuer ranges (ISO/IEC 7812): UnionPay 62, 60, 81 and old Chinese debit cards 9x, Visa 4, Mastercard 51–55 and 2221–2720, Amex 34/37, JCB 35, Diners 30/36/38/39, Discover 6011/65. */
export const cardIssuer = /^(?:62|60|81|9[0-9]|4|5[1-5]|2[2-7]|3[045-9]|6011|65)/

/** 银行卡号: 12 to 19 digits with a known issuer and Luhn digit. A column named as such keeps cards that fail Luhn as invalid (DETECTION.md §5.2). */
export const bankCard: Recogniser = {
  type: 'bank-card',
  chance: 0.056,
  isSoft: false,
  lengths: [13, 26],
  needs: chars.digit,
  never: chars.latin | chars.han | chars.at | chars.star,
  shareAlone: 0.8,
  check(text): Check {
    const number = text.replace(/[\s-]/g, '')
    if (!/^\d+$/.test(number)) return fail('BAD_CHARACTER')
    if (number.length < 13 || number.length > 19) return fail('BAD_LENGTH')
    if (!cardIssuer.test(number) || /^(\d)\1+$/.test(number)) return fail('BAD_PREFIX')
    return passesLuhn(number) ? pass(number) : fail('BAD_CHECKSUM')
  },
}

/** 银行账号: digits of any bank's own form; only a header tells. */
export const bankAccount: Recogniser = {
  type: 'bank-account', chance: 1, isSoft: true, lengths: [8, 34], needs: chars.digit, never: chars.han | chars.at | chars.star, shareAlone: 1.1,
  check: (text) => (/^[A-Z]{0,2}[\d\s-]{8,34}[A-Z\d]*$/i.test(text) ? pass(text.replace(/[\s-]/g, '')) : fail('BAD_FORMAT')),
}

/** 统一社会信用代码 (GB 32100-2015): the check character, and that of the organisation code inside (GB 11714). */
export const uscc: Recogniser = {
  type: 'uscc',
  chance: 0.0026,
  isSoft: false,
  lengths: [18, 22],
  needs: chars.digit,
  never: chars.han | chars.at | chars.star,
  shareAlone: 0.5,
  check(text): Check {
    const code = text.replace(/[\s-]/g, '').toUpperCase()
    if (code.length !== 18) return fail('BAD_LENGTH')
    if (!/^[0-9A-HJ-NPQRTUWXY]+$/.test(code)) return fail('BAD_CHARACTER')
    if (!/^(?:[1-9ANY][0-9A-HJ-NPQRTUWXY])\d{6}/.test(code)) return fail('BAD_PREFIX')
    return creditCodeCheck(code) === code[17] && organisationCodeCheck(code.slice(8)) === code[16] ? pass(code) : fail('BAD_CHECKSUM')
  },
}

/** 工商注册号: 15 digits, MOD 11,10 (GS 15-2006). */
export const businessRegistrationNumber: Recogniser = {
  type: 'business-registration-number', chance: 0.05, isSoft: false, lengths: [15, 15], needs: chars.digit, never: ~chars.digit, shareAlone: 0.95,
  check(text): Check {
    if (text.length !== 15) return fail('BAD_LENGTH')
    if (!prefectureExisted(text) && !text.startsWith('1000')) return fail('BAD_REGION')
    return passesMod1110(text) ? pass(text) : fail('BAD_CHECKSUM')
  },
}

/** 税号: today the credit code; older ones have 15 to 20 characters. */
export const taxId: Recogniser = {
  type: 'tax-id', chance: 1, isSoft: true, lengths: [15, 20], needs: chars.digit, never: chars.han | chars.at | chars.star | chars.other, shareAlone: 1.1,
  check: (text) => (/^[0-9A-Z]{15,20}$/i.test(text) ? pass(text.toUpperCase()) : fail('BAD_FORMAT')),
}

/** 发票号码: 8 digits with a code of 10 or 12, or 20 digits for digital ones (数电票). */
export const invoiceNumber: Recogniser = {
  type: 'invoice-number', chance: 1, isSoft: true, lengths: [6, 24], needs: chars.digit, never: chars.han | chars.at | chars.star, shareAlone: 1.1,
  check: (text) => (/^(?:\d{8}|\d{10}|\d{12}|\d{18}|\d{20})$/.test(text) ? pass(text) : fail('BAD_FORMAT')),
}
