// SPDX-License-Identifier: Apache-2.0
// HIGH rules about something that cannot be put right once a step is taken: what has left or is erased is asked about no more, so they stop that step and not only the close.
import type { Rule } from '../law-data.ts'
import type { AskedAt } from './gate.ts'

/**
 * 最后一道. By step, the HIGH rules whose duty falls before it by the register ("before transfer", "before packaging", "at collection", "before sale", "before upload") and which find nothing left to ask about afterwards:
 * evidence of consent, minimisation, the contents of the assessment, notices and consents and their form, children's rules, assent to the contract's assignment, archives abroad, faces, open requests, the plan of a bankrupt's sale;
 * before destruction the appraisal of accounting and other archives; before a room is opened its de-identification and its controls.
 */
export const lastChance = {
  'room-open': ['C03', 'C05'],
  pack: ['B07', 'B08', 'D02', 'E03', 'E04', 'E06', 'E07', 'E09', 'E17', 'G08', 'H02', 'I08', 'K06'],
  destroy: ['J14', 'J15'],
} as const satisfies Partial<Record<AskedAt, readonly string[]>>

/** Whether an unmet rule stops a step: BLOCK every step that it guards, HIGH the close (register §9) and the step after which it is too late. */
export function stopsStep(rule: Pick<Rule, 'id' | 'sev'>, step: AskedAt): boolean {
  if (rule.sev !== 'HIGH') return rule.sev === 'BLOCK'
  const late: Readonly<Partial<Record<AskedAt, readonly string[]>>> = lastChance
  return step === 'close' || late[step]?.includes(rule.id) === true
}
