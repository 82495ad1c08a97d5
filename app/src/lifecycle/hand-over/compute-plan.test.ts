// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { openTestHome, type TestHome } from '../../test-home.ts'
import { treatDataSets, type TreatmentFile } from '../classify/index.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { inventTestPeople, registerLines } from '../discover/fixture.ts'
import { importChoices, importNoticeResults } from '../notify/index.ts'
import { approvePlan, planApprovalParameters, recipientsOf } from './approve-plan.ts'
import { computePlan } from './compute-plan.ts'
import { askGate, loadMatterState } from './load-matter-state.ts'
import { currentPlan, streamPlannedRecords } from './plan.store.ts'
import { overrideFor } from './plan-override.rules.ts'
import { caseOf, voucher } from '../../law/decide.cases.ts'
import { unitsOf } from './decision-facts-of.rules.ts'
import type { InventoryField } from '../discover/index.ts'

const people = inventTestPeople(60)

const group = (columns: TreatmentFile['dataSets'][number]['groups'][number]['columns'], more: Partial<TreatmentFile['dataSets'][number]['groups'][number]>) => ({
  name: '组', purposes: ['售后服务'], basis: 'contract' as const, purposeState: 'live' as const, purposeMetWhere: [], neededForTransfer: true, neededForContract: true, onlyForNewPurpose: false,
  contractAssent: 'all' as const, biometric: 'none' as const, faceRoute: 'enrol-anew' as const, majorEffect: false, recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy' as const, columns, ...more,
})

const treatment: TreatmentFile = {
  version: 1,
  dataSets: [{
    dataSet: 1, holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', facets: [{ name: 'branch', as: 'text', column: '服务门店' }],
    staysWhere: [{ facet: 'branch', values: ['杭州门店'] }], servedWhere: [{ facet: 'branch', values: ['杭州门店'] }],
    groups: [
      group(['客户编号', '姓名', '手机号', '出生日期', '电子邮箱', '服务门店'], { name: '服务' }),
      group(['身份证号'], { name: '核验', basis: 'consent', purposeState: 'over-collected', neededForTransfer: false }),
      group(['备注'], { name: '偏好', basis: 'consent', contractAssent: 'none' }),
    ],
  }],
}

describe('the plan of dispositions', () => {
  let home: TestHome
  let matter: Matter

  beforeAll(async () => {
    home = await openTestHome()
    home.setTime('2026-09-01T01:00:00.000Z')
    matter = (await home.addParty(await home.openMatter('asset-transfer'), '乙卫浴有限公司', 'transferee')).matter
    await ingestSources(home.ctx, matter, { paths: [write('客户.csv', registerLines(people))] })
    await resolveSubjects(home.ctx, matter)
    await treatDataSets(home.ctx, matter, treatment)
    matter = await currentMatter(home.ctx, matter.id)
  })

  afterAll(() => home.remove())

  function write(name: string, lines: readonly string[]): string {
    const file = join(dirname(home.path), name)
    writeFileSync(file, `${lines.join('\r\n')}\r\n`)
    return file
  }

  it('gives every discovered value exactly one line', async () => {
    const plan = await computePlan(home.ctx, matter)
    const discovered = (await home.ctx.ledger.mainBook(matter.id)).reduce((sum, line) => sum + line.discovered, 0)
    expect(plan.lines.reduce((sum, line) => sum + line.values, 0)).toBe(discovered)
  })

  it('remembers the minors that the ledger counted, for the yearly filing outlives them (M06)', async () => {
    const { counts, dutyEvents } = await loadMatterState(home.ctx, matter)
    expect(counts?.under18).toBeGreaterThan(0)
    expect(dutyEvents.minorsSeen).toBe(counts?.under18)
  })

  it('keeps the branch that stays, ends what was over-collected, and waits for notices with the reason', async () => {
    const { lines } = await computePlan(home.ctx, matter)
    expect(lines.filter((line) => line.outcome === 'kept').every((line) => line.rule === 'X07')).toBe(true)
    expect(lines.filter((line) => line.outcome === 'kept').reduce((sum, line) => sum + line.records, 0)).toBeGreaterThanOrEqual(20)
    expect(lines.some((line) => line.outcome === 'destroyed' && line.rule === 'X06')).toBe(true)
    expect(lines.filter((line) => line.outcome === 'pending').flatMap((line) => line.conditions)).toContain('NOTICE_MISSING')
    expect(lines.some((line) => line.outcome === 'transferred')).toBe(false)
  })

  it('plans a vector for each record in which empty cells are zero and values are not', async () => {
    await computePlan(home.ctx, matter)
    const plan = await currentPlan(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
    let records = 0
    for await (const batch of streamPlannedRecords(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id }, plan?.id ?? '')) {
      for (const record of batch) {
        records += 1
        expect([...record.outcome].map((code) => code !== 0)).toEqual([...record.dispositions].map((code) => code !== 0))
      }
    }
    expect(records).toBe(people.length)
  })

  it('gives the same plan for the same facts and another one after an objection', async () => {
    const first = await computePlan(home.ctx, matter)
    expect((await computePlan(home.ctx, matter)).repeated).toBe(true)
    home.setTime('2026-09-10T01:00:00.000Z')
    await importNoticeResults(home.ctx, matter, { path: write('送达.csv', ['手机号,结果,时间', ...people.map((one) => `${one.mobile},送达,2026-09-05 10:00`)]), notice: 'art23', channel: 'sms' })
    await importChoices(home.ctx, matter, { path: write('选择.csv', ['手机号,选择,时间', `${people[4]?.mobile ?? ''},不同意,2026-09-06 10:00`]), channel: 'sms' })
    const second = await computePlan(home.ctx, matter)
    expect(second.digest).not.toBe(first.digest)
    expect(second.lines.some((line) => line.rule === 'X12')).toBe(true)
  })

  it('refuses to approve a plan while rules that guard the step are unmet', async () => {
    const report = await askGate(home.ctx, matter, 'plan')
    expect(report.open).toBe(false)
    await expect(approvePlan(home.ctx, matter)).rejects.toMatchObject({ exitCode: 15 })
  })

  it('binds an approval to the digest of one plan', async () => {
    const lead = await home.addPerson(matter, '甲一', { role: 'lead' })
    const plan = await computePlan(home.ctx, matter)
    const asked = planApprovalParameters(plan, recipientsOf(matter))
    const { request } = await requestApproval(home.ctx, matter, { act: 'hand-over', parameters: asked, keyFile: lead.keyFile })
    expect(request.parameters).toEqual(asked)
    expect(planApprovalParameters({ ...plan, digest: '0'.repeat(64) }, recipientsOf(matter))).not.toEqual(asked)
  })

  it('recounts the state of the gates from the records', async () => {
    const state = await loadMatterState(home.ctx, matter)
    expect(state.plan?.stale).toBe(false)
    expect(state.counts?.persons).toBe(people.length)
    expect(state.dataSets[0]).toMatchObject({ fieldsUnclassified: 0, consentBased: true, records: people.length })
    expect(state.suppression.entries).toBe(1)
  })
})

