// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../app/src/context.ts'
import { openHome } from '../app/src/home.ts'
import { Failure } from '../app/src/kit/failure.ts'
import { instantOf } from '../app/src/kit/time.ts'
import { openContext } from '../app/src/open-context.ts'
import { databaseServers, type DatabaseServers } from '../app/src/store/database-servers.ts'
import { Database } from '../app/src/store/index.ts'
import { appliedRows, migrate } from '../app/src/store/migrate.ts'
import { refusalOf } from '../app/src/test-home.ts'
import { everyRow, fill, frozenHomes, historyOf, layOut, readFrozenHome, type FrozenHome } from './frozen-home.fixture.ts'
import { tell } from './demo-run.ts'

const top = mkdtempSync(join(tmpdir(), 'handover-story-upgrade-'))
const migrations = join(import.meta.dirname, '..', 'app', 'src', 'store', 'migrations')
const killPointsLeast = 50

afterAll(() => rmSync(top, { recursive: true, force: true, maxRetries: 5 }))

/** The same questions that the old version was asked when its home was frozen. */
async function answersOf(ctx: Context, matterId: string) {
  const digest = async (entries: AsyncIterable<Uint8Array>): Promise<string> => {
    const hash = createHash('sha256')
    for await (const entry of entries) hash.update(entry)
    return hash.digest('hex')
  }
  const reads: string[] = []
  const grant = { person: 'per_00000000000000000000000000000000', purpose: 'custody', compartments: ['general', 'sensitive', 'text'], until: instantOf('2099-01-01T00:00:00Z'), approval: null } as const
  for await (const batch of ctx.vault.read(grant, { matterId })) {
    for (const record of batch) reads.push(createHash('sha256').update(JSON.stringify([record.recordId.toString('hex'), record.version, record.root.toString('hex'), record.values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value ?? null))])).digest('hex'))
  }
  const check = await ctx.ledger.verifyBooks(matterId)
  expect(check.problems).toEqual([])
  const [roots] = await ctx.db.query<{ digest: string }>(`select encode(sha256(string_agg(root, '' order by inventory_index)), 'hex') as digest from record where matter_id = $1`, [matterId])
  return {
    books: await ctx.ledger.mainBook(matterId), balanced: check.balanced, records: check.records, events: check.events,
    inventory: await digest(ctx.ledger.inventoryEntries(matterId)), booksLeaves: await digest(ctx.ledger.booksEntries(matterId)), recordRoots: roots?.digest ?? '',
    copies: (await ctx.ledger.copies(matterId)).length, checkpoint: (await ctx.ledger.latestCheckpoint(matterId))?.text ?? null, reads: reads.toSorted(),
  }
}

describe.each(frozenHomes)('%s', (name) => {
  test('is brought up to date; books, roots, checkpoint, copies and every value are what the old version said', async () => {
    const frozen = readFrozenHome(name)
    const home = join(top, name)
    await layOut(frozen, home)
    const opened = await openContext(home)
    try {
      opened.declareTime(frozen.expected.time)
      const { version: _version, time: _time, matterId, ...expected } = frozen.expected
      expect(await answersOf(opened.context, matterId)).toEqual(expected)
    } finally {
      await opened.context.close()
    }
    rmSync(home, { recursive: true, maxRetries: 5 })
  }, 60_000)
})

