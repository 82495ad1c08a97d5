// SPDX-License-Identifier: Apache-2.0
// The law as data (project root `law/`), checked once when it is loaded; the files are our own, a flaw in them is a bug and stops the program.
import { z } from 'zod'
import auditPointsFile from '../../../law/audit-points.json' with { type: 'json' }
import deadlinesFile from '../../../law/deadlines.json' with { type: 'json' }
import decisionsFile from '../../../law/decisions.json' with { type: 'json' }
import retentionFile from '../../../law/retention.json' with { type: 'json' }
import rulesFile from '../../../law/rules.json' with { type: 'json' }
import { guardedSteps, matterTypes, type GuardedStep } from './nouns.ts'

const ruleId = z.string().regex(/^[A-M]\d{2}$/)
const appliesTo = z.array(z.enum(matterTypes))
const words = z.string().min(1)

/** 规则. One rule of the law register §9: the steps it guards, the types of matter it applies to, the fact records it reads. */
const ruleSchema = z.strictObject({
  id: ruleId, zh: words, sev: z.enum(['BLOCK', 'HIGH', 'MED', 'LOW']), tier: z.enum(['core', 'ext']), conf: words,
  guards: z.array(z.enum(guardedSteps)), appliesTo, facts: z.array(z.string()),
  src: words, when: words, must: words, evidence: words, deadline: words, who: words, cons: words,
})
export type Rule = z.infer<typeof ruleSchema>

/** 判定行. One row of the decision table §10; `successor` says whether dissolution and bankruptcy fall under it with or without somebody who takes over. */
const decisionRowSchema = z.strictObject({
  id: z.string().regex(/^X\d{2}$/), kind: z.enum(['stop', 'main', 'gate', 'post', 'default']), situation: words, matter: words, appliesTo,
  successor: z.enum(['with', 'without', 'any']), outcome: words, basis: words, conf: words, note: z.string(),
})
export type DecisionRow = z.infer<typeof decisionRowSchema>

const residualRowSchema = z.strictObject({ id: z.string().regex(/^S\d{2}$/), situation: words, action: words, basis: words })

const years = z.strictObject({ years: z.int().positive() })
/** A period a machine can count with; the original words stay beside it. */
const retentionPeriodSchema = z.union([
  years, z.strictObject({ months: z.int().positive() }), z.strictObject({ days: z.int().positive() }),
  z.strictObject({ permanent: z.literal(true) }), z.strictObject({ undetermined: z.literal(true) }), z.strictObject({ max: years }),
  z.strictObject({ cases: z.array(z.strictObject({ case: words, years: z.int().positive() })).min(2) }),
])

/** 法定保存. One entry of the retention table §3.17. */
const retentionRowSchema = z.strictObject({
  id: z.string().regex(/^RT\d{2}$/), records: words, period: retentionPeriodSchema, periodText: words, clock: z.enum(['fiscal-year-end', 'event-day']),
  starts: words, source: words, boundKind: words, bound: words, conf: words,
})
export type RetentionRow = z.infer<typeof retentionRowSchema>

const deadlinePeriodSchema = z.strictObject({
  hours: z.int().optional(), days: z.int().optional(), workingDays: z.int().optional(), months: z.int().optional(), years: z.int().optional(),
  everyYearBy: z.string().regex(/^\d{2}-\d{2}$/).optional(), when: words.optional(),
})
/** 期限. One deadline of the register §11; several periods where the length depends on something. */
const deadlineSchema = z.strictObject({ id: z.string().regex(/^[TP]\d{2}$/), length: words, period: z.array(deadlinePeriodSchema).min(1), unit: words, what: words, starts: words, source: words, conf: words })
export type Deadline = z.infer<typeof deadlineSchema>

const auditPointSchema = z.strictObject({ id: z.string().regex(/^AU\d{2}$/), title: words, checks: words, law: words, rules: z.array(ruleId) })
export type AuditPoint = z.infer<typeof auditPointSchema>

/** The 129 rules of the register. */
export const rules: readonly Rule[] = z.array(ruleSchema).parse(rulesFile)
/** The decision table in the order in which it is tried. */
export const decisionRows: readonly DecisionRow[] = z.array(decisionRowSchema).parse(decisionsFile.decisions)
/** What becomes of the giver's remaining copies, S01–S07. */
export const residualRows = z.array(residualRowSchema).parse(decisionsFile.residual_copies)
/** Retention duties that forbid destruction. */
export const retentionRows: readonly RetentionRow[] = z.array(retentionRowSchema).parse(retentionFile)
/** Statutory and product deadlines. */
export const deadlines: readonly Deadline[] = z.array(deadlineSchema).parse(deadlinesFile)
/** The 26 points of the compliance audit. */
export const auditPoints: readonly AuditPoint[] = z.array(auditPointSchema).parse(auditPointsFile)

/** The five files together as they were loaded; its digest is the rules version. */
export const lawFiles = { 'audit-points': auditPointsFile, deadlines: deadlinesFile, decisions: decisionsFile, retention: retentionFile, rules: rulesFile }

const ruleById = new Map(rules.map((rule) => [rule.id, rule]))
const decisionById = new Map(decisionRows.map((row) => [row.id, row]))

/** The rule of this id, or undefined. */
export function ruleOf(id: string): Rule | undefined {
  return ruleById.get(id)
}

/** The row of the decision table of this id, or undefined. */
export function decisionRowOf(id: string): DecisionRow | undefined {
  return decisionById.get(id)
}

/** The rules that guard a step, in the order of the register. */
export function rulesGuarding(step: GuardedStep): Rule[] {
  return rules.filter((rule) => rule.guards.includes(step))
}

/** Whether a line of the register may be shown as certain: only where the primary text was read (mark P and nothing else). */
export function isCertain(conf: string): boolean {
  return conf === 'P'
}
