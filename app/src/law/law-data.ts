// SPDX-License-Identifier: Apache-2.0
// The law as data that is shipped (project root `law/`), checked once when it is loaded; the files are our own, a flaw in them is a bug and stops the program.
import { readLawBook, type LawBook } from './law-book.ts'
import { lawFiles } from './law-files.ts'
import type { AuditPoint, CalendarYear, Deadline, DecisionRow, RetentionRow, Rule } from './law-schemas.ts'
import type { GuardedStep } from './nouns.ts'

export * from './law-schemas.ts'

export { lawFiles } from './law-files.ts'

/** 法规数据. The law as it is shipped; a tenant's law pack stands in its place (`ctx.law`). */
export const builtInLaw: LawBook = readLawBook(lawFiles)

/** The 129 rules of the register. */
export const rules: readonly Rule[] = builtInLaw.rules
/** The decision table in the order in which it is tried. */
export const decisionRows: readonly DecisionRow[] = builtInLaw.decisionRows
/** What becomes of the giver's remaining copies, S01–S07. */
export const residualRows = builtInLaw.residualRows
/** Retention duties that forbid destruction. */
export const retentionRows: readonly RetentionRow[] = builtInLaw.retentionRows
/** Statutory and product deadlines. */
export const deadlines: readonly Deadline[] = builtInLaw.deadlines
/** The years whose holidays are published; every other year is counted cautiously (`countDeadline`). */
export const calendarYears: readonly CalendarYear[] = builtInLaw.calendarYears
/** The 26 points of the compliance audit. */
export const auditPoints: readonly AuditPoint[] = builtInLaw.auditPoints

const decisionById = new Map(decisionRows.map((row) => [row.id, row]))

/** The shipped rule of this id, or undefined. */
export function ruleOf(id: string): Rule | undefined {
  return builtInLaw.ruleById.get(id)
}

/** The shipped row of the decision table of this id, or undefined. */
export function decisionRowOf(id: string): DecisionRow | undefined {
  return decisionById.get(id)
}

/** The rules that guard a step, in the order of the register. */
export function rulesGuarding(step: GuardedStep, law: LawBook = builtInLaw): Rule[] {
  return law.rules.filter((rule) => rule.guards.includes(step))
}

/** Whether a line of the register may be shown as certain: only where the primary text was read (mark P and nothing else). */
export function isCertain(conf: string): boolean {
  return conf === 'P'
}
