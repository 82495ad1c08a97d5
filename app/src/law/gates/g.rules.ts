// SPDX-License-Identifier: Apache-2.0
// G 出境: whether values may leave the mainland, by which mechanism, and what keeps that mechanism alive.
import type { Day } from '../../kit/time.ts'
import { workCalendar } from '../calendar.rules.ts'
import { countPeriod, type DeadlinePeriod } from '../deadline.rules.ts'
import { exportObstacles, type ExportRoute } from '../export-route.rules.ts'
import type { FactValue } from '../facts.ts'
import { deadlines } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { byFact, computed, consentObstacles, factOf, found, noonOf, noticeObstacles, notApplicable, transfers, whenDeclared, withPlan, type Evidence, type GateFinding, type GateRule } from './gate.ts'
import { ofParties, openLooks, untoldLooks } from './looks.rules.ts'

const stayHome = (): GateFinding => notApplicable('没有境外接收方或查看者', 'No recipient or viewer abroad')

function abroadTold(state: MatterState): Evidence {
  const tally = state.plan?.transfer.notices.art39
  const told = (tally?.delivered ?? 0) + (tally?.announced ?? 0)
  return computed(`境外接收方已告知 ${told}/${tally?.due ?? 0}`, `${told} of ${tally?.due ?? 0} told of the recipient abroad`)
}

/** Asks on when the recorded route is this one. */
function onRoute(state: MatterState, route: ExportRoute, ask: (done: FactValue<'export-route-done'>) => GateFinding): GateFinding {
  if (state.exportRoute === null) return stayHome()
  const done = factOf(state, 'export-route-done')?.value
  return done?.route === route ? ask(done) : notApplicable('登记的路径不是这一种', 'The recorded route is another one')
}

/** The last day for an application that is due so long before the end of a term, by the line (T15, T16) and the calendar of the law in use; null for a term without end on record. A line that a pack left out counts as shipped. */
function dueBefore(state: MatterState, until: Day | undefined, line: 'T15' | 'T16'): Day | null {
  if (until === undefined) return null
  const beforeEnd = (lines: MatterState['law']['deadlines']): DeadlinePeriod | undefined => lines.find(({ id }) => id === line)?.period.find(({ chained }) => chained === true)
  const period = beforeEnd(state.law.deadlines) ?? beforeEnd(deadlines)
  return period === undefined ? until : countPeriod(period, noonOf(until), { calendar: workCalendar(state.law.calendarYears), before: false }).dueDay
}

/** Rules G01–G08. */
export const gatesG = {
  G01: (state) => {
    const unanswered = !state.abroadAnswered && obstacle('ABROAD_ACCESS_UNANSWERED')
    if (state.exportRoute === null) return unanswered ? found([unanswered]) : stayHome()
    const { persons, sensitive } = state.exportRoute.result.total
    return found([unanswered, ...exportObstacles(state.exportRoute, state.today)], [computed(`当年累计 ${persons} 人,其中敏感 ${sensitive} 人`, `${persons} persons this year, ${sensitive} of them with sensitive information`), byFact(state, 'export-route-done')])
  },
  G02: (state, step) => {
    if (state.exportRoute === null) return stayHome()
    const seen = ofParties('LOOK_NOT_TOLD', untoldLooks(state, 'abroad'))
    // Nothing moves, or it has moved: what is left is what people abroad see; somebody has to have said who they are.
    if (!transfers(state) || step === 'close') {
      const isUnknown = state.exportRoute.viewers > 0 && !openLooks(state).some(({ value }) => value.place === 'abroad')
      return found([...seen, isUnknown && !transfers(state) && obstacle('VIEWERS_NOT_RECORDED', { rule: 'G02' })], [byFact(state, 'viewer-access'), byFact(state, 'abroad-access')])
    }
    return withPlan(state, 'G02', (plan) => {
      const { export: abroad } = plan.transfer.consents
      const isTextMissing = abroad.due > 0 && factOf(state, 'separate-consent-text-approved') === undefined
      return found(
        [...seen, ...noticeObstacles(state, 'art39', 'G02'), ...consentObstacles(abroad, { missing: 'EXPORT_CONSENT_MISSING', refused: 'EXPORT_CONSENT_REFUSED' }, 'G02'), isTextMissing && obstacle('SEPARATE_CONSENT_TEXT_MISSING', { rule: 'G02' })],
        [abroadTold(state), computed(`出境单独同意 ${abroad.given}/${abroad.due}(只在以同意为基础时征求)`, `separate consent to going abroad ${abroad.given} of ${abroad.due} (asked where consent is the basis)`)],
      )
    })
  },
  G03: (state) => {
    if (state.exportRoute === null) return stayHome()
    const answered = factOf(state, 'export-answers')
    const isOfThisYear = answered !== undefined && String(answered.value.year) === state.today.slice(0, 4)
    return found([!isOfThisYear && obstacle('EXPORT_COUNTS_OF_OTHER_YEAR')], [byFact(state, 'export-answers'), computed('集团其他主体、其他系统和各批次合并计算', 'Other entities of the group, other systems and all batches are counted together')])
  },
  G04: (state) =>
    onRoute(state, 'standard-contract', ({ filedOn }) =>
      found([(filedOn === undefined || filedOn > state.today) && obstacle('CONTRACT_NOT_FILED')], [byFact(state, 'export-route-done'), computed('交易后承接的处理者须自行签订并备案(推断)', 'A successor signs and files its own contract (our reading)')]),
    ),
  G05: (state) =>
    onRoute(state, 'security-assessment', ({ validUntil: until }) => {
      const last = dueBefore(state, until, 'T15')
      if (until === undefined || last === null) return found([obstacle('EXPORT_EXTENSION_DUE', { facts: { until: '?' } })])
      return found([state.today > last && obstacle('EXPORT_EXTENSION_DUE', { facts: { until } })], [byFact(state, 'export-route-done'), computed(`最迟 ${last} 申请延期`, `extension to be applied for by ${last}`)])
    }),
  G06: (state) =>
    onRoute(state, 'certification', ({ validUntil: until }) => {
      const last = dueBefore(state, until, 'T16')
      if (until === undefined || last === null) return found([obstacle('CERTIFICATE_RENEWAL_DUE', { facts: { until: '?' } })])
      return found([state.today > last && obstacle('CERTIFICATE_RENEWAL_DUE', { facts: { until } })], [byFact(state, 'export-route-done'), computed(`最迟 ${last} 续证`, `renewal due by ${last}`)])
    }),
  G07: (state) =>
    whenDeclared(state, {
      circumstance: 'foreignRequest', rule: 'G07', without: { zh: '没有外国机构要求提供', en: 'No foreign authority asks' },
      with: () => found([!(state.facts['foreign-request-approved'] ?? []).some(({ value }) => value.approvedOn <= state.today) && obstacle('FOREIGN_REQUEST_NOT_APPROVED')], [byFact(state, 'foreign-request-approved')]),
    }),
  G08: (state) =>
    whenDeclared(state, {
      circumstance: 'stateArchives', rule: 'G08', without: { zh: '不涉及重要档案', en: 'No archives of importance' },
      with: () => found([factOf(state, 'archives-export-cleared') === undefined && obstacle('ARCHIVES_NOT_CLEARED')], [byFact(state, 'archives-export-cleared')]),
    }),
} as const satisfies Record<string, GateRule>
