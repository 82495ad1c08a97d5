// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net'
import { passesLuhn } from '../check-digits.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u

/** 电子邮箱 (RFC 5321 dot-string, with international letters of RFC 6531; no quoted strings). Normal form: lower case. */
export const email: Recogniser = {
  type: 'email',
  chance: 0.000001,
  isSoft: false,
  lengths: [5, 254],
  needs: chars.at,
  never: 0,
  shareAlone: 0.3,
  check(text): Check {
    const at = text.lastIndexOf('@')
    const local = text.slice(0, at)
    const labels = text.slice(at + 1).split('.')
    if (at < 1 || text.length > 254 || local.length > 64) return fail('BAD_LENGTH')
    if (!localPart.test(local) || local.includes('***') || labels.length < 2 || !labels.every((one) => label.test(one))) return fail('BAD_FORMAT')
    return /^\d+$/.test(labels.at(-1) ?? '') ? fail('BAD_FORMAT') : pass(text.toLowerCase())
  },
}

/** IP 地址: IPv4 and IPv6, mapped, zoned, bracketed or with a port. */
export const ipAddress: Recogniser = {
  type: 'ip-address',
  chance: 0.0001,
  isSoft: false,
  lengths: [2, 60],
  needs: chars.other,
  never: chars.han | chars.at | chars.star,
  shareAlone: 0.5,
  check(text): Check {
    const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text)
    const ported = bracketed ?? /^([\d.]+):(\d{1,5})$/.exec(text)
    const host = (ported?.[1] ?? text).toLowerCase()
    if (ported?.[2] !== undefined && Number(ported[2]) > 65_535) return fail('BAD_FORMAT')
    return isIPv4(host) || isIPv6(host) ? pass(host) : fail('BAD_FORMAT')
  },
}

/** MAC 地址 (IEEE 802, 48 bits). Normal form: lower case with colons. */
export const macAddress: Recogniser = {
  type: 'mac-address',
  chance: 0.0001,
  isSoft: false,
  lengths: [12, 17],
  needs: 0,
  never: chars.han | chars.at | chars.star,
  shareAlone: 0.6,
  check(text): Check {
    const isForm = /^[\da-f]{2}(?::[\da-f]{2}){5}$|^[\da-f]{2}(?:-[\da-f]{2}){5}$|^[\da-f]{4}(?:\.[\da-f]{4}){2}$/i.test(text)
    const digits = text.replace(/[^\da-f]/gi, '').toLowerCase()
    return isForm ? pass(digits.replace(/..(?!$)/g, '$&:')) : fail(digits.length === 12 ? 'BAD_FORMAT' : 'BAD_LENGTH')
  },
}

/** IMEI (3GPP TS 23.003): 15 digits with Luhn digit. */
export const imei: Recogniser = {
  type: 'imei',
  chance: 0.05,
  isSoft: false,
  lengths: [15, 19],
  needs: chars.digit,
  never: chars.latin | chars.han | chars.at | chars.star,
  shareAlone: 0.9,
  check(text): Check {
    const number = text.replace(/[\s-]/g, '')
    if (!/^\d+$/.test(number)) return fail('BAD_CHARACTER')
    if (number.length !== 15) return fail('BAD_LENGTH')
    if (!/^(?:0[1-9]|[1-9]\d)/.test(number) || /^(\d)\1+$/.test(number)) return fail('BAD_PREFIX')
    return passesLuhn(number) ? pass(number) : fail('BAD_CHECKSUM')
  },
}

/** IMSI of China (460…, 15 digits) and ICCID of China (8986…, 19 or 20 digits; ITU-T E.118). */
export const imsi: Recogniser = {
  type: 'imsi', chance: 0.001, isSoft: false, lengths: [15, 15], needs: chars.digit, never: ~chars.digit, shareAlone: 0.95,
  check: (text) => (/^460\d{12}$/.test(text) ? pass(text) : fail(text.length === 15 ? 'BAD_PREFIX' : 'BAD_LENGTH')),
}

/** ICCID of a SIM card (ITU-T E.118): 8986, 19 digits or 20 characters. */
export const iccid: Recogniser = {
  type: 'iccid', chance: 0.0001, isSoft: false, lengths: [19, 20], needs: chars.digit, never: chars.han | chars.at | chars.star | chars.other, shareAlone: 0.8,
  check: (text) => (/^8986\d{14}[\dA-Z]{1,2}$/i.test(text) ? pass(text.toUpperCase()) : fail(text.length >= 19 && text.length <= 20 ? 'BAD_PREFIX' : 'BAD_LENGTH')),
}

/** 网络身份标识: openid of WeChat, WeChat number, QQ number; forms say little, the header decides. */
export const onlineId: Recogniser = {
  type: 'online-id', chance: 1, isSoft: true, lengths: [5, 40], needs: 0, never: chars.han | chars.at | chars.star, shareAlone: 1.1,
  check: (text) => (/^[a-zA-Z][\w-]{5,39}$|^[1-9]\d{4,10}$/.test(text) ? pass(text) : fail('BAD_FORMAT')),
}
