// SPDX-License-Identifier: Apache-2.0
import { fillWords } from '../kit/failure.ts'
import type { Failure } from '../kit/failure.ts'
import type { WhyNotRead } from './source-events.ts'

/** The reason that a failure gives for a file that was not read. */
export function whyOf(failure: Failure): WhyNotRead {
  const { words, facts } = failure
  return { code: failure.code, zh: fillWords(words.zh + words.remedy.zh, facts), en: fillWords(`${words.en} ${words.remedy.en}`, facts) }
}
