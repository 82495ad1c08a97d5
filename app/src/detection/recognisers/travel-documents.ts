// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

const document = { isSoft: false, needs: chars.digit, never: chars.at | chars.star } as const

function byForm(form: RegExp, lengths: readonly [number, number]): (text: string) => Check {
  return (text) => {
    const number = text.replace(/[\s.]/g, '').toUpperCase()
    if (form.test(number)) return pass(number)
    return fail(number.length < lengths[0] || number.length > lengths[1] ? 'BAD_LENGTH' : 'BAD_FORMAT')
  }
}

/** 护照号: ordinary (E, G, 14, 15), service and diplomatic (P, S, D, PE, SE, DE), Hong Kong (K, H) and Macao (MA, MB). No checksum (DETECTION.md §2). */
export const passport: Recogniser = {
  ...document,
  type: 'passport',
  chance: 0.02,
  lengths: [8, 11],
  never: document.never | chars.han,
  shareAlone: 0.8,
  check: byForm(/^(?:E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8}|1[45]\d{7}|[PSD]E\d{7}|[PSD]\d{7,8}|[KH]\d{8}|[KH][A-Z]\d{7}|M[AB]\d{7})$/, [8, 9]),
}

/** 往来港澳通行证 (C or W) and 往来台湾通行证 (L or T). */
export const hkMoTravelPermit: Recogniser = {
  ...document,
  type: 'hk-mo-travel-permit',
  chance: 0.02,
  lengths: [9, 11],
  never: document.never | chars.han,
  shareAlone: 0.9,
  check: byForm(/^(?:[CWLT]\d{8}|[CW][A-Z]\d{7})$/, [9, 9]),
}

/** 港澳居民来往内地通行证 (H or M; 回乡证) and 台湾居民来往大陆通行证 (台胞证: digits alone, told by its header). */
export const mainlandTravelPermit: Recogniser = {
  ...document,
  type: 'mainland-travel-permit',
  chance: 0.1,
  lengths: [8, 12],
  never: document.never | chars.han,
  shareAlone: 1.1,
  check: byForm(/^(?:[HM]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?)$/, [8, 11]),
}

/** 军官证、士兵证、文职干部证: a word, 字第, a number, 号. */
export const militaryId: Recogniser = {
  ...document,
  type: 'military-id',
  chance: 0.0001,
  lengths: [7, 14],
  needs: chars.digit | chars.han,
  shareAlone: 0.3,
  check: byForm(/^[\u4e00-\u9fa5]{1,2}字?第\d{4,8}号?$/, [7, 14]),
}

/** 驾驶证: the citizen number, or the archive number of 12 digits, which only a header tells. */
export const driverLicence: Recogniser = {
  ...document,
  type: 'driver-licence',
  chance: 1,
  lengths: [12, 18],
  never: document.never | chars.han,
  shareAlone: 1.1,
  check: byForm(/^(?:\d{12}|\d{17}[\dX])$/, [12, 18]),
}
