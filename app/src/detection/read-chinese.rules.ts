// SPDX-License-Identifier: Apache-2.0
import { outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import type { InformationType } from './information-types.ts'
import { jobEnd, listedWords, medicalEnd } from './recognisers/closed-lists.ts'
import { compoundSurnames, minorityEnds, minorityStarts, notNames, organisationEnd, personTitle, surnames } from './recognisers/names.ts'
import { cityNames, countryNames, countyNames, provinceNames, regionStarts } from './regions.ts'

// Names and addresses on bytes. Whatever comes near a word of a list, a title, an organisation or a mask is left to the recognisers (-1).

const undecided = -1
const UNITS_MAX = 80
const outcomeOfTypes = (types: readonly InformationType[], isWords: boolean): number =>
  outcomeNumber({ ...plainOutcome, found: types.map((type): CellOutcome['found'][number] => ({ type, how: 'matched' })), isWords })
const nothing = outcomeOfTypes([], false)
const words = outcomeOfTypes([], true)
const name = outcomeOfTypes(['person-name'], false)
const addressWords = outcomeOfTypes(['address'], true)

/** What a character may mean. */
export const mark = { road: 1, roadEnd: 2, area: 4, numbered: 8, leave: 16, numeral: 32, surname: 64, organisationEnd: 128, anyEnd: 256, placeEnd: 512, counted: 1024, digit: 2048, odd: 4096, mask: 8192 } as const
/** What counts as evidence of an address. */
const evident = mark.road | mark.roadEnd | mark.area | mark.numbered | mark.counted
/** The marks of each character. */
export const marks = new Uint16Array(65_536)
const setMark = (characters: string, bit: number): void => {
  for (let i = 0; i < characters.length; i++) marks[characters.charCodeAt(i)] = (marks[characters.charCodeAt(i)] ?? 0) | bit
}
setMark('路街道巷弄里村屯庄镇乡苑城庭府湾', mark.road)
setMark('同区园寓场厦', mark.roadEnd) // 胡同 社区 小区 花园 家园 工业园 公寓 广场 大厦, 开发区
setMark('省市区县镇乡', mark.area)
setMark('号弄栋幢座楼室单层组队户', mark.numbered) // after digits
setMark('号弄栋幢单室楼组队', mark.counted) // after Chinese numerals
setMark('一二三四五六七八九十', mark.numeral)
setMark('司厂部店某磐', mark.leave) // organisations' words; masks (磐 counts as a star in charsIn)
setMark([...surnames].join(''), mark.surname)
setMark('某磐', mark.mask)
setMark('省市区县镇路街号室店厂司院校部局', mark.placeEnd)
setMark('0123456789', mark.digit)
setMark(' -#(!?;xX', mark.odd) // between digits, of masks, of sentences

const alternatives = (pattern: RegExp): string[] => pattern.source.replace(/^\(\?:/, '').replace(/\)\$$/, '').split('|')
/** What a pair of characters may be: a compound surname, a listed word of two characters, the start of a longer one, of a region, the end of an organisation's name, any other telling end, the start of a country, of a minority name; `roadEnd` is known to the kernel alone. */
export const pairFlag = { compound: 1, listed: 2, listedLonger: 4, region: 8, organisationEnd: 16, anyEnd: 32, country: 64, minority: 128, roadEnd: 256 } as const
/** Pairs of characters by their flags. */
export const pairs = new Map<number, number>()
const pairFilter = new Uint8Array(65_536)
const pairOf = (first: number, second: number): number => (first << 16) | second
const filterOf = (first: number, second: number): number => (first * 31 + second) & 0xffff
const setPair = (text: string, flag: number): void => {
  const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)]
  pairs.set(pairOf(first, second), (pairs.get(pairOf(first, second)) ?? 0) | flag)
  pairFilter[filterOf(first, second)] = 1
}
for (const surname of compoundSurnames) setPair(surname, 1)
for (const word of [...listedWords, ...notNames, ...provinceNames, ...cityNames]) if (word.length >= 2) setPair(word, word.length === 2 ? 2 : 4)
const setEnd = (word: string, single: number, pair: number): void => {
  if (word.length === 1) setMark(word, single)
  else setPair(word.slice(-2), pair)
}
for (const word of alternatives(organisationEnd)) setEnd(word, mark.organisationEnd, 16)
for (const word of [...alternatives(jobEnd), ...alternatives(personTitle), ...alternatives(medicalEnd)]) setEnd(word, mark.anyEnd, 32)
for (const start of regionStarts) setPair(start, 8)
for (const start of minorityStarts) setPair(start, 128)
for (const country of countryNames) setPair(country, 64)
/** Words of a list that are as long as most names. */
const longListed = new Set([...listedWords, ...notNames, ...provinceNames, ...cityNames].filter((word) => word.length === 3 || word.length === 4))
for (const ending of minorityEnds) setPair(ending.slice(-2), 32)
for (const ending of ['叉口', '汇处', '界处', '路口', '对面', '旁边', '附近', '东侧', '西侧', '南侧', '北侧']) setPair(ending, 32)

