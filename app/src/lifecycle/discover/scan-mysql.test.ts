// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, pinDatabaseAddress, planOfTable, rowsOfBlock, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { hasMariaDb, startMariaDb, type MariaDb, type MariaDbSession } from '../../sources/databases/mariadb.fixture.ts'
import { scanSources, type ScanProgress, type ScanReport } from './scan-sources.ts'

/** What vitest's matchers are, for the type checker. */
const byText = (a: readonly unknown[], b: readonly unknown[]): number => String(a[0]).localeCompare(String(b[0]))
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const aNumber: unknown = expect.any(Number)
const withAll = (items: readonly unknown[]): unknown => expect.arrayContaining([...items])

const password = 'canary-口令-7391'
const folder = mkdtempSync(join(tmpdir(), 'handover-scan-mysql-'))
let server: MariaDb
let session: MariaDbSession

async function loginTo(database: string, limits: Partial<DatabaseLogin['limits']> = {}, user = 'reader'): Promise<DatabaseLogin> {
  const address = await pinDatabaseAddress(`mysql://${user}@127.0.0.1:${server.port}/${database}`, { allowed: [], isLoopbackAllowed: true })
  return {
    address, place: shownAddress(address), password: user === 'reader' ? password : null, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false,
    limits: { sampleRows: 100_000, sampleBytes: 1e9, rowsMax: 1e7, statementSeconds: 60, connectMs: 10_000, isOrdered: false, tables: [], ...limits },
  }
}

async function scanned(login: DatabaseLogin, pause: Parameters<typeof scanSources>[3] = {}, progress: (seen: ScanProgress) => void = () => undefined): Promise<ScanReport> {
  return scanSources([login.place], { databases: new Map([[login.place, login]]) }, progress, pause)
}

async function valuesOf(login: DatabaseLogin, table: string): Promise<unknown[][]> {
  const database = await openDatabase(login, new Uint8Array(256).fill(1))
  try {
    const found = database.tables.find((one) => one.name === table)
    if (found === undefined) throw new Error('no such table')
    const rows: unknown[][] = []
    for await (const block of database.read(found, planOfTable(found, login.limits)).blocks()) {
      for (const { cells } of rowsOfBlock(block, found, { ordinal: rows.length, where: table })) rows.push(cells.map(({ value }) => (value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : value)))
    }
    return rows
  } finally {
    await database.close()
  }
}

const people = (rows: number): string => `select concat(elt(1 + seq % 5, '张', '王', '李', '赵', '欧阳'), elt(1 + (seq div 5) % 7, '伟', '芳', '秀英', '敏', '静', '强', '磊')), concat('138', lpad(seq * 7919 % 100000000, 8, '0')) from seq_1_to_${rows}`

