// SPDX-License-Identifier: Apache-2.0
// D 影响评估: assessed and approved before anything moves.
import { obstacle } from '../obstacles.ts'
import { byFact, found, notApplicable, whenTransferring, withPlan, type GateRule } from './gate.ts'

/** Rules D01 and D06. */
export const gatesD = {
  D01: (state) =>
    whenTransferring(state, () => {
      const approved = (state.facts['pia-approved'] ?? []).some((fact) => fact.value.approvedOn <= state.today)
      return found([!approved && obstacle('PIA_MISSING')], [byFact(state, 'pia-approved')])
    }),
  D06: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'D06', (plan) => {
        if (plan.transfer.under14 === 0) return notApplicable('拟移交集里没有不满十四周岁的人', 'Nobody under 14 in the set to be transferred')
        const assessed = (state.facts['child-assessment'] ?? []).some((fact) => fact.value.assessedOn <= state.today)
        return found([!assessed && obstacle('CHILD_ASSESSMENT_MISSING', { counts: { persons: plan.transfer.under14 } })], [byFact(state, 'child-assessment')])
      }),
    ),
} as const satisfies Record<string, GateRule>