describe('an interrupted upgrade', () => {
  const home = join(top, 'interrupted')
  const tenant = '00000000-0000-4000-8000-000000000000'
  let servers: DatabaseServers
  let frozen: FrozenHome

  beforeAll(async () => {
    mkdirSync(home)
    servers = await databaseServers(home, {})
    frozen = readFrozenHome('home-v0.1.0-closed')
    for (const store of ['main', 'keys'] as const) {
      await onServer(async (client) => void (await client.query(`CREATE DATABASE old_${store} TEMPLATE template0`)))
      await onServer(async (client) => void (await client.query(`CREATE DATABASE new_${store} TEMPLATE template0`)))
      await withOwner(`old_${store}`, (owner) => fill({ owner, database: `old_${store}`, folder: join(migrations, store), appRole: 'handover_app' }, frozen.databases[store]))
    }
  }, 60_000)
  afterAll(() => servers.release())

  async function onServer(work: (client: Client) => Promise<void>, database = 'postgres'): Promise<void> {
    const client = new Client(servers.main.owner(database))
    client.on('error', () => undefined)
    await client.connect()
    try {
      const role = await client.query(`SELECT 1 FROM pg_roles WHERE rolname = 'handover_app'`)
      if (role.rowCount === 0) await client.query('CREATE ROLE handover_app NOLOGIN')
      await work(client)
    } finally {
      await client.end()
    }
  }

  async function withOwner<T>(database: string, work: (owner: Database) => Promise<T>): Promise<T> {
    const owner = new Database({ ...servers.main.owner(database), options: `-c handover.tenant=${tenant} -c client_min_messages=error`, max: 1 })
    try {
      return await work(owner)
    } finally {
      await owner.close()
    }
  }

  const upgrade = (database: string, store: 'main' | 'keys') => withOwner(database, (owner) => migrate({ owner, database, folder: join(migrations, store), appRole: 'handover_app' }))

  /** Lets the server process of a database end itself after so many schema statements, as a power cut in the midst of a migration would; a sequence counts, since it forgets nothing with the transaction. */
  async function armDeath(database: string): Promise<void> {
    await onServer(async (client) => {
      await client.query(`CREATE SCHEMA test_death; CREATE SEQUENCE test_death.counter; CREATE TABLE test_death.at (n int NOT NULL); INSERT INTO test_death.at VALUES (-1);
        CREATE FUNCTION test_death.strike() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('test_death.counter') = (SELECT n FROM test_death.at) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$`)
      await client.query('CREATE EVENT TRIGGER test_death ON ddl_command_end EXECUTE FUNCTION test_death.strike()')
    }, database)
  }

  async function dieAfter(database: string, statements: number): Promise<void> {
    await onServer(async (client) => void (await client.query(`UPDATE test_death.at SET n = ${statements}; SELECT setval('test_death.counter', 1, false)`)), database)
  }

  async function schemaOf(database: string): Promise<string> {
    return withOwner(database, async (owner) => {
      const rows = await owner.query<{ line: string }>(
        `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line FROM information_schema.columns WHERE table_schema = 'public'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT tgname || ' ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT tablename || ' ' || policyname FROM pg_policies ORDER BY 1`)
      return createHash('sha256').update(rows.map((row) => row.line).join('\n')).digest('hex')
    })
  }

  test.each(['main', 'keys'] as const)(`goes on from wherever the server ended: %s`, async (store) => {
    let killed = 0
    for (const from of [`old_${store}`, `new_${store}`]) {
      const tables = from.startsWith('old') ? frozen.databases[store] : {}
      await onServer(async (client) => void (await client.query(`CREATE DATABASE ${escapeIdentifier(`${from}_whole`)} TEMPLATE ${escapeIdentifier(from)}`)))
      await upgrade(`${from}_whole`, store)
      await armDeath(from)
      // Each attempt dies a statement later than the one before, until a migration is through; then the next one begins to die at its first statement. Large migrations are not cut at every one.
      for (let after = 1, applied = -1; ; ) {
        await dieAfter(from, after)
        const refusal = await refusalOf(upgrade(from, store))
        const now = await withOwner(from, (owner) => appliedRows(owner).catch(() => []))
        if (refusal === 'nothing was refused') break
        killed += 1
        expect(refusal, `after ${after} statements`).toBe('DATABASE_GONE')
        after = now.length > applied && applied >= 0 ? 1 : after + Math.max(1, Math.floor(after / 5))
        applied = now.length
      }
      await dieAfter(from, -1)
      await upgrade(from, store)
      expect(await schemaOf(from)).toBe(await schemaOf(`${from}_whole`))
      expect(withoutTimes(await withOwner(from, (owner) => everyRow(owner, tables)))).toEqual(withoutTimes(await withOwner(`${from}_whole`, (owner) => everyRow(owner, tables))))
    }
    tell(`${store}: ${killed} upgrades were cut by the server's end at counted statements, the next run completed each`)
    if (store === 'main') expect(killed).toBeGreaterThanOrEqual(killPointsLeast)
  }, 300_000)

  /** When a migration was applied is the one thing that two runs do not share. */
  function withoutTimes(rows: readonly string[]): string[] {
    return rows.filter((row) => !row.startsWith('schema_migration '))
  }
})

describe('newer data', () => {
  test('are refused by an older program with exit code 78 and a word on what to do, and nothing is changed', async () => {
    const frozen = readFrozenHome('home-v0.1.0-packed')
    const home = join(top, 'newer')
    await layOut(frozen, home)
    const opened = await openContext(home)
    await opened.context.close()
    const older = join(top, 'older-migrations')
    for (const store of ['main', 'keys'] as const) {
      mkdirSync(join(older, store), { recursive: true })
      for (const { file } of historyOf(frozen.databases[store])) cpSync(join(migrations, store, file), join(older, store, file))
    }
    expect(readdirSync(join(migrations, 'main')).length).toBeGreaterThan(readdirSync(join(older, 'main')).length)
    const { openDatabases } = await import('../app/src/store/open-databases.ts')
    const { tenant } = openHome(home).settings
    const refused: unknown = await openDatabases({ homeDir: home, tenant, migrationsFolder: older }).then(() => null, (error: unknown) => error)
    expect(refused).toMatchObject({ code: 'DATABASE_NEWER', exitCode: 78 })
    expect(refused instanceof Failure && refused.words.remedy.zh).toContain('升级')
    rmSync(home, { recursive: true, maxRetries: 5 })
  }, 60_000)

  test('a home of a newer format is refused with exit code 78 too', () => {
    const home = join(top, 'newer-format')
    mkdirSync(home)
    writeFileSync(join(home, 'home.json'), JSON.stringify({ version: 2, tenant: 'x', vault: 'elsewhere' }))
    expect(() => openHome(home)).toThrow(expect.objectContaining({ code: 'HOME_NEWER', exitCode: 78 }))
    expect(readFileSync(join(home, 'home.json'), 'utf8')).toContain('elsewhere')
  })
})
