// SPDX-License-Identifier: Apache-2.0
import { rulesGuarding, type Rule } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import type { GuardedStep } from '../nouns.ts'
import type { Obstacle } from '../obstacles.ts'
import type { Words } from '../../kit/failure.ts'
import { gatesA } from './a.rules.ts'
import { gatesB } from './b.rules.ts'
import { gatesD } from './d.rules.ts'
import { gatesE } from './e.rules.ts'
import { gatesF, gatesG } from './f.rules.ts'
import type { Evidence, GateRule } from './gate.ts'
import { gatesH, gatesI, gatesL } from './h.rules.ts'
import { gatesJ } from './j.rules.ts'

/** The rules that are built, by id. */
export const gateRules: ReadonlyMap<string, GateRule> = new Map<string, GateRule>([gatesA, gatesB, gatesD, gatesE, gatesF, gatesG, gatesH, gatesI, gatesJ, gatesL].flatMap((room) => Object.entries(room)))

/** How a rule stands: `overridden` by two named people stays visible for ever; `not-built` is never silently satisfied, a person must check it by hand. */
export const gateStatuses = ['satisfied', 'unmet', 'overridden', 'not-applicable', 'not-built'] as const
export type GateStatus = (typeof gateStatuses)[number]

/** 闸口结果. How one rule stands before one step. */
export interface GateResult {
  rule: string
  title: string
  sev: Rule['sev']
  law: string
  conf: string
  status: GateStatus
  applies: boolean
  satisfiedBy: readonly Evidence[]
  obstacles: readonly Obstacle[]
  /** An unmet rule of this severity stops the step; others warn. */
  stops: boolean
  /** Why it does not apply, or what to do about a rule that no program checks. */
  note: Words | null
}

/** 闸口报告. All rules that guard one step. */
export interface GateReport {
  step: GuardedStep
  results: readonly GateResult[]
  /** Obstacles that stop the step; `refuseIfAny(report.obstacles, step)`. */
  obstacles: readonly Obstacle[]
  warnings: readonly Obstacle[]
  notBuilt: readonly string[]
  open: boolean
}

/** 闸口. Every rule that guards a step, asked of the matter's state; the step may be taken when no unmet rule stops it. */
export function gateFor(step: GuardedStep, state: MatterState): GateReport {
  const results = rulesGuarding(step).map((rule) => ask(rule, step, state))
  const unmet = results.filter((result) => result.status === 'unmet')
  const obstacles = unmet.filter((result) => result.stops).flatMap((result) => result.obstacles)
  return {
    step,
    results,
    obstacles,
    warnings: unmet.filter((result) => !result.stops).flatMap((result) => result.obstacles),
    notBuilt: results.filter((result) => result.status === 'not-built').map((result) => result.rule),
    open: obstacles.length === 0,
  }
}

/** BLOCK stops every step it guards; HIGH must be settled before closing (register §9) and warns before that. */
export function stopsStep(rule: Pick<Rule, 'sev'>, step: GuardedStep): boolean {
  return rule.sev === 'BLOCK' || (rule.sev === 'HIGH' && step === 'close')
}

function ask(rule: Rule, step: GuardedStep, state: MatterState): GateResult {
  const base = { rule: rule.id, title: rule.zh, sev: rule.sev, law: rule.src, conf: rule.conf, satisfiedBy: [], obstacles: [], stops: false, applies: false, note: null }
  if (!rule.appliesTo.includes(state.type)) return { ...base, status: 'not-applicable', note: { zh: '不适用于这类事项', en: 'Not for this type of matter' } }
  const gate = gateRules.get(rule.id)
  if (gate === undefined) return { ...base, status: 'not-built', applies: true, note: { zh: `程序尚不检查,请人工核对:${rule.must}`, en: `Not checked by the program, check by hand: ${rule.must}` } }
  const finding = gate(state, step)
  if (!finding.applies) return { ...base, status: 'not-applicable', note: finding.why }
  const { obstacles, evidence } = finding
  if (obstacles.length === 0) return { ...base, status: 'satisfied', applies: true, satisfiedBy: evidence }
  const override = state.overrides.find((each) => each.rule === rule.id)
  if (override !== undefined) {
    const note = { zh: `${override.on} 经两人批准改判(${override.approval})`, en: `Overridden with two people's approval on ${override.on} (${override.approval})` }
    return { ...base, status: 'overridden', applies: true, obstacles, note }
  }
  return { ...base, status: 'unmet', applies: true, obstacles, stops: stopsStep(rule, step) }
}
