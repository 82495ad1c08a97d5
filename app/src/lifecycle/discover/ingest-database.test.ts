// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasMariaDb, startMariaDb, type MariaDb, type MariaDbSession } from '../../sources/databases/mariadb.fixture.ts'
import { pinDatabaseAddress, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { inventTestPeople, openTestHome, type TestHome } from './fixture.ts'
import { ingestSources, loadDataSets, resolveSubjects, type IngestResult } from './index.ts'

const password = 'canary-口令-8246'
const people = inventTestPeople(10)
let at: TestHome
let server: MariaDb
let session: MariaDbSession

async function entered(): Promise<IngestResult> {
  const address = await pinDatabaseAddress(`mysql://clerk@127.0.0.1:${server.port}/crm`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 60, connectMs: 10_000, isOrdered: true, tables: [] }
  const login: DatabaseLogin = { address, place: shownAddress(address), password, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits }
  return ingestSources(at.ctx, at.matter, { paths: [login.place], options: { databases: new Map([[login.place, login]]) } })
}

describe.skipIf(!hasMariaDb())('the tables of a MariaDB', () => {
  beforeAll(async () => {
    server = await startMariaDb()
    session = await server.admin()
    await session.run(`create database crm; use crm; create table customer (number varchar(20) primary key comment '客户编号', name varchar(40) comment '姓名', card char(18) comment '身份证号', mobile varchar(20) comment '手机号', photo blob, joined date);
      create table visit (id int primary key auto_increment, number varchar(20), at datetime, note text); create view everybody as select * from customer; create user clerk identified by '${password}'; grant select on crm.* to clerk`)
    for (const one of people) await session.run('insert into customer values (?, ?, ?, ?, ?, ?)', [one.number, one.name, one.residentId, one.mobile, Buffer.from([0, 255]), one.birthDay])
    await session.run(`insert into visit (number, at, note) select number, '2026-01-02 03:04:05', '上门安装' from customer`)
    at = await openTestHome('ingest-database')
  }, 300_000)
  afterAll(async () => {
    session?.end()
    await at?.remove()
    await server?.stop()
  }, 240_000)

  test('are entered in the books, with what was not read, and give the first result again', async () => {
    const done = await entered()
    expect(done.sources.map(({ dataSets }) => dataSets.map(({ name, records, values }) => [name, records, values]))).toEqual([[['customer', 10, 60], ['visit', 10, 40]]])
    expect(done.notRead.map(({ where }) => where.replace(/^.*!/, ''))).toContain('everybody')
    const sets = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
    expect(sets[0]?.fields.map(({ type }) => type)).toEqual(expect.arrayContaining(['person-name', 'resident-id', 'mobile']))
    expect(await resolveSubjects(at.ctx, at.matter)).toMatchObject({ subjects: 10 })
    expect((await entered()).sources.map(({ repeated }) => repeated)).toEqual([true])
    expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
    expect(JSON.stringify(done)).not.toContain(password)
  }, 300_000)

  test('that changed since are refused, not entered twice', async () => {
    await session.run(`update crm.visit set note = '已退机' where id = 3`)
    await expect(entered()).rejects.toMatchObject({ code: 'INGEST_CHANGED' })
  }, 120_000)
})
