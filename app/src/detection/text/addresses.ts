// SPDX-License-Identifier: Apache-2.0
import { addressEvidence, isWordlessAddress } from '../recognisers/places.ts'
import { isRegionStart, leadingRegion } from '../regions.ts'
import type { TextSpan } from './text-span.ts'

const addressRun = /^[\u4e00-\u9fffA-Za-z\d#()\-~、 ]{0,80}/
const addressWord = /[路街道巷弄里村镇乡号室栋幢楼苑]|小区|花园|公寓|大厦|广场/
const addressEnd = /(?:号楼|号|弄|栋|幢|单元|室|楼|层|组|户|路|街|道|巷|村|小区|花园|公寓|大厦|广场|镇|乡|区|县|市|省|苑|里)/g

/** 地址 by rules: from the name of a region to the last word of a road, house or room before the sentence goes on. */
export function* addressesByRules(text: string): Generator<TextSpan> {
  for (let at = 0; at < text.length; at++) {
    if (!isRegionStart(text, at)) continue
    const head = leadingRegion(text.slice(at, at + 15))
    if (head < 2) continue
    const end = endOfAddress(text.slice(at, at + 80), head)
    if (end === 0) {
      at += head - 1
      continue
    }
    yield [at, at + end, 'address']
    at += end - 1
  }
}

/** Length of the address at the start of a text that begins with a region's name of `head` characters; 0 when it is none. */
function endOfAddress(text: string, head: number): number {
  const run = addressRun.exec(text)?.[0] ?? ''
  if (!addressWord.test(run)) return 0
  let end = 0
  for (const match of run.matchAll(addressEnd)) {
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
