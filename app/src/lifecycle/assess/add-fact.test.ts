// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '@handover/proof'
import { Failure, fillWords } from '../../kit/failure.ts'
import { addDays } from '../../kit/time.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { approve } from '../../stewardship/access/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { renameFact } from './fixture.store.ts'
import { addFact, addFactOfAct, factsByName, factValueOfPairs, loadFacts } from './index.ts'

let home: TestHome
let matter: Matter
let keyFile: string
let second: string
let evidence: string
beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  keyFile = (await home.addPerson(matter, '安娜')).keyFile
  second = (await home.addPerson(matter, '波')).keyFile // two of ours let in somebody of another party
  evidence = join(home.path, '..', 'report.pdf')
  writeFileSync(evidence, 'an impact assessment')
})
afterAll(async () => home.remove())

const assessed = (assessedOn: string) => ({ name: 'child-assessment', value: { report: 'ab'.repeat(32), assessedOn, by: 'self' }, evidenceFile: evidence, keyFile })

describe('signed facts', () => {
  test('a fact is recorded once, superseded by another value, and both stay with their events', async () => {
    const first = await addFact(home.ctx, matter, assessed('2026-11-01'))
    expect(await addFact(home.ctx, matter, assessed('2026-11-01'))).toMatchObject({ repeated: true, fact: { id: first.fact.id } })
    const second = await addFact(home.ctx, matter, assessed('2026-11-20'))
    expect(second.fact.replaces).toBe(first.fact.id)
    expect((await loadFacts(home.ctx, matter)).map((fact) => [fact.id, fact.supersededBy])).toEqual(expect.arrayContaining([[first.fact.id, second.fact.id], [second.fact.id, null]]))
    expect((await factsByName(home.ctx, matter))['child-assessment']).toMatchObject([{ value: { assessedOn: '2026-11-20' }, hasEvidence: true, signerRole: 'transferor' }])
    const bodies = (await home.ctx.ledger.eventsOfType(matter.id, 'FactRecorded')).map((event) => bodyOfEvent(event.json))
    expect(bodies).toMatchObject([{ fact: first.fact.id, replaces: null }, { fact: second.fact.id, replaces: first.fact.id }])
    expect(second.fact.digest.toString('hex')).toBe(bodies[1]?.['digest'])
  })

  test('the digest of the evidence is salted, so the same document gives another digest', async () => {
    const facts = (await loadFacts(home.ctx, matter)).filter((fact) => fact.name === 'child-assessment')
    expect(new Set(facts.map((fact) => fact.evidence?.digest)).size).toBe(2)
  })

  test('unknown names, wrong values, missing evidence, unknown data sets and strangers are refused', async () => {
    expect(await refusalOf(addFact(home.ctx, matter, { ...assessed('2026-11-01'), name: 'nonsense' }))).toBe('FACT_UNKNOWN')
    expect(await refusalOf(addFact(home.ctx, matter, assessed('2026-02-30')))).toBe('FACT_VALUE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...assessed('2026-11-01'), value: { report: 'ab'.repeat(32), assessedOn: '2026-11-01', by: 'self', note: '张三' } }))).toBe('FACT_VALUE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...assessed('2026-11-01'), evidenceFile: undefined }))).toBe('FACT_EVIDENCE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...assessed('2026-11-02'), evidenceFile: `${evidence}.none` }))).toBe('FACT_EVIDENCE_UNREADABLE')
    expect(await refusalOf(addFact(home.ctx, matter, { name: 'consent-evidence', value: { dataSet: `ds_${'0'.repeat(32)}`, textVersions: 1, withdrawalsApplied: true }, evidenceFile: evidence, keyFile }))).toBe('FACT_DATA_SET')
    const withAuditor = await home.addParty(matter, '审计有限公司', 'auditor')
    const stranger = await home.addPerson(withAuditor.matter, '外人', { partyId: withAuditor.partyId })
    expect(await refusalOf(addFact(home.ctx, withAuditor.matter, { ...assessed('2026-11-03'), keyFile: stranger.keyFile }))).toBe('FACT_SIGNER')
  })

  test('a day that has not come is refused with the day and when to come back; how long something lasts may lie ahead', async () => {
    const tomorrow = addDays(home.ctx.today(), 1)
    const ahead = async (name: string, value: JsonObject): Promise<string> => addFact(home.ctx, matter, { name, value, evidenceFile: evidence, keyFile }).then(() => 'recorded', (error: unknown) => (error instanceof Failure ? `${error.code} ${error.message} ${fillWords(error.words.remedy.en, error.facts)}` : String(error)))
    expect(await ahead('child-assessment', { report: 'ab'.repeat(32), assessedOn: tomorrow, by: 'self' })).toMatch(new RegExp(`^FACT_DAY_AHEAD .*assessedOn: ${tomorrow}.* on ${tomorrow} or later`))
    for (const [name, value] of [
      ['important-data-checked', { answer: 'none-identified', checkedOn: tomorrow }], ['basis-register', { approvedOn: tomorrow }], ['restore-test-passed', { testedOn: tomorrow, backupEnds: tomorrow }], ['hold-register-reviewed', { reviewedOn: tomorrow, openClaims: 0 }],
      ['books-handed-over', { to: 'administrator', on: tomorrow, list: 'ab'.repeat(32) }], ['anonymisation-tested', { report: 'ab'.repeat(32), testedOn: tomorrow, keysDestroyed: true }],
      ['incident-known', { incident: 'INC-9', knownAt: `${tomorrow}T09:00:00+08:00`, kind: 'leak', persons: 3, under18: 0, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: false, harmAvoided: false }],
    ] as const) expect(await ahead(name, value), name).toMatch(/^FACT_DAY_AHEAD/)
    expect(await ahead('restore-test-passed', { testedOn: home.ctx.today(), backupEnds: tomorrow })).toBe('recorded')
    expect(await ahead('logs-archived', { from: '2026-01-01', until: addDays(tomorrow, 400), holder: 'transferor' })).toBe('recorded')
  })

  test('what was done for nobody was not done, and is not signed; nobody is a number elsewhere', async () => {
    const fact = (name: string, value: JsonObject) => addFact(home.ctx, matter, { name, value, evidenceFile: evidence, keyFile })
    expect(await refusalOf(fact('guardian-consent-checked', { method: 'video', checked: 0 }))).toBe('FACT_OF_NOBODY')
    expect(await refusalOf(fact('guardians-told', { toldOn: home.ctx.today(), guardians: 0 }))).toBe('FACT_OF_NOBODY')
    expect(await refusalOf(fact('hold-register-reviewed', { reviewedOn: home.ctx.today(), openClaims: 0 }))).toBe('nothing was refused')
  })

  test('each incident has a fact of its own; a later word about one replaces that one alone', async () => {
    const incident = (number: string, more: Record<string, string> = {}) => ({
      name: 'incident-known', evidenceFile: undefined, keyFile,
      value: { incident: number, knownAt: '2026-11-20T09:00:00+08:00', kind: 'leak', persons: 3, under18: 0, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: false, harmAvoided: false, ...more },
    })
    await addFact(home.ctx, matter, incident('INC-1'))
    await addFact(home.ctx, matter, incident('INC-2'))
    await addFact(home.ctx, matter, incident('INC-1', { remediedAt: '2026-11-20T10:00:00+08:00' }))
    const known = (await factsByName(home.ctx, matter))['incident-known'] ?? []
    expect(known.map(({ value }) => [value.incident, value.remediedAt])).toEqual(expect.arrayContaining([['INC-1', '2026-11-20T02:00:00.000Z'], ['INC-2', undefined]]))
    expect(known).toHaveLength(2)
  })

  test('each year has a filing of its own, so that the next one does not take the last one away', async () => {
    const filed = (year: number, filedOn: string) => addFact(home.ctx, matter, { name: 'minors-audit-filed', value: { year, filedOn }, evidenceFile: evidence, keyFile })
    await filed(2024, '2025-01-20')
    await filed(2025, '2026-01-20')
    await filed(2025, '2026-01-21')
    expect((await factsByName(home.ctx, matter))['minors-audit-filed']?.map(({ value }) => `${value.year} ${value.filedOn}`).toSorted()).toEqual(['2024 2025-01-20', '2025 2026-01-21'])
  })

  test('one person makes an incident larger; to make it smaller, or to take a day back, another has to agree to exactly that', async () => {
    const base = { incident: 'INC-7', knownAt: '2026-11-20T09:00:00+08:00', kind: 'leak', persons: 1_000_000, under18: 3, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: true, harmAvoided: false, remediedAt: '2026-11-20T10:00:00+08:00' }
    const say = (bend: JsonObject, key = keyFile) => addFact(home.ctx, matter, { name: 'incident-known', value: Object.fromEntries(Object.entries({ ...base, ...bend }).filter(([, member]) => member !== null)), evidenceFile: undefined, keyFile: key })
    await say({ persons: 900 })
    expect((await say({})).repeated).toBe(false) // larger, and nothing taken back
    expect((await say({ reportedAt: '2026-11-20T12:00:00+08:00' })).fact.value).toMatchObject({ persons: 1_000_000 })
    const reported = { reportedAt: '2026-11-20T12:00:00+08:00' }
    const lessenings: JsonObject[] = [
      { persons: 999_999 }, { under18: 0 }, { remediedAt: null }, { reportedAt: null }, { reportedAt: '2026-11-20T09:30:00+08:00' }, { crimeSuspected: false }, { harmAvoided: true }, { knownAt: '2026-11-20T11:00:00+08:00' }, { kind: 'outage' },
    ]
    for (const bend of lessenings) expect(await refusalOf(say({ ...reported, ...bend })), JSON.stringify(bend)).toBe('INCIDENT_SMALLER')
    expect((await factsByName(home.ctx, matter))['incident-known']?.find(({ value }) => value.incident === 'INC-7')?.value.persons).toBe(1_000_000)

    // Asked once however often it is tried; who asked cannot agree; another agrees to these contents and to no others.
    const smaller = { ...reported, persons: 40 }
    const asked = async (): Promise<string> => say(smaller).then(() => '', (error: unknown) => (error instanceof Failure ? (error.factText('request') ?? error.code) : String(error)))
    const request = await asked()
    expect(request).toMatch(/^apr_/)
    expect(await refusalOf(say(smaller))).toBe('APPROVAL_INCOMPLETE')
    expect(await refusalOf(approve(home.ctx, matter, { requestId: request, keyFile }))).toBe('OWN_REQUEST')
    await approve(home.ctx, matter, { requestId: request, keyFile: second })
    expect(await refusalOf(say({ ...smaller, persons: 39 }))).toBe('INCIDENT_SMALLER')
    expect((await say(smaller)).fact.value).toMatchObject({ persons: 40 })
    expect(await refusalOf(say({ ...reported, persons: 12 }))).toBe('INCIDENT_SMALLER') // the approval is used
  })

  test.each([['pia-approved', { report: 'ab'.repeat(32), approvedOn: '2026-11-01' }], ['compliance-audit-done', { reportedOn: '2026-11-01', report: 'ab'.repeat(32), points: 26, by: 'self' }]] as const)(
    '%s is recorded by an act alone: nobody types it, and one that an earlier version took counts for nothing',
    async (name, value) => {
      expect(await refusalOf(addFact(home.ctx, matter, { name, value, evidenceFile: evidence, keyFile }))).toBe('FACT_BY_ACT')
      const { fact } = await home.ctx.db.transaction((tx) => addFactOfAct(home.ctx, tx, matter, { name, value, evidenceFile: evidence, keyFile }))
      expect((await loadFacts(home.ctx, matter)).some(({ id }) => id === fact.id)).toBe(true)
      expect((await factsByName(home.ctx, matter))[name]).toBeUndefined()
    },
  )

  test('a fact that somebody changed in the database is refused at reading', async () => {
    const other = await openTestHome('丁有限公司')
    try {
      const theirs = await other.openMatter()
      const person = await other.addPerson(theirs, '安娜')
      const { fact } = await addFact(other.ctx, theirs, { name: 'grading-approved', value: { ruleSet: 'default' }, evidenceFile: undefined, keyFile: person.keyFile })
      await renameFact(other.ctx, { id: fact.id, name: 'basis-register' })
      expect(await refusalOf(loadFacts(other.ctx, theirs))).toBe('FACT_DAMAGED')
    } finally {
      await other.remove()
    }
  })
})

