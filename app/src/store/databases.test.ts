// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isUniqueViolation, SqlRefused } from './index.ts'
import { openTestDatabases, type TestDatabases } from './test-databases.ts'

const canary = '金丝雀-canary-7f3a'
const migrations = mkdtempSync(join(tmpdir(), 'handover-migrations-'))
const tables = `
  CREATE TABLE note (tenant text NOT NULL DEFAULT current_setting('handover.tenant'), id bigint, body text, seal bytea, on_day date, at timestamptz, facts jsonb, tags text[],
    PRIMARY KEY (tenant, id));
  ALTER TABLE note ENABLE ROW LEVEL SECURITY;
  ALTER TABLE note FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_rows ON note USING (tenant = current_setting('handover.tenant', true));
  GRANT SELECT, INSERT, UPDATE ON note TO handover_app;`
let store: TestDatabases

function writeMigration(name: string, text: string): void {
  writeFileSync(join(migrations, name), text)
}

beforeAll(async () => {
  mkdirSync(join(migrations, 'main'))
  mkdirSync(join(migrations, 'keys'))
  writeMigration('main/0001-notes.sql', tables)
  store = await openTestDatabases({ migrationsFolder: migrations })
})

afterAll(async () => {
  await store.remove()
  rmSync(migrations, { recursive: true })
})

describe('values', () => {
  it('gives every type back exactly', async () => {
    const row = [7, `引号'"\\{},\t\n${canary}`, Buffer.from([0, 255, 92]), '2024-02-29', '2026-11-21T08:00:00.123456Z', '{"a":[1,null]}', ['a,b', 'c"d\\', '空 NULL']] as const
    expect(await store.main.insertRows('note', ['id', 'body', 'seal', 'on_day', 'at', 'facts', 'tags'], [row])).toBe(1)
    const [found] = await store.main.query(`SELECT *, ARRAY[id, NULL] AS ids, ARRAY[at] AS ats, 1.10::numeric AS money FROM note WHERE id = 7`)
    expect(found).toEqual({
      tenant: store.tenant, id: 7, body: row[1], seal: row[2], on_day: '2024-02-29', at: '2026-11-21T08:00:00.123456Z', facts: { a: [1, null] }, tags: row[6],
      ids: [7, null], ats: ['2026-11-21T08:00:00.123456Z'], money: '1.10',
    })
  })

  it('refuses a 64-bit integer that JavaScript would round', async () => {
    await expect(store.main.query(`SELECT 9007199254740993::bigint AS big`)).rejects.toThrow(/too large/)
    expect(await store.main.query(`SELECT 9007199254740991::bigint AS big`)).toEqual([{ big: 9007199254740991 }])
  })

  it('inserts and streams many rows in batches', async () => {
    const rows = (function* () {
      for (let id = 1000; id < 23_345; id++) yield [id, id % 3 === 0 ? null : `第${id}行`] as const
    })()
    expect(await store.main.insertRows('note', ['id', 'body'], rows)).toBe(22_345)
    const sizes: number[] = []
    for await (const batch of store.main.stream(`SELECT id FROM note WHERE id >= $1 ORDER BY id`, [1000], 10_000)) sizes.push(batch.length)
    expect(sizes).toEqual([10_000, 10_000, 2345])
    for await (const batch of store.main.stream<{ id: number }>(`SELECT id FROM note WHERE id >= 1000 ORDER BY id`)) {
      expect(batch[0]?.id).toBe(1000)
      break
    }
    expect(await store.main.query(`SELECT count(*) AS n FROM note WHERE id >= 1000 AND body IS NULL`)).toEqual([{ n: 7448 }])
  })
})

describe('transactions', () => {
  it('keeps nothing of a transaction or a bulk insert that fails, and the database stays usable', async () => {
    const failing = store.main.transaction(async (tx) => {
      await tx.execute('INSERT INTO note (id) VALUES (1)')
      throw new Error('the fifth record is wrong')
    })
    await expect(failing).rejects.toThrow('the fifth record is wrong')
    await expect(store.main.insertRows('note', ['id'], [[2], [2]])).rejects.toSatisfy((error) => isUniqueViolation(error, 'note_pkey'))
    expect(await store.main.query('SELECT id FROM note WHERE id < 5')).toEqual([])
  })

  it('undoes only the part that failed inside a savepoint', async () => {
    await store.main.transaction(async (tx) => {
      await tx.execute('INSERT INTO note (id) VALUES (11)')
      await expect(tx.savepoint(() => tx.execute('INSERT INTO note (id) VALUES (11)'))).rejects.toBeInstanceOf(SqlRefused)
      await tx.execute('INSERT INTO note (id) VALUES (12)')
    })
    expect(await store.main.query('SELECT id FROM note WHERE id IN (11, 12) ORDER BY id')).toEqual([{ id: 11 }, { id: 12 }])
  })

  it('never reports success for a transaction in which an error was swallowed', async () => {
    const swallowing = store.main.transaction(async (tx) => {
      await tx.execute('INSERT INTO note (id) VALUES (21)')
      await tx.execute('SELECT 1/0').catch(() => undefined)
    })
    await expect(swallowing).rejects.toThrow(/swallowed/)
  })

  it('runs a serialisable transaction again after a conflict, as often as was allowed', async () => {
    await store.main.execute('INSERT INTO note (id, body) VALUES (31, $1)', ['0'])
    const addOne = (): Promise<number> =>
      store.main.transaction(
        async (tx) => {
          const [row] = await tx.query<{ n: number }>('SELECT body::int AS n FROM note WHERE id = 31')
          return tx.execute('UPDATE note SET body = $1 WHERE id = 31', [String((row?.n ?? 0) + 1)])
        },
        { isolation: 'serializable', attempts: 50 },
      )
    await Promise.all(Array.from({ length: 5 }, addOne))
    expect(await store.main.query('SELECT body FROM note WHERE id = 31')).toEqual([{ body: '5' }])
  })
})