/** The names of regions by their first two characters, the longest first. */
export const regionsByPair = new Map<number, string[]>()
for (const region of new Set([...provinceNames, ...cityNames, ...countyNames, '市辖区'])) {
  const key = pairOf(region.charCodeAt(0), region.charCodeAt(1))
  const known = regionsByPair.get(key)
  if (known === undefined) regionsByPair.set(key, [region])
  else known.push(region)
}
for (const regions of regionsByPair.values()) if (regions.length > 1) regions.sort((a, b) => b.length - a.length)

const units = new Uint16Array(UNITS_MAX + 4)
/** The marks of `units`. */
const marked = new Uint16Array(UNITS_MAX + 4)
/** Where marks of evidence stand among them. */
const evidentAt = new Uint16Array(UNITS_MAX)
let evidentCount = 0
/** What `decode` found besides: all marks together, and how many digits stand in a row at most. */
let allMarks = 0
let digitRun = 0

/** The outcome of a value that begins with a common Chinese character and holds no complex byte, @ or star; `bits` are the classes of its bytes (recognisers/names.ts, places.ts). */
export function readChinese(view: DataView, start: number, length: number, bits: number): number {
  if (length < 6 || length > 240) return undecided
  const count = decode(view, start, length)
  if (count < 2) return undecided
  return (bits & 1) === 0 ? (bits === 4 ? readWords(count) : undecided) : readNumbered(count)
}

/** Decodes into `units`; 0 when the value does not begin with a Chinese character, has too many, or is longer than a name and holds one beyond the common ones. */
function decode(view: DataView, start: number, length: number): number {
  const end = start + length
  let count = 0
  let all = 0
  let run = 0
  let longest = 0
  let isRare = false
  let evidents = 0
  for (let at = start; at < end; count++) {
    if (count === UNITS_MAX) return 0
    const word = view.getInt32(at, true)
    let unit = word & 0xff
    if (unit < 0x80) at++
    else {
      unit = ((unit & 0x0f) << 12) | ((word & 0x3f00) >>> 2) | ((word >>> 16) & 0x3f)
      isRare ||= unit < 0x4e00
      at += 3
    }
    const bits = marks[unit] ?? 0
    units[count] = unit
    marked[count] = bits
    all |= bits
    if ((bits & (evident | mark.odd)) !== 0) evidentAt[evidents++] = count
    run = (bits & mark.digit) === 0 ? 0 : run + 1
    if (run > longest) longest = run
  }
  if (isRare && (count > 4 || length !== count * 3)) return 0
  allMarks = all
  digitRun = longest
  evidentCount = evidents
  units[count] = 0
  units[count + 1] = 0
  marked[count] = 0
  marked[count + 1] = 0
  return (units[0] ?? 0) < 0x80 ? 0 : count
}

function pairAt(index: number): number {
  const first = units[index] ?? 0
  const second = units[index + 1] ?? 0
  return pairFilter[filterOf(first, second)] === 1 ? (pairs.get(pairOf(first, second)) ?? 0) : 0
}

const markAt = (index: number): number => marked[index] ?? 0

// Chinese characters alone: a name, an address without digits, or nothing.
function readWords(count: number): number {
  const start = pairAt(0)
  if ((start & (4 | 8 | 64 | 128)) !== 0 && (count > 4 || beginsListed(count, start))) return undecided
  if (count === 2 && (start & 2) !== 0) return undecided
  if ((pairAt(count - 2) & (16 | 32)) !== 0 || (markAt(count - 1) & (mark.organisationEnd | mark.anyEnd)) !== 0) return undecided
  if ((allMarks & (count > 4 ? mark.leave : mark.mask)) !== 0) return undecided
  if (count <= 5 && isName(count, (start & 1) !== 0)) return count === 5 ? undecided : name
  if (count < 5) return nothing
  if ((allMarks & evident) !== 0 && evidence(count, 0, true) >= 2) return undecided // an address unless it reads like a sentence (recognisers/places.ts)
  return count >= 8 ? words : nothing
}

// Whether two to four characters may be a listed word, a chain of regions, a country or a minority name.
function beginsListed(count: number, start: number): boolean {
  if ((start & 64) !== 0 || ((start & 128) !== 0 && count === 4)) return true
  if ((start & 4) !== 0 && count > 2 && longListed.has(String.fromCharCode(...units.subarray(0, count)))) return true
  if ((start & 8) === 0) return false
  const region = regionLength(count)
  return region === count || (region > 0 && count - region >= 2)
}

function isName(count: number, isCompound: boolean): boolean {
  const given = isCompound ? count - 2 : count - 1
  if (!isCompound && (markAt(0) & mark.surname) === 0) return false
  if (given < 1 || given > (isCompound ? 2 : 3)) return false
  if (given > 1 && (markAt(count - 1) & mark.placeEnd) !== 0) return false
  return isCompound || given < 3 || (markAt(1) & mark.surname) !== 0
}

