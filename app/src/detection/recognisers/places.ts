// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'
import { isRegionName, leadingRegion } from '../regions.ts'

/** 省市区: names of GB/T 2260, countries, and chains of such names. */
export const region: Recogniser = {
  type: 'region', chance: 0.001, isSoft: true, lengths: [2, 40], needs: 0, never: chars.at | chars.star | chars.digit, shareAlone: 0.7,
  check: (text) => (isRegionName(text) ? pass(text) : fail('BAD_FORMAT')),
}

// The byte kernel (read-chinese.rules.ts) knows these words too; the differential test holds the two together.
const road = /(?:路|街|道|巷|弄|胡同|里|大街|大道|村|屯|庄|镇|乡|社区|小区|花园|公寓|苑|新村|广场|大厦|工业园|开发区|家园|城|庭|府|湾)/
const number = /\d+\s?(?:号|弄|栋|幢|座|楼|室|单元|层|组|队|户|#|-\d)|[一二三四五六七八九十]+(?:号|弄|栋|幢|单元|室|楼|组|队)/
const english = /^(?:\d+[a-z]?\b|[a-z.\s]+\d+).*\b(?:st|street|ave|avenue|rd|road|blvd|lane|ln|drive|dr|way|court|ct|square|sq|place|pl|rua|av|avenida|via|rue|strasse|straße|calle|floor|suite|apt)\b|^\d+\s+[a-z].{4,}/i
const englishRoad = /\b(?:street|avenue|road|boulevard|lane|drive|rua|avenida|calle|rue|platz)\b|(?:straße|strasse)\b/i

/** How much of an address a Chinese text shows: region, road or estate, number. */
export function addressEvidence(text: string): number {
  const rest = text.slice(leadingRegion(text))
  return (rest.length < text.length || /[省市区县镇乡](?!场)/.test(text) ? 1 : 0) + (road.test(rest) ? 1 : 0) + (number.test(rest) ? 1 : 0)
}

/** 地址: at least two of region, road or estate, and number; western street addresses by their words. */
export const address: Recogniser = {
  type: 'address', chance: 0.001, isSoft: true, lengths: [5, 200], needs: 0, never: chars.at, shareAlone: 0.6,
  check(text): Check {
    if (/[\u4e00-\u9fff]/.test(text)) {
      const isSentence = /[。!?！？;；]/.test(text)
      return addressEvidence(text) >= (isSentence ? 3 : 2) ? pass(text) : fail('BAD_FORMAT')
    }
    return /[a-z]/i.test(text) && english.test(text) || (/[a-z]/i.test(text) && englishRoad.test(text)) ? pass(text) : fail('BAD_FORMAT')
  },
}

// First two digits of Chinese postcodes in use (国家邮政局): 01–07 and 10–86, some unused.
const postPrefix = /^(?:0[1-7]|1[0-6]|2[0-7]|3[0-6]|4[0-7]|5[0-8]|6[1-9]|7[1-9]|8[1-6])/

/** 邮政编码: 6 digits with a province prefix; never personal alone. Foreign codes do not pass, and are not called invalid in a column. */
export const postcode: Recogniser = {
  type: 'postcode', chance: 0.5, isSoft: true, lengths: [4, 10], needs: chars.digit, never: chars.han | chars.at | chars.star, shareAlone: 1.1,
  check(text): Check {
    if (!/^\d{6}$/.test(text)) return fail(/^\d+$/.test(text) ? 'BAD_LENGTH' : 'BAD_CHARACTER')
    return postPrefix.test(text) ? pass(text) : fail('BAD_PREFIX')
  },
}

/** 地理位置: a pair of coordinates, POINT(), or one coordinate under a header. */
export const geoLocation: Recogniser = {
  type: 'geo-location', chance: 0.001, isSoft: true, lengths: [3, 60], needs: chars.digit, never: chars.han | chars.at | chars.star, shareAlone: 0.6,
  check(text): Check {
    const pair = /^(?:POINT\s?\()?\s?\(?(-?\d{1,3}\.\d{3,})\s?[,;\s]\s?(-?\d{1,3}\.\d{3,})\)?\)?$/i.exec(text)
    if (pair?.[1] === undefined || pair[2] === undefined) return fail('BAD_FORMAT')
    const inRange = Math.abs(Number(pair[1])) <= 180 && Math.abs(Number(pair[2])) <= 180 && Math.min(Math.abs(Number(pair[1])), Math.abs(Number(pair[2]))) <= 90
    return inRange ? pass(text) : fail('BAD_FORMAT')
  },
}
