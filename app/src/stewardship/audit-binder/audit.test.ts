// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blanksOf, paperDigest, textsOf } from '../../kit/paper/paper.ts'
import { stateOf, without } from '../../law/gates/gates.cases.ts'
import { auditPoints, dutiesOf } from '../../law/index.ts'
import type { Context } from '../../context.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { addFactOfAct, factsByName } from '../../lifecycle/assess/index.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, testTime, type TestHome } from '../../test-home.ts'
import { calendarFile, settleDuty } from '../duties/index.ts'
import { bendFinding, bendSample } from './fixture.store.ts'
import { auditReport, binderEvents, concludeAudit, drawSample, eventsOfPoint, evidenceOfPoints, loadBinder, newTally, openAudit, recordFinding, refuseUnfinished, sampleEvents, standingFindings, type NewFinding } from './index.ts'

const seed = 'cd'.repeat(32)
const numbers = Array.from({ length: 40 }, (_, i) => i + 1)

describe('a sample', () => {
  test('is the same for the same seed whoever draws, without repetition, in the order of the ledger, and another for another seed', () => {
    const drawn = drawSample(seed, numbers, 10)
    expect(drawSample(seed, numbers.toReversed(), 10)).toEqual(drawn)
    expect(new Set(drawn).size).toBe(10)
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
    expect(drawSample('ce'.repeat(32), numbers, 10)).not.toEqual(drawn)
    expect(drawSample(seed, [1, 2], 10)).toEqual([1, 2])
  })

  test('takes every event with the same chance', () => {
    const hits = numbers.map(() => 0)
    for (let i = 0; i < 400; i++) for (const seq of drawSample(i.toString(16).padStart(64, '0'), numbers, 4)) hits[seq - 1] = (hits[seq - 1] ?? 0) + 1
    expect(Math.min(...hits)).toBeGreaterThan(15) // 40 expected each
    expect(Math.max(...hits)).toBeLessThan(75)
  })
})

describe('the evidence of the points', () => {
  test('covers the 26 points, suggests from the rules and never decides', () => {
    const points = evidenceOfPoints(stateOf('asset-transfer'), newTally().tally)
    expect(points).toHaveLength(26)
    expect(auditPoints.filter(({ id }) => eventsOfPoint[id] === undefined)).toEqual([])
    const of = (id: string, state = stateOf('asset-transfer')) => evidenceOfPoints(state, newTally().tally).find(({ point }) => point.id === id)
    expect(of('AU23')).toMatchObject({ suggestion: 'conforms' })
    expect(of('AU23', stateOf('asset-transfer', { facts: without('pia-approved') }))).toMatchObject({ suggestion: 'does-not-conform' })
    expect(of('AU11')).toMatchObject({ rules: [], suggestion: 'judge' })
    expect(of('AU23')?.facts[0]).toMatch(/^fct_/)
  })
})

describe('a long ledger', () => {
  test('is counted and drawn from without being kept: three events of a type, and the same sample as from all of it', () => {
    const { tally, count } = newTally()
    for (let seq = 1; seq <= 20_000; seq++) count({ seq, type: seq % 2 === 0 ? 'FactRecorded' : 'ImpactAnswered', at: '2026-11-21T08:00:00.000Z', leaf: null })
    expect([tally.all, tally.byType.get('FactRecorded')?.count, tally.byType.get('FactRecorded')?.newest.map(({ seq }) => seq)]).toEqual([20_000, 10_000, [19_996, 19_998, 20_000]])
    const point = evidenceOfPoints(stateOf('asset-transfer'), tally).find(({ point: { id } }) => id === 'AU12')
    expect([point?.events.count, point?.events.newest.length]).toEqual([10_000, 3])
    const all = Array.from({ length: 20_000 }, (_, at) => at + 1)
    const ranked = all.map((seq) => ({ seq, rank: createHmac('sha256', Buffer.alloc(32, 7)).update(`handover-audit-sample/${seq}`).digest('hex') })).toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    expect(drawSample('07'.repeat(32), all, 25)).toEqual(ranked.slice(0, 25).map(({ seq }) => seq).toSorted((a, b) => a - b))
  })
})

