// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeMatterSetting, currentMatter, type Matter } from '../../matter/index.ts'
import { openTestHome, type TestHome } from '../../test-home.ts'
import { addFact } from '../assess/index.ts'
import { treatDataSets, treatmentFileSchema } from '../classify/index.ts'
import { ingestSources, loadDataSets, resolveSubjects } from '../discover/index.ts'
import { inventTestPeople } from '../discover/fixture.ts'
import { importChoices } from '../notify/index.ts'
import { checkExport } from './check-export.ts'
import { askGate } from './load-matter-state.ts'
import { computePlan } from './compute-plan.ts'
import { noteExport } from './export-count.store.ts'
import { pretendErased, pretendSent } from './export-fixture.store.ts'

/** Two of them are under 14 (number 0 and 25), whose information is all sensitive. */
const people = inventTestPeople(30)
const lines = ['客户编号,姓名,手机号,出生日期,服务门店', ...people.map((one, at) => [one.number, one.name, one.mobile, one.birthDay, ['浦东门店', '徐汇门店'][at % 2]].join(','))]
const group = { columns: '*', name: '全部', purposes: ['售后'], basis: 'contract', neededForTransfer: true, contractAssent: 'all', recordsClasses: [] }

describe('going abroad', () => {
  let home: TestHome
  let matter: Matter
  let keyFile: string
  let by: string | undefined

  beforeAll(async () => {
    home = await openTestHome()
    home.setTime('2026-11-01T01:00:00.000Z')
    matter = await openedMatter('第一')
  }, 300_000)
  afterAll(() => home.remove())

  /** A matter with the same thirty customers in two tables: sixty records, thirty persons. */
  async function openedMatter(name: string): Promise<Matter> {
    const opened = (await home.addParty(await home.openMatter('asset-transfer'), `${name}境外公司`, 'transferee')).matter
    await ingestSources(home.ctx, opened, { paths: [write(`${name}客户.csv`, lines), write(`${name}会员.csv`, lines.map((line, at) => (at === 0 ? line : `${line}二部`)))] })
    await resolveSubjects(home.ctx, opened)
    await treatDataSets(home.ctx, opened, treatmentFileSchema.parse({ version: 1, dataSets: [1, 2].map((dataSet) => ({ dataSet, collected: 'direct', lawfulSource: 'lawful', groups: [group] })) }))
    if (by === undefined) ({ keyFile, id: by } = await home.addPerson(opened, '甲经办'))
    await changeMatterSetting(home.ctx, opened, { key: 'recipient_overseas', value: 'true', by })
    await addFact(home.ctx, opened, { name: 'abroad-access', value: { viewers: 0, processors: 0, persons: 0, sensitive: 0 }, evidenceFile: undefined, keyFile })
    return currentMatter(home.ctx, opened.id)
  }

  function write(name: string, lines: readonly string[]): string {
    const file = join(dirname(home.path), name)
    writeFileSync(file, `${lines.join('\r\n')}\r\n`)
    return file
  }

  const scopeOf = (of: Matter) => ({ tenant: home.ctx.tenant, matterId: of.id })
  const sign = (name: string, value: Record<string, string | number | boolean>) => addFact(home.ctx, matter, { name, value, evidenceFile: write('依据.txt', ['…']), keyFile })
  const codes = async () => (await checkExport(home.ctx, matter)).obstacles.map((found) => found.code)
  async function send(of: Matter, packageId: string, sequence: number, records: number): Promise<void> {
    const [dataSet] = await loadDataSets(home.ctx.db, scopeOf(of))
    await pretendSent(home.ctx.db, scopeOf(of), { packageId, sequence, dataSetId: dataSet?.id ?? '', records })
    await home.ctx.db.transaction((tx) => noteExport(tx, scopeOf(of), { packageId, year: Number(home.ctx.today().slice(0, 4)), at: home.ctx.now() }))
  }

  it('counts persons and not rows, children among the sensitive', async () => {
    const check = await checkExport(home.ctx, matter)
    expect(check.state?.counts.planned).toEqual({ persons: 30, sensitive: 2 })
    expect(check.state?.counts.undecided).toEqual({ persons: 0, sensitive: 0 })
  })

  it('is open until the questions are answered, then asks for the route that the numbers need', async () => {
    expect(await codes()).toEqual(['EXPORT_ANSWERS_MISSING'])
    await sign('export-answers', { ciio: false, exemption: 'none', year: 2026, elsewherePersons: 0, elsewhereSensitive: 0 })
    expect(await codes()).toEqual(['IMPORTANT_DATA_NOT_CHECKED'])
    await sign('important-data-checked', { answer: 'none-identified', checkedOn: '2026-10-01' })
    expect(await codes()).toEqual(['EXPORT_ROUTE_MISSING'])
    expect((await checkExport(home.ctx, matter)).state?.result.allowed).toEqual(['standard-contract', 'certification'])
  })

  it('keeps every record waiting until number and document are entered (row X22)', async () => {
    const waits = async () => (await computePlan(home.ctx, matter)).lines.some((line) => line.conditions.includes('EXPORT_ROUTE_MISSING'))
    expect(await waits()).toBe(true)
    await sign('export-route-done', { route: 'exempt' })
    expect(await codes()).toEqual(['EXPORT_ROUTE_TOO_WEAK'])
    await sign('export-route-done', { route: 'standard-contract' })
    expect(await codes()).toEqual(['EXPORT_NUMBER_MISSING'])
    expect(await waits()).toBe(true)
    await sign('export-route-done', { route: 'standard-contract', number: '京网信备〔2026〕8号' })
    expect(await codes()).toEqual([])
    expect(await waits()).toBe(false)
  })

  it('counts a person once in a year however many packages take them, and still when the records are erased', async () => {
    await send(matter, 'pkg_a', 1, 10)
    await send(matter, 'pkg_b', 2, 15)
    const sent = await home.ctx.db.query<{ package_id: string; persons: number; sensitive: number }>('select package_id, persons, sensitive from export_count order by 1')
    expect(sent).toEqual([{ package_id: 'pkg_a', persons: 10, sensitive: 1 }, { package_id: 'pkg_b', persons: 5, sensitive: 0 }])
    expect((await checkExport(home.ctx, matter)).state?.counts.planned).toEqual({ persons: 30, sensitive: 2 })
    await pretendErased(home.ctx.db, scopeOf(matter), 'pkg_a')
    expect((await checkExport(home.ctx, matter)).sentThisYear).toEqual({ persons: 15, sensitive: 1 })
  })

  it('stays an export when the settings say later that the recipient is not abroad', async () => {
    await changeMatterSetting(home.ctx, matter, { key: 'recipient_overseas', value: 'false', by: by ?? '' })
    const check = await checkExport(home.ctx, await currentMatter(home.ctx, matter.id))
    expect(check.state).toMatchObject({ recipients: 0, viewers: 0 })
    expect(check.state?.counts.planned.persons).toBeGreaterThanOrEqual(15) // no fewer than were sent
    await changeMatterSetting(home.ctx, matter, { key: 'recipient_overseas', value: 'true', by: by ?? '' })
  })

  it('adds the other matters of the home, and begins again on 1 January', async () => {
    const first = matter
    matter = await openedMatter('第二')
    const check = await checkExport(home.ctx, matter)
    expect(check.state?.counts.otherMatters).toEqual({ persons: 15, sensitive: 1 })
    expect(check.state?.result.total).toEqual({ persons: 45, sensitive: 3 })
    matter = first
    home.setTime('2027-01-01T01:00:00.000Z')
    const later = await checkExport(home.ctx, matter)
    expect(later.sentThisYear).toEqual({ persons: 0, sensitive: 0 })
    // The answers of last year speak of last year's numbers.
    expect(later.obstacles.map((found) => found.code)).toEqual(['EXPORT_ANSWERS_MISSING'])
  })

  it('takes who looks from abroad for an export, without any recipient there', async () => {
    home.setTime('2026-11-02T01:00:00.000Z')
    matter = (await home.addParty(await home.openMatter('share-transfer'), '母公司', 'transferee')).matter
    await ingestSources(home.ctx, matter, { paths: [write('股权客户.csv', lines)] })
    await resolveSubjects(home.ctx, matter)
    // Nobody answered: that is not "nobody looks", and packing stops on it.
    expect([(await checkExport(home.ctx, matter)).state, await codes()]).toEqual([null, ['ABROAD_ACCESS_UNANSWERED']])
    const g01 = async () => (await askGate(home.ctx, matter, 'pack')).results.find(({ rule }) => rule === 'G01')
    expect(await g01()).toMatchObject({ status: 'unmet', stops: true, obstacles: [{ code: 'ABROAD_ACCESS_UNANSWERED' }] })
    await sign('abroad-access', { viewers: 0, processors: 0, persons: 0, sensitive: 0 })
    expect([await codes(), (await g01())?.status]).toEqual([[], 'not-applicable'])
    await sign('abroad-access', { viewers: 3, processors: 0, persons: 30, sensitive: 2 })
    const { state } = await checkExport(home.ctx, matter)
    expect(state).toMatchObject({ recipients: 0, viewers: 3, counts: { seen: { persons: 30, sensitive: 2 }, planned: { persons: 0 } } })
    expect(await codes()).toEqual(['EXPORT_ANSWERS_MISSING'])
  })

  it('asks for consent to going abroad as a choice of its own where consent is the basis, and tallies it (PIPL 39; rule G02)', async () => {
    const own = await openedMatter('同意')
    await treatDataSets(home.ctx, own, treatmentFileSchema.parse({ version: 1, dataSets: [1, 2].map((dataSet) => ({ dataSet, collected: 'direct', lawfulSource: 'lawful', groups: [{ ...group, basis: 'consent', contractAssent: 'none' }] })) }))
    const g02 = async () => (await askGate(home.ctx, own, 'pack')).results.find(({ rule }) => rule === 'G02')?.obstacles.map(({ code, counts }) => [code, counts?.['records']])
    await computePlan(home.ctx, own)
    expect(await g02()).toEqual(expect.arrayContaining([['EXPORT_CONSENT_MISSING', 60]]))
    const said = (at: number, choice: string): string => `${people[at]?.mobile ?? ''},${choice},2026-10-31 10:00`
    await importChoices(home.ctx, own, { path: write('选择.csv', ['手机号,选择,时间', said(1, '同意;同意出境'), said(2, '同意')]), channel: 'sms' })
    await computePlan(home.ctx, own)
    expect(await g02()).toEqual(expect.arrayContaining([['EXPORT_CONSENT_MISSING', 58]])) // both records of the one who agreed to both
  })
})
