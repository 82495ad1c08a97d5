// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addHours } from '../../kit/time.ts'
import { approve } from '../../stewardship/access/index.ts'
import { placeHold, releaseHold } from '../notify/index.ts'
import { addTestPeople, addTestWitness, enterDelta, type TestPeople } from './delta-people.fixture.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from './fixture.ts'
import { ingestDelta, ingestSources, loadDataSets, requestDelta, resolveSubjects, scanDelta } from './index.ts'

let at: TestHome
let register: string
let staff: TestPeople
let stopWitness: (() => Promise<void>) | undefined
const people = inventTestPeople(300)
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const valuesIn = (lines: readonly string[]) => lines.slice(1).flatMap((line) => line.split(',')).filter((cell) => cell !== '').length
const total = async (column: 'discovered' | 'pending') => (await at.ctx.ledger.mainBook(at.matter.id)).reduce((sum, line) => sum + line[column], 0)

/** Line 0 is the header; of the people, number 3 moved, 5 and 6 changed, 7 is gone, two are new; the order is turned round, so that nothing is found by its place. */
function later(): string[] {
  const [header = '', ...rows] = registerLines(people)
  const changed = rows.map((row, index) => (index === 5 ? row.replace(/,1700\d+,/, ',17009999999,') : index === 6 ? row.replace(/,[^,]*$/, ',改为工作日') : row))
  const kept = changed.filter((_, index) => index !== 7)
  return [header, ...kept.reverse(), 'KH90001,赵新甲,,17008880001,1990-01-02,,浦东门店,', 'KH90002,钱新乙,,17008880002,,,徐汇门店,新客户']
}

beforeAll(async () => {
  at = await openTestHome('delta')
  staff = await addTestPeople(at)
  stopWitness = await addTestWitness(at)
  register = at.write('客户登记.csv', registerLines(people))
  await ingestSources(at.ctx, at.matter, { paths: [register] })
  await resolveSubjects(at.ctx, at.matter)
}, 300_000)
afterAll(async () => {
  await stopWitness?.()
  await at.remove()
})

