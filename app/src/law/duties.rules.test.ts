// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { dayOf, instantOf } from '../kit/time.ts'
import { nothingHappened, type Duty, type DutyEvents } from './duties.ts'
import { dutiesOf, isSettledByHand, isStop } from './duties.rules.ts'
import type { FactName, FactValue } from './facts.ts'
import { gateFor } from './gates/gate-for.rules.ts'
import { allFacts, stateOf } from './gates/gates.cases.ts'
import type { FactsByName, MatterState } from './matter-state.ts'
import { nothingStanding } from './standing-state.ts'
import { guardedSteps, matterTypes, type MatterType } from './nouns.ts'
import { spellObstacle } from './obstacles.ts'

const day = dayOf
const at = (text: string) => instantOf(`${text}:00+08:00`)
const now = at('2026-11-21T16:00')

/** A matter about which nothing is known but what a test says. */
function bare(type: MatterType, change: Partial<MatterState> = {}, events: Partial<DutyEvents> = {}): MatterState {
  return stateOf(type, { ...nothingStanding, facts: {}, counts: null, overrides: [], today: day('2026-11-21'), ...change, dutyEvents: { ...nothingHappened(now), ...events } })
}
function signed<N extends FactName>(name: N, value: FactValue<N>): FactsByName {
  const fact = { id: `fct_${name}`, name, value, signerRole: 'transferor' as const, recordedOn: day('2026-11-01'), hasEvidence: true }
  return { [name]: [fact] }
}
const found = (state: MatterState, id: string): Duty => {
  const duty = dutiesOf(state).find((each) => each.id === id)
  if (duty === undefined) throw new Error(`no duty ${id} among ${dutiesOf(state).map((each) => each.id).join(', ')}`)
  return duty
}