describe.skipIf(!hasMariaDb())('a live MariaDB', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    server = await startMariaDb()
    session = await server.admin()
    await session.run(`create user reader identified by '${password}'; create database fifty; create database odd; use fifty`)
    for (let i = 0; i < 50; i++) await session.run(`create table t${i} (id int primary key auto_increment, a varchar(40) comment '客户姓名', b varchar(20)) comment '第${i}张'; insert into t${i} (a, b) ${people(i === 0 ? 5000 : 20)}`)
    await session.run(`create view v as select * from t1; create procedure p() select 1; create table empty_one (id int); create sequence s; analyze table t0`)
    await session.run(`grant select on fifty.* to reader; grant select on odd.* to reader`)
  }, 240_000)
  afterAll(async () => {
    session?.end()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 240_000)

  test('of fifty tables prints a correct inventory, with what was not read, and counts up to the end', async () => {
    const seen: ScanProgress[] = []
    const report = await scanned(await loginTo('fifty'), {}, (one) => seen.push(one))
    const [source] = report.sources
    expect(source).toMatchObject({ kind: 'mysql', server: like(/^MariaDB 1/) })
    expect(source?.dataSets.map(({ name, rows }) => [name, rows]).toSorted(byText)).toEqual([...Array.from({ length: 50 }, (_, i) => [`t${i}`, i === 0 ? 5000 : 20]), ['empty_one', 0]].toSorted(byText))
    expect(source?.dataSets.find(({ name }) => name === 't7')).toMatchObject({
      comment: '第7张', placeUnit: 'key', estimatedRows: aNumber, asOf: like(/^20\d\d-.*Z$/),
      fields: [{ name: 'id', type: 'none' }, { name: 'a', comment: '客户姓名', declaredType: 'varchar(40)', type: 'person-name', values: 20 }, { name: 'b', type: 'mobile', matched: 20, evidence: withAll([{ row: 1, shown: '138****7919' }]) }],
    })
    expect(report.notRead.map(({ where, code }) => [where.replace(/^.*!/, ''), code])).toEqual(expect.arrayContaining([['v', 'VIEW'], [expect.stringContaining('/fifty'), 'HIDDEN_FROM_USER']]))
    expect(seen.at(-1)).toMatchObject({ files: 51, filesTotal: 51, rows: 5980 })
    expect(JSON.stringify(report)).not.toContain(password)
  }, 240_000)

  test('reads a sample spread over a big table and says so; asked for all, it reads all', async () => {
    const sampled = await scanned(await loginTo('fifty', { sampleRows: 1000, tables: ['t0'] }))
    const rows = sampled.sources[0]?.dataSets[0]?.rows ?? 0
    expect(rows).toBeGreaterThanOrEqual(900)
    expect(rows).toBeLessThanOrEqual(1100)
    expect(sampled.notRead.map(({ code }) => code)).toEqual(expect.arrayContaining(['SAMPLED', 'NOT_CHOSEN']))
    expect(sampled.notRead.find(({ code }) => code === 'SAMPLED')?.why).toContain(rows.toLocaleString('en'))
    const whole = await scanned(await loginTo('fifty', { sampleRows: null, tables: ['t0'] }))
    expect(whole.sources[0]?.dataSets[0]?.rows).toBe(5000)
    expect(whole.notRead.map(({ code }) => code)).not.toContain('SAMPLED')
  })

  test('is not read in clear where encryption is asked for and the server has none', async () => {
    const login = await loginTo('fifty')
    await expect(scanned({ ...login, tls: 'verify', address: { ...login.address, host: 'db.shop.test' } })).rejects.toMatchObject({ code: 'CONNECTOR_TLS' })
  })

  test('a row limit holds and is told', async () => {
    const report = await scanned(await loginTo('fifty', { sampleRows: null, rowsMax: 700, tables: ['t0'] }))
    expect(report.sources[0]?.dataSets[0]?.rows).toBe(700)
    expect(report.notRead.map(({ code }) => code)).toContain('ROW_LIMIT')
  })

  test('every value is what stands in the table: character sets, numbers, times, bits, bytes', async () => {
    await session.run(`use odd; set sql_mode = ''; create table v (
      id int unsigned zerofill primary key, u varchar(20) charset utf8mb4, u3 varchar(20) charset utf8mb3, l varchar(20) charset latin1, g varchar(20) charset gbk, b5 varchar(20) charset big5, w varchar(20) charset utf16, f float, d double, n decimal(30,10),
      big bigint unsigned, bits bit(10), bin binary(3), bl blob, day date, at datetime(6), ts timestamp(3) null, tm time, y year, j json, e enum('甲','乙'), s set('一','二'), inv int invisible default 7)`)
    await session.run(`set time_zone = '+08:00'`)
    await session.run(`insert into odd.v values (1, '𠮷\\t\\n', '中文', 'é€ü', '张三·㈱', '繁體', '宽𠮷', 0.1, 0.1, 12345.6789, 18446744073709551615, b'1000000011', 'ab', x'00ff', '2024-02-29', '2024-01-02 03:04:05.678901', '2024-01-02 08:00:00.5', '-838:59:59', 2024, '{"a": "张"}', '乙', '一,二'),
      (2, '', '', '', '', '', '', 16777216, 1e300, 0, 0, b'0', '', '', '0000-00-00', '0000-00-00 00:00:00', null, '00:00:00', 0, 'null', '', ''), (3, ${'null, '.repeat(20)}null)`)
    expect(await valuesOf(await loginTo('odd'), 'v')).toEqual([
      ['0000000001', '𠮷\t\n', '中文', 'é€ü', '张三·㈱', '繁體', '宽𠮷', '0.1', '0.1', '12345.6789000000', '18446744073709551615', '1000000011', 'x616200', 'x00ff', '2024-02-29', '2024-01-02 03:04:05.678901', '2024-01-02 00:00:00.500', '-838:59:59', '2024', '{"a": "张"}', '乙', '一,二', '7'],
      ['0000000002', '', '', '', '', '', '', '16777216', '1e+300', '0.0000000000', '0', '0000000000', 'x000000', 'x', '0000-00-00', '0000-00-00 00:00:00.000000', null, '00:00:00', '0000', 'null', '', '', '7'],
      ['0000000003', ...Array.from({ length: 21 }, () => null), '7'],
    ])
  })

  test('floats come in the shortest text that gives them back', async () => {
    await session.run(`use odd; create table fl (id int primary key, f float, d double)`)
    const numbers = Array.from({ length: 300 }, (_, i) => Math.sin(i + 1) * 10 ** ((i % 60) - 30))
    await session.run(`insert into fl values ${numbers.map((n, i) => `(${i}, ${n}, ${n})`).join(', ')}`)
    for (const [id, single, double] of await valuesOf(await loginTo('odd'), 'fl')) {
      expect(Math.fround(Number(single))).toBe(Math.fround(numbers[Number(id)] ?? 0))
      expect(Number(double)).toBe(numbers[Number(id)])
      expect(String(single).length).toBeLessThanOrEqual(String(Math.fround(numbers[Number(id)] ?? 0)).length)
    }
  })

  test('a text of another character set that Unicode does not give back as it was stays bytes', async () => {
    await session.run(`use odd; create table twice (id int primary key, j varchar(20) charset cp932); insert into twice values (1, _cp932 x'81e0'), (2, _cp932 x'8790'), (3, null), (4, '')`)
    expect(await valuesOf(await loginTo('odd'), 'twice')).toEqual([['1', '≒'], ['2', 'x8790'], ['3', null], ['4', '']])
  })

  test('only reads: every statement that reaches the server is a setting or a query, in a read-only transaction', async () => {
    await session.run(`set global log_output = 'TABLE'; set global general_log = 1; truncate mysql.general_log`)
    await scanned(await loginTo('fifty', { tables: ['t1', 't2'] }))
    await session.run('set global general_log = 0')
    const statements = (await session.run(`select cast(argument as char) from mysql.general_log where command_type = 'Query' and user_host like '%reader%'`)).flatMap((row) => (Array.isArray(row) ? [String(row[0]).trim().toLowerCase()] : []))
    expect(statements.length).toBeGreaterThan(5)
    expect(statements.filter((one) => !/^(?:set names |set session |select |start transaction with consistent snapshot, read only$)/.test(one))).toEqual([])
    expect(statements).toContain('set session transaction read only')
  })

  test('paused and resumed it comes to the same report, and does not read finished tables again', async () => {
    const login = await loginTo('fifty')
    const expected = await scanned(login)
    const workFile = join(folder, 'work', 'scan.ndjson')
    const stop = new AbortController()
    await expect(scanned(login, { workFile, stop: stop.signal }, (seen) => {
      if (seen.files === 30) stop.abort()
    })).rejects.toMatchObject({ code: 'SCAN_PAUSED' })
    const kept = readFileSync(workFile, 'utf8')
    expect(kept.split('\n').length).toBeGreaterThan(25)
    for (const secret of ['客户姓名', '138****', 'person-name', password]) expect(kept.includes(secret)).toBe(false)
    const seen: ScanProgress[] = []
    const resumed = await scanned(login, { workFile, isResumed: true }, (one) => seen.push(one))
    const plain = (report: ScanReport): unknown => JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === 'elapsedMs' || key === 'asOf' ? undefined : value)))
    expect(plain(resumed)).toEqual(plain(expected))
    expect(seen.at(-1)?.rows).toBeLessThan(5980)
    await session.run(`update fifty.t1 set a = '改名' where id = 1`)
  }, 240_000)

  test('a table that changed meanwhile is read again', async () => {
    const login = await loginTo('fifty', { tables: ['t1', 't2'] })
    const workFile = join(folder, 'work', 'changed.ndjson')
    const stop = new AbortController()
    await expect(scanned(login, { workFile, stop: stop.signal }, (seen) => seen.files === 1 && stop.abort())).rejects.toMatchObject({ code: 'SCAN_PAUSED' })
    await session.run(`update fifty.t1 set a = '又改', b = 'x' where id = 1`)
    const report = await scanned(login, { workFile, isResumed: true })
    expect(report.sources[0]?.dataSets.find(({ name }) => name === 't1')?.fields[2]?.matched).toBe(19)
  })

  test('a wrong password, a missing database and a server that is not there are told apart, without the password', async () => {
    const login = await loginTo('fifty')
    await expect(scanned({ ...login, password: 'wrong' })).rejects.toMatchObject({ code: 'CONNECTOR_LOGIN', exitCode: 12 })
    await expect(scanned(await loginTo('nowhere'))).rejects.toMatchObject({ code: 'CONNECTOR_LOGIN' })
    await expect(scanned({ ...login, address: { ...login.address, port: 1 } })).rejects.toMatchObject({ code: 'CONNECTOR_UNREACHABLE', exitCode: 69 })
    await expect(scanSources([login.place])).rejects.toMatchObject({ code: 'DATABASE_NOT_HERE' })
  })

  test('a table without privilege, and a query that takes too long, are listed and the others are read', async () => {
    await session.run(`use odd; create table slow (id int primary key, n varchar(100)); insert into slow select seq, 'x' from seq_1_to_300; create or replace view waiting as select sleep(1)`)
    await session.run(`create user narrow; grant select (id) on odd.slow to narrow`)
    const report = await scanned({ ...(await loginTo('odd', {}, 'narrow')), password: null })
    expect(report.sources[0]?.dataSets.map(({ name, fields }) => [name, fields.map((field) => field.name)])).toEqual([['slow', ['id']]])
    expect(report.notRead.map(({ code }) => code)).toContain('HIDDEN_FROM_USER')
    const locker = await server.admin('odd')
    await locker.run('lock tables slow write')
    const stuck = await scanned(await loginTo('odd', { tables: ['slow', 'fl'], statementSeconds: 2 }))
    locker.end()
    expect(stuck.sources[0]?.dataSets.map(({ name }) => name)).toEqual(['fl'])
    expect(stuck.notRead.find(({ where }) => where.endsWith('!slow'))).toMatchObject({ code: 'CONNECTOR_TROUBLE', why: like(/TIMEOUT|1969/) })
    await expect(scanned(await loginTo('odd', { tables: ['no_such_*'] }))).rejects.toMatchObject({ code: 'DATABASE_NO_TABLE', exitCode: 2 })
  }, 240_000)
})
