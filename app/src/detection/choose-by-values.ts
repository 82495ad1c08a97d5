// SPDX-License-Identifier: Apache-2.0
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts } from './column-scan.ts'
import { countOf, phones, share } from './count-shares.ts'
import type { InformationType } from './information-types.ts'
import { todayInChina } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'
import { recognisers } from './recognisers.ts'

/** The type that values show, and the share of them that does. */
export interface ByValues {
  type: InformationType
  share: number
}

/** The type that the values alone show, if any: the best by share, weighed by how little chance passes its check (DETECTION.md §5.6). */
export function bestByValues(counts: ColumnCounts): ByValues | null {
  let best: (ByValues & { score: number }) | null = null
  for (const recogniser of recognisers) {
    const part = share(recogniser.type, counts)
    if (part < shareNeeded(recogniser, counts) || !mayStandAlone(recogniser.type, counts)) continue
    const type = phones.includes(recogniser.type) ? phoneKind(counts) : recogniser.type
    const score = part * (1 + Math.min(5, -Math.log10(recogniser.chance)) / 10)
    if (best === null || score > best.score) best = { type, share: part, score }
  }
  return best
}

// Lists of given names and surnames are never whole: half of a column of single words is enough.
function shareNeeded(recogniser: Recogniser, counts: ColumnCounts): number {
  if (recogniser.type === 'person-name' && areSingleLatinWords(counts)) return 0.5
  return recogniser.type === 'online-id' && seenAre('online-id', counts, /^(?:o[\w-]{27}|wxid_\w{6,})$/) && counts.seen.length === 3 ? 0.95 : recogniser.shareAlone
}

/** Whether the values that look like names are single words in Latin letters, which are names of brands and towns too. */
export const areSingleLatinWords = (counts: ColumnCounts): boolean => seenAre('person-name', counts, /^[\p{L}'’-]+$/u) && !seenAre('person-name', counts, /^[\u3400-\u9fff]+$/)

const phoneKind = (counts: ColumnCounts): InformationType => (countOf('landline', counts) > countOf('mobile', counts) ? 'landline' : 'mobile')

const seenAre = (type: InformationType, counts: ColumnCounts, form: RegExp): boolean => {
  const seen = counts.tallies.get(type)?.seen ?? []
  return seen.length > 0 && seen.every((one) => form.test(one.text))
}

/** What else must hold when no name helps: values that differ, dates that are births, numbers that nothing else looks like. */
function mayStandAlone(type: InformationType, counts: ColumnCounts): boolean {
  const distinct = distinctValues(counts)
  const isVaried = counts.values < 5 || distinct >= Math.min(20, counts.values * 0.2)
  switch (type) {
    case 'birth-date':
      return areBirths(counts)
    case 'gender':
      return counts.digitsOnly === 0 && distinct <= 5
    case 'ethnicity':
    case 'marital-status':
    case 'education':
    case 'religion':
      return distinct >= 2 && distinct <= 60 && counts.digitsOnly === 0
    case 'landline':
      return countOf('mobile', counts) >= countOf('landline', counts) || counts.tellingLandlines >= counts.values * 0.5
    case 'mobile': // eight bare digits are numbers of any kind, also beside a few that look mobile
      return isVaried && (countOf('mobile', counts) >= countOf('landline', counts) || counts.tellingLandlines >= counts.values * 0.5)
    case 'resident-id':
      return isVaried && (counts.oldIds < countOf('resident-id', counts) * 0.5 || share('resident-id', counts) >= 0.9)
    case 'person-name':
      if (areSingleLatinWords(counts)) return distinct >= Math.min(12, counts.values * 0.4) && counts.values >= 4 && share('region', counts) < share('person-name', counts)
      return counts.values < 20 ? distinct > 1 : distinct >= Math.min(15, counts.values * 0.05)
    case 'organisation-name': // where an account is kept says nothing of whose it is
      return !seenAre('organisation-name', counts, /(?:银行|支行|分行|信用社|营业部)/)
    case 'passport': // H and 8 digits: more people carry a permit than an old passport of Hong Kong
      return isVaried && !seenAre('passport', counts, /^H\d/i)
    case 'mainland-travel-permit':
      return isVaried && counts.digitsOnly === 0 && seenAre('mainland-travel-permit', counts, /^[HM]\d/i)
    case 'region': // two letters are codes of anything
      return counts.digitsOnly === 0 && (!seenAre('region', counts, /^[A-Z]{2,3}$/) || (share('region', counts) >= 0.9 && distinct >= 4))
    case 'vin':
    case 'imei':
    case 'bank-card':
    case 'business-registration-number':
      return isVaried
    default:
      return true
  }
}

/** Births spread over decades and lie a generation back; dates of business are recent and close together. */
function areBirths(counts: ColumnCounts): boolean {
  const years = [...counts.years].sort((a, b) => a[0] - b[0])
  const total = years.reduce((sum, [, count]) => sum + count, 0)
  if (total < 3 || counts.datesWithTime > total * 0.1) return false
  const quantile = (part: number): number => {
    let passed = 0
    for (const [year, count] of years) if ((passed += count) >= total * part) return year
    return years.at(-1)?.[0] ?? 0
  }
  const thisYear = Number(todayInChina().slice(0, 4))
  return quantile(0.5) <= thisYear - 17 && quantile(0.95) - quantile(0.05) >= 15
}