describe('duties of a matter', () => {
  it('are none while nothing has happened', () => {
    expect(dutiesOf(bare('share-transfer', { plan: null, packages: { issued: 0, withoutAcceptance: 0, withDifferences: 0, withoutReconciliation: 0 } }))).toEqual([])
  })

  it('run from each day on which requests came in, and are overdue after their last day', () => {
    const requests = { open: [{ choice: 'delete' as const, receivedOn: day('2026-10-20'), persons: 3 }, { choice: 'copy' as const, receivedOn: day('2026-11-20'), persons: 1 }], refused: 0, refusedMinors: 0, copies: 1, correctedAfterLeaving: 0 }
    const state = bare('asset-transfer', { requests })
    expect(found(state, 'T07-I01-delete-2026-10-20')).toMatchObject({ status: 'overdue', count: 3, sev: 'HIGH', deadline: { dueDay: '2026-11-19', force: 'standard', lawSays: '及时 (PIPL 45–50)' } })
    expect(found(state, 'T07-I01-copy-2026-11-20')).toMatchObject({ status: 'open', deadline: { dueDay: '2026-12-21' } }) // the 20th of December is a Sunday
  })

  it('of a liquidation follow its dates, and what was done late says so', () => {
    const facts = {
      ...signed('liquidation-group-formed', { causeOn: day('2026-09-01'), formedOn: day('2026-09-21'), members: 3, by: 'directors' }),
      ...signed('liquidation-creditors-told', { knownToldOn: day('2026-10-08'), announcedOn: day('2026-10-20'), where: 'newspaper', prepaidCustomers: 0, prepaidTold: 0, ledger: 'ab'.repeat(32) }),
    }
    const state = bare('dissolution', { facts })
    expect(found(state, 'T23-K01-2026-09-01')).toMatchObject({ status: 'done', late: true, doneOn: '2026-09-21', deadline: { dueDay: '2026-09-16' } })
    expect(found(state, 'T24-K03-0-2026-09-21')).toMatchObject({ status: 'done', late: false, deadline: { dueDay: '2026-10-08', countedDay: '2026-10-01' } }) // ten days end in the National Day holidays
    expect(found(state, 'T24-K03-1-2026-09-21')).toMatchObject({ status: 'done', late: false, deadline: { dueDay: '2026-11-20' } })
    expect(found(state, 'T25-K03-0-2026-10-08')).toMatchObject({ kind: 'wait', status: 'done', deadline: { dueDay: '2026-11-09' } })
    expect(found(state, 'T25-K03-1-2026-10-20')).toMatchObject({ kind: 'wait', status: 'open', deadline: { dueDay: '2026-12-04' } })
    expect(found(state, 'T22-K02-2026-09-01').status).toBe('overdue') // nobody said that it was published
    expect(dutiesOf(bare('asset-transfer', { facts })).some(({ id }) => id.startsWith('T23'))).toBe(false)
  })

  it('of an incident run by the hour, also at night and on a festival', () => {
    const incident: FactValue<'incident-known'> = { incident: 'INC-1', knownAt: at('2026-02-16T23:00'), kind: 'leak', persons: 1_000_000, under18: 0, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: false, harmAvoided: false }
    const state = bare('asset-transfer', { facts: signed('incident-known', incident) }, { now: at('2026-02-17T02:59') })
    expect(found(state, 'T04-L03-INC-1')).toMatchObject({ status: 'open', sev: 'BLOCK', deadline: { due: at('2026-02-17T03:00') } })
    expect(found({ ...state, dutyEvents: nothingHappened(at('2026-02-17T03:00')) }, 'T04-L03-INC-1').status).toBe('overdue')
    const smaller = bare('asset-transfer', { facts: signed('incident-known', { ...incident, persons: 999_999 }) })
    expect(dutiesOf(smaller).map(({ id }) => id)).toEqual(['T01-L02-INC-1']) // below the level there is no fixed clock, but "at once" stands
  })

  it('begin at exactly one million persons', () => {
    const counts = (persons: number) => ({ countedOn: day('2026-11-02'), stale: false, persons, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 })
    expect(dutiesOf(bare('share-transfer', { counts: counts(999_999), exportRoute: null })).some(({ id }) => id.startsWith('T09'))).toBe(false)
    expect(found(bare('share-transfer', { counts: counts(1_000_000) }), 'T09-M01-2026-11-02')).toMatchObject({ status: 'open', deadline: { dueDay: '2026-12-14', calendar: 'published' } })
  })

  it('about minors stay on the calendar when they are overdue, until each year is filed or answered (T10)', () => {
    const counts = { countedOn: day('2026-11-02'), stale: false, persons: 9, sensitive: 0, under14: 0, under18: 1, unknownAge: 0, face: 0 }
    const filed = (...years: number[]): FactsByName => ({ 'minors-audit-filed': years.flatMap((year) => signed('minors-audit-filed', { year, filedOn: day(`${year + 1}-01-20`) })['minors-audit-filed'] ?? []) })
    const lines = (on: string, facts: FactsByName = {}, { bend = {}, minorsSeen = 0 }: { bend?: Partial<MatterState>; minorsSeen?: number } = {}) =>
      dutiesOf(bare('share-transfer', { counts, facts, today: day(on), ...bend }, { now: at(`${on}T12:00`), minorsSeen })).filter(({ rule }) => rule === 'M06').map(({ id, status }) => `${id} ${status}`)
    expect(lines('2026-01-31')).toEqual(['T10-M06-2025-01-01 open', 'T10-M06-2026-01-01 open'])
    expect(lines('2026-02-01')).toEqual(['T10-M06-2025-01-01 overdue', 'T10-M06-2026-01-01 open'])
    expect(lines('2026-11-21', filed(2025))).toEqual(['T10-M06-2025-01-01 done', 'T10-M06-2026-01-01 open'])
    expect(lines('2027-01-31', filed(2025))).toEqual(['T10-M06-2025-01-01 done', 'T10-M06-2026-01-01 open', 'T10-M06-2027-01-01 open'])
    expect(lines('2027-02-01', filed(2025))).toEqual(['T10-M06-2025-01-01 done', 'T10-M06-2026-01-01 overdue', 'T10-M06-2027-01-01 open'])
    const none = signed('minors-not-processed', { fromYear: 2025, untilYear: 2025, checkedOn: day('2026-01-10'), because: 'processing-began-later', began: day('2026-01-05') })
    expect(lines('2026-02-01', none)).toEqual(['T10-M06-2026-01-01 open'])
    // Nobody under 18 is held: the gate asks (M06), the calendar has nothing to date. Who was erased was processed all the same.
    const adults = { ...counts, under18: 0 }
    expect(lines('2026-02-01', {}, { bend: { counts: adults } })).toEqual([])
    expect(lines('2026-02-01', {}, { bend: { counts: adults }, minorsSeen: 2 })).toEqual(['T10-M06-2025-01-01 overdue', 'T10-M06-2026-01-01 open'])
  })

  it('of the regular audit run from the last one that somebody signed for, or from the first day that could ask for one', () => {
    const counts = { countedOn: day('2026-11-02'), stale: false, persons: 9, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 }
    // No holidays of 2030 are published: the cautious day is the counted one.
    const due = (value: FactValue<'audit-cycle-checked'>) => dutiesOf(bare('share-transfer', { counts, facts: signed('audit-cycle-checked', value) })).filter(({ rule }) => rule === 'M05').map(({ id, deadline }) => `${id} ${deadline.dueDay}`)
    expect(due({ answer: 'audited', checkedOn: day('2026-11-01'), reportedOn: day('2025-06-30'), by: 'self', report: 'ab'.repeat(32) })).toEqual(['T11-M05-2025-06-30 2030-06-30'])
    expect(due({ answer: 'first-not-due', checkedOn: day('2026-11-01'), processingSince: day('2019-01-01') })).toEqual(['T11-M05-2025-05-01 2030-05-01'])
  })

  it('come from happenings of the books: waiting, acceptance, leftovers, a failed deal, a change of the law', () => {
    const state = bare('asset-transfer', {}, {
      notices: [{ kind: 'art22', lastAt: at('2026-11-01T09:00') }], packages: [{ id: 'pkg_1', issuedAt: at('2026-11-16T10:00'), acceptedAt: null }], abandonDeclaredAt: at('2026-11-20T10:00'),
      lawReviews: [{ subject: 'notices', since: at('2026-11-20T10:00') }],
    })
    expect(found(state, 'P01-E01-art22-2026-11-01')).toMatchObject({ kind: 'wait', status: 'open', deadline: { dueDay: '2026-12-01' } })
    expect(found(state, 'P04-H05-pkg_1')).toMatchObject({ status: 'overdue', deadline: { dueDay: '2026-11-19', force: 'product' } })
    expect(found(state, 'P03-C06-2026-11-20').deadline.dueDay).toBe('2026-11-30')
    expect(found(state, 'P05-M12-notices-2026-11-20')).toMatchObject({ who: 'counsel', status: 'open', deadline: { dueDay: '2026-12-21' } })
    expect(found(state, 'T18-F03-pkg_1')).toMatchObject({ kind: 'keep', status: 'open' })
  })

  it('are settled by a person under their id, and come sorted by their end', () => {
    const events = { packages: [{ id: 'pkg_1', issuedAt: at('2026-11-16T10:00'), acceptedAt: null }], lawReviews: [{ subject: 'notices', since: at('2026-09-01T10:00') }], settled: [{ duty: 'P05-M12-notices-2026-09-01', on: day('2026-11-20') }, { duty: 'P04-H05-pkg_1', on: day('2026-11-20') }] }
    expect(found(bare('asset-transfer', {}, events), 'P05-M12-notices-2026-09-01')).toMatchObject({ status: 'done', doneOn: '2026-11-20', late: true })
    // Its lapse stops the close and an acceptance can say it: nobody talks it away.
    expect(found(bare('asset-transfer', {}, events), 'P04-H05-pkg_1')).toMatchObject({ status: 'overdue', doneOn: null, endsBy: 'handover reconcile' })
    const dues = dutiesOf(bare('asset-transfer', {}, events)).map(({ deadline }) => deadline.due)
    expect(dues).toEqual(dues.toSorted())
  })

  it('each have a rule of the register and a reason in both languages', () => {
    for (const type of ['dissolution', 'asset-transfer', 'merger-absorb'] as const) {
      const state = stateOf(type, { dutyEvents: { ...nothingHappened(now), packages: [{ id: 'pkg_1', issuedAt: now, acceptedAt: null }] } })
      for (const duty of dutiesOf(state)) {
        expect(state.law.ruleById.has(duty.rule), duty.id).toBe(true)
        expect([duty.deadline.what.zh, duty.deadline.what.en, duty.deadline.source].every((text) => text.length > 0)).toBe(true)
      }
      expect(new Set(dutiesOf(state).map(({ id }) => id)).size).toBe(dutiesOf(state).length)
    }
  })
})

