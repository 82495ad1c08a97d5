// SPDX-License-Identifier: Apache-2.0
import { readErasureCertificate, unverifiedStatement } from '@handover/proof'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinDatabaseAddress, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { databaseServers, type DatabaseServers } from '../../store/database-servers.ts'
import { refusalOf } from '../../test-home.ts'
import { branchTreatment, dyingEverywhere, endedTreatment, mobile, openDestructionMatter, type DestructionMatter } from './destroy.fixture.ts'
import { runDestruction } from './run-destruction.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-destroy-postgres-'))
let servers: DatabaseServers
let client: Client
let it: DestructionMatter

async function loginAs(user: string): Promise<DatabaseLogin> {
  const owner = servers.main.owner('shop')
  const pinned = await pinDatabaseAddress(`postgres://${user}@127.0.0.1:${String(owner.port)}/shop`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 60, connectMs: 10_000, isOrdered: true, tables: [] }
  // The bundled server listens where it was told to, which may be a socket.
  return { address: { ...pinned, ip: String(owner.host) }, place: shownAddress(pinned), password: `${user}-pass`, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits }
}

beforeAll(async () => {
  servers = await databaseServers(join(folder, 'server'), {})
  const first = new Client(servers.main.owner('postgres'))
  await first.connect()
  await first.query('create database shop')
  await first.end()
  client = new Client(servers.main.owner('shop'))
  await client.connect()
  await client.query(`create role clerk login password 'clerk-pass'; grant pg_read_all_data to clerk; create role eraser login password 'eraser-pass'; grant select, update, delete on all tables in schema public to eraser; grant create on schema public to eraser`)
  await client.query(`create table customer (shop char(4), at timestamptz, amount numeric(12,2), name text, mobile varchar(20), branch text, note varchar(60) not null, raw bytea, primary key (shop, at, amount));
    create table visit (id uuid primary key default gen_random_uuid(), shop char(4), at timestamptz, amount numeric(12,2), note text, foreign key (shop, at, amount) references customer on delete cascade);
    create table log (what text); alter table customer owner to eraser; grant select, update, delete on visit, log to eraser`)
  for (let n = 0; n < 30; n += 1) {
    await client.query(`insert into customer values ('A', $1, $2, $3, $4, $5, $6, '\\x00ff')`, [`2024-01-02 03:04:05.${String(n).padStart(6, '0')}+08`, `${n}.50`, `客户${n}`, mobile(n), n % 3 === 0 ? '苏州' : '上海', `要销毁${n}`])
  }
  await client.query(`insert into visit (shop, at, amount, note) select shop, at, amount, '上门' from customer where branch = '上海'; insert into log values ('一'), ('一'), ('二')`)
  it = await openDestructionMatter(0, { databases: { logins: [await loginAs('clerk')], treatments: [branchTreatment('customer', 'branch', { used: ['shop', 'at', 'amount', 'name', 'mobile', 'branch', 'raw'], over: ['note'] }), endedTreatment('visit'), endedTreatment('log')] } })
}, 600_000)

afterAll(async () => {
  await it?.remove()
  await client?.end()
  await servers?.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}, 240_000)

test('an order over the tables of a PostgreSQL ends rows by composite keys; a table without any key goes as a whole, and only if all its rows are those of the inventory, however often the process dies', async () => {
  const { ctx, matter } = it
  const order = await it.order('originals')
  const write = { allowWrite: true, writeAs: [await loginAs('eraser')] }
  await client.query(`insert into log values ('二')`) // once more than the inventory has it
  expect(await refusalOf(runDestruction(ctx, matter, order, write))).toBe('DATABASE_ROWS_LEFT')
  expect((await client.query('select (select count(*)::int from customer) as customers, (select count(*)::int from log) as lines')).rows).toEqual([{ customers: 30, lines: 4 }])
  await client.query(`delete from log where ctid in (select ctid from log where what = '二' limit 1)`)
  const deaths = await dyingEverywhere(ctx, (dying) => runDestruction(dying, matter, order, write))
  expect(deaths.filter((point) => point.startsWith('Deleting in the database')).length).toBeGreaterThan(1)
  const { certificate } = await runDestruction(ctx, matter, order, write)
  expect((await client.query(`select name, note, encode(raw, 'hex') as raw, branch from customer order by at`)).rows).toEqual(Array.from({ length: 10 }, (_, n) => ({ name: `客户${n * 3}`, note: '', raw: '00ff', branch: '苏州' })))
  expect((await client.query('select (select count(*) from visit)::int + (select count(*) from log)::int as n')).rows).toEqual([{ n: 0 }])
  const signed = readErasureCertificate(unverifiedStatement(certificate))
  expect(signed).toMatchObject({ status: 'final', target: { system: 'postgresql' } })
  expect(signed.verification.how).not.toContain('gone or empty')
  // Only the owner of a table may write it anew.
  expect(signed.outOfReach.map(({ why }) => why).filter((why) => /page|block/.test(why)).sort()).toEqual(['database:free-pages-and-undo(not-owner)', 'database:free-pages-and-undo(not-owner)', 'database:freed-disk-blocks'])
  expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'original').map((copy) => String(copy.endedHow)).sort()).toEqual(['destroyed', 'destroyed', 'kept'])
  expect((await ctx.ledger.verifyBooks(matter.id)).problems).toEqual([])
}, 600_000)