describe('a delta scan', () => {
  test('finds every record again by its customer number and counts exactly, without changing the books', async () => {
    const before = await total('discovered')
    writeFileSync(register, `${later().join('\r\n')}\r\n`)
    const found = await scanDelta(at.ctx, at.matter, { path: register })
    expect(found).toMatchObject({ foundBy: 'customer-id', booked: false, dataSets: [{ rows: 301, unchanged: 297, changed: 2, added: 2, gone: 1 }] })
    expect(found.dataSets[0]?.fields).toEqual(expect.arrayContaining([{ name: '手机号', records: 1 }, { name: '备注', records: 1 }]))
    expect(await total('discovered')).toBe(before)
  })

  test('refuses a column that is not unique, one that is not there, and a file that is no source', async () => {
    expect(await codeOf(scanDelta(at.ctx, at.matter, { path: register, key: '服务门店' }))).toBe('DELTA_KEY_NOT_UNIQUE')
    expect(await codeOf(scanDelta(at.ctx, at.matter, { path: register, key: '没有的列' }))).toBe('DELTA_KEY_UNKNOWN')
    expect(await codeOf(scanDelta(at.ctx, at.matter, { path: at.write('别的.csv', ['姓名', '赵某某']) }))).toBe('DELTA_SOURCE_UNKNOWN')
  })

  test('is booked by nobody alone: neither the requester, nor one approver, nor under an approval for another file', async () => {
    const book = () => codeOf(ingestDelta(at.ctx, at.matter, { path: register }))
    const before = await total('discovered')
    expect(await book()).toBe('DELTA_UNAPPROVED')
    const other = later().map((line) => line.replace('改为工作日', '改为另一日'))
    writeFileSync(register, `${other.join('\r\n')}\r\n`)
    const asked = await requestDelta(at.ctx, at.matter, { path: register, withoutReceipts: 'nobody-to-reach' }, staff.lead)
    expect(await book()).toBe('APPROVAL_INCOMPLETE')
    expect(await codeOf(approve(at.ctx, at.matter, { requestId: asked.request, keyFile: staff.lead }))).toBe('OWN_REQUEST')
    await approve(at.ctx, at.matter, { requestId: asked.request, keyFile: staff.legal })
    await approve(at.ctx, at.matter, { requestId: asked.request, keyFile: staff.legal })
    expect(await book()).toBe('APPROVAL_INCOMPLETE')
    await approve(at.ctx, at.matter, { requestId: asked.request, keyFile: staff.finance })
    writeFileSync(register, `${later().join('\r\n')}\r\n`)
    expect(await book()).toBe('DELTA_UNAPPROVED')
    expect(await total('discovered')).toBe(before)
    expect(await at.ctx.db.query('select 1 from delta_cipher')).toEqual([])
  })

  test('erases no former value of a record that is frozen, whoever approved it', async () => {
    const [set] = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
    const before = [await total('discovered'), (await at.ctx.ledger.eventsOfType(at.matter.id, 'SourceRescanned')).length]
    const hold = await placeHold(at.ctx, at.matter, { reason: 'litigation', until: null, dataSetId: set?.id ?? '', facet: null, subject: null, keyFile: null })
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_HELD')
    expect([await total('discovered'), (await at.ctx.ledger.eventsOfType(at.matter.id, 'SourceRescanned')).length]).toEqual(before)
    await releaseHold(at.ctx, at.matter, hold.id)
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_UNAPPROVED')
  })

  test('takes new, changed and gone records into the books so that the accounts add up to the source and what it held', async () => {
    const [before] = (await at.ctx.ledger.copies(at.matter.id)).filter((copy) => copy.kind === 'vault')
    const done = await enterDelta(at, staff, { path: register })
    expect(done).toMatchObject({ booked: true, repeated: false, erasedKeys: 2 })
    const gone = valuesIn(['', registerLines(people)[8] ?? ''])
    const inFile = valuesIn(later())
    expect(await total('discovered')).toBe(inFile + gone)
    expect(await total('pending')).toBe(inFile + gone)
    expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
    const copies = await at.ctx.ledger.copies(at.matter.id)
    expect(copies.find((copy) => copy.kind === 'original')).toMatchObject({ values: inFile })
    expect(copies.find((copy) => copy.kind === 'vault')).toMatchObject({ values: inFile + gone, id: before?.id })
  })

  test('the vault opens exactly what the source has now, and keeps what is gone from it', async () => {
    const [set] = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
    const grant = { person: 'test', purpose: 'backup-check' as const, compartments: ['general', 'sensitive', 'text'] as const, until: addHours(at.ctx.now(), 1), approval: null }
    const opened = new Set<string>()
    for await (const records of at.ctx.vault.read(grant, { matterId: at.matter.id, dataSetId: set?.id ?? '', withLeaves: true })) for (const record of records) opened.add(record.values.join(','))
    expect(opened).toEqual(new Set([...later().slice(1), registerLines(people)[8] ?? '']))
  })

  test('persons must be resolved again, then new people are persons of their own', async () => {
    const resolved = await resolveSubjects(at.ctx, at.matter)
    expect(resolved).toMatchObject({ repeated: false, subjects: 302 })
  })

  test('the same file again gives the first result and books nothing', async () => {
    const events = (await Array.fromAsync(at.ctx.ledger.events(at.matter.id))).length
    expect(await ingestDelta(at.ctx, at.matter, { path: register })).toMatchObject({ repeated: true, erasedKeys: 0, dataSets: [{ changed: 2, added: 2, gone: 1 }] })
    expect((await Array.fromAsync(at.ctx.ledger.events(at.matter.id))).length).toBe(events)
  })

  test('a row that was gone and comes back is the same record, and a second change makes a third version', async () => {
    const lines = [...later(), (registerLines(people)[8] ?? '')].map((line) => line.replace('改为工作日', '改为节假日'))
    writeFileSync(register, `${lines.join('\r\n')}\r\n`)
    expect(await enterDelta(at, staff, { path: register })).toMatchObject({ dataSets: [{ rows: 302, unchanged: 301, changed: 1, added: 0, gone: 0 }] })
    expect(await total('discovered')).toBe(valuesIn(lines))
    const versions = await at.ctx.db.query<{ version: number; n: number }>('select version, count(*)::bigint as n from record group by 1 order by 1')
    expect(versions).toEqual([{ version: 1, n: 300 }, { version: 2, n: 1 }, { version: 3, n: 1 }])
    expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
  })

  test('what is gone needs two people, although it erases nothing; what is only new needs nobody else', async () => {
    const [header = '', ...rows] = [...later(), (registerLines(people)[8] ?? '')].map((line) => line.replace('改为工作日', '改为节假日'))
    const put = (...more: string[]) => writeFileSync(register, `${[header, ...rows.slice(1), ...more].join('\r\n')}\r\n`)
    put('KH90003,孙新丙,,17008880003,,,徐汇门店,')
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_UNAPPROVED')
    expect(await enterDelta(at, staff, { path: register })).toMatchObject({ erasedKeys: 0, dataSets: [{ changed: 0, added: 1, gone: 1 }] })
    put('KH90003,孙新丙,,17008880003,,,徐汇门店,', 'KH90004,李新丁,,17008880004,,,徐汇门店,')
    expect(await codeOf(requestDelta(at.ctx, at.matter, { path: register }, staff.lead))).toBe('DELTA_NOTHING_TO_APPROVE')
    expect(await ingestDelta(at.ctx, at.matter, { path: register })).toMatchObject({ erasedKeys: 0, dataSets: [{ changed: 0, added: 1, gone: 0 }] })
  })

  test('refuses a file that lost most of its records unless that is meant, and other columns', async () => {
    const lines = registerLines(people)
    writeFileSync(register, `${lines.slice(0, 100).join('\r\n')}\r\n`)
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_TOO_DIFFERENT')
    expect(await codeOf(requestDelta(at.ctx, at.matter, { path: register }, staff.lead))).toBe('DELTA_TOO_DIFFERENT')
    // Meant or not: most of a file being gone is a matter for two people, although nothing but the original is shorter then.
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register, large: true }))).toBe('DELTA_UNAPPROVED')
    writeFileSync(register, `${[`多一列,${lines[0] ?? ''}`, ...lines.slice(1).map((line) => `x,${line}`)].join('\r\n')}\r\n`)
    expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_SHAPE')
  })
})
