// SPDX-License-Identifier: Apache-2.0
// J 保存与销毁: what the law orders to keep is not destroyed, and what is destroyed was examined first.
import { addMonths } from '../../kit/time.ts'
import { endsCompany } from '../decision-table.rules.ts'
import type { DestructionSummary, MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { retentionFor } from '../retention.rules.ts'
import { byFact, computed, endsWithoutSuccessor, factOf, found, notApplicable, withPlan, type GateFinding, type GateRule } from './gate.ts'

/** The rule asks about the set to be destroyed; nothing to destroy, nothing to ask. */
function destroying(state: MatterState, rule: string, ask: (set: DestructionSummary) => GateFinding): GateFinding {
  return withPlan(state, rule, (plan) => (plan.destruction.values === 0 ? notApplicable('没有拟销毁的字段值', 'Nothing is to be destroyed') : ask(plan.destruction)))
}

const running = (values: number, rule: string): Obstacle | false => values > 0 && obstacle('RETENTION_RUNNING', { rule, counts: { values } })

/** J02–J04 ask the same of another kind of duty. */
function keptLongEnough(state: MatterState, rule: string, kind: keyof DestructionSummary['retentionRunning']): GateFinding {
  return destroying(state, rule, (set) =>
    found([running(set.retentionRunning[kind], rule), factOf(state, 'retention-map-approved') === undefined && obstacle('RETENTION_MAP_NOT_APPROVED', { rule })], [byFact(state, 'retention-map-approved')]),
  )
}

/** J05 and J06: the sector law's order of disposal when the institution ends. */
function handedToSector(state: MatterState, rule: 'J05' | 'J06'): GateFinding {
  const sector = rule === 'J05' ? 'anti-money-laundering' : 'credit-reporting'
  const checked = factOf(state, 'sector-checked')
  const applies = checked?.value.sectors.includes(sector) === true || (rule === 'J05' && state.dataSets.some((dataSet) => dataSet.antiMoneyLaundering))
  if (checked === undefined && !applies) return found([obstacle('SECTOR_NOT_CHECKED', { rule })])
  if (!applies) return notApplicable('不属于该行业', 'Not of that sector')
  const done = (state.facts['sector-hand-over'] ?? []).filter((fact) => fact.value.sector === sector && fact.value.on <= state.today)
  // 反洗钱法 34 knows one way, the designated body; 征信条例 12 three in their order.
  const isElsewhere = rule === 'J05' && done.length > 0 && done.every(({ value }) => value.way !== 'designated-body')
  return found([done.length === 0 && obstacle(rule === 'J05' ? 'SECTOR_HAND_OVER_MISSING' : 'CREDIT_BUREAU_ORDER_MISSING'), isElsewhere && obstacle('SECTOR_HAND_OVER_ELSEWHERE')], [byFact(state, 'sector-hand-over')])
}

/** What is evidence while somebody may still claim: refunds of prepaid customers (预付式解释 25), an audit that an authority ordered. Undeclared circumstances are never presumed absent. */
function openEvidence(state: MatterState): (Obstacle | false)[] {
  const declared = factOf(state, 'circumstances-declared')
  const settled = factOf(state, 'prepaid-settled')?.value
  const orders = state.authorities.auditOrders.open
  return [
    declared === undefined && obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: 'J07' }),
    declared?.value.prepaid === true && (settled === undefined || settled.unsettled > 0) && obstacle('PREPAID_EVIDENCE_IN_DESTRUCTION', { facts: { customers: settled?.unsettled ?? '?' } }),
    orders > 0 && obstacle('ORDERED_AUDIT_OPEN', { counts: { letters: orders } }),
  ]
}

/** J04: who operates a platform has platform records; a data set of that class asks, and so does the sector that people checked. */
function platformRecords(state: MatterState): GateFinding {
  if (state.dataSets.some((dataSet) => dataSet.platform)) return keptLongEnough(state, 'J04', 'platform')
  const sectors = factOf(state, 'sector-checked')?.value.sectors
  if (sectors?.includes('e-commerce-platform') === false) return notApplicable('没有平台交易信息', 'No platform records')
  return destroying(state, 'J04', () => found([sectors === undefined ? obstacle('SECTOR_NOT_CHECKED', { rule: 'J04' }) : obstacle('PLATFORM_RECORDS_UNASSIGNED')]))
}

const notEnding = () => notApplicable('不是解散、破产或停止运营而无承接方', 'Not an end without a successor')

