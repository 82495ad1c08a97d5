// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'
import { isRegionName, isStateCode, leadingRegion } from '../regions.ts'

/** 省市区: names of GB/T 2260, countries, and chains of such names. */
export const region: Recogniser = {
  type: 'region', chance: 0.001, isSoft: true, lengths: [2, 40], needs: 0, never: chars.at | chars.star | chars.digit, shareAlone: 0.7,
  check: (text) => (isRegionName(text) || isStateCode(text) ? pass(text) : fail('BAD_FORMAT')),
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

// Words of sentences, which no address holds; places whose names hold one are rare and have a number or a road beside it.
const sentenceWord = /[的了吗呢吧啊着们我你他她它您很也在是没把被让请说给到还就去看]/
const placeSegment = /[\u4e00-\u9fff]{1,12}?(?:省|市|区|县|旗|盟|州|街道|镇|乡|村|屯|庄|寨|路|大街|街|大道|道|巷|弄|胡同|小区|社区|花园|公寓|新村|苑|家园|广场|大厦|工业园|科技园|开发区|沟|湾|坪|铺|堡|坝|坳|塘|圩|埠|坡|岭|组)/g
/** What a place without a number ends with, after its last road or village. */
const placeTail = /^(?:[\u4e00-\u9fff]{0,10}(?:号楼|楼|室|店|厂|院|园|校|学|所|站|处|旁|侧|边|口|头|对面|附近|家|家属院|宿舍|门面))?$/
const crossing = /[\u4e00-\u9fff]{1,10}(?:路|街|道|巷|镇|村|乡|县|小区|公园|学|院|府|站|桥|市场)(?:(?:与|和|、)[\u4e00-\u9fff]{1,10}(?:路|街|道|巷))?(?:交叉口|交汇处|交界处|路口|对面|旁边|附近|东侧|西侧|南侧|北侧|(?:向|往)?[东南西北]{1,2}\d{1,4}米)/
const yardNumber = /^[\u4e00-\u9fff]{1,10}(?:宿舍|家属院|家属楼|家属区|大院|院|园|里|庄|村|厂|府|坊|寨|湾|桥|门|口|队)[东南西北]?区?\d{1,4}(?:号院|号楼|号|栋|幢|座|楼|单元|组)(?:[\dA-Za-z东南西北号栋幢楼单元门室层户-]{0,12})$/

// 武汉三镇, 豫北五市: not one place.
const counted = /^[一二三四五六七八九十两几数各]+[省市县镇乡]$/

/** An address of Chinese characters alone: at least two places inside one another, or a crossing, and no words of a sentence. */
export function isWordlessAddress(text: string): boolean {
  if (sentenceWord.test(text)) return false
  if (crossing.test(text)) return true
  const head = leadingRegion(text)
  let end = head
  let segments = head > 0 ? 1 : 0
  for (const match of text.slice(head).matchAll(placeSegment)) {
    if (counted.test(match[0])) continue
    segments++
    end = head + match.index + match[0].length
  }
  return segments >= 2 && placeTail.test(text.slice(end)) && !(segments === 2 && isRegionName(text))
}

/** 地址: at least two of region, road or estate, and number; places without a number when they hold no words of a sentence; western street addresses by their words. */
export const address: Recogniser = {
  type: 'address', chance: 0.001, isSoft: true, lengths: [5, 200], needs: 0, never: chars.at, shareAlone: 0.6,
  check(text): Check {
    if (!/[\u4e00-\u9fff]/.test(text)) return /[a-z]/i.test(text) && (english.test(text) || englishRoad.test(text)) ? pass(text) : fail('BAD_FORMAT')
    const evidence = addressEvidence(text)
    if (/[。!?！？;；]/.test(text)) return evidence >= 3 ? pass(text) : fail('BAD_FORMAT')
    const isAddress = /\d/.test(text) ? evidence >= 2 || (text.length <= 14 && (yardNumber.test(text) || crossing.test(text))) : isWordlessAddress(text) && (evidence >= 2 || leadingRegion(text) > 0 || crossing.test(text))
    return isAddress ? pass(text) : fail('BAD_FORMAT')
  },
}

/** Small words of English sentences; names of roads in Romance languages have others. */
export const smallWord = /(?:^|\s)(?:the|was|were|is|are|be|has|have|had|i|you|he|she|we|they|my|your|his|her|our|to|from|at|on|in|with|for|this|that|not|and|or|but|please|will|can)(?=\s|$)/

/** Whether a whole text reads as one address, with no words of a sentence in it; for texts in which no part could be told apart. */
export function isWholeAddress(text: string): boolean {
  return text.length >= 5 && text.length <= 40 && !/[,:]/.test(text) && !sentenceWord.test(text) && !smallWord.test(text) && address.check(text, { region: 'ever-existed', today: '' }).valid
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
