// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { addFact } from '../assess/index.ts'
import { inventTestPeople } from '../discover/fixture.ts'
import { importChoices, importNoticeResults } from '../notify/index.ts'
import { approvedImpact } from '../../test-impact.ts'
import { bookCustomers, writeBeside } from './booked-customers.fixture.ts'
import { explainRecords } from './explain-record.ts'

/** The last two share a phone. */
const people = inventTestPeople(8).map((one, at, all) => ({ ...one, mobile: at === 7 ? (all[6]?.mobile ?? '') : one.mobile }))
const digest = 'ab'.repeat(32)

describe('the explanation of a record', () => {
  let home: TestHome
  let matter: Matter

  beforeAll(async () => {
    home = await openTestHome()
    home.setTime('2026-05-01T01:00:00.000Z')
    matter = await bookCustomers(home, people, { name: '凭证', basis: 'legal-duty', recordsClasses: ['RT01'] })
    const { keyFile } = await home.addPerson(matter, '甲一')
    const evidenceFile = write('依据.txt', ['…'])
    await approvedImpact(home.ctx, matter, { evidenceFile, keyFile })
    await addFact(home.ctx, matter, { name: 'transfer-agreement-signed', value: { agreement: digest, signedOn: '2026-04-01', signedBy: ['transferor', 'transferee'], names: { purpose: true, method: true, scope: true, security: true } }, evidenceFile, keyFile })
    await importNoticeResults(home.ctx, matter, { path: write('送达.csv', ['手机号,结果,时间', ...people.map((one) => `${one.mobile},送达,2026-05-01 08:00`)]), notice: 'art23', channel: 'sms' })
    home.setTime('2026-06-10T01:00:00.000Z')
    await importChoices(home.ctx, matter, { path: write('选择.csv', ['手机号,选择,时间', `${people[2]?.mobile ?? ''},不同意,2026-05-06 10:00`]), channel: 'sms' })
    matter = await currentMatter(home.ctx, matter.id)
  }, 300_000)

  afterAll(() => home.remove())

  const write = (name: string, lines: readonly string[]): string => writeBeside(home, name, lines)

  const row = (number: number) => explainRecords(home.ctx, matter, { dataSet: '1', row: number })

  it('says article, day of the notice and that nobody objected', async () => {
    const [record] = await row(2)
    const name = record?.fields.find((field) => field.title === '姓名')
    expect(record?.dataSet).toMatchObject({ row: 2 })
    expect(name).toMatchObject({ outcome: 'transferred', rule: 'X16' })
    expect(name?.explanation.sentence.zh).toMatch(/^移交: .*第二十三条.*已告知 2026-05-01.*未提出异议/)
    expect(name?.explanation.sentence.en).toMatch(/^transferred: .*Article 23.*told 2026-05-01.*no objection/)
  })

  it('shows every field of the record once, masked, and never a value in clear', async () => {
    const person = people[1]
    const [record] = await row(2)
    expect(record?.fields.map((field) => field.position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const shown = JSON.stringify(record)
    for (const value of [person?.name, person?.mobile, person?.residentId, person?.email, person?.birthDay]) expect(shown).not.toContain(value)
    expect(record?.fields.find((field) => field.title === '手机号')?.shown).toMatch(/^170\*+\d{4}$/)
  })

  it('splits a record field by field: the voucher is sealed to its end, what was collected beyond need ends, each with its law', async () => {
    const [record] = await row(2)
    const voucher = record?.fields.find((field) => field.title === '备注')
    expect(voucher).toMatchObject({ outcome: 'sealed', rule: 'X17', holder: 'transferor' })
    expect(voucher?.explanation.facts.some((fact) => fact.zh.includes('RT01') && fact.conf !== '')).toBe(true)
    expect(record?.fields.find((field) => field.title === '身份证号')?.explanation.sentence.zh).toContain('超出必要收集')
  })

  it('says that a customer objected, and what stands in the way of a child', async () => {
    const [objector] = await row(3)
    expect(objector?.fields.find((field) => field.title === '姓名')).toMatchObject({ outcome: 'destroyed', rule: 'X12' })
    expect(objector?.fields.find((field) => field.title === '姓名')?.explanation.sentence.zh).toContain('已提出异议')
    const [child] = await row(1) // born 2015
    const waiting = child?.fields.find((field) => field.title === '姓名')
    expect(waiting?.outcome).toBe('pending')
    expect(waiting?.remedies.length).toBeGreaterThan(0)
    expect(waiting?.explanation.sentence.zh).toMatch(/^待定: .*待: /)
  })

  it('finds records by identifiers and by id, and writes each reading into the book', async () => {
    const [byKey] = await explainRecords(home.ctx, matter, { subjectKeyFile: write('本人.csv', ['标识类型,标识', `手机号,${people[4]?.mobile ?? ''}`]) })
    const [byId] = await explainRecords(home.ctx, matter, { recordIds: [byKey?.record ?? ''] })
    expect(byId).toEqual(byKey)
    const [read] = await home.ctx.db.query<{ purpose: string; records: number }>('select purpose, records from read_audit order by id desc limit 1')
    expect(read).toMatchObject({ purpose: 'reveal', records: 1 })
  })

  it('explains nothing by a phone that two people share, and the one of them who names a resident ID alone', async () => {
    const by = (...lines: string[]) => explainRecords(home.ctx, matter, { subjectKeyFile: write('共用.csv', ['标识类型,标识', ...lines]) })
    expect(await refusalOf(by(`手机号,${people[7]?.mobile ?? ''}`))).toBe('EXPLAIN_NOT_PROVEN')
    expect(await by(`手机号,${people[7]?.mobile ?? ''}`, `身份证号,${people[7]?.residentId ?? ''}`)).toHaveLength(1)
  })

  it('refuses what is not there', async () => {
    expect(await refusalOf(row(999))).toBe('EXPLAIN_NOT_FOUND')
    expect(await refusalOf(explainRecords(home.ctx, matter, { recordIds: ['zz'] }))).toBe('EXPLAIN_NOT_FOUND')
    expect(await refusalOf(explainRecords(home.ctx, matter, { dataSet: '9', row: 1 }))).toBe('EXPLAIN_NOT_FOUND')
    expect(await refusalOf(explainRecords(home.ctx, matter, { recordIds: Array.from({ length: 51 }, (_, at) => at.toString(16).padStart(32, '0')) }))).toBe('EXPLAIN_TOO_MANY')
  })
})