describe('values from the command line', () => {
  test('numbers, booleans, lists and nested values are read as the schema wants them', () => {
    expect(factValueOfPairs('sensitive-review', [['sampled', '50'], ['corrected', '0']])).toEqual({ sampled: 50, corrected: 0 })
    expect(factValueOfPairs('sector-checked', [['sectors', 'payment,e-commerce-platform']])).toEqual({ sectors: ['payment', 'e-commerce-platform'] })
    expect(factValueOfPairs('sector-checked', [['sectors', '["none"]']])).toEqual({ sectors: ['none'] })
    expect(factValueOfPairs('transfer-agreement-signed', [
      ['agreement', 'ab'.repeat(32)], ['signedOn', '2026-11-20'], ['signedBy', 'transferor,transferee'], ['names.purpose', 'true'], ['names.method', 'true'], ['names.scope', 'true'], ['names.security', 'true'],
    ])).toMatchObject({ names: { purpose: true }, signedBy: ['transferor', 'transferee'] })
    expect(factValueOfPairs('disposal-plan-reported', [['to', 'competent-department'], ['level', 'provincial'], ['reportedOn', '2026-11-20'], ['receipt', '20261120']])).toMatchObject({ receipt: '20261120' })
  })

  test('a key that would reach into an object\'s prototype is only a key that the schema refuses', async () => {
    expect(await refusalOf(Promise.resolve().then(() => factValueOfPairs('grading-approved', [['ruleSet', 'default'], ['__proto__.x', '1']])))).toBe('FACT_VALUE')
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})
