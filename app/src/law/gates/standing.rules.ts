// SPDX-License-Identifier: Apache-2.0
// Rules without a step: duties that stand all the year. They stop nothing; an unmet one of severity BLOCK still makes the report fail.
import type { MatterState } from '../matter-state.ts'
import { askRule, type GateReport } from './gate-for.rules.ts'

/** 常年义务报告. Like the report of a step, for the duties that guard none. */
export type StandingReport = Omit<GateReport, 'step'> & { step: 'standing' }

/** 常年义务. Every rule that guards no step (incidents, rights, training, audit …), asked of the matter's state; `open` when no BLOCK rule is unmet. */
export function standingFor(state: MatterState): StandingReport {
  const results = state.law.rules.filter((rule) => rule.guards.length === 0).map((rule) => askRule(rule, 'standing', state))
  const unmet = results.filter((result) => result.status === 'unmet')
  const obstacles = unmet.filter((result) => result.stops).flatMap((result) => result.obstacles)
  return {
    step: 'standing', results, obstacles, warnings: unmet.filter((result) => !result.stops).flatMap((result) => result.obstacles),
    notBuilt: results.filter((result) => result.status === 'not-built').map((result) => result.rule), open: obstacles.length === 0,
  }
}
