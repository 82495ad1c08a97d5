// SPDX-License-Identifier: Apache-2.0
// M 组织治理: officer, training, audits, policies; duties of the handler that stand all the year and follow its size.
import { addDays, addYears, type Day } from '../../kit/time.ts'
import type { MatterState } from '../matter-state.ts'
import { auditPeriod, minorsFiledOn, minorsOf, minorsYearsDue, noMinorsIn } from '../duties-of-year.rules.ts'
import { obstacle } from '../obstacles.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { byFact, computed, dueOf, factOf, found, notApplicable, transfers, type GateFinding, type GateRule } from './gate.ts'

type Counts = NonNullable<MatterState['counts']>

function withCounts(state: MatterState, rule: string, ask: (counts: Counts) => GateFinding): GateFinding {
  return state.counts === null ? found([obstacle('PERSONS_NOT_COUNTED', { rule })]) : ask(state.counts)
}

const withinYear = (on: Day, today: Day): boolean => on <= today && addYears(on, 1) >= today
const small = (persons: number) => notApplicable(`现有 ${persons} 人,不到门槛`, `${persons} persons, below the threshold`)

/** From these numbers on a platform is large (PIPL 58; 网络数据安全管理条例 62). */
const largePlatform = { registered: 50_000_000, monthlyActive: 10_000_000 }

