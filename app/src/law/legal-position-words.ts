// SPDX-License-Identifier: Apache-2.0
// The open questions of the law register (§2) in words, from the law in use.
import type { Words } from '../kit/failure.ts'
import type { LawBook } from './law-book.ts'
import type { LawLine } from './law-line.ts'

/** 立场的变更. An open question with two of its answers and why it is open; the mark says that no text decides it. */
export interface PositionChange extends LawLine {
  why: Words
  from: Words
  to: Words
  /** Whether the answer decides where values end; the others are about notices, the way of deletion, and who answers afterwards. */
  decidesValues: boolean
}

/** Open questions whose answer `decide` reads (a test asks each). */
export const positionsAboutValues: readonly string[] = ['asset_deal', 'merger_sensitive', 'merger_child', 'objection_in_merger', 'notice_wait_days', 'announcement_ok']

/** What it means to answer an open question otherwise, or null where the setting is no legal position of this law. */
export function positionChange(key: string, { from, to }: { from: string; to: string }, law: LawBook): PositionChange | null {
  const position = law.positions.find((each) => each.id === key)
  if (position === undefined) return null
  const wordsOf = (answer: string): Words => position.answers.find((each) => String(each.value) === answer) ?? { zh: answer, en: answer }
  const { zh, en } = position.question
  return { zh, en, law: position.src, conf: position.conf, why: position.why, from: pick(wordsOf(from)), to: pick(wordsOf(to)), decidesValues: positionsAboutValues.includes(key) }
}

function pick({ zh, en }: Words): Words {
  return { zh, en }
}
