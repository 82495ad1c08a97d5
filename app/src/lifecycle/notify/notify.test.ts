// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayOf } from '../../kit/time.ts'
import { recordFactsFor, summariseAnswers, type RecordFacts } from '../classify/index.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../discover/fixture.ts'
import { ingestSources, loadDataSets, resolveSubjects } from '../discover/index.ts'
import { announceToUnreached, decideRequests, importChoices, importNoticeResults, listChoiceRequests, listHolds, placeHold, releaseHold } from './index.ts'

let at: TestHome
const people = inventTestPeople(30)
const person = (n: number) => people[n] ?? { number: '', name: '', residentId: '', mobile: '', email: '', birthDay: '' }
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const family = '17055556666'

/** Facts of the records of one data set (register 1, tickets 2, family 3), by ordinal. */
async function factsOf(set: number): Promise<RecordFacts[]> {
  const sets = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
  return (await Array.fromAsync(recordFactsFor(at.ctx, at.matter.id, { dataSetId: sets[set - 1]?.id ?? '' }))).flat()
}

beforeAll(async () => {
  at = await openTestHome('notify')
  const tickets = ['工单号,客户姓名,联系电话,产品', ...people.slice(0, 10).map((p, n) => `GD${n},${p.name},${p.mobile},花洒`)]
  const relatives = ['姓名,手机号,备注', `赵大山,${family},`, `钱小河,${family},`]
  await ingestSources(at.ctx, at.matter, { paths: [at.write('登记.csv', registerLines(people)), at.write('工单.csv', tickets), at.write('家人.csv', relatives)] })
})
afterAll(async () => { await at.remove() })

