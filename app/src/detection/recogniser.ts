// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'

/** What a check of one value says; `code` is one of `detectionFailures`. */
export type Check = { valid: true; normalised: string } | { valid: false; code: CheckCode }

/** Why a value is not of a type. */
export type CheckCode = 'BAD_LENGTH' | 'BAD_CHARACTER' | 'BAD_FORMAT' | 'BAD_PREFIX' | 'BAD_REGION' | 'BAD_DATE' | 'BAD_CHECKSUM' | 'UNKNOWN_TYPE'

/** How strictly the region of an ID number is taken (DETECTION.md §2): it existed at birth; it ever existed; its prefecture ever existed, since no list of counties is complete. */
export type RegionStrictness = 'existed-at-birth' | 'ever-existed' | 'prefecture-existed'

/** What a check may depend on beside the value. */
export interface CheckOptions {
  region: RegionStrictness
  /** `YYYY-MM-DD`: nobody is born later. */
  today: string
}

/** A recogniser: data and a validator. Patterns are linear. */
export interface Recogniser {
  type: InformationType
  /** Chance that random characters of the same shape pass; the smaller, the more a match says (DETECTION.md §2). */
  chance: number
  /** A value outside may be right too: dictionaries are never complete. */
  isSoft: boolean
  lengths: readonly [number, number]
  /** Bits of `chars`: what must occur, and what must not. */
  needs: number
  never: number
  /** Share of the column that must match when there is no telling header; above 1: only with a header. */
  shareAlone: number
  check(text: string, options: CheckOptions): Check
}

/** A value that passes, in its normal form. */
export const pass = (normalised: string): Check => ({ valid: true, normalised })

/** A value that does not. */
export const fail = (code: CheckCode): Check => ({ valid: false, code })

const dayMs = 86_400_000
let known = { day: -1, text: '' }

/** Today in China, for checks of birth dates. */
export function todayInChina(): string {
  // Writing a day takes longer than searching a short text, and it is asked for in every text.
  const day = Math.floor((Date.now() + 8 * 3_600_000) / dayMs)
  if (day !== known.day) known = { day, text: new Date(day * dayMs).toISOString().slice(0, 10) }
  return known.text
}

/** The way columns are checked. */
export function columnCheck(): CheckOptions {
  return { region: 'prefecture-existed', today: todayInChina() }
}