describe('overdue duties', () => {
  it('that their rule does not ask about stop the close although the rule guards it: breaches of an audit, letters that order no audit', () => {
    const finding = { audit: 'aud_1', finding: 1, point: 'AU19', at: at('2026-10-01T10:00'), due: day('2026-11-01') }
    const letters = { open: 2, overdue: 1, earliestDue: day('2026-11-01'), auditOrders: { open: 1, overdue: 0, answered: 0 } }
    const late = stateOf('asset-transfer', { dutyEvents: { ...nothingHappened(now), findings: [finding] }, authorities: letters })
    const codes = (state: MatterState) => gateFor('close', state).obstacles.map(({ code, rule }) => `${rule} ${code}`)
    expect(codes(late)).toEqual(expect.arrayContaining(['M05 DUTY_OVERDUE', 'M07 DUTY_OVERDUE']))
    expect(codes({ ...late, authorities: { ...letters, auditOrders: { open: 1, overdue: 1, answered: 0 } } }).filter((each) => each.startsWith('M07'))).toEqual(['M07 AUDIT_ORDER_OVERDUE'])
  })

  /** Six years on, with everything open that the books can have: whoever signed all that was asked once, and whoever signed nothing. */
  const yearsLater = (type: MatterType, facts: FactsByName): MatterState => {
    const [later, past] = [day('2032-11-22'), day('2026-10-01')]
    const incident: FactValue<'incident-known'> = { incident: 'INC-1', knownAt: at('2026-11-01T10:00'), kind: 'leak', persons: 2_000_000, under18: 3, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: true, harmAvoided: false }
    const declared = facts['circumstances-declared']?.[0]?.value
    return stateOf(type, {
      today: later, authorities: { open: 2, overdue: 1, earliestDue: past, auditOrders: { open: 1, overdue: 0, answered: 0 } },
      requests: { open: [{ choice: 'copy', receivedOn: past, persons: 1 }], refused: 0, refusedMinors: 0, copies: 1, correctedAfterLeaving: 0 },
      facts: { ...facts, ...signed('incident-known', incident), ...signed('sector-checked', { sectors: ['telecom', 'express'] }), ...(declared === undefined ? {} : signed('circumstances-declared', { ...declared, eCommerceStops: true, prepaid: true })) },
      dutyEvents: {
        ...nothingHappened(at('2032-11-22T10:00')), cutoffDay: past, findings: [{ audit: 'aud_1', finding: 1, point: 'AU19', at: at('2026-10-01T10:00'), due: day('2026-11-01') }],
        lawReviews: [{ subject: 'notices', since: at('2026-09-01T10:00') }], packages: [{ id: 'pkg_1', issuedAt: at('2026-10-01T10:00'), acceptedAt: null }],
      },
    })
  }
  const lines = new Set<string>()
  it.each(matterTypes.flatMap((type) => [['with', type], ['without', type]] as const))('always stand before every step, %s facts, in a %s: by themselves, or by their own rule that objects', (which, type) => {
    const state = yearsLater(type, which === 'with' ? allFacts : {})
    const overdue = dutiesOf(state).filter(({ status }) => status === 'overdue')
    for (const { deadline: { id } } of overdue) lines.add(id)
    expect(overdue.length).toBeGreaterThan(4)
    for (const step of guardedSteps.filter((each) => each !== 'room-open')) {
      const { results } = gateFor(step, state)
      const standing = (duty: Duty) => results.filter(({ rule, obstacles }) => rule === duty.rule && obstacles.some(({ code, facts }) => code !== 'DUTY_OVERDUE' || facts?.['duty'] === duty.id))
      expect(overdue.filter((duty) => standing(duty).length === 0).map(({ id }) => id), step).toEqual([])
      if (step === 'close') expect(overdue.filter((duty) => isStop(duty.sev) && !standing(duty).some(({ stops }) => stops)).map(({ id }) => id)).toEqual([])
      // What the rule does not ask for stands by itself.
      const named = new Set(results.flatMap(({ obstacles }) => obstacles.map(({ facts }) => facts?.['duty'])))
      expect(overdue.filter(({ id, deadline }) => (deadline.id === 'finding' || deadline.id === 'letter') && !named.has(id)).map(({ id }) => id)).toEqual([])
    }
  })

  it('of many lines were asked about so', () => {
    expect([...lines].toSorted()).toEqual(expect.arrayContaining(['P04', 'P05', 'T07', 'T10', 'T11', 'T32', 'T33', 'T34', 'finding', 'letter']))
  })

  it('are put right by the command that the way out names: the act where a word does not count, the word where it does', () => {
    const letters = { open: 2, overdue: 1, earliestDue: day('2026-11-01'), auditOrders: { open: 1, overdue: 0, answered: 0 } }
    const late = stateOf('asset-transfer', { dutyEvents: { ...nothingHappened(now), lawReviews: [{ subject: 'notices', since: at('2026-09-01T10:00') }] }, authorities: letters })
    const overdue = dutiesOf(late).filter(({ status }) => status === 'overdue')
    const remedies = new Map(gateFor('close', late).results.flatMap(({ obstacles }) => obstacles).filter(({ code }) => code === 'DUTY_OVERDUE').map((found) => [String(found.facts?.['duty']), spellObstacle(found).remedy.zh]))
    for (const duty of overdue.filter(({ id }) => remedies.has(id))) expect(remedies.get(duty.id), duty.id).toContain(isSettledByHand(duty) ? `handover duties done ${duty.id}` : duty.endsBy)
    expect([...remedies.values()].some((text) => text.includes('handover authority reply'))).toBe(true)
    expect([...remedies.values()].some((text) => text.includes('handover duties done'))).toBe(true)
  })

  it('of weight HIGH stop the close and warn before it; others warn', () => {
    const incident: FactValue<'incident-known'> = { incident: 'INC-1', knownAt: at('2026-11-01T10:00'), kind: 'leak', persons: 2_000_000, under18: 0, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: false, harmAvoided: false }
    const late = stateOf('asset-transfer', { dutyEvents: { ...nothingHappened(now), lawReviews: [{ subject: 'notices', since: at('2026-09-01T10:00') }] }, facts: { ...stateOf('asset-transfer').facts, ...signed('incident-known', incident) } })
    const of = (step: 'pack' | 'close', code: string) => gateFor(step, late).results.filter(({ obstacles }) => obstacles.some((each) => each.code === code)).map(({ rule, stops }) => [rule, stops])
    expect(of('pack', 'DUTY_OVERDUE')).toContainEqual(['M12', false])
    // Rules that guard the step say it themselves, and not a second time as an overdue line of the calendar.
    expect(of('pack', 'DUTY_OVERDUE').map(([rule]) => rule)).not.toContain('L03')
    expect([of('pack', 'INCIDENT_NOT_REMEDIED'), of('pack', 'INCIDENT_NOT_REPORTED')]).toEqual([[['L02', true]], [['L03', true]]])
    const overdue = gateFor('pack', late).results.find(({ rule, obstacles }) => rule === 'M12' && obstacles.some(({ code }) => code === 'DUTY_OVERDUE'))
    // The obstacle cites the line of the calendar and its mark, not one law for all of them.
    expect(overdue?.obstacles.map(spellObstacle).map(({ law, conf }) => [law, conf])).toEqual([[overdue?.law, overdue?.conf]])
    expect(overdue?.conf).not.toBe('P')
    expect(gateFor('pack', late).open).toBe(false)
    expect(gateFor('pack', late).obstacles.map(({ rule }) => rule)).toContain('L03')
    expect(gateFor('pack', late).warnings.map(({ rule }) => rule)).toContain('M12')
  })
})
