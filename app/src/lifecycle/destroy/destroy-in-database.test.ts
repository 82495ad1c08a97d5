// SPDX-License-Identifier: Apache-2.0
import { readErasureCertificate, unverifiedStatement, type ErasureCertificate } from '@handover/proof'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasMariaDb, startMariaDb, type MariaDb, type MariaDbSession } from '../../sources/databases/mariadb.fixture.ts'
import { pinDatabaseAddress, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { refusalOf } from '../../test-home.ts'
import { branchTreatment, dyingEverywhere, endedTreatment, mobile, openDestructionMatter, type DestructionMatter } from './destroy.fixture.ts'
import { ingestDelta, requestDelta, resolveSubjects } from '../discover/index.ts'
import { approvePlan, computePlan, planApprovalParameters, recipientsOf } from '../hand-over/index.ts'
import { approve, requestApproval } from '../../stewardship/access/index.ts'
import { endCopyByProof } from './end-copy.ts'
import { runDestruction } from './run-destruction.ts'

const [reader, writer] = ['canary-读-8246', 'canary-写-8247']
const customers = 300
const visits = 200
let server: MariaDb
let session: MariaDbSession
let opened: DestructionMatter | null = null

async function loginAs(user: string, password: string): Promise<DatabaseLogin> {
  const address = await pinDatabaseAddress(`mysql://${user}@127.0.0.1:${server.port}/crm`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 60, connectMs: 10_000, isOrdered: true, tables: [] }
  return { address, place: shownAddress(address), password, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits }
}

const treatments = () => [branchTreatment('customer', 'branch', { used: ['id', 'name', 'mobile', 'branch'], over: ['note'] }), endedTreatment('visit'), endedTreatment('customer_tag'), endedTreatment('scan_log')]

async function fill(): Promise<void> {
  await session.run(`drop database if exists crm; create database crm; use crm;
    create table customer (id int primary key auto_increment, name varchar(40), mobile varchar(20), branch varchar(10), note varchar(60) not null, changed_at timestamp null on update current_timestamp);
    create table visit (id int primary key auto_increment, customer_id int, note text, foreign key (customer_id) references customer (id) on delete cascade);
    create table customer_tag (shop varchar(10), code varchar(10), tag text, primary key (shop, code)) collate utf8mb4_general_ci`)
  const rows = Array.from({ length: customers }, (_, at) => `(${at * 2 + 1}, '客户${at}', '${mobile(at)}', '${at % 3 === 0 ? '苏州' : '上海'}', '要销毁${at}', '2024-01-02 03:04:05')`)
  await session.run(`insert into customer values ${rows.join(', ')}`)
  await session.run(`insert into visit (customer_id, note) select id, concat('上门', id) from customer where branch = '上海'`)
  await session.run(`create table scan_log (what varchar(20), weight float); insert into scan_log values ('甲', 0.1), ('甲', 0.1), (null, null), ('', 3)`)
  await session.run(`insert into customer_tag values ('A', 'a1', '标签一'), ('A', 'b ', '标签二'), ('B', 'Ä', '标签三')`)
}

const treatmentsWithTimes = () => treatments().map((set) => (set.dataSet === 'customer' ? branchTreatment('customer', 'branch', { used: ['id', 'name', 'mobile', 'branch', 'changed_at'], over: ['note'] }) : set))
const certified = (envelope: Parameters<typeof unverifiedStatement>[0]): ErasureCertificate => readErasureCertificate(unverifiedStatement(envelope))

async function open(): Promise<DestructionMatter> {
  await fill()
  return (opened = await openDestructionMatter(0, { databases: { logins: [await loginAs('clerk', reader)], treatments: treatmentsWithTimes() } }))
}

/** A plan over what the books hold now, approved. */
async function planAnew({ ctx, matter, people }: DestructionMatter): Promise<void> {
  const plan = await computePlan(ctx, matter)
  const { request } = await requestApproval(ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile: people.lead })
  await approve(ctx, matter, { requestId: request.id, keyFile: people.legal })
  await approvePlan(ctx, matter)
}

