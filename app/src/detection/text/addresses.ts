// SPDX-License-Identifier: Apache-2.0
import { addressEvidence, isWordlessAddress, smallWord } from '../recognisers/places.ts'
import { isRegionStart, leadingRegion } from '../regions.ts'
import type { TextSpan } from './text-span.ts'

const addressRun = /^[\u4e00-\u9fffA-Za-z\d#()\-~、 ]{0,80}/
// 新华社北京1月3日电: a date makes a dateline of a region's name.
const date = /^(?:\d{4}年)?\d{1,2}月\d{1,2}日|^[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日/
const roadAfterName = /^(?:路|街|大街|大道|道|巷|弄|里|村|镇|乡|庄|桥|楼|广场|公园|小区|苑|故居|店|门)/
const addressWord = /[路街道巷弄里村镇乡号室栋幢楼苑]|小区|花园|公寓|大厦|广场/
const addressEnd = /(?:号楼|号|弄|栋|幢|单元|室|楼|层|组|户|路|街|道|巷|村|小区|花园|公寓|大厦|广场|镇|乡|区|县|市|省|苑|里)/g

/** 地址 by rules, into `found`: from the name of a region to the last word of a road, house or room before the sentence goes on, or before the name of a person that the model found (山东济南记者张三报道), unless a road bears it. */
export function addressesByRules(text: string, found: TextSpan[]): void {
  let names: readonly TextSpan[] | null = null
  let next = 0
  for (let at = 0; at < text.length; at++) {
    if (!isRegionStart(text, at)) continue
    const head = leadingRegion(text.slice(at, at + 15))
    if (head < 2) continue
    names ??= namesWithoutRoad(text, found)
    while (next < names.length && (names[next]?.[1] ?? 0) <= at + head) next++
    const end = endOfAddress(text.slice(at, Math.min(at + 80, Math.max(at + head, names[next]?.[0] ?? at + 80))), head)
    if (end === 0) {
      at += head - 1
      continue
    }
    found.push([at, at + end, 'address'])
    at += end - 1
  }
}

/** Names of persons in order, without those that a road bears. */
const namesWithoutRoad = (text: string, found: readonly TextSpan[]): TextSpan[] => found.filter((span) => span[2] === 'person-name' && !roadAfterName.test(text.slice(span[1], span[1] + 2))).sort((a, b) => a[0] - b[0])

/** Length of the address at the start of a text that begins with a region's name of `head` characters; 0 when it is none. */
function endOfAddress(text: string, head: number): number {
  const run = addressRun.exec(text)?.[0] ?? ''
  if (!addressWord.test(run) || date.test(run.slice(head))) return 0
  let end = 0
  for (const match of run.matchAll(addressEnd)) {
    if (/[报知频轨渠管]道$/.test(run.slice(0, match.index + 1))) continue
    if (match.index > end + 14 && end > 0) break // too far: another sentence
    end = match.index + match[0].length
  }
  if (end <= head || !isAddressLike(run.slice(0, end))) return 0
  return end + (/^(?:[A-Z][座塔栋区]?)?\d{1,5}(?:室|号|房)?/.exec(run.slice(end))?.[0].length ?? 0)
}

/** Whether a piece of a text shows two of region, road or estate, and number; without digits, whether it is a chain of places and not the words of a sentence. */
export function isAddressLike(text: string): boolean {
  if (text.length < 4) return false
  const evidence = addressEvidence(text)
  return /\d/.test(text) || evidence === 3 ? evidence >= 2 : !text.includes('、') && isWordlessAddress(text)
}

const english = /(?<![\w-])(?:(?:Room|Flat|Unit|Suite|Apt|Building|Floor|No)\.? ?[\dA-Za-z-]{1,6},? ?){0,4}(?:\d{1,3}F,? ?)?(?:(?:Tower|Block) [A-Z\d]{1,3}, ?)?(?:[A-Z][\w ]{1,30}, ?)?\d{1,5}[A-Z]? (?:[A-Z][\w'-]{0,20} ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Parkway|Pkwy|Way|Court|Square|Place)\b\.?(?:, ?[A-Z][\w .'-]{1,30}){0,5}(?: \d{4,6})?/g
const englishByNumber = /(?<![\w-])(?:No\.? ?\d{1,5},? |Room |Flat |Building )[\dA-Za-z ,.-]{0,40}(?:Street|Road|Avenue|Lane)\b(?:, ?[A-Z][\w .'-]{1,30}){1,5}/g

/** Addresses in English order, from room or number to town and postcode. */
export function* addressesInEnglish(text: string): Generator<TextSpan> {
  for (const pattern of [english, englishByNumber]) for (const match of text.matchAll(pattern)) yield [match.index, match.index + match[0].length, 'address']
}

// Words of sentences, which no address holds.
const sentenceWord = /[的了吗呢吧啊着们我你他她它您很也在是没把被让请说给到还就去看]|[,:;!?。]/
const estate = '(?:苑|园|城|府|里|庭|湾|区|村|期|国际|公馆|名邸|广场|公寓|大厦|中心|世家|郡|寓|坊|居)'
/** Forms of whole cells that name neither region nor road: building and room, an estate with numbers, a place beside another, a part of a road, villages and pastures, a farm of the corps. */
const alone: readonly RegExp[] = [
  /^[\u4e00-\u9fffA-Za-z\d]{0,16}?(?:[A-Za-z]|\d{1,3}[A-Z]?|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座|塔)[东南西北]?(?:(?:\d{1,2}|[A-Z]|[一二三四五])(?:单元|门|座|梯))?(?:\d{1,2}[层楼F])?\d{2,5}(?:室|号|房|户)?$/,
  /^(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座)(?:\d{1,2}|[一二三四五])单元(?:\d{2,4}(?:室|号|房|户)?)?$/,
  new RegExp(`^[\\u4e00-\\u9fff]{2,10}(?:\\d{1,2}期|[A-Z]区)?\\d{1,3}-\\d{1,2}-\\d{2,5}$|^[\\u4e00-\\u9fff]{1,9}${estate}(?:\\d{1,2}期|[A-Z]区)?\\d{1,3}[-#]\\d{2,5}$`),
  /^[\u4e00-\u9fff]{0,9}(?:站|小学|中学|[一二三四五六七八九十]中|大学|医院|局|广场|商场|超市|市场|银行|酒店|宾馆|公园|厂|大厦|政府|派出所|饭店|车站|教堂|邮局|[书药商饭]店|学校|学院|法院|宿舍|菜场|桥|加油站|收费站|村委会|社区)(?:东|西|南|北)?(?:斜?对面|旁边?|附近|[东西南北]侧|隔壁|路口|院内)(?:\d{1,4}米)?$/,
  /^[\u4e00-\u9fff]{1,8}(?:路|街|大道|巷)(?:[东西南北中]{1,2}段|[东西南北]侧|沿线|尽头)$/,
  /^[\u4e00-\u9fff]{2,10}(?:家属院|家属楼|家属区|宿舍|宿舍楼|洋房|街道办?|小区)$/,
  /^[\u4e00-\u9fff]{2,14}(?:医院|大学|学院|中学|小学|学校|厂|公司|大厦|宿舍|宿舍区|家属院|大院|机关)[\u4e00-\u9fff]{0,6}(?:\d{1,3}排\d{1,4}号?|\d{1,3}(?:号楼|栋|幢)?\d{0,3}(?:楼|层|号楼|栋|幢|单元)(?:\d{1,5}(?:室|号|房)?)?)$/,
  /^[\u4e00-\u9fff]{2,10}(?:广场|商场|市场|大厦|中心)(?:地下|负)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[层楼]$/,
  /^[\u4e00-\u9fff]{3,24}[楼邨苑阁座栋幢]\d{2,5}[室房号]$/,
  /^(?:新疆|生产|建设|兵团|农|第)*(?:第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})师)[\u4e00-\u9fff]{0,6}(?:\d{1,3}|[一二三四五六七八九十]{1,4})团.{0,14}$/,
]
const regionChain = /(?:苏木|嘎查|牧场|农场|林场|分场|团场|[村屯庄寨组队社连镇乡旗盟营沟坝坪湾])(?:\d{1,4}号)?$/

/** Whether a whole text is an address in one of the forms that a sentence never has. */
export function isAddressAlone(text: string): boolean {
  if (text.length < 4 || text.length > 45) return false
  if (!/[\u4e00-\u9fff]/.test(text)) return false
  if (sentenceWord.test(text)) return false
  if (alone.some((form) => form.test(text))) return true
  const head = leadingRegion(text)
  return head >= 2 && text.length >= head + 3 && regionChain.test(text) && /[省市区县镇乡旗盟州]/.test(text.slice(0, -2)) && /[市区县镇乡旗盟州]|苏木/.test(text.slice(head, -1))
}

const westernRoad = /\b(?:street|st|road|rd|avenue|ave|av|lane|drive|dr|boulevard|blvd|rue|via|calle|rua|avenida|platz|plaza|piazza|quai|weg|allee|terrace|crescent)\b\.?|[a-zäöüß](?:stra(?:ß|ss)e|str\.|gasse|weg|allee|laan|straat)\b/i
const westernUnit = /^(?:(?:flat|rm|room|unit|apt|suite|shop|block|p\.? ?o\.? ?box)\.? ?[\dA-Z-]{1,7}|\d{1,3}\/?F)\b.*,/i
const rest = /^[\u4e00-\u9fffA-Za-z\d()#-]*$/

/** Whether a whole short text is the address of which only a part was found (市南区东海西路37号金都花园|A座): words of a place stand before and behind it, no name, no sentence. */
export function isRestOfAddress(text: string, start: number, end: number): boolean {
  return text.length <= 45 && /\d/.test(text.slice(start, end)) && start <= 9 && text.length - end <= 14 && rest.test(text.slice(0, start)) && rest.test(text.slice(end)) && !/\d{6}/.test(text.slice(0, start) + text.slice(end)) && !sentenceWord.test(text.slice(0, start) + text.slice(end))
}

const germanOrder = /^\p{Lu}[\p{L}.'-]*(?: [\p{L}.'-]+){0,4} \d{1,4}[a-zA-Z]?, (?:[A-Z]{1,2}-)?\d{4,5} \p{Lu}[\p{L} .-]{2,30}$/u
/** Whether a whole text without Chinese characters is a postal address, in whichever order its country writes one. */
export function isWesternAddress(text: string): boolean {
  if (text.length < 8 || text.length > 120 || /[\u4e00-\u9fff@!?]/.test(text) || !/\d/.test(text) || !/[A-Z]/.test(text)) return false
  return text.split(/\s+/).length <= 16 && !smallWord.test(text) && (westernRoad.test(text) || westernUnit.test(text) || germanOrder.test(text))
}