describe('delivery results', () => {
  const file = () => at.write('回执.csv', [
    '手机号,结果,时间,批注', `${person(0).mobile},送达,2026-11-10 09:00,`, `+86 ${person(1).mobile},失败,2026/11/10 09:01,`, `${person(2).mobile},delivered,2026-11-10T01:00:00Z,`,
    `${family},送达,2026-11-11,`, `17099998888,送达,2026-11-10 09:00,查无此人`, `12345,送达,,`, `${person(3).mobile},也许,,`, `${person(4).mobile},送达,2031-01-01,`,
  ])

  test('wait until persons are resolved', async () => {
    expect(await codeOf(importNoticeResults(at.ctx, at.matter, { path: file(), notice: 'art23', channel: 'sms' }))).toBe('SUBJECTS_NOT_RESOLVED')
    await resolveSubjects(at.ctx, at.matter)
  })

  test('tell a person about all records, a shared phone only about those that hold it, and give the bad rows back with their reasons', async () => {
    const done = await importNoticeResults(at.ctx, at.matter, { path: file(), notice: 'art23', channel: 'sms' })
    expect(done).toMatchObject({ rows: 8, matched: 4, unmatched: 4, results: { delivered: 3, bounced: 1, announced: 0 }, repeated: false })
    const register = await factsOf(1)
    expect(register.slice(0, 4).map((record) => record.notices.art23?.state)).toEqual(['delivered', 'bounced', 'delivered', undefined])
    expect(register[0]?.notices.art23?.on).toBe('2026-11-10')
    expect((await factsOf(2)).slice(0, 3).map((record) => record.notices.art23?.state)).toEqual(['delivered', 'bounced', 'delivered'])
    expect((await factsOf(3)).map((record) => record.notices.art23?.state)).toEqual(['delivered', 'delivered'])
    const errors = readFileSync(done.errorFile ?? '', 'utf8')
    expect(errors.split('\r\n').filter((line) => line !== '').length).toBe(5)
    expect(errors).toContain('查无此人,账簿中没有这个标识')
    expect(errors).toContain('错误原因')
    expect(statSync(done.errorFile ?? '').mode & 0o777).toBe(0o600)
    const rows = await at.ctx.db.query<{ text: string }>('select row_to_json(b)::text as text from batch_import b union all select body from event')
    expect(rows.filter((row) => row.text.includes('17099998888') || row.text.includes('查无'))).toEqual([])
  })

  test('a workbook whose answers stand on two sheets is refused, since nobody would hear the second', async () => {
    const book = new ExcelJS.Workbook()
    for (const [name, state] of [['短信', 'visible'], ['补录', 'hidden']] as const) {
      const sheet = book.addWorksheet(name, { state })
      sheet.addRow(['手机号', '选择', '时间'])
      sheet.addRow([person(5).mobile, '不同意', '2026-11-10'])
    }
    const path = at.write('两表.xlsx', [])
    await book.xlsx.writeFile(path)
    expect(await codeOf(importChoices(at.ctx, at.matter, { path, channel: 'sms' }))).toBe('KEY_FILE_SHEETS')
  })

  test('the same file again gives the first result and writes nothing', async () => {
    const before = (await at.ctx.ledger.eventsOfType(at.matter.id, 'NoticeResultsImported')).length
    expect(await importNoticeResults(at.ctx, at.matter, { path: file(), notice: 'art23', channel: 'sms' })).toMatchObject({ matched: 4, unmatched: 4, repeated: true, errorFile: null })
    expect((await at.ctx.ledger.eventsOfType(at.matter.id, 'NoticeResultsImported')).length).toBe(before)
  })

  test('a list of bad rows that a crash took is made anew by the same file, once', async () => {
    // What a crash between the commit and the writing of the list leaves: the import, and no note that the list was handed out.
    await at.ctx.db.execute(`delete from step_done where effect like 'import/%/error-file'`)
    const again = await importNoticeResults(at.ctx, at.matter, { path: file(), notice: 'art23', channel: 'sms' })
    expect(again).toMatchObject({ matched: 4, unmatched: 4, repeated: true })
    expect(readFileSync(again.errorFile ?? '', 'utf8').split('\r\n').filter((line) => line !== '').length).toBe(5)
    expect(await importNoticeResults(at.ctx, at.matter, { path: file(), notice: 'art23', channel: 'sms' })).toMatchObject({ repeated: true, errorFile: null })
    expect(readdirSync(at.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('an announcement reaches the rest, and never comes before the first individual notice', async () => {
    expect(await codeOf(announceToUnreached(at.ctx, at.matter, { notice: 'art22', publishedOn: dayOf('2026-11-12'), noContacts: false }))).toBe('ANNOUNCEMENT_FIRST')
    const done = await announceToUnreached(at.ctx, at.matter, { notice: 'art23', publishedOn: dayOf('2026-11-12'), noContacts: false })
    expect(done.persons).toBe(32 - 2 - 2)
    expect((await factsOf(1)).map((record) => record.notices.art23?.state).slice(0, 4)).toEqual(['delivered', 'announced', 'delivered', 'announced'])
    expect(await codeOf(announceToUnreached(at.ctx, at.matter, { notice: 'art23', publishedOn: dayOf('2026-11-12'), noContacts: false }))).toBe('NOTHING_UNREACHED')
  })

  test('refuses a file without the columns that it needs', async () => {
    expect(await codeOf(importNoticeResults(at.ctx, at.matter, { path: at.write('空.csv', ['姓名,结果', '张三,送达']), notice: 'art23', channel: 'sms' }))).toBe('KEY_FILE_COLUMNS')
  })
})

describe('choices', () => {
  test('an agreement covers the account of the proven key, an objection everything of the person, a request waits', async () => {
    const file = at.write('选择.csv', [
      '标识类型,标识,选择,时间', `手机号,${person(0).mobile},同意;同意敏感,2026-11-15 10:00`, `身份证号,${person(5).residentId},同意,2026-11-15 10:00`, `手机号,${person(6).mobile},不同意,2026-11-15 10:00`,
      `电子邮箱,${person(7).email.toUpperCase()},删除,2026-11-15 10:00`, `手机号,${family},同意,2026-11-15`, `客户编号,${person(8).number},撤回,2026-11-15`,
    ])
    const done = await importChoices(at.ctx, at.matter, { path: file, channel: 'sms' })
    expect(done).toMatchObject({ rows: 6, matched: 5, unmatched: 1, open: 1, choices: { 'agree-transfer': 2, 'agree-sensitive': 1, object: 1, delete: 1, withdraw: 1 } })
    const register = await factsOf(1)
    const tickets = await factsOf(2)
    expect([register[0], tickets[0]].map((record) => record?.transferConsent)).toEqual(['given', 'given'])
    // The resident ID stands in the register only; the ticket is joined by the phone alone, so the agreement does not reach it.
    expect([register[5], tickets[5]].map((record) => record?.transferConsent)).toEqual(['given', 'none'])
    expect([register[6], tickets[6]].map((record) => record?.objected)).toEqual([true, true])
    expect([register[7], tickets[7]].map((record) => record?.openRequest)).toEqual([true, true])
    expect([register[8], tickets[8]].map((record) => record?.withdrawn)).toEqual([true, true])
    expect((await factsOf(3)).map((record) => record.transferConsent)).toEqual(['none', 'none'])
    expect(readFileSync(done.errorFile ?? '', 'utf8')).toContain('多人共用')
  })

  test('an objection from a shared phone keeps everybody who holds it back', async () => {
    await importChoices(at.ctx, at.matter, { path: at.write('反对.csv', ['手机号,选择', `${family},反对`]), channel: 'phone' })
    expect((await factsOf(3)).map((record) => record.objected)).toEqual([true, true])
  })

  test('a request is decided once; a refusal needs its reason, which stays encrypted', async () => {
    const [open] = await listChoiceRequests(at.ctx, at.matter, { status: 'open' })
    expect(open).toMatchObject({ choice: 'delete', status: 'open', records: 2 })
    const decision = { choice: 'delete' as const, batch: null, subject: open?.subject ?? '', decision: 'refused' as const, reason: null }
    expect(await codeOf(decideRequests(at.ctx, at.matter, decision))).toBe('REFUSAL_NEEDS_REASON')
    expect(await decideRequests(at.ctx, at.matter, { ...decision, decision: 'accepted', reason: '本人核验' })).toEqual({ records: 2 })
    expect((await factsOf(2))[7]).toMatchObject({ deletionRequested: true, openRequest: false, onSuppressionList: true })
    expect(await codeOf(decideRequests(at.ctx, at.matter, { ...decision, decision: 'accepted' }))).toBe('NO_OPEN_REQUEST')
    const steps = await at.ctx.db.query<{ text: string }>(`select result::text as text from step_done union all select body from event`)
    expect(steps.filter((row) => row.text.includes('本人核验'))).toEqual([])
  })

  test('the summary counts persons', async () => {
    const { choices, notices } = await summariseAnswers(at.ctx, at.matter.id)
    expect(choices.find((one) => one.choice === 'object')).toMatchObject({ subjects: 3, records: 4 })
    expect(notices).toEqual([{ notice: 'art23', result: 'announced', subjects: 28 }, { notice: 'art23', result: 'delivered', subjects: 4 }])
  })
})

describe('holds', () => {
  test('cover every record of the person, stand until released, and are placed once', async () => {
    const keys = at.write('涉诉.csv', ['身份证号', person(9).residentId, 'X'])
    const order = { reason: 'litigation' as const, until: dayOf('2028-06-30'), dataSetId: null, facet: null, subject: null, keyFile: keys }
    const placed = await placeHold(at.ctx, at.matter, order)
    expect(placed).toMatchObject({ records: 2, unmatched: 1, repeated: false })
    expect(await placeHold(at.ctx, at.matter, order)).toMatchObject({ id: placed.id, repeated: true })
    expect([(await factsOf(1))[9], (await factsOf(2))[9]].map((record) => [record?.hold, record?.holdUntil])).toEqual([[true, '2028-06-30'], [true, '2028-06-30']])
    expect(await releaseHold(at.ctx, at.matter, placed.id)).toEqual({ records: 2 })
    expect((await factsOf(1))[9]?.hold).toBe(false)
    expect(await codeOf(releaseHold(at.ctx, at.matter, placed.id))).toBe('HOLD_UNKNOWN')
    expect(await placeHold(at.ctx, at.matter, order)).toMatchObject({ repeated: false })
    expect((await listHolds(at.ctx, at.matter)).map((hold) => hold.released)).toEqual([true, false])
  })

  test('refuse when nobody matches', async () => {
    const order = { reason: 'audit' as const, until: null, dataSetId: null, facet: null, subject: 'sub_00', keyFile: null }
    expect(await codeOf(placeHold(at.ctx, at.matter, order))).toBe('HOLD_MATCHES_NOBODY')
  })
})
