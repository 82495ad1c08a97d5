// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, planOfTable, rowsOfBlock, type DatabaseLogin } from '../../sources/index.ts'
import { databaseServers, type DatabaseServers } from '../../store/database-servers.ts'
import { scanSources, type ScanReport } from './scan-sources.ts'

/** What vitest's matchers are, for the type checker. */
const byText = (a: readonly unknown[], b: readonly unknown[]): number => String(a[0]).localeCompare(String(b[0]))
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern)

const folder = mkdtempSync(join(tmpdir(), 'handover-scan-postgres-'))
let servers: DatabaseServers
let client: Client
let login: DatabaseLogin

beforeAll(async () => {
  servers = await databaseServers(join(folder, 'server'), {})
  const owner = servers.main.owner('postgres')
  const first = new Client(owner)
  await first.connect()
  await first.query('create database shop')
  await first.end()
  client = new Client({ ...owner, database: 'shop' })
  await client.connect()
  await client.query(`create role reader login password 'reader-pass'; grant pg_read_all_data to reader`)
  await client.query(`create table customer (id bigint generated always as identity primary key, name text, phone varchar(20)); comment on table customer is '客户'; comment on column customer.name is '客户姓名'`)
  await client.query(`insert into customer (name, phone) select (array['张伟', '王芳', '李秀英', '欧阳静'])[1 + i % 4], '138' || lpad((i * 7919)::text, 8, '0') from generate_series(1, 3000) i; analyze customer`)
  await client.query(`create view v as select * from customer; create materialized view m as select name from customer limit 5; create table parent (id int, at date) partition by range (at); create table child partition of parent for values from ('2024-01-01') to ('2025-01-01')`)
  await client.query(`insert into parent values (1, '2024-05-05'); create schema other; create table other.log (t text); insert into other.log values ('x'); create function f() returns int language sql as 'select 1'`)
  await client.query(`create table guarded (id int); insert into guarded values (1), (2); alter table guarded enable row level security; create policy p on guarded using (id = 1)`)
  const host = String(owner.host)
  const address = { kind: 'postgresql', host: 'localhost', ip: host, isLoopback: true, port: Number(owner.port), user: 'reader', database: 'shop' } as const
  login = { address, place: 'postgresql://reader@localhost/shop', password: 'reader-pass', tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits: { sampleRows: 100_000, sampleBytes: 1e9, rowsMax: 1e7, statementSeconds: 60, connectMs: 10_000, isOrdered: false, tables: [] } }
}, 240_000)

afterAll(async () => {
  await client?.end()
  await servers?.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}, 240_000)

const scanned = (as: DatabaseLogin): Promise<ScanReport> => scanSources([as.place], { databases: new Map([[as.place, as]]) })

async function valuesOf(table: string): Promise<unknown[][]> {
  const database = await openDatabase(login, new Uint8Array(256).fill(1))
  try {
    const found = database.tables.find((one) => one.bare === table)
    if (found === undefined) throw new Error('no such table')
    const rows: unknown[][] = []
    for await (const block of database.read(found, { ...planOfTable(found, login.limits), isOrdered: true }).blocks()) {
      for (const { cells } of rowsOfBlock(block, found, { ordinal: rows.length, where: table })) rows.push(cells.map(({ value }) => (value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : value)))
    }
    return rows
  } finally {
    await database.close()
  }
}

test('prints the inventory of a PostgreSQL database, and lists views, row security and programs as not read', async () => {
  const report = await scanned(login)
  const [source] = report.sources
  expect(source).toMatchObject({ kind: 'postgresql', server: like(/^PostgreSQL \d/) })
  expect(source?.dataSets.map(({ name, rows }) => [name, rows])).toEqual([['other.log', 1], ['public.customer', 3000], ['public.m', 5], ['public.parent', 1]])
  expect(source?.dataSets[1]).toMatchObject({ comment: '客户', placeUnit: 'key', fields: [{ type: 'none' }, { type: 'person-name', comment: '客户姓名', declaredType: 'text' }, { type: 'mobile', values: 3000, declaredType: 'character varying(20)' }] })
  expect(report.notRead.map(({ where, code }) => [where.replace(/^.*!/, ''), code]).toSorted(byText)).toEqual([[login.place, 'DATABASE_PROGRAMS'], ['public.guarded', 'CONNECTOR_TROUBLE'], ['public.v', 'VIEW']].toSorted(byText))
})