describe('an override', () => {
  const unit = { positions: [0, 1], grade: 'general' as const, group: null }
  const verdict = { outcome: 'transferred' as const, until: null, sealedFor: null, holder: 'transferee' as const, rule: 'X16', alsoRules: [], law: '', conf: 'P', conditions: [], needs: { notices: [], consents: [] }, residual: null, why: { zh: '', en: '' }, flags: [] }
  const facts = caseOf('asset-transfer')
  const override = { id: 'o1', dataSetId: 'ds', positions: [0, 1, 2], outcome: 'destroyed' as const }

  it('withholds a value that the table would move', () => {
    expect(overrideFor([override], { dataSetId: 'ds', unit, facts, verdict })).toMatchObject({ override: 'o1', verdict: { outcome: 'destroyed' } })
  })

  it('never destroys what the law orders to keep, and never touches a freeze', () => {
    expect(overrideFor([override], { dataSetId: 'ds', unit, facts, verdict }).verdict.outcome).toBe('destroyed')
    const kept = { ...facts, retention: voucher }
    expect(overrideFor([override], { dataSetId: 'ds', unit, facts: kept, verdict })).toMatchObject({ override: 'o1', verdict: { outcome: 'sealed', holder: 'transferor' } })
    expect(overrideFor([override], { dataSetId: 'ds', unit, facts: { ...facts, retention: null }, verdict }).verdict.outcome).toBe('pending')
    expect(overrideFor([override], { dataSetId: 'ds', unit, facts, verdict: { ...verdict, outcome: 'sealed', rule: 'X01' } }).override).toBeNull()
  })

  it('never keeps what its person had deleted or what was never lawful', () => {
    for (const outcome of ['kept', 'sealed'] as const) {
      for (const rule of ['X02', 'X04']) expect(overrideFor([{ ...override, outcome }], { dataSetId: 'ds', unit, facts, verdict: { ...verdict, outcome: 'destroyed', rule } }).override).toBeNull()
    }
  })

  it('lets the custodian hold what it seals when the transferor ends', () => {
    expect(overrideFor([{ ...override, outcome: 'sealed' }], { dataSetId: 'ds', unit, facts: caseOf('dissolution'), verdict }).verdict.holder).toBe('custodian')
  })

  it('reaches exactly the fields that it names, also within a group, and groups of one name stay apart', () => {
    const fields = [0, 1, 2, 3].map((position): InventoryField => ({ id: `fld_${position}`, position, type: 'unknown', grade: 'general', gradeRule: '-', confidence: 0, neededFor: [] }))
    const { columns: _columns, ...service } = group([], { name: '服务' })
    const set = { holdsPersons: true, collected: 'direct' as const, lawfulSource: 'lawful' as const, staysWhere: [], servedWhere: [], facets: [], groups: [{ ...service, fields: ['fld_0', 'fld_1', 'fld_2'] }, { ...service, basis: 'consent' as const, fields: ['fld_3'] }] }
    expect(unitsOf(fields, set, [[1]]).map((unit) => [unit.positions, unit.group?.basis])).toEqual([[[0, 2], 'contract'], [[1], 'contract'], [[3], 'consent']])
  })

  it('does not reach fields that it does not name', () => {
    expect(overrideFor([{ ...override, positions: [0] }], { dataSetId: 'ds', unit, facts, verdict }).override).toBeNull()
    expect(overrideFor([override], { dataSetId: 'other', unit, facts, verdict }).override).toBeNull()
  })
})
