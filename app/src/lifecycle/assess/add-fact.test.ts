// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyOfEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { renameFact } from './fixture.store.ts'
import { addFact, factsByName, factValueOfPairs, loadFacts } from './index.ts'

let home: TestHome
let matter: Matter
let keyFile: string
let evidence: string
beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  keyFile = (await home.addPerson(matter, '安娜')).keyFile
  evidence = join(home.path, '..', 'report.pdf')
  writeFileSync(evidence, 'an impact assessment')
})
afterAll(async () => home.remove())

const pia = (approvedOn: string) => ({ name: 'pia-approved', value: { report: 'ab'.repeat(32), approvedOn }, evidenceFile: evidence, keyFile })

describe('signed facts', () => {
  test('a fact is recorded once, superseded by another value, and both stay with their events', async () => {
    const first = await addFact(home.ctx, matter, pia('2026-11-01'))
    expect(await addFact(home.ctx, matter, pia('2026-11-01'))).toMatchObject({ repeated: true, fact: { id: first.fact.id } })
    const second = await addFact(home.ctx, matter, pia('2026-11-20'))
    expect(second.fact.replaces).toBe(first.fact.id)
    expect((await loadFacts(home.ctx, matter)).map((fact) => [fact.id, fact.supersededBy])).toEqual(expect.arrayContaining([[first.fact.id, second.fact.id], [second.fact.id, null]]))
    expect((await factsByName(home.ctx, matter))['pia-approved']).toMatchObject([{ value: { approvedOn: '2026-11-20' }, hasEvidence: true, signerRole: 'transferor' }])
    const bodies = (await home.ctx.ledger.eventsOfType(matter.id, 'FactRecorded')).map((event) => bodyOfEvent(event.json))
    expect(bodies).toMatchObject([{ fact: first.fact.id, replaces: null }, { fact: second.fact.id, replaces: first.fact.id }])
    expect(second.fact.digest.toString('hex')).toBe(bodies[1]?.['digest'])
  })

  test('the digest of the evidence is salted, so the same document gives another digest', async () => {
    const facts = (await loadFacts(home.ctx, matter)).filter((fact) => fact.name === 'pia-approved')
    expect(new Set(facts.map((fact) => fact.evidence?.digest)).size).toBe(2)
  })

  test('unknown names, wrong values, missing evidence, unknown data sets and strangers are refused', async () => {
    expect(await refusalOf(addFact(home.ctx, matter, { ...pia('2026-11-01'), name: 'nonsense' }))).toBe('FACT_UNKNOWN')
    expect(await refusalOf(addFact(home.ctx, matter, pia('2026-02-30')))).toBe('FACT_VALUE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...pia('2026-11-01'), value: { report: 'ab'.repeat(32), approvedOn: '2026-11-01', note: '张三' } }))).toBe('FACT_VALUE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...pia('2026-11-01'), evidenceFile: undefined }))).toBe('FACT_EVIDENCE')
    expect(await refusalOf(addFact(home.ctx, matter, { ...pia('2026-11-02'), evidenceFile: `${evidence}.none` }))).toBe('FACT_EVIDENCE_UNREADABLE')
    expect(await refusalOf(addFact(home.ctx, matter, { name: 'consent-evidence', value: { dataSet: `ds_${'0'.repeat(32)}`, textVersions: 1, withdrawalsApplied: true }, evidenceFile: evidence, keyFile }))).toBe('FACT_DATA_SET')
    const withAuditor = await home.addParty(matter, '审计有限公司', 'auditor')
    await home.addPerson(matter, '波') // two of ours let in somebody of another party
    const stranger = await home.addPerson(withAuditor.matter, '外人', { partyId: withAuditor.partyId })
    expect(await refusalOf(addFact(home.ctx, withAuditor.matter, { ...pia('2026-11-03'), keyFile: stranger.keyFile }))).toBe('FACT_SIGNER')
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