describe('the audit of a matter', { timeout: 300_000 }, () => {
  let home: TestHome
  let matter: Matter
  let key: string
  beforeAll(async () => {
    home = await openTestHome()
    matter = await home.openMatter()
    key = (await home.addPerson(matter, '安娜', { role: 'lead' })).keyFile
  }, 300_000)
  afterAll(async () => home.remove())
  const finding = (point: string, change: Partial<NewFinding> = {}): NewFinding => ({ point, result: 'conforms', severity: 'none', due: null, fixedOn: null, text: `查看了${point}`, fix: '', keyFile: key, ...change })

  test('is opened over a period, samples by a recorded seed that is drawn again at every reading', async () => {
    expect(await refusalOf(sampleEvents(home.ctx, matter, { point: null, count: 2, keyFile: key }))).toBe('AUDIT_NOT_OPEN')
    expect(await refusalOf(openAudit(home.ctx, matter, { nature: 'self', from: '2026-12-01', to: '2026-11-01', keyFile: key }))).toBe('AUDIT_PERIOD')
    expect(await refusalOf(openAudit(home.ctx, matter, { nature: 'self', from: undefined, to: '2027-01-01', keyFile: key }))).toBe('AUDIT_PERIOD')
    const audit = await openAudit(home.ctx, matter, { nature: 'self', from: undefined, to: undefined, keyFile: key })
    expect([audit.from, audit.to]).toEqual(['2025-11-21', '2026-11-21'])
    expect(await refusalOf(sampleEvents(home.ctx, matter, { point: 'AU99', count: 2, keyFile: key }))).toBe('AUDIT_POINT')
    expect(await refusalOf(sampleEvents(home.ctx, matter, { point: null, count: 501, keyFile: key }))).toBe('AUDIT_SAMPLE')
    const sample = await sampleEvents(home.ctx, matter, { point: null, count: 2, keyFile: key })
    expect(sample.seqs).toEqual(drawSample(sample.seed, Array.from({ length: sample.upTo }, (_, i) => i + 1), 2))
    expect((await home.ctx.ledger.eventsOfType(matter.id, 'AuditSampled')).map(({ json }) => bodyOfEvent(json))).toMatchObject([{ seed: sample.seed, upto: sample.upTo, events: 2 }])
    expect((await loadBinder(home.ctx, matter)).samples).toMatchObject([{ seqs: sample.seqs }])
  })

  test('takes signed findings, the newest of a point counts, and a breach needs severity, fix and day', async () => {
    for (const wrong of [{ text: ' ' }, { result: 'does-not-conform' }, { result: 'does-not-conform', severity: 'minor', fix: '补发' }, { due: '2026-12-31' }, { result: 'does-not-conform', severity: 'minor', fix: '补发', due: '2026-02-30' }] satisfies Partial<NewFinding>[]) {
      expect(await refusalOf(recordFinding(home.ctx, matter, finding('AU07', wrong)))).toBe('AUDIT_FINDING')
    }
    expect(await refusalOf(recordFinding(home.ctx, matter, finding('AU01')))).toBe('AUDIT_POINT')
    const breach = { result: 'does-not-conform', severity: 'major', fix: '补发', due: '2026-12-31' } as const
    for (const wrong of [{ ...breach, due: '2999-01-01' }, { ...breach, due: '2026-11-20' }, { ...breach, due: '2027-11-22' }, { ...breach, fixedOn: '2099-01-01' }]) expect(await refusalOf(recordFinding(home.ctx, matter, finding('AU07', wrong)))).toBe('AUDIT_FINDING_DAYS')
    expect(await refusalOf(recordFinding(home.ctx, matter, finding('AU07', { fixedOn: '2026-11-20' })))).toBe('AUDIT_FINDING')
    await recordFinding(home.ctx, matter, finding('AU07', { result: 'does-not-conform', severity: 'minor', fix: '补发告知', due: '2026-12-31', text: '十二人未送达' }))
    await recordFinding(home.ctx, matter, finding('AU08'))
    await recordFinding(home.ctx, matter, finding('AU08', { result: 'not-applicable', text: '没有提供' }))
    const { findings } = await loadBinder(home.ctx, matter)
    expect(findings).toHaveLength(3)
    expect(standingFindings(findings).get('AU08')).toMatchObject({ result: 'not-applicable', text: '没有提供' })
    const events = (await home.ctx.ledger.eventsOfType(matter.id, 'AuditFindingRecorded')).map(({ json }) => json).join()
    expect(events).toContain('2026-12-31')
    expect(events).not.toContain('未送达')
  })

  test('the newest is the one opened last, also while the legal clock stands still', async () => {
    const other = await home.openMatter()
    for (let at = 0; at < 6; at++) {
      const { id } = await openAudit(home.ctx, other, { nature: 'self', from: undefined, to: undefined, keyFile: key })
      expect((await loadBinder(home.ctx, other)).audit.id).toBe(id)
    }
  })

  test('a breach is a duty with its day, in the calendar too, until a document settles it; finding it again moves no day', async () => {
    const other = await home.openMatter()
    await openAudit(home.ctx, other, { nature: 'self', from: undefined, to: undefined, keyFile: key })
    const breach = (due: string) => recordFinding(home.ctx, other, finding('AU07', { result: 'does-not-conform', severity: 'minor', fix: '补发告知', due, text: '十二人未送达' }))
    const duties = async () => dutiesOf(await loadMatterState(home.ctx, other)).filter(({ id }) => id.startsWith('finding-'))
    await breach('2026-12-20')
    await breach('2026-12-10')
    expect((await duties()).map(({ status, deadline, sev }) => [status, deadline.dueDay, sev])).toEqual([['open', '2026-12-10', 'HIGH']])
    await breach('2027-06-30')
    await recordFinding(home.ctx, other, finding('AU07'))
    expect((await duties()).map(({ deadline }) => deadline.dueDay)).toEqual(['2026-12-10', '2027-06-30'])
    expect(calendarFile(await duties(), { matterId: other.id, now: home.ctx.now(), lang: 'zh' })).toContain('整改审计发现的问题')
    const [first] = await duties()
    const document = join(home.path, '..', '整改.txt')
    writeFileSync(document, '虚构的整改报告')
    const settle = async (evidenceFile?: string) => settleDuty(home.ctx, other, await duties(), { duty: first?.id ?? '', on: home.ctx.today(), keyFile: key, evidenceFile })
    expect(await refusalOf(settle())).toBe('DUTY_EVIDENCE')
    await settle(document)
    expect((await duties()).map(({ status }) => status)).toEqual(['done', 'open'])
    home.setTime('2027-07-01T08:00:00.000Z')
    expect((await duties()).map(({ status }) => status)).toEqual(['done', 'overdue'])
    home.setTime(testTime)
  })

  test('is concluded only when every point has a finding; the report names breach, article, fix and day, the samples, and nothing is left to fill in', async () => {
    const before = await loadBinder(home.ctx, matter)
    expect(() => refuseUnfinished(before)).toThrow('AUDIT_OPEN_POINTS')
    for (const { id } of auditPoints) if (!standingFindings(before.findings).has(id)) await recordFinding(home.ctx, matter, finding(id))
    const binder = await loadBinder(home.ctx, matter)
    refuseUnfinished(binder)
    const content = {
      now: home.ctx.now(), isClockDeclared: true, matter, handler: { name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002' }, nameOf: () => '安娜', audit: binder.audit, samples: binder.samples,
      points: evidenceOfPoints(stateOf('asset-transfer'), await binderEvents(home.ctx, matter)), findings: standingFindings(binder.findings), events: 9,
    }
    const report = auditReport(content, 'zh')
    const words = textsOf(report).flat().map(({ text }) => text).join('')
    for (const said of ['十二人未送达', '第二十二条', '补发告知', '2026年12月31日', '自行开展', '2025年11月21日 – 2026年11月21日', binder.samples[0]?.seed ?? 'no sample', '合规 24，不合规 1，不适用 1', '#1 #2', '审计负责人']) expect(words).toContain(said)
    expect(blanksOf(report)).toEqual([])
    expect(blanksOf(auditReport({ ...content, findings: new Map(), audit: { ...binder.audit, nature: 'ordered' } }, 'en'))).toEqual(expect.arrayContaining(['finding', 'institution']))
    const evidenceFile = join(home.path, '..', 'audit.txt')
    writeFileSync(evidenceFile, 'the printed report')
    const value = { reportedOn: home.ctx.today(), report: paperDigest(report), points: 26, by: 'self' }
    const conclude = (ctx: Context) => concludeAudit(ctx, matter, { binder, report, signFact: async (tx) => (await addFactOfAct(ctx, tx, matter, { name: 'compliance-audit-done', value, evidenceFile, keyFile: key })).fact })
    // Fact, report and event come together or not at all.
    const dying: Context = { ...home.ctx, ledger: { ...home.ctx.ledger, append: (tx, id, event, effect) => (event.type === 'AuditConcluded' ? Promise.reject(new Error('killed')) : home.ctx.ledger.append(tx, id, event, effect)) } }
    expect(await refusalOf(conclude(dying))).toContain('killed')
    expect((await factsByName(home.ctx, matter))['compliance-audit-done']).toBeUndefined()
    const { fact } = await conclude(home.ctx)
    expect(await conclude(home.ctx)).toEqual({ fact })
    expect((await home.ctx.ledger.eventsOfType(matter.id, 'AuditConcluded')).map(({ json }) => bodyOfEvent(json))).toMatchObject([{ fact, report: value.report }])
    expect((await factsByName(home.ctx, matter))['compliance-audit-done']).toMatchObject([{ id: fact }])
    await recordFinding(home.ctx, matter, finding('AU09'))
    expect(await refusalOf(conclude(home.ctx))).toBe('AUDIT_CHANGED')
  })

  test('a sample or a finding that somebody changed in the database is refused at reading', async () => {
    await bendSample(home.ctx, matter.id)
    expect(await refusalOf(loadBinder(home.ctx, matter))).toBe('AUDIT_DAMAGED')
    const other = await home.openMatter()
    await openAudit(home.ctx, other, { nature: 'ordered', from: '2026-01-01', to: '2026-10-31', keyFile: key })
    await recordFinding(home.ctx, other, finding('AU07', { result: 'does-not-conform', severity: 'major', fix: '整改', due: '2026-12-31' }))
    await bendFinding(home.ctx, other.id)
    expect(await refusalOf(loadBinder(home.ctx, other))).toBe('AUDIT_DAMAGED')
  })
})
