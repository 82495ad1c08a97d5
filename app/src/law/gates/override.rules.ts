// SPDX-License-Identifier: Apache-2.0
// 改判: which obstacles of a rule named people let pass, in what number, and until when (register §9).
import type { Words } from '../../kit/failure.ts'
import type { CoveredCounts, MatterState } from '../matter-state.ts'
import type { Obstacle } from '../obstacles.ts'

/** What an obstacle is summed under: its code, and the notice it is about where it names one. */
function lineOf({ code, facts }: Obstacle): string {
  const notice = facts?.['notice']
  return typeof notice === 'string' ? `${code}/${notice}` : code
}

/** 障碍数量. How many of what stands behind each obstacle: its counts, and facts that are numbers. People who override sign these numbers; an obstacle without any stands with an empty line. */
export function countObstacles(obstacles: readonly Obstacle[]): CoveredCounts {
  const sums = new Map<string, Record<string, number>>()
  for (const found of obstacles) {
    const line = sums.get(lineOf(found)) ?? {}
    for (const [what, n] of Object.entries({ ...found.facts, ...found.counts })) if (typeof n === 'number') line[what] = (line[what] ?? 0) + n
    sums.set(lineOf(found), line)
  }
  return Object.fromEntries(sums)
}

/** The larger of each number: a rule can be asked before several steps, and raises the same obstacle over other sets. */
export function mostOf(counts: readonly CoveredCounts[]): CoveredCounts {
  const most = new Map<string, Record<string, number>>()
  for (const [line, numbers] of counts.flatMap((each) => Object.entries(each))) {
    const before = most.get(line) ?? {}
    most.set(line, { ...before, ...Object.fromEntries(Object.entries(numbers).map(([what, n]) => [what, Math.max(n, before[what] ?? 0)])) })
  }
  return Object.fromEntries([...most].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The counts in one line, e.g. `NOTICE_MISSING/art22 records 12; PIA_MISSING`. */
export function coveredText(counts: CoveredCounts): string {
  return Object.entries(counts).map(([line, numbers]) => [line, ...Object.entries(numbers).map(([what, n]) => `${what} ${n}`)].join(' ')).join('; ')
}

/** Whether the people who overrode saw this obstacle, and no fewer of it than there are now. */
function isSeen(line: string, now: Readonly<Record<string, number>>, seen: CoveredCounts): boolean {
  const then = seen[line]
  return then !== undefined && Object.entries(now).every(([what, n]) => n <= (then[what] ?? 0))
}

/** Whether people overrode just these obstacles in no smaller number and the last day is not over; what they never saw is not covered, and an override ends when a count grows. The note says how the newest stands, an ended one too. */
export function overrideOf(rule: string, obstacles: readonly Obstacle[], state: MatterState): { inForce: boolean; note: Words | null } {
  const ofRule = state.overrides.filter((each) => each.rule === rule)
  const newest = ofRule.at(-1)
  if (newest === undefined) return { inForce: false, note: null }
  const words = {
    zh: `${newest.on} 经具名人员批准改判,依律师意见 ${newest.opinion.slice(0, 12)}…(${newest.article}),至 ${newest.until} 止(${newest.approval})`,
    en: `Overridden by named people on ${newest.on} on counsel's opinion ${newest.opinion.slice(0, 12)}… (${newest.article}), until ${newest.until} (${newest.approval})`,
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
      zh: [words.zh, ...(unseen.length > 0 ? [`没有涵盖 ${unseen.join('、')}`] : []), ...(grown.length > 0 ? [`${grown.join('、')} 的数量已超过批准时所见,不再有效,须重新提出`] : [])].join(';'),
      en: [words.en, ...(unseen.length > 0 ? [`it does not cover ${unseen.join(', ')}`] : []), ...(grown.length > 0 ? [`there is more of ${grown.join(', ')} than people saw, so it no longer counts and has to be asked for again`] : [])].join('; '),
    },
  }
}