describe.skipIf(!hasMariaDb())('an order over the tables of a MariaDB', () => {
  beforeAll(async () => {
    server = await startMariaDb()
    session = await server.admin()
    await session.run(`create user clerk identified by '${reader}'; grant select on *.* to clerk; create user eraser identified by '${writer}'; grant select, update, delete, insert, trigger on *.* to eraser`)
  }, 600_000)
  afterEach(async () => {
    await opened?.remove()
    opened = null
  })
  afterAll(async () => {
    session?.end()
    await server?.stop()
  }, 240_000)

  test('deletes rows and empties cells exactly as planned however often the process dies, and says what a DELETE does not reach', async () => {
    const it = await open()
    const { ctx, matter } = it
    const order = await it.order('originals')
    const write = { allowWrite: true, writeAs: [await loginAs('eraser', writer)] }
    expect(await refusalOf(runDestruction(ctx, matter, order, { allowWrite: true }))).toBe('DATABASE_WRITER_NEEDED')
    expect(await refusalOf(runDestruction(ctx, matter, order, { ...write, allowWrite: false }))).toBe('WRITE_NOT_ALLOWED')
    const deaths = await dyingEverywhere(ctx, (dying) => runDestruction(dying, matter, order, write))
    expect(deaths.filter((point) => point.startsWith('Deleting in the database')).length).toBeGreaterThan(3)

    const kept = Array.from({ length: customers }, (_, at) => at).filter((at) => at % 3 === 0)
    const rows = await session.run(`select id, name, mobile, branch, note, date_format(changed_at, '%Y-%m-%d') from crm.customer order by id`)
    expect(rows).toEqual(kept.map((at) => [at * 2 + 1, `客户${at}`, mobile(at), '苏州', '', '2024-01-02']))
    expect(await session.run('select count(*) from crm.visit union all select count(*) from crm.customer_tag union all select count(*) from crm.scan_log')).toEqual([[0], [0], [0]])

    const { certificate, order: done } = await runDestruction(ctx, matter, order, write)
    const signed = certified(certificate)
    expect(signed).toMatchObject({ status: 'final', method: 'clear', target: { system: 'mysql', records: customers + visits + 3 + 4 } })
    expect(signed.verification.how).not.toContain('gone or empty')
    expect(new Set(signed.outOfReach.map(({ why }) => why))).toEqual(new Set(['database:logs', 'database:replicas-and-backups', 'database:freed-disk-blocks']))
    expect(done.facts.refused).toEqual([])
    const copies = await ctx.ledger.copies(matter.id)
    expect(copies.filter((copy) => copy.kind === 'original').map((copy) => String(copy.endedHow)).sort()).toEqual(['destroyed', 'destroyed', 'destroyed', 'kept'])
    const backups = copies.filter((copy) => copy.kind === 'backup')
    expect(backups).toMatchObject([{ endedHow: null, values: signed.target.values }])
    expect(await endCopyByProof(ctx, matter, { copy: backups[0]?.id ?? '', how: 'attested', reason: 'expired', keyFile: it.people.lead })).toMatchObject({ how: 'attested' })
    expect((await ctx.ledger.verifyBooks(matter.id)).problems).toEqual([])
    expect(JSON.stringify([deaths, done, signed])).not.toContain(writer)
  }, 600_000)

  test('leaves rows that changed, are new or are pointed at by rows that stay, and says so', async () => {
    const it = await open()
    const { ctx, matter } = it
    const order = await it.order('originals')
    const write = { allowWrite: true, writeAs: [await loginAs('eraser', writer)] }
    await session.run(`update crm.customer set mobile = '19900000000' where id = 3; insert into crm.customer (id, note) values (5000, '新'); update crm.customer_tag set code = 'B' where code = 'b ';
      create table crm.stays (customer_id int, foreign key (customer_id) references crm.customer (id)); insert into crm.stays values (5)`)
    expect(await refusalOf(runDestruction(ctx, matter, order, write))).toBe('DATABASE_ROWS_LEFT')
    expect(await session.run('select count(*) from crm.customer')).toEqual([[customers + 1]]) // nothing began
    const { certificate } = await runDestruction(ctx, matter, order, { ...write, leaveRefused: true })
    expect(await session.run(`select id from crm.customer where branch is null or branch <> '苏州' order by id`)).toEqual([[3], [5], [5000]])
    expect(await session.run('select code from crm.customer_tag')).toEqual([['B']]) // the same key to the server, not the same row
    const signed = certified(certificate)
    expect(signed.outOfReach.map(({ why }) => why).filter((why) => why.startsWith('not-rewritten')).sort()).toEqual(['not-rewritten:mysql:changed=1', 'not-rewritten:mysql:changed=1,pointedAt=1,extra=1'])
    expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'original').map((copy) => String(copy.endedHow)).sort()).toEqual(['destroyed', 'destroyed', 'null', 'null'])

    // The way out: what changed is entered, planned and ordered, and then nothing is left over.
    await session.run('drop table crm.stays')
    const login = await loginAs('clerk', reader)
    const delta = { path: login.place, login, large: true, withoutReceipts: 'nobody-to-reach' as const }
    const { request } = await requestDelta(ctx, matter, delta, it.people.lead)
    for (const keyFile of [it.people.legal, it.people.finance]) await approve(ctx, matter, { requestId: request, keyFile })
    expect(await ingestDelta(ctx, matter, delta)).toMatchObject({ foundBy: 'table-key', booked: true })
    await resolveSubjects(ctx, matter)
    await planAnew(it)
    const again = await runDestruction(ctx, matter, await it.order('originals'), write)
    expect(await session.run(`select id from crm.customer where branch is null or branch <> '苏州' union all select 1 from crm.customer_tag`)).toEqual([])
    expect(again.order.facts.refused).toEqual([])
    expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === null).map((copy) => copy.kind).sort()).toEqual(['backup', 'vault', 'vault', 'vault', 'vault'])
    expect((await ctx.ledger.verifyBooks(matter.id)).problems).toEqual([])
  }, 600_000)

  test('refuses a table with triggers before anything, and takes tables that its administrator emptied or dropped as they are, with an account that may only read', async () => {
    const it = await open()
    const { ctx, matter } = it
    const order = await it.order('originals')
    const write = { allowWrite: true, writeAs: [await loginAs('eraser', writer)] }
    await session.run(`use crm; create table audit (what text); create trigger keep_copy after delete on customer for each row insert into audit values (old.note)`)
    expect(await refusalOf(runDestruction(ctx, matter, order, write))).toBe('ORIGINAL_REFUSES')
    await session.run(`drop trigger keep_copy; drop table visit; truncate table customer_tag; truncate table scan_log; delete from customer where branch = '上海'; update customer set note = '', changed_at = changed_at`)
    const { certificate } = await runDestruction(ctx, matter, order, { allowWrite: true, keepPages: true, writeAs: [await loginAs('clerk', reader)] })
    expect(certified(certificate).verification.how).toContain(`${customers + visits + 3 + 4} rows were gone or empty`)
    expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === null).map((copy) => copy.kind)).not.toContain('original')
  }, 600_000)
})
