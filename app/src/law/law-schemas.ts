// SPDX-License-Identifier: Apache-2.0
// The shape of every law file (project root `law/`); a tenant's law pack is held to the same.
import { z } from 'zod'
import { guardedSteps, matterTypes } from './nouns.ts'

const ruleId = z.string().regex(/^[A-M]\d{2}$/)
const appliesTo = z.array(z.enum(matterTypes))
const words = z.string().min(1)
/** The words of the other language: a pack signed before they existed reads without them, the shipped law has to have them (a test). */
const said = words.optional()

/** 规则. One rule of the law register §9: the steps it guards, the types of matter it applies to, the fact records it reads. */
export const ruleSchema = z.strictObject({
  id: ruleId, zh: words, en: words, sev: z.enum(['BLOCK', 'HIGH', 'MED', 'LOW']), tier: z.enum(['core', 'ext']), conf: words,
  guards: z.array(z.enum(guardedSteps)), appliesTo, facts: z.array(z.string()),
  src: words, when: words, must: words, mustZh: words, evidence: words, deadline: words, who: words, cons: words,
  whenZh: said, evidenceZh: said, deadlineZh: said, whoZh: said, consZh: said,
  /** Plain English where the register wrote code or Chinese. */
  whenEn: said, mustEn: said, evidenceEn: said, deadlineEn: said, whoEn: said, consEn: said,
})
export type Rule = z.infer<typeof ruleSchema>

/** 判定行. One row of the decision table §10; `successor` says whether dissolution and bankruptcy fall under it with or without somebody who takes over. */
export const decisionRowSchema = z.strictObject({
  id: z.string().regex(/^X\d{2}$/), kind: z.enum(['stop', 'main', 'gate', 'post', 'default']), situation: words, matter: words, appliesTo,
  successor: z.enum(['with', 'without', 'any']), outcome: words, basis: words, conf: words, note: z.string(),
  situationZh: said, situationEn: said, matterZh: said, matterEn: said, outcomeZh: said, outcomeEn: said, noteZh: said, noteEn: said,
})
export type DecisionRow = z.infer<typeof decisionRowSchema>

/** 残留副本. One row of the giver's remaining copies §10.2. */
export const residualRowSchema = z.strictObject({ id: z.string().regex(/^S\d{2}$/), situation: words, situationEn: said, action: words, actionZh: said, actionEn: said, basis: words })
export type ResidualRow = z.infer<typeof residualRowSchema>

const years = z.strictObject({ years: z.int().positive() })
/** A period a machine can count with; the original words stay beside it. */
const retentionPeriodSchema = z.union([
  years, z.strictObject({ months: z.int().positive() }), z.strictObject({ days: z.int().positive() }),
  z.strictObject({ permanent: z.literal(true) }), z.strictObject({ undetermined: z.literal(true) }), z.strictObject({ max: years }),
  z.strictObject({ cases: z.array(z.strictObject({ case: words, years: z.int().positive() })).min(2) }),
])

/** 法定保存. One entry of the retention table §3.17. */
export const retentionRowSchema = z.strictObject({
  id: z.string().regex(/^RT\d{2}$/), records: words, period: retentionPeriodSchema, periodText: words, clock: z.enum(['fiscal-year-end', 'event-day']),
  starts: words, source: words, boundKind: words, bound: words, conf: words,
  recordsEn: said, periodTextZh: said, periodTextEn: said, startsZh: said, startsEn: said, boundZh: said,
})
export type RetentionRow = z.infer<typeof retentionRowSchema>

/** 期限效力. What stands behind a deadline: a law, a recommended standard, or only a default of this product (register §1: stored apart). */
export const deadlineForces = ['legal', 'standard', 'product'] as const
export type DeadlineForce = (typeof deadlineForces)[number]

