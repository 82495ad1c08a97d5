// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { hasMariaDb, startMariaDb, type MariaDb, type MariaDbSession } from '../../sources/databases/mariadb.fixture.ts'
import { pinDatabaseAddress, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { freezeSources } from '../hand-over/index.ts'
import { addTestPeople, addTestWitness, enterDelta, type TestPeople } from './delta-people.fixture.ts'
import { openTestHome, type TestHome } from './fixture.ts'
import { ingestSources, resolveSubjects, scanDelta, type IngestResult } from './index.ts'

const members = 2100
let at: TestHome
let server: MariaDb
let session: MariaDbSession
let staff: TestPeople
let stopWitness: (() => Promise<void>) | undefined
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))

async function loginAs(user: string): Promise<DatabaseLogin> {
  const address = await pinDatabaseAddress(`mysql://${user}@127.0.0.1:${server.port}/crm`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 60, connectMs: 10_000, isOrdered: true, tables: [] }
  return { address, place: shownAddress(address), password: `${user}-口令`, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits }
}

async function entered(ctx: Context, user: string): Promise<IngestResult> {
  const login = await loginAs(user)
  return ingestSources(ctx, at.matter, { paths: [login.place], options: { databases: new Map([[login.place, login]]) } })
}

const recordIds = () => at.ctx.db.query<{ id: string }>(`select encode(id, 'hex') as id from record order by inventory_index`)

describe.skipIf(!hasMariaDb())('the tables of a MariaDB with keys of text and without keys', () => {
  beforeAll(async () => {
    server = await startMariaDb()
    session = await server.admin()
    await session.run(`create database crm; use crm; create table member (shop char(4) collate gbk_chinese_ci, code varchar(20) collate utf8mb4_general_ci, mobile varchar(20), note text, spent decimal(12,2), at timestamp(3), primary key (shop, code));
      create table log (what varchar(40), at datetime); create table unique_only (a int, b varbinary(8) not null unique, c text)`)
    // What the collation takes for near: padding, case, accents; the order of the key is its own.
    const codes = ['a', 'B', 'Z ', '10', '9', '_', 'é1', '张', '李', '𠮷']
    const rows = Array.from({ length: members }, (_, n) => `('${n % 2 === 0 ? '沪' : '京'}', '${codes[n % codes.length] ?? ''}${n}', '1700${1_000_000 + n}', '备注${n}', ${n}.50, '2024-01-02 03:04:05.${String(n % 1000).padStart(3, '0')}')`)
    for (let from = 0; from < rows.length; from += 500) await session.run(`insert into member values ${rows.slice(from, from + 500).join(', ')}`)
    await session.run(`insert into log values ('登录', '2024-01-01'), ('登录', '2024-01-01'), ('退出', null); insert into unique_only values (1, x'00ff', '甲'), (null, x'01', '乙')`)
    for (const user of ['clerk', 'other']) await session.run(`create user ${user} identified by '${user}-口令'; grant select on crm.* to ${user}`)
    at = await openTestHome('delta-database')
    staff = await addTestPeople(at)
    stopWitness = await addTestWitness(at)
  }, 600_000)
  afterAll(async () => {
    await stopWitness?.()
    session?.end()
    await at?.remove()
    await server?.stop()
  }, 240_000)

  test('are entered after an interruption with the same record ids, and another account finds the same source', async () => {
    const dying: Context = { ...at.ctx, progress: ({ en }, done) => { if (en === 'Entering' && done > 1000) throw new Error('killed') } }
    await expect(entered(dying, 'clerk')).rejects.toThrow('killed')
    const before = await recordIds()
    expect(before.length).toBeGreaterThan(1000)
    const done = await entered(at.ctx, 'clerk')
    expect(done.sources[0]?.dataSets.map(({ name, records }) => [name, records])).toEqual([['log', 3], ['member', members], ['unique_only', 2]])
    expect((await recordIds()).map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
    expect((await entered(at.ctx, 'other')).sources.map(({ repeated, id }) => [repeated, id])).toEqual([[true, done.sources[0]?.id]])
    await resolveSubjects(at.ctx, at.matter)
  }, 600_000)

  test('are frozen and compared by the key of each table, or by content where there is none; a later change is refused after the freeze', async () => {
    await session.run(`use crm; update member set note = '改', at = at where shop = '沪' and code = 'a0'; delete from member where code = 'B1'; insert into member (shop, code) values ('沪', '新'); delete from log where what = '退出'; insert into log values ('新', null);
      update unique_only set c = '丙' where b = x'01'; create table later (id int)`)
    const frozen = await freezeSources(at.ctx, at.matter, { keyFile: staff.lead, logins: [await loginAs('other')] })
    expect(frozen).toMatchObject({ repeated: false, sources: [{ changedSinceEntered: true }] })
    const login = await loginAs('clerk')
    const found = await scanDelta(at.ctx, at.matter, { path: login.place, login })
    expect(found).toMatchObject({ foundBy: 'table-key', freeze: frozen.freeze })
    const counts = Object.fromEntries(found.dataSets.map(({ name, unchanged, changed, added, gone }) => [name, { unchanged, changed, added, gone }]))
    expect(counts).toEqual({ log: { unchanged: 2, changed: 0, added: 1, gone: 1 }, member: { unchanged: members - 2, changed: 1, added: 1, gone: 1 }, unique_only: { unchanged: 1, changed: 1, added: 0, gone: 0 } })
    expect(found.dataSets.find(({ name }) => name === 'member')?.fields).toEqual([{ name: 'note', records: 1 }])
    expect(found.notRead.map(({ why }) => why).join()).toContain('1 张表未被')
    const booked = await enterDelta(at, staff, { path: login.place, login })
    expect(booked).toMatchObject({ booked: true })
    expect((await at.ctx.ledger.verifyBooks(at.matter.id)).problems).toEqual([])
    await session.run(`update member set note = '再改', at = at where code = 'a0'`)
    expect(await codeOf(scanDelta(at.ctx, at.matter, { path: login.place, login }))).toBe('DELTA_AFTER_FREEZE')
    expect(await codeOf(freezeSources(at.ctx, at.matter, { keyFile: staff.lead }))).toBe('FREEZE_SOURCE_MISSING')
  }, 600_000)
})
