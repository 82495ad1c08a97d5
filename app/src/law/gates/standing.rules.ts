// SPDX-License-Identifier: Apache-2.0
// Duties that stand all the year. Those that guard no step stop nothing by themselves, their overdue deadlines do (duties.rules.ts); what is unsettled of weight HIGH or BLOCK, requests, incidents, audits, filings and cryptography, stops the close besides (register §9).
import type { Rule } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import { askRule, type GateReport } from './gate-for.rules.ts'

/** 常年义务报告. Like the report of a step, for the duties that guard none. */
export type StandingReport = Omit<GateReport, 'step'> & { step: 'standing' }

/** Rules that are asked before a step and all the year: requests of individuals, incidents, cryptography, officer, audits, filings, important data. */
const alsoAllTheYear: readonly string[] = ['I01', 'I02', 'I03', 'L02', 'L03', 'L05', 'L06', 'L08', 'M01', 'M05', 'M06', 'M07', 'M09']

/** Whether a rule is a duty that stands all the year. */
export function isStanding(rule: Pick<Rule, 'id' | 'guards'>): boolean {
  return rule.guards.length === 0 || alsoAllTheYear.includes(rule.id)
}

/** 常年义务. Every rule that stands all the year (incidents, rights, training, audit …), asked of the matter's state; `open` when no BLOCK rule is unmet. */
export function standingFor(state: MatterState): StandingReport {
  const results = state.law.rules.filter(isStanding).map((rule) => askRule(rule, 'standing', state))
  const unmet = results.filter((result) => result.status === 'unmet')
  const obstacles = unmet.filter((result) => result.stops).flatMap((result) => result.obstacles)
  return {
    step: 'standing', results, obstacles, warnings: unmet.filter((result) => !result.stops).flatMap((result) => result.obstacles),
    open: obstacles.length === 0,
  }
}
