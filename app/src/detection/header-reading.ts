// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'

/** What a column's name says. `none` with a word is a refusal (order number, status …); null says nothing. */
export interface HeaderReading {
  type: InformationType | null
  /** `sure`: the word means this; `maybe`: only with values or neighbours that agree. */
  strength: 'sure' | 'maybe'
  /** The word that told it, for the explanation. */
  word: string
  /** Values or neighbours had to settle what the word means. */
  isSettled?: boolean
}

/** A name that says nothing. */
export const saysNothing: HeaderReading = { type: null, strength: 'maybe', word: '' }

// Qualities of persons keep their sense whatever form they are kept in: gender_code, edu_level, 婚姻状况名称.
const qualities = new Set<InformationType>(['gender', 'birth-date', 'age', 'ethnicity', 'religion', 'marital-status', 'education', 'job', 'income'])

/** Whether a type is a quality of a person, which a code, a level or a name of it keeps. */
export const isQuality = (type: InformationType | null): boolean => type !== null && qualities.has(type)