describe('isolation and silence', () => {
  it('shows no row of another tenant, lets none be written, and the app role is no superuser and owns nothing', async () => {
    const stranger = await store.openAgain('someone-else')
    try {
      expect(await stranger.main.query('SELECT id FROM note')).toEqual([])
      await expect(stranger.main.execute('INSERT INTO note (tenant, id) VALUES ($1, 99)', [store.tenant])).rejects.toBeInstanceOf(SqlRefused)
      await stranger.main.execute('INSERT INTO note (id) VALUES (7)')
      const [role] = await stranger.main.query(
        `SELECT rolsuper OR rolbypassrls AS unbound, (SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE relname = 'note') AS owns FROM pg_roles WHERE rolname = current_user`,
      )
      expect(role).toEqual({ unbound: false, owns: process.env['DATABASE_URL'] !== undefined && role?.['owns'] === true })
    } finally {
      await stranger.close()
    }
    expect(await store.main.query('SELECT tenant FROM note WHERE id = 7')).toEqual([{ tenant: store.tenant }])
    await expect(store.openAgain(`x' -c role=postgres`)).rejects.toThrow(/tenant id/)
  })

  it('names no value in an error or in the server log, whatever the statement carries', async () => {
    const attempts: [string, string[]][] = [
      ['INSERT INTO note (id, body) VALUES (41, $1), (41, $1)', [canary]],
      ['SELECT $1::text::int', [canary]],
      [`SELECT '${canary}'::int`, []],
      [`SELECT 1/(CASE WHEN body = '${canary}' THEN 0 ELSE 0 END) FROM note`, []],
      [`DO $$ BEGIN RAISE WARNING '${canary}'; RAISE EXCEPTION '${canary}'; END $$`, []],
    ]
    for (const [text, params] of attempts) {
      const error: unknown = await store.main.execute(text, params).then(() => 'no error', (thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SqlRefused)
      expect(error instanceof Error ? `${error.stack}${JSON.stringify(error)}${String(error.cause)}` : canary).not.toContain('canary')
    }
    if (process.env['DATABASE_URL'] === undefined) expect(readFileSync(join(store.homeDir, 'pg', 'server.log'), 'utf8')).not.toContain('canary')
  })
})

describe('migrations', () => {
  it('run once each, in order, when the database is opened, also by two processes at once', async () => {
    writeMigration('main/0002-more.sql', 'ALTER TABLE note ADD COLUMN kind text; CREATE TABLE ran (n int); INSERT INTO ran VALUES (2); GRANT SELECT ON ran TO handover_app;')
    const both = await Promise.all([store.openAgain(), store.openAgain()])
    try {
      expect(await both[0].main.query('SELECT n FROM ran')).toEqual([{ n: 2 }])
    } finally {
      for (const databases of both) await databases.close()
    }
  })

  it('roll back entirely when one fails, and go on after it is corrected', async () => {
    writeMigration('main/0003-broken.sql', 'CREATE TABLE half (n int); SELECT 1/0;')
    await expect(store.openAgain()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', exitCode: 78 })
    writeMigration('main/0003-broken.sql', 'CREATE TABLE half (n int); GRANT SELECT ON half TO handover_app;')
    const again = await store.openAgain()
    expect(await again.main.query('SELECT n FROM half')).toEqual([])
    await again.close()
  })

  it('refuse a file that was changed, one that ends its own transaction, and a database that is newer than the program', async () => {
    const old = readFileSync(join(migrations, 'main/0002-more.sql'), 'utf8')
    writeMigration('main/0002-more.sql', `${old} -- later idea`)
    await expect(store.openAgain()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED', exitCode: 78 })
    writeMigration('main/0002-more.sql', old)
    writeMigration('main/0004-commit.sql', 'CREATE TABLE x (n int);\nCOMMIT;')
    await expect(store.openAgain()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' })
    rmSync(join(migrations, 'main/0004-commit.sql'))
    const newest = readFileSync(join(migrations, 'main/0003-broken.sql'))
    rmSync(join(migrations, 'main/0003-broken.sql'))
    await expect(store.openAgain()).rejects.toMatchObject({ code: 'DATABASE_NEWER', exitCode: 78, facts: { found: 3, known: 2 } })
    writeFileSync(join(migrations, 'main/0003-broken.sql'), newest)
  })
})
