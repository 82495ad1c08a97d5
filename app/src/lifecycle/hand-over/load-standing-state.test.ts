// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gateFor, standingFor } from '../../law/index.ts'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { treatDataSets, type TreatmentFile } from '../classify/index.ts'
import { inventTestPeople, openTestHome, type TestHome } from '../discover/fixture.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { decideRequests, importChoices } from '../notify/index.ts'
import { computePlan } from './compute-plan.ts'
import { evaluateRecords } from './evaluate-records.ts'
import { loadMatterState } from './load-matter-state.ts'

let at: TestHome
let matter: Matter
const people = inventTestPeople(30) // every twenty-fifth was born in 2015
type FileGroup = TreatmentFile['dataSets'][number]['groups'][number]
const group = (name: string, columns: FileGroup['columns'], more: Partial<FileGroup>): FileGroup => ({
  name, columns, purposes: ['售后服务'], basis: 'contract', purposeState: 'live', purposeMetWhere: [], neededForTransfer: true, neededForContract: true, onlyForNewPurpose: false, contractAssent: 'all',
  biometric: 'none', faceRoute: 'enrol-anew', majorEffect: false, recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy', ...more,
})
const asks = (n: number, what: string, on: string): string => `${people[n]?.mobile ?? ''},${what},${on}`

beforeAll(async () => {
  at = await openTestHome('standing')
  const lines = people.map((one, n) => `${one.number},${one.name},${one.mobile},${one.birthDay},INV${1000 + n},${100 + n},2025-0${1 + (n % 9)}-11`)
  await ingestSources(at.ctx, at.matter, { paths: [at.write('客户与发票.csv', ['客户编号,姓名,手机号,出生日期,发票号码,发票金额,开票日期', ...lines])] })
  await resolveSubjects(at.ctx, at.matter)
  await treatDataSets(at.ctx, at.matter, {
    version: 1,
    dataSets: [{
      dataSet: 1, holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', staysWhere: [], servedWhere: [], facets: [{ name: 'invoice-year', as: 'year', column: '开票日期' }],
      groups: [group('服务', ['客户编号', '姓名', '手机号', '出生日期'], {}), group('凭证', ['发票号码', '发票金额', '开票日期'], { basis: 'legal-duty', recordsClasses: ['RT01'], yearFacet: 'invoice-year', neededForTransfer: false })],
    }],
  })
  const file = at.write('请求.csv', ['手机号,选择,时间', asks(3, '删除', '2026-10-20'), asks(4, '副本', '2026-10-20'), asks(5, '更正', '2026-11-01'), asks(6, '注销', '2026-11-20'), asks(0, '查阅', '2026-10-01')])
  await importChoices(at.ctx, at.matter, { path: file, channel: 'letter' })
  matter = await currentMatter(at.ctx, at.matter.id)
}, 400_000)
afterAll(() => at.remove())

const standing = async (rule: string) => standingFor(await loadMatterState(at.ctx, matter)).results.find((each) => each.rule === rule)

describe('what the books know of requests', () => {
  test('runs their clocks from the day they came in: thirty days for all, fifteen working days for closing an account', async () => {
    const { requests } = await loadMatterState(at.ctx, matter)
    expect(requests.open.map(({ choice, receivedOn, persons }) => `${receivedOn} ${choice} ${persons}`)).toEqual(['2026-10-01 copy 1', '2026-10-20 copy 1', '2026-10-20 delete 1', '2026-11-01 correct 1', '2026-11-20 delete 1'])
    expect((await standing('I01'))?.obstacles.map(({ code, counts }) => [code, counts])).toEqual([['REQUEST_OVERDUE', { persons: 3 }]])
  })

  test('counts a refusal until somebody signs that it was explained, and minors among them', async () => {
    await decideRequests(at.ctx, matter, { choice: 'copy', batch: null, subject: null, decision: 'refused', reason: '身份未能核验' })
    const { requests } = await loadMatterState(at.ctx, matter)
    expect([requests.refused, requests.refusedMinors, requests.copies]).toEqual([2, 1, 2])
    expect((await standing('I03'))?.obstacles.map(({ code, counts }) => [code, counts])).toEqual([['REFUSALS_NOT_EXPLAINED', { persons: 2, minors: 1 }]])
  })
})

describe('a deletion request against a statutory retention', () => {
  test('seals the fields that a law orders to keep, and those only; the others of the same record are destroyed', async () => {
    await decideRequests(at.ctx, matter, { choice: 'delete', batch: null, subject: null, decision: 'accepted', reason: null })
    const records: Record<string, number>[] = []
    for await (const batch of (await evaluateRecords(at.ctx, matter)).records()) {
      for (const { kind } of batch.filter((record) => record.kind.circumstances.deletionRequested)) {
        const fields = kind.units.flatMap(({ unit, verdict }) => unit.positions.map((position) => ({ position, outcome: verdict.outcome })))
        records.push(Object.fromEntries([...Map.groupBy(fields, ({ outcome }) => outcome)].map(([outcome, of]) => [outcome, of.length])))
      }
    }
    expect(records).toEqual([{ sealed: 3, destroyed: 4 }, { sealed: 3, destroyed: 4 }]) // three invoice columns kept, four service columns gone
    await computePlan(at.ctx, matter)
    const { plan } = await loadMatterState(at.ctx, matter)
    expect(plan?.destruction.retentionRunning).toMatchObject({ accounting: 0, tax: 0 })
  })
})

describe('children under fourteen', () => {
  test('wait for their guardian before they are packed, and their guardians are told when the service stops (E08, J11)', async () => {
    const state = await loadMatterState(at.ctx, matter)
    expect(state.counts?.under14).toBe(2)
    const kinds = new Set<string>()
    for await (const batch of (await evaluateRecords(at.ctx, matter)).records()) for (const { kind } of batch) if (kind.circumstances.ageGroup === 'under14') kind.units.forEach(({ verdict }) => verdict.conditions.forEach(({ code }) => kinds.add(code)))
    expect(kinds).toContain('GUARDIAN_CONSENT_MISSING')
    const stopping = gateFor('destroy', { ...state, type: 'stop-product' }).results.find(({ rule }) => rule === 'J11')
    expect(stopping?.obstacles.map(({ code, counts }) => [code, counts])).toEqual([['GUARDIANS_NOT_TOLD', { under14: 2 }]])
  })
})