const deadlinePeriodSchema = z.strictObject({
  hours: z.int().optional(), days: z.int().optional(), workingDays: z.int().optional(), months: z.int().optional(), years: z.int().optional(),
  everyYearBy: z.string().regex(/^\d{2}-\d{2}$/).optional(), when: words.optional(),
  /** Counted from the end of the period before it, not from the start. */
  chained: z.literal(true).optional(), force: z.enum(deadlineForces).optional(),
})
/** 期限. One deadline of the register §11; several periods where the length depends on something. `direction` before = it must be done so long ahead of the event; `lawSays` = the law's own word where only a standard gives a number. */
export const deadlineSchema = z.strictObject({
  id: z.string().regex(/^[TP]\d{2}$/), length: words, period: z.array(deadlinePeriodSchema).min(1), unit: words, force: z.enum(deadlineForces), direction: z.enum(['after', 'before']),
  what: words, whatEn: words, starts: words, startsEn: words, source: words, conf: words, lawSays: words.optional(),
  lengthEn: said, lawSaysZh: said, lawSaysEn: said,
})
export type Deadline = z.infer<typeof deadlineSchema>

const dayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
/** 放假安排. The State Council's holiday notice of one year: the spans off, and the weekend days that are workdays. */
export const calendarYearSchema = z.strictObject({
  year: z.int(), notice: words, published: dayText, conf: words,
  holidays: z.array(z.strictObject({ name: words, from: dayText, to: dayText })), workdays: z.array(dayText),
})
export type CalendarYear = z.infer<typeof calendarYearSchema>

/** 审计要点. One point of the compliance audit (register §5). */
export const auditPointSchema = z.strictObject({ id: z.string().regex(/^AU\d{2}$/), title: words, titleEn: said, checks: words, checksZh: said, checksEn: said, law: words, rules: z.array(ruleId) })
export type AuditPoint = z.infer<typeof auditPointSchema>

/** 文件. One law, regulation, interpretation or standard of the register §1: how it is cited, since when it is in force, and how sure the register is. */
export const instrumentSchema = z.strictObject({
  id: z.string().regex(/^(LW|ST)\d{2}[A-Z]?$/), code: z.string().regex(/^[A-Z0-9][A-Z0-9-]*$/), zh: words, en: words, names: z.array(words).min(1),
  issuer: words, number: words.nullable(), inForce: dayText.nullable(), status: z.enum(['in-force', 'recommended', 'guidance', 'draft', 'issued', 'old-rule', 'answer']), note: z.string(), conf: words,
  /** How English sentences cite it, and its issuer and number in English. */
  enShort: said, issuerEn: said, numberEn: said,
  /** Articles of one paragraph with items: what stands in brackets behind them counts items (项), elsewhere paragraphs (款) first. */
  itemArticles: z.array(words).optional(),
})
export type Instrument = z.infer<typeof instrumentSchema>

/** 条文. One article (or a span `article`–`to`) that something of ours rests on: what it asks, in our own words, in force from (null: as its instrument) until (null: no end known). */
export const articleSchema = z.strictObject({ id: words, instrument: words, article: words, to: words.optional(), zh: words, en: words, inForce: dayText.nullable(), until: dayText.nullable(), conf: words })
export type Article = z.infer<typeof articleSchema>

/** 罚则. What a breach may cost (register §6): the articles breached, the article that punishes, amounts in words of both languages. */
export const penaltySchema = z.strictObject({ id: z.string().regex(/^PN\d{2}$/), breach: z.array(words).min(1), src: words, who: z.strictObject({ zh: words, en: words }), zh: words, en: words, conf: words })
export type Penalty = z.infer<typeof penaltySchema>

/** 未决问题. An open legal question that a matter answers by a setting (register §2): the question, its default and the alternatives, and why it is open. */
export const positionSchema = z.strictObject({
  id: z.string().regex(/^[a-z_]+$/), question: z.strictObject({ zh: words, en: words }), default: z.union([words, z.int()]),
  answers: z.array(z.strictObject({ value: z.union([words, z.int()]), zh: words, en: words })).min(2), why: z.strictObject({ zh: words, en: words }), src: words, conf: words,
})
export type OpenPosition = z.infer<typeof positionSchema>