// With digits in it: an address or nothing, unless it is as short as a plate or a military number.
function readNumbered(count: number): number {
  if (count <= 14 || isTelling(count)) return undecided
  const lead = (pairAt(0) & 8) === 0 ? 0 : regionLength(count)
  return evidence(count, lead, false) >= 2 ? addressWords : words
}

/** Length of the longest region name that `units` begin with (regions.ts, leadingRegion; a country's name holds no digits, so it is not the whole value). */
function regionLength(count: number): number {
  for (const region of regionsByPair.get(pairOf(units[0] ?? 0, units[1] ?? 0)) ?? []) {
    if (region.length > count) continue
    let same = 2
    while (same < region.length && region.charCodeAt(same) === units[same]) same++
    if (same === region.length) return same
  }
  return 0
}

/** Whether anything stands in `units` that other recognisers, or the search for identifiers, have to see. */
function isTelling(count: number): boolean {
  const last = units[count - 1] ?? 0
  if (last >= 0x80 && ((markAt(count - 1) & mark.organisationEnd) !== 0 || (pairAt(count - 2) & (16 | 32)) !== 0)) return true
  if (digitRun >= 7 || (allMarks & mark.leave) !== 0) return true
  if ((allMarks & mark.odd) === 0) return false
  for (let i = 1; i < count; i++) {
    if ((markAt(i) & mark.odd) === 0) continue
    const unit = units[i] ?? 0
    if (unit === 0x28 || unit === 0x21 || unit === 0x3f || unit === 0x3b) return true // brackets are cut from organisations' names, sentences need more
    if (unit === 0x23 || (unit | 0x20) === 0x78) {
      const before = units[i - 1] ?? 0
      if (before === 0x23 || (before | 0x20) === 0x78) return true // may be masked
    } else if (isDigitAt(i - 1) && isDigitAt(i + 1) && isDigitAt(i + 2) && isDigitAt(i + 3)) return true
  }
  return false
}

const isDigitAt = (index: number): boolean => (markAt(index) & mark.digit) !== 0

/** How much of an address `units` shows (recognisers/places.ts, addressEvidence): region, road or estate, number; the last two after the leading region. */
function evidence(count: number, lead: number, isWithoutDigits: boolean): number {
  let hasArea = lead > 0
  let hasRoad = false
  let hasNumber = false
  for (let next = 0; next < evidentCount; next++) {
    const i = evidentAt[next] ?? 0
    const bits = markAt(i)
    if ((bits & mark.odd) !== 0) {
      if (!isWithoutDigits && i > lead && isDigitAt(i - 1)) hasNumber ||= units[i] === 0x23 || (units[i] === 0x2d && isDigitAt(i + 1)) || (units[i] === 0x20 && (isNumbered(i + 1, count) || units[i + 1] === 0x23 || (units[i + 1] === 0x2d && isDigitAt(i + 2))))
      continue
    }
    if ((bits & mark.area) !== 0 && units[i + 1] !== 0x573a) hasArea = true
    if (i === count - 1 && (bits & mark.area) !== 0) hasArea = true
    if (i < lead) continue
    hasRoad ||= (bits & mark.road) !== 0 || ((bits & mark.roadEnd) !== 0 && isRoadEnd(i, lead))
    if (hasNumber || i === lead) continue
    hasNumber = (isDigitAt(i - 1) && isNumbered(i, count)) || ((markAt(i - 1) & mark.numeral) !== 0 && isCounted(i, count))
  }
  return (hasArea ? 1 : 0) + (hasRoad ? 1 : 0) + (hasNumber ? 1 : 0)
}

const isUnit = (index: number, count: number): boolean => units[index] === 0x5355 && index + 1 < count && units[index + 1] === 0x5143 // 单元

function isNumbered(index: number, count: number): boolean {
  if (index >= count || (markAt(index) & mark.numbered) === 0) return false
  return units[index] !== 0x5355 || isUnit(index, count)
}

function isCounted(index: number, count: number): boolean {
  if ((markAt(index) & mark.counted) === 0) return false
  return units[index] !== 0x5355 || isUnit(index, count)
}

/** Pairs at the end of a road or an estate. */
export const roadEnds = new Set(['胡同', '社区', '小区', '花园', '家园', '公寓', '广场', '大厦'].map((word) => pairOf(word.charCodeAt(0), word.charCodeAt(1))))

function isRoadEnd(index: number, lead: number): boolean {
  if (index - 1 < lead) return false
  const [before, unit] = [units[index - 1] ?? 0, units[index] ?? 0]
  if (roadEnds.has(pairOf(before, unit))) return true
  if (index - 2 < lead) return false
  const two = units[index - 2]
  return (two === 0x5de5 && before === 0x4e1a && unit === 0x56ed) || (two === 0x5f00 && before === 0x53d1 && unit === 0x533a) // 工业园, 开发区
}