test('reads a sample of a big table from pages all over it, and says so', async () => {
  const report = await scanned({ ...login, limits: { ...login.limits, sampleRows: 500, tables: ['customer'] } })
  expect(report.sources[0]?.dataSets[0]?.rows).toBeLessThanOrEqual(600)
  expect(report.notRead.map(({ code }) => code)).toEqual(expect.arrayContaining(['SAMPLED', 'NOT_CHOSEN']))
})

test('every value is the text of the server, in UTC and ISO, and bytes are bytes', async () => {
  await client.query(`set timezone = 'Asia/Shanghai'; create table exact (id int primary key, t text, c char(5), n numeric(30,10), f real, d double precision, b bool, bits bit(5), raw bytea, day date, at timestamp, tz timestamptz, tm time, iv interval, j json, jb jsonb, u uuid, a text[])`)
  await client.query(`insert into exact values (1, E'张三\\t\\n\\\\N𠮷', 'ab', 1.5, 0.1, 0.1, true, b'10101', '\\x00ff5c', '2024-02-29', '2024-01-02 03:04:05.678', '2024-01-02 08:00:00+08', '23:59:59', '1 day 2 hours', '{"a":  "张"}', '{"a": 1}', '00000000-0000-0000-0000-000000000001', '{a,"b,c"}'), (2${', null'.repeat(17)}), (3, '', '', 'NaN', 'Infinity', 1e300, false, b'00000', '', 'infinity', null, null, null, null, null, null, null, '{}')`)
  expect(await valuesOf('exact')).toEqual([
    ['1', '张三\t\n\\N𠮷', 'ab   ', '1.5000000000', '0.1', '0.1', 't', '10101', 'x00ff5c', '2024-02-29', '2024-01-02 03:04:05.678', '2024-01-02 00:00:00+00', '23:59:59', 'P1DT2H', '{"a":  "张"}', '{"a": 1}', '00000000-0000-0000-0000-000000000001', '{a,"b,c"}'],
    ['2', ...Array.from({ length: 17 }, () => null)],
    ['3', '', '     ', 'NaN', 'Infinity', '1e+300', 'f', '00000', 'x', 'infinity', null, null, null, null, null, null, null, '{}'],
  ])
})

test('a superuser is refused unless the operator says otherwise; a wrong password is told apart', async () => {
  const owner = servers.main.owner('shop')
  const asOwner: DatabaseLogin = { ...login, password: String(owner.password), address: { ...login.address, user: String(owner.user) }, limits: { ...login.limits, tables: ['log'] } }
  await expect(scanned(asOwner)).rejects.toMatchObject({ code: 'CONNECTOR_SUPERUSER', exitCode: 77 })
  expect((await scanned({ ...asOwner, isSuperuserAllowed: true })).sources[0]?.dataSets[0]).toMatchObject({ name: 'other.log', rows: 1 })
  await expect(scanned({ ...login, password: 'wrong' })).rejects.toMatchObject({ code: 'CONNECTOR_LOGIN', exitCode: 12 })
}, 180_000)

test('a table that takes too long stops at the time limit, and the others are read', async () => {
  await client.query(`create function slow(int) returns text language plpgsql volatile as 'begin perform pg_sleep(0.2); return $1::text; end'; create table aaa_slow (id int, n text generated always as (id::text) stored); insert into aaa_slow select generate_series(1, 5)`)
  await client.query(`begin; lock table other.log in access exclusive mode`)
  const report = await scanned({ ...login, limits: { ...login.limits, statementSeconds: 2, tables: ['log', 'aaa_slow'] } })
  await client.query('rollback')
  expect(report.sources[0]?.dataSets.map(({ name, rows }) => [name, rows])).toEqual([['public.aaa_slow', 5]])
  expect(report.notRead.find(({ where }) => where.endsWith('other.log'))).toMatchObject({ code: 'CONNECTOR_TROUBLE', why: like(/57014/) })
})
