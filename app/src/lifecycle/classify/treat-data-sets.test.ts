// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../discover/fixture.ts'
import { ingestSources, loadDataSets, resolveSubjects } from '../discover/index.ts'
import { namedDataSets, readTreatment, recordFactsFor, treatDataSets, treatmentFileSchema, treatmentTemplate, type TreatmentFile } from './index.ts'

let at: TestHome
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const fileOf = (dataSets: unknown[]): TreatmentFile => treatmentFileSchema.parse({ version: 1, dataSets })
const register = (more: object = {}) => ({
  dataSet: '客户登记.csv', collected: 'direct', lawfulSource: 'lawful',
  facets: [{ name: 'branch', column: '服务门店' }],
  staysWhere: [{ facet: 'branch', values: ['杭州门店'] }],
  groups: [
    { name: '联络', basis: 'contract', purposes: ['售后服务'], neededForTransfer: true, contractAssent: 'all', recordsClasses: [], columns: ['客户编号', '姓名', '手机号'] },
    { name: '其他', basis: 'consent', purposes: ['会员'], recordsClasses: [], columns: '*' },
  ],
  ...more,
})
const facts = async () => (await Array.fromAsync(recordFactsFor(at.ctx, at.matter.id))).flat()

beforeAll(async () => {
  at = await openTestHome('treat')
  const invoices = ['发票号,购方名称,联系电话,开票日期,金额', ...inventTestPeople(40).map((p, n) => `2600${1000 + n},${p.name},${p.mobile},${2019 + (n % 4)}-0${1 + (n % 9)}-15,${100 + n}.00`)]
  await ingestSources(at.ctx, at.matter, { paths: [at.write('客户登记.csv', registerLines(inventTestPeople(60))), at.write('发票.csv', invoices)] })
  await resolveSubjects(at.ctx, at.matter)
})
afterAll(async () => { await at.remove() })

describe('recording how data sets are treated', () => {
  test('stores fields by id, makes the facets of every record, and lists columns that no group names', async () => {
    const [done] = await treatDataSets(at.ctx, at.matter, fileOf([register({ groups: [{ name: '联络', basis: 'contract', purposes: ['售后服务'], columns: ['姓名', '手机号'] }] })]))
    expect(done?.unassigned).toEqual(['客户编号', '身份证号', '出生日期', '电子邮箱', '服务门店', '备注'])
    expect(new Set(done?.facets)).toEqual(new Set(['徐汇门店', '杭州门店', '浦东门店'].map((value) => ({ facet: 'branch', value, records: 20 }))))
    const records = await facts()
    expect(records.filter((record) => record.facets['branch'] === '杭州门店').length).toBe(20)
    const [set] = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
    expect(JSON.stringify(set?.treatment)).not.toContain('手机号')
    expect(readTreatment(set?.treatment)?.groups[0]?.fields.length).toBe(2)
    expect(set?.fields.map((field) => field.neededFor)).toEqual([[], ['售后服务'], [], ['售后服务'], [], [], [], []])
  })

  test('a later record replaces the first; the same again writes no event', async () => {
    const events = async () => (await at.ctx.ledger.eventsOfType(at.matter.id, 'DataSetTreated')).length
    const before = await events()
    expect(await treatDataSets(at.ctx, at.matter, fileOf([register()]))).toMatchObject([{ unassigned: [], repeated: false }])
    expect(await treatDataSets(at.ctx, at.matter, fileOf([register()]))).toMatchObject([{ unassigned: [], repeated: true, facets: [{ records: 20 }, { records: 20 }, { records: 20 }] }])
    expect(await events()).toBe(before + 1)
  })

  test('takes the year of a date as a facet for retention', async () => {
    const [done] = await treatDataSets(at.ctx, at.matter, fileOf([{ dataSet: 2, facets: [{ name: 'year', column: '开票日期', as: 'year' }], groups: [{ name: '发票', basis: 'legal-duty', recordsClasses: ['RT01', 'RT07'], yearFacet: 'year', columns: '*' }] }]))
    expect(done?.facets.map((one) => one.value).sort()).toEqual(['2019', '2020', '2021', '2022'])
  })

  test.each([
    ['a column that names people', { staysWhere: [], facets: [{ name: 'who', column: '姓名' }] }, 'FACET_REFUSED'],
    ['the year of birth', { staysWhere: [], facets: [{ name: 'born', column: '出生日期', as: 'year' }] }, 'FACET_REFUSED'],
    ['an unknown column', { facets: [{ name: 'shop', column: '没有' }] }, 'TREATMENT_MISMATCH'],
    ['a condition on a facet that is not declared', { facets: [], staysWhere: [{ facet: 'branch', values: ['x'] }] }, 'TREATMENT_MISMATCH'],
    ['one column in two groups', { groups: [{ name: 'a', columns: ['姓名'] }, { name: 'b', columns: ['姓名'] }] }, 'TREATMENT_MISMATCH'],
    ['an unknown data set', { dataSet: '没有.csv' }, 'TREATMENT_MISMATCH'],
  ])('refuses %s and changes nothing', async (_, change, code) => {
    const before = await at.ctx.db.query('select treatment, id from data_set order by id')
    expect(await codeOf(treatDataSets(at.ctx, at.matter, fileOf([register(change)])))).toBe(code)
    expect(await at.ctx.db.query('select treatment, id from data_set order by id')).toEqual(before)
  })

  test('the template that it writes can be read again and says the same', async () => {
    const before = (await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })).map((set) => set.treatment)
    const again = await treatDataSets(at.ctx, at.matter, treatmentFileSchema.parse(await treatmentTemplate(at.ctx, at.matter)))
    expect(again.map((set) => set.repeated)).toEqual([true, true])
    expect((await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })).map((set) => set.treatment)).toEqual(before)
    expect((await namedDataSets(at.ctx, at.matter.id)).map((set) => `${set.number} ${set.name}`)).toEqual(['1 客户登记.csv', '2 发票.csv'])
  })
})
