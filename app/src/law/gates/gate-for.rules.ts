// SPDX-License-Identifier: Apache-2.0
import { rulesGuarding, type Rule } from '../law-data.ts'
import { dutyObstacles } from '../duties.rules.ts'
import type { MatterState } from '../matter-state.ts'
import type { GuardedStep } from '../nouns.ts'
import { obstacle, raisedBy, type Obstacle } from '../obstacles.ts'
import type { Words } from '../../kit/failure.ts'
import { gatesA } from './a.rules.ts'
import { gatesB } from './b.rules.ts'
import { gatesC } from './c.rules.ts'
import { gatesD } from './d.rules.ts'
import { gatesE } from './e.rules.ts'
import { gatesF } from './f.rules.ts'
import { gatesG } from './g.rules.ts'
import { askingOfWished, computed, found, notApplicable, type AskedAt, type Evidence, type GateRule } from './gate.ts'
import { gatesH } from './h.rules.ts'
import { gatesI } from './i.rules.ts'
import { gatesJ } from './j.rules.ts'
import { gatesK } from './k.rules.ts'
import { gatesL } from './l.rules.ts'
import { stopsStep } from './last-chance.rules.ts'
import { gatesM } from './m.rules.ts'
import { overrideOf } from './override.rules.ts'

/** The rules that are built, by id. */
export const gateRules: ReadonlyMap<string, GateRule> = new Map<string, GateRule>([gatesA, gatesB, gatesC, gatesD, gatesE, gatesF, gatesG, gatesH, gatesI, gatesJ, gatesK, gatesL, gatesM].flatMap((room) => Object.entries(room)))

/** How a rule stands: `overridden` by three named people (who asks and two more) stays visible for ever. */
export const gateStatuses = ['satisfied', 'unmet', 'overridden', 'not-applicable'] as const
export type GateStatus = (typeof gateStatuses)[number]

/** 闸口结果. How one rule stands before one step. */
export interface GateResult {
  rule: string
  /** The rule's title in Chinese, and in English. */
  title: string
  titleEn: string
  sev: Rule['sev']
  law: string
  conf: string
  status: GateStatus
  applies: boolean
  satisfiedBy: readonly Evidence[]
  obstacles: readonly Obstacle[]
  /** An unmet rule of this severity stops the step; others warn. */
  stops: boolean
  /** Why it does not apply, how an override stands, or what a rule that no program knows asks of people. */
  note: Words | null
}

/** 闸口报告. All rules that guard one step. */
export interface GateReport {
  step: GuardedStep
  results: readonly GateResult[]
  /** Obstacles that stop the step; `refuseIfAny(report.obstacles, step)`. */
  obstacles: readonly Obstacle[]
  warnings: readonly Obstacle[]
  open: boolean
}

/** 闸口. Every rule that guards a step, asked of the matter's state; the step may be taken when no unmet rule stops it. */
export function gateFor(step: GuardedStep, state: MatterState): GateReport {
  const asked = rulesGuarding(step, state.law).map((rule) => askRule(rule, step, state))
  const results = [...asked, ...overdueDuties(step, state, new Set(asked.filter(({ obstacles }) => obstacles.length > 0).map(({ rule }) => rule)))]
  const unmet = results.filter((result) => result.status === 'unmet')
  const obstacles = unmet.filter((result) => result.stops).flatMap((result) => result.obstacles)
  return {
    step,
    results,
    obstacles,
    warnings: unmet.filter((result) => !result.stops).flatMap((result) => result.obstacles),
    open: obstacles.length === 0,
  }
}

/** Overdue duties of the calendar stand among the results like a rule that is not met. */
function overdueDuties(step: GuardedStep, state: MatterState, objecting: ReadonlySet<string>): GateResult[] {
  return dutyObstacles(state, step, objecting).map(({ duty, obstacle, stops }): GateResult => ({
    rule: duty.rule, title: `逾期:${duty.deadline.what.zh}`, titleEn: `Overdue: ${duty.deadline.what.en}`, sev: duty.sev, law: duty.deadline.source, conf: duty.deadline.conf, status: 'unmet', applies: true, satisfiedBy: [], obstacles: [obstacle], stops,
    note: duty.deadline.counted,
  }))
}

/** How one rule stands, asked before a step or as a standing duty. */
export function askRule(rule: Rule, step: AskedAt, state: MatterState): GateResult {
  const base = { rule: rule.id, title: rule.zh, titleEn: rule.en, sev: rule.sev, law: rule.src, conf: rule.conf, satisfiedBy: [], obstacles: [], stops: false, applies: false, note: null }
  if (!rule.appliesTo.includes(state.type)) return { ...base, status: 'not-applicable', note: { zh: '不适用于这类事项', en: 'Not for this type of matter' } }
  const finding = (gateRules.get(rule.id) ?? checkedByHand(rule))(askingOfWished(state), step)
  if (!finding.applies) return { ...base, status: 'not-applicable', note: finding.why }
  const cited = { id: rule.id, law: rule.src, conf: rule.conf }
  const { evidence } = finding
  const obstacles = finding.obstacles.map((each) => raisedBy(cited, each))
  if (obstacles.length === 0) return { ...base, status: 'satisfied', applies: true, satisfiedBy: evidence }
  const { inForce, note } = overrideOf(rule.id, obstacles, state)
  return inForce ? { ...base, status: 'overridden', applies: true, obstacles, note } : { ...base, status: 'unmet', applies: true, obstacles, stops: stopsStep(rule, step), note }
}

/** A rule that came with a law pack and that no program knows: it is met only by the word of a person, with a document behind it. */
function checkedByHand(rule: Rule): GateRule {
  return (state) => {
    const checked = (state.facts['rule-checked-by-hand'] ?? []).find(({ value }) => value.rule === rule.id && value.checkedOn <= state.today)
    if (checked?.value.outcome === 'does-not-apply') return notApplicable(`经人核对不适用(${checked.recordedOn} 签署)`, `Checked by a person: does not apply (signed ${checked.recordedOn})`)
    const asked = computed(`规则的要求:${rule.mustZh}`, `what the rule asks: ${rule.mustEn ?? rule.must}`)
    return found([checked === undefined && obstacle('RULE_WITHOUT_CODE', { facts: { which: rule.id } })], [asked, checked === undefined ? undefined : { zh: `经人核对(${checked.recordedOn} 签署)`, en: `Checked by a person (signed ${checked.recordedOn})`, fact: checked.id }])
  }
}