/** Rules J01–J16. */
export const gatesJ = {
  J01: (state) =>
    destroying(state, 'J01', (set) => {
      const all = Object.values(set.retentionRunning).reduce((total, values) => total + values, 0)
      const unassigned = set.retentionUnassigned
      return found([running(all, 'J01'), unassigned > 0 && obstacle('RETENTION_UNASSIGNED', { counts: { values: unassigned } })], [computed('拟销毁集里没有保存期未满的字段值', 'No value under a running duty in the set to be destroyed')])
    }),
  J02: (state) => keptLongEnough(state, 'J02', 'accounting'),
  J03: (state) => keptLongEnough(state, 'J03', 'tax'),
  J04: platformRecords,
  J05: (state) => handedToSector(state, 'J05'),
  J06: (state) => handedToSector(state, 'J06'),
  J07: (state) =>
    destroying(state, 'J07', (set) => {
      const newest = factOf(state, 'hold-register-reviewed')
      const reviewed = newest !== undefined && newest.value.reviewedOn <= state.today ? newest : undefined
      const claims = reviewed?.value.openClaims ?? 0
      return found(
        [
          reviewed === undefined && obstacle('HOLD_REGISTER_NOT_REVIEWED'),
          set.held > 0 && obstacle('HELD_IN_DESTRUCTION', { counts: { records: set.held } }),
          set.openRequests > 0 && obstacle('REQUEST_OPEN', { rule: 'J07', counts: { records: set.openRequests } }),
          claims > state.holdOrders && obstacle('CLAIMS_WITHOUT_HOLD', { counts: { claims, holds: state.holdOrders } }),
          ...openEvidence(state),
        ],
        [byFact(state, 'hold-register-reviewed')],
      )
    }),
  J08: (state) => {
    const sealed = state.plan?.sealedWithCustodian ?? 0
    const { sets, endless, until: needed } = state.custody
    const books = (state.facts['books-handed-over'] ?? []).some(({ value }) => value.on <= state.today)
    const deed = (state.facts['custody-deed-signed'] ?? []).findLast(({ value }) => value.signedOn <= state.today)?.value
    const until = deed?.until ?? null // without a deed, and without an end of it, nothing ends early
    const endsEarly = until !== null && (endless || (needed !== null && until < needed))
    return found(
      [
        !books && obstacle('BOOKS_NOT_HANDED_OVER'),
        (sealed > 0 || sets > 0) && deed === undefined && obstacle('CUSTODY_DEED_MISSING', { counts: { values: sealed } }),
        endsEarly && obstacle('CUSTODY_DEED_ENDS_EARLY', { facts: { until, needed: endless ? '永久 / for ever' : (needed ?? '') } }),
      ],
      [byFact(state, 'books-handed-over'), byFact(state, 'custody-deed-signed')],
    )
  },
  J09: (state) => {
    if (!endsWithoutSuccessor(state)) return notEnding()
    const told = (state.facts['stop-notice-given'] ?? []).some(({ value }) => value.toldOn <= state.today && value.stoppedCollectingOn <= state.today)
    return found([!told && obstacle('STOP_NOTICE_MISSING')], [byFact(state, 'stop-notice-given')])
  },
  J10: (state) => {
    if (!endsCompany(state.type) || state.successor) return notEnding()
    return withPlan(state, 'J10', (plan) => {
      // Counted of what is still there: a plan to destroy is no destruction. What becomes anonymous stays.
      const values = plan.keptValues + plan.transfer.values + plan.pendingValues + plan.destruction.values - plan.destruction.anonymisedValues
      return found([values > 0 && obstacle('LEFT_WITHOUT_SUCCESSOR', { counts: { values } })], [computed(`全部销毁、匿名化或封存;终定证明 ${state.certificates.final} 份`, `Everything destroyed, anonymised or sealed; ${state.certificates.final} final certificates`)])
    })
  },
  J11: (state) => {
    if (!endsWithoutSuccessor(state)) return notEnding()
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'J11' })])
    const { under14 } = state.counts
    if (under14 === 0) return notApplicable('没有不满十四周岁的人', 'Nobody under 14')
    const told = (state.facts['guardians-told'] ?? []).some(({ value }) => value.toldOn <= state.today && value.guardians > 0)
    return found([!told && obstacle('GUARDIANS_NOT_TOLD', { counts: { under14 } })], [byFact(state, 'guardians-told')])
  },
  J12: (state) => {
    const { pending, final } = state.certificates
    if (pending + final === 0) return notApplicable('没有销毁', 'Nothing was destroyed')
    return found([pending > 0 && obstacle('CERTIFICATE_PENDING', { counts: { certificates: pending } })], [computed(`终定证明 ${final} 份`, `${final} final certificates`)])
  },
  J13: (state) =>
    destroying(state, 'J13', ({ anonymisedValues: values }) =>
      values === 0
        ? notApplicable('没有匿名化', 'Nothing is anonymised')
        : found([!(state.facts['anonymisation-tested'] ?? []).some(({ value }) => value.testedOn <= state.today) && obstacle('ANONYMISATION_UNPROVEN', { counts: { values } })], [byFact(state, 'anonymisation-tested')]),
    ),
  J14: (state) =>
    destroying(state, 'J14', ({ accountingExpired: values }) =>
      values === 0
        ? notApplicable('没有期满的会计档案', 'No expired accounting archives')
        : found([factOf(state, 'accounting-appraisal') === undefined && obstacle('ACCOUNTING_APPRAISAL_MISSING', { counts: { values } })], [byFact(state, 'accounting-appraisal')]),
    ),
  J15: (state) => destroying(state, 'J15', () => found([factOf(state, 'archive-appraisal') === undefined && obstacle('ARCHIVE_APPRAISAL_MISSING')], [byFact(state, 'archive-appraisal')])),
  J16: (state) => {
    // Of each day six months (网络安全法 23(3)): the logs of today last until six months from today, and those of the last six months are there.
    const until = retentionFor('network-log', state.today, undefined, state.law.retentionRows).at(0)?.until
    const from = addMonths(state.today, -6)
    const kept = (state.facts['logs-archived'] ?? []).some(({ value }) => until !== undefined && value.until >= until && value.from <= from)
    return found([!kept && obstacle('LOGS_NOT_ARCHIVED', { facts: { from, until: until ?? '' } })], [byFact(state, 'logs-archived')])
  },
} as const satisfies Record<string, GateRule>
