// SPDX-License-Identifier: Apache-2.0
// 改判: which obstacles of a rule named people let pass, in what number, and until when (register §9).
import type { Words } from '../../kit/failure.ts'
import { confOfArticle, markedArticle } from '../law-line.ts'
import type { CoveredCounts, MatterState } from '../matter-state.ts'
import type { Obstacle } from '../obstacles.ts'

/** What an obstacle is summed under: its code, and the words that are among its facts (the notice it is about, the day it names); where it names its things one by one, these say more than words would. */
function lineOf({ code, facts, things }: Obstacle): string {
  if (things !== undefined) return code
  const words = Object.entries(facts ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, fact]) => (typeof fact === 'string' ? [fact] : []))
  return [code, ...words].join('/')
}

/** 越少越重. Numbers of which fewer is worse: guardianships checked, creditors listed, the smallest group of a release, witnesses who confirmed, incidents on record. */
const fewerIsWorse: readonly string[] = ['checked', 'listed', 'class', 'confirmed', 'known']
/** Before the name of a thing among the numbers of a line. */
const thingMark = '#'
const worse = (what: string, a: number, b: number): number => (fewerIsWorse.includes(what) ? Math.min(a, b) : Math.max(a, b))

/** 障碍数量. What stands behind each obstacle: its counts, facts that are numbers, and the things it names, one each. People who override sign these; an obstacle without any stands with an empty line. */
export function countObstacles(obstacles: readonly Obstacle[]): CoveredCounts {
  const sums = new Map<string, Record<string, number>>()
  for (const found of obstacles) {
    const line = sums.get(lineOf(found)) ?? {}
    for (const [what, n] of Object.entries({ ...found.facts, ...found.counts })) if (typeof n === 'number') line[what] = (line[what] ?? 0) + n
    for (const thing of found.things ?? []) line[`${thingMark}${thing}`] = 1
    sums.set(lineOf(found), line)
  }
  return Object.fromEntries(sums)
}

/** The worse of each number: a rule can be asked before several steps, and raises the same obstacle over other sets. */
export function mostOf(counts: readonly CoveredCounts[]): CoveredCounts {
  const most = new Map<string, Record<string, number>>()
  for (const [line, numbers] of counts.flatMap((each) => Object.entries(each))) {
    const before = most.get(line) ?? {}
    most.set(line, { ...before, ...Object.fromEntries(Object.entries(numbers).map(([what, n]) => [what, worse(what, n, before[what] ?? n)])) })
  }
  return Object.fromEntries([...most].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The counts in one line, e.g. `NOTICE_MISSING/art22 records 12; PIA_MISSING`. */
export function coveredText(counts: CoveredCounts): string {
  return Object.entries(counts).map(([line, numbers]) => [line, ...Object.entries(numbers).map(([what, n]) => (what.startsWith(thingMark) ? what : `${what} ${n}`))].join(' ')).join('; ')
}

/** Whether the people who overrode saw this obstacle: each number no better than it is now, and every thing that it is about now. */
function isSeen(line: string, now: Readonly<Record<string, number>>, seen: CoveredCounts): boolean {
  const then = seen[line]
  return then !== undefined && Object.entries(now).every(([what, n]) => worse(what, n, then[what] ?? 0) === (then[what] ?? 0))
}

/** Whether people overrode just these obstacles in no smaller number and the last day is not over; what they never saw is not covered, and an override ends when a count grows. The note says how the newest stands, an ended one too. */
export function overrideOf(rule: string, obstacles: readonly Obstacle[], state: MatterState): { inForce: boolean; note: Words | null } {
  const ofRule = state.overrides.filter((each) => each.rule === rule)
  const newest = ofRule.at(-1)
  if (newest === undefined) return { inForce: false, note: null }
  const marked = { article: newest.article, conf: confOfArticle(newest.article, state.law) }
  const words = {
    zh: `${newest.on} 经具名人员批准改判,依律师意见 ${newest.opinion.slice(0, 12)}…(${markedArticle(marked, 'zh')}),至 ${newest.until} 止(${newest.approval})`,
    en: `Overridden by named people on ${newest.on} on counsel's opinion ${newest.opinion.slice(0, 12)}… (${markedArticle(marked, 'en')}), until ${newest.until} (${newest.approval})`,
  }
  const standing = ofRule.filter((each) => each.until >= state.today)
  if (standing.length === 0) return { inForce: false, note: { zh: `${words.zh};已过期,不再有效`, en: `${words.en}; it has ended and no longer counts` } }
  const now = Object.entries(countObstacles(obstacles))
  const uncovered = now.filter(([line, numbers]) => !standing.some(({ counts }) => isSeen(line, numbers, counts))).map(([line]) => line)
  if (uncovered.length === 0) return { inForce: true, note: words }
  const grown = uncovered.filter((line) => standing.some(({ counts }) => counts[line] !== undefined))
  const unseen = uncovered.filter((line) => !grown.includes(line))
  return {
    inForce: false,
    note: {
      zh: [words.zh, ...(unseen.length > 0 ? [`没有涵盖 ${unseen.join('、')}`] : []), ...(grown.length > 0 ? [`${grown.join('、')} 的数量已超过批准时所见,或已不是当时所见的那些,不再有效,须重新提出`] : [])].join(';'),
      en: [words.en, ...(unseen.length > 0 ? [`it does not cover ${unseen.join(', ')}`] : []), ...(grown.length > 0 ? [`there is more of ${grown.join(', ')} than people saw, or others than they saw, so it no longer counts and has to be asked for again`] : [])].join('; '),
    },
  }
}