/** Rules M01–M12. */
export const gatesM = {
  M01: (state) =>
    withCounts(state, 'M01', ({ persons }) => {
      const { tier } = sizeTier(persons)
      if (tier !== 'dpo' && tier !== 'mass') return small(persons)
      const filed = (state.facts['protection-officer-filed'] ?? []).some(({ value }) => value.filedOn <= state.today)
      return found([!filed && obstacle('OFFICER_NOT_FILED', { counts: { persons } })], [byFact(state, 'protection-officer-filed')])
    }),
  M02: (state) =>
    withCounts(state, 'M02', ({ persons, sensitive }) => {
      const size = factOf(state, 'organisation-size')?.value
      const isLarge = persons >= 1_000_000 || sensitive >= 100_000 || size?.millionExpectedWithinYear === true || (size !== undefined && size.staff > 200 && size.mainBusinessIsPersonalInformation)
      if (!isLarge) return size === undefined ? found([obstacle('ORGANISATION_SIZE_UNKNOWN')]) : small(persons)
      const appointed = (state.facts['full-time-officer-appointed'] ?? []).some(({ value }) => value.appointedOn <= state.today)
      return found([!appointed && obstacle('FULL_TIME_OFFICER_MISSING')], [byFact(state, 'full-time-officer-appointed')])
    }),
  M03: (state) => {
    const training = factOf(state, 'training-done')?.value
    if (training === undefined || !withinYear(training.transferorOn, state.today)) return found([obstacle('TRAINING_MISSING')])
    const failed = training.tested - training.passed
    const receives = transfers(state) && (training.transfereeOn === undefined || !withinYear(training.transfereeOn, state.today))
    return found([failed > 0 && obstacle('TRAINING_NOT_PASSED', { counts: { persons: failed } }), receives && obstacle('RECIPIENT_NOT_TRAINED')], [byFact(state, 'training-done')])
  },
  M04: (state) => {
    const adopted = (state.facts['sanction-rules-adopted'] ?? []).some(({ value }) => value.adoptedOn <= state.today)
    return found([!adopted && obstacle('SANCTION_RULES_MISSING')], [byFact(state, 'sanction-rules-adopted')])
  },
  M05: (state) =>
    withCounts(state, 'M05', ({ persons }) => {
      const period = auditPeriod(state)
      if (period === null) return found([obstacle('COMPLIANCE_AUDIT_MISSING')])
      // From a million on the standard says three or four years; the shorter one counts (register T11).
      const { dueDay: due } = dueOf(state, 'T11', period.from, { persons })
      const years = Number(due.slice(0, 4)) - Number(period.from.slice(0, 4))
      const isOver = state.today > due
      const isFirst = period.ground === 'first'
      return found(
        [isOver && !isFirst && obstacle('COMPLIANCE_AUDIT_OVERDUE', { facts: { years, due } }), isOver && isFirst && obstacle('FIRST_AUDIT_OVERDUE', { facts: { due, from: period.from } })],
        [byFact(state, period.ground === 'done' ? 'compliance-audit-done' : 'audit-cycle-checked'), isFirst ? computed(`还没有审计过;首次应于 ${due} 前完成,自审计办法施行或开始处理之日起算,以较晚者为准 〔J〕`, `not audited yet; the first is due by ${due}, counted from the day the Measures came into force or processing began, whichever is later 〔J〕`) : computed(`下次应于 ${due} 前`, `the next is due by ${due}`)],
      )
    }),
  M06: (state) =>
    withCounts(state, 'M06', (counts) => {
      const minors = minorsOf(state, counts)
      const due = minorsYearsDue(state.today)
      if (due.length === 0) return notApplicable('首次报送尚未到期', 'The first filing is not due yet')
      const unfiled = due.filter((year) => minorsFiledOn(state, year) === null)
      const open = unfiled.filter((year) => !noMinorsIn(state, year, minors))
      const persons = Math.max(minors.held, minors.seen)
      if (persons === 0 && unfiled.length === due.length && open.length === 0) return notApplicable(`${due.join('、')} 年度没有处理未成年人信息`, `No information of minors was processed in ${due.join(', ')}`)
      const facts = { year: open.join(', ') }
      return found(
        [open.length > 0 && (persons > 0 ? obstacle('MINORS_AUDIT_MISSING', { counts: { persons }, facts }) : obstacle('MINORS_YEAR_UNKNOWN', { facts }))],
        [unfiled.length < due.length ? byFact(state, 'minors-audit-filed') : undefined, open.length < unfiled.length ? byFact(state, 'minors-not-processed') : undefined],
      )
    }),
  M07: (state) => {
    const { open, overdue, answered } = state.authorities.auditOrders
    if (open + answered === 0) return notApplicable('监管部门没有要求审计', 'No authority has ordered an audit')
    return found([overdue > 0 && obstacle('AUDIT_ORDER_OVERDUE', { counts: { letters: overdue } })], [computed(`审计要求:在办 ${open},已报送 ${answered}`, `ordered audits: ${open} open, ${answered} answered`)])
  },
  M08: (state) => {
    const audit = factOf(state, 'compliance-audit-done')
    const stated = factOf(state, 'audit-cycle-checked')?.value
    const engaged = factOf(state, 'audit-institution-engaged')?.value
    const byOutsider = audit?.value.by === 'institution' || (stated?.answer === 'audited' && stated.by === 'institution')
    if (!byOutsider && engaged === undefined) return notApplicable('没有委托外部审计机构', 'No outside auditor was used')
    if (engaged === undefined) return found([obstacle('AUDITOR_ENGAGEMENT_UNKNOWN')])
    const { timesInRow: times, subcontracted, deletedOn } = engaged
    return found(
      [times > 3 && obstacle('AUDITOR_TOO_OFTEN', { counts: { times } }), subcontracted && obstacle('AUDIT_SUBCONTRACTED'), (audit !== undefined || byOutsider) && (deletedOn === null || deletedOn > state.today) && obstacle('AUDITOR_KEEPS_COPIES')],
      [byFact(state, 'audit-institution-engaged')],
    )
  },
  M09: (state) =>
    withCounts(state, 'M09', ({ persons }) => {
      const answer = factOf(state, 'important-data-checked')?.value.answer
      const isMass = sizeTier(persons).tier === 'mass'
      if (answer === undefined && !isMass) return found([obstacle('IMPORTANT_DATA_NOT_CHECKED', { rule: 'M09' })])
      if (!isMass && answer === 'none-identified') return notApplicable('不涉及重要数据,也不到一千万人', 'No important data and fewer than ten million persons')
      const assessed = factOf(state, 'important-data-duties-met')?.value
      // Ten million persons bring the officer and the unit of Article 30; the yearly assessment and its report (33) are asked of important data alone.
      if (answer === 'none-identified') return found([assessed === undefined && obstacle('MASS_DUTIES_UNMET')], [byFact(state, 'important-data-duties-met')])
      if (assessed?.assessedOn === undefined || !withinYear(assessed.assessedOn, state.today)) return found([obstacle('IMPORTANT_DATA_DUTIES_UNMET')])
      const { dueDay: due } = dueOf(state, 'T13', assessed.assessedOn)
      const filed = assessed.filedOn !== undefined && assessed.filedOn <= state.today
      return found([!filed && state.today > due && obstacle('IMPORTANT_DATA_REPORT_OVERDUE', { facts: { due } })], [byFact(state, 'important-data-duties-met')])
    }),
  M10: (state) =>
    withCounts(state, 'M10', ({ persons }) => {
      const scale = factOf(state, 'platform-scale-checked')?.value
      if (scale === undefined) return persons < largePlatform.monthlyActive ? small(persons) : found([obstacle('PLATFORM_SCALE_UNKNOWN')])
      const isLarge = scale.complexAndImportant && (scale.registered >= largePlatform.registered || scale.monthlyActive >= largePlatform.monthlyActive)
      if (!isLarge) return notApplicable('不是大型网络平台', 'Not a large platform')
      const year = Number(state.today.slice(0, 4)) - 1
      const published = (state.facts['responsibility-report-published'] ?? []).some(({ value }) => value.year >= year && value.publishedOn <= state.today)
      return found([!published && obstacle('RESPONSIBILITY_REPORT_MISSING', { facts: { year } })], [byFact(state, 'responsibility-report-published')])
    }),
  M11: (state) => {
    const reviewed = factOf(state, 'policy-register-reviewed')?.value
    const items = reviewed !== undefined && reviewed.reviewedOn <= state.today ? reviewed.items : 0
    return found([items < 11 && obstacle('POLICIES_INCOMPLETE', { counts: { missing: 11 - items } })], [byFact(state, 'policy-register-reviewed')])
  },
  M12: (state) => {
    const checked = factOf(state, 'law-changes-checked')?.value
    const isFresh = checked !== undefined && checked.rules === state.law.version && checked.checkedOn <= state.today && addDays(checked.checkedOn, 31) >= state.today
    return found([!isFresh && obstacle('LAW_NOT_CHECKED', { facts: { rules: state.law.version } })], [byFact(state, 'law-changes-checked')])
  },
} as const satisfies Record<string, GateRule>
