// SPDX-License-Identifier: Apache-2.0
// E 告知与同意: everybody in the set was told what the law asks, and who had to consent did. Counts come from today's facts, not from the plan's memory.
import type { ConsentTally, MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle, type ObstacleCode } from '../obstacles.ts'
import { byFact, computed, factOf, found, noticeObstacles, notApplicable, underArticle22, whenTransferring, withPlan, type GateFinding, type GateRule } from './gate.ts'

/** Obstacles from one consent's tally: silence and refusal both keep a record out (PIPL 14). */
function consentObstacles(tally: ConsentTally, missing: ObstacleCode, rule: string): Obstacle[] {
  const unanswered = tally.due - tally.given - tally.refused // counted from what is due, so that nothing falls between the columns
  return [
    ...(unanswered > 0 ? [obstacle(missing, { rule, counts: { records: unanswered } })] : []),
    ...(tally.refused > 0 ? [obstacle('CONSENT_REFUSED', { rule, counts: { records: tally.refused } })] : []),
  ]
}

/** A transferee must be known before anybody can be told its name. */
function transfereeObstacle(state: MatterState, rule: string): Obstacle | undefined {
  return state.parties.some((party) => party.role === 'transferee') ? undefined : obstacle('TRANSFEREE_UNKNOWN', { rule })
}

function told(state: MatterState, kind: 'art22' | 'art23' | 'art30'): ReturnType<typeof computed> {
  const tally = state.plan?.transfer.notices[kind]
  return computed(`应告知 ${tally?.due ?? 0},送达 ${tally?.delivered ?? 0},公告 ${tally?.announced ?? 0}`, `${tally?.due ?? 0} to be told, ${tally?.delivered ?? 0} delivered, ${tally?.announced ?? 0} announced`)
}

function moves(state: MatterState, rule: string, ask: (plan: NonNullable<MatterState['plan']>) => GateFinding): GateFinding {
  return whenTransferring(state, () => withPlan(state, rule, (plan) => (plan.transfer.records === 0 ? notApplicable('拟移交集为空', 'Nothing is to be transferred') : ask(plan))))
}

/** Rules E01, E02, E04 and E08. */
export const gatesE = {
  E01: (state) => {
    if (!underArticle22(state)) return notApplicable('适用第二十三条(见 E02)', 'Article 23 applies (see E02)')
    return moves(state, 'E01', () => found([transfereeObstacle(state, 'E01'), ...noticeObstacles(state, 'art22', 'E01')], [told(state, 'art22')]))
  },
  E02: (state) => {
    if (underArticle22(state)) return notApplicable('适用第二十二条(见 E01)', 'Article 22 applies (see E01)')
    return moves(state, 'E02', (plan) => {
      const { transfer, sensitive } = plan.transfer.consents
      const asked = transfer.due + sensitive.due > 0
      return found(
        [
          transfereeObstacle(state, 'E02'),
          ...noticeObstacles(state, 'art23', 'E02'),
          ...consentObstacles(transfer, 'CONSENT_MISSING', 'E02'),
          ...consentObstacles(sensitive, 'SENSITIVE_CONSENT_MISSING', 'E02'),
          asked && factOf(state, 'separate-consent-text-approved') === undefined && obstacle('SEPARATE_CONSENT_TEXT_MISSING'),
        ],
        [told(state, 'art23'), computed(`单独同意 ${transfer.given}/${transfer.due}`, `separate consent ${transfer.given} of ${transfer.due}`), byFact(state, 'separate-consent-text-approved')],
      )
    })
  },
  E04: (state) =>
    moves(state, 'E04', (plan) =>
      plan.transfer.sensitiveRecords === 0 ? notApplicable('拟移交集里没有敏感信息', 'No sensitive information in the set') : found(noticeObstacles(state, 'art30', 'E04'), [told(state, 'art30')]),
    ),
  E08: (state) =>
    moves(state, 'E08', (plan) => {
      const { guardian } = plan.transfer.consents
      if (plan.transfer.under14 === 0) return notApplicable('拟移交集里没有不满十四周岁的人', 'Nobody under 14 in the set to be transferred')
      return found(
        [
          ...noticeObstacles(state, 'art31', 'E08'),
          ...consentObstacles(guardian, 'GUARDIAN_CONSENT_MISSING', 'E08'),
          guardian.due > 0 && factOf(state, 'guardian-consent-checked') === undefined && obstacle('GUARDIANSHIP_NOT_CHECKED'),
        ],
        [computed(`监护人同意 ${guardian.given}/${guardian.due}`, `guardian's consent ${guardian.given} of ${guardian.due}`), byFact(state, 'guardian-consent-checked')],
      )
    }),
} as const satisfies Record<string, GateRule>
