// SPDX-License-Identifier: Apache-2.0
import { vinCheck } from '../check-digits.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

const province = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const ordinary = new RegExp(`^[${province}][A-HJ-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]$`)
const newEnergy = new RegExp(`^[${province}][A-HJ-Z](?:[A-HJK][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[A-HJK])$`)
const special = new RegExp(`^(?:[${province}使]\\d{6}使?|\\d{6}使|[${province}][A-HJ-Z]\\d{4}领|[军空海北沈兰济南广成A-HJ-NP-Z][A-HJ-NP-Z]\\d{5}|WJ[${province}]?\\d{4,5}[A-Z]?)$`)

/** 车牌号 (GA 36-2018): ordinary, new energy, police, learner, trailer, Hong Kong and Macao, embassy and consulate, armed police, army (two letters, or the old character of the region and a letter). */
export const licencePlate: Recogniser = {
  type: 'licence-plate',
  chance: 0.00001,
  isSoft: false,
  lengths: [7, 10],
  needs: chars.digit | chars.han,
  never: chars.at | chars.star,
  shareAlone: 0.5,
  check(text): Check {
    const plate = text.replace(/[\s·•.-]/g, '').toUpperCase()
    if (plate.length < 7 || plate.length > 8) return fail('BAD_LENGTH')
    return ordinary.test(plate) || newEnergy.test(plate) || special.test(plate) ? pass(plate) : fail('BAD_FORMAT')
  },
}

/** 车架号 VIN (GB 16735-2019): 17 characters without I, O, Q; the check character stands at place 9. */
export const vin: Recogniser = {
  type: 'vin',
  chance: 0.09,
  isSoft: false,
  lengths: [17, 17],
  needs: chars.digit | chars.latin,
  never: chars.han | chars.at | chars.star | chars.other,
  shareAlone: 0.7,
  check(text): Check {
    const number = text.toUpperCase()
    if (number.length !== 17) return fail('BAD_LENGTH')
    const check = vinCheck(number)
    if (check === '') return fail('BAD_CHARACTER')
    return check === number[8] ? pass(number) : fail('BAD_CHECKSUM')
  },
}
