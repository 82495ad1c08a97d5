// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseSettings } from './database-servers.ts'
import { openDatabases, type Databases } from './open-databases.ts'
import { plainPostgresVersion, startPlainPostgres, type PlainPostgres } from './plain-postgres.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-foreign-'))
const passwordFile = join(folder, 'plain.password')
let server: PlainPostgres

function open(settings: DatabaseSettings, tenant = 'tenant-1'): Promise<Databases> {
  return openDatabases({ homeDir: join(folder, 'home'), tenant, settings, migrationsFolder: join(folder, 'migrations') })
}

beforeAll(async () => {
  mkdirSync(join(folder, 'migrations', 'main'), { recursive: true })
  mkdirSync(join(folder, 'migrations', 'keys'))
  writeFileSync(passwordFile, 'plain-password\n', { mode: 0o600 })
  writeFileSync(
    join(folder, 'migrations', 'main', '0001-notes.sql'),
    `CREATE TABLE note (tenant text NOT NULL DEFAULT current_setting('handover.tenant'), id int); ALTER TABLE note ENABLE ROW LEVEL SECURITY; ALTER TABLE note FORCE ROW LEVEL SECURITY;
     CREATE POLICY own_rows ON note USING (tenant = current_setting('handover.tenant', true)); GRANT SELECT, INSERT ON note TO handover_app;`,
  )
  server = await startPlainPostgres(folder)
  await server.asAdmin(
    `CREATE ROLE plain LOGIN PASSWORD 'plain-password'`, `CREATE ROLE poor LOGIN PASSWORD 'poor'`, `CREATE ROLE free LOGIN BYPASSRLS PASSWORD 'free'`,
    'CREATE DATABASE mine OWNER plain', 'CREATE DATABASE mine_keys OWNER plain', 'CREATE DATABASE other OWNER free', 'CREATE DATABASE other_keys OWNER free', 'CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0',
  )
})

afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe(`DATABASE_URL with a PostgreSQL that is not ours (${plainPostgresVersion})`, () => {
  it('works as an ordinary owner with the password from a file, bound by row-level security, and starts no server of its own', async () => {
    const settings = { DATABASE_URL: `postgresql://plain@127.0.0.1:${server.port}/mine`, DATABASE_PASSWORD_FILE: passwordFile }
    const mine = await open(settings)
    const other = await open(settings, 'tenant-2')
    await mine.main.execute('INSERT INTO note (id) VALUES (1)')
    expect(await mine.main.query('SELECT id, current_user AS role FROM note')).toEqual([{ id: 1, role: 'plain' }])
    expect(await other.main.query('SELECT id FROM note')).toEqual([])
    expect(await mine.keys.query('SELECT current_database() AS name')).toEqual([{ name: 'mine_keys' }])
    expect(mine.warnings).toEqual([])
    for (const databases of [mine, other]) await databases.close()
    expect(existsSync(join(folder, 'home', 'pg'))).toBe(false)
  })

  it('makes missing databases and steps down from a superuser to handover_app, with a warning about the password in the environment', async () => {
    const settings = { DATABASE_URL: `postgresql://admin:admin-password@127.0.0.1:${server.port}/fresh` }
    const fresh = await open(settings)
    await fresh.main.execute('INSERT INTO note (id) VALUES (1)')
    expect(await fresh.main.query('SELECT current_user AS role, session_user AS login FROM note')).toEqual([{ role: 'handover_app', login: 'admin' }])
    await expect(fresh.main.execute('CREATE TABLE mine (n int)')).rejects.toThrow(/42501/)
    expect(fresh.warnings.map((warning) => warning.en)).toEqual([expect.stringContaining('DATABASE_URL holds a password')])
    expect(JSON.stringify(fresh.warnings)).not.toContain('admin-password')
    await fresh.close()
    const other = await open(settings, 'tenant-2')
    expect(await other.main.query('SELECT id FROM note')).toEqual([])
    await other.close()
  })

  it('keeps the keys on a server of their own when KEYSTORE_URL names one', async () => {
    const split = await open({ KEYSTORE_URL: `postgresql://admin:admin-password@127.0.0.1:${server.port}/only_keys` })
    expect(await split.keys.query('SELECT current_database() AS name')).toEqual([{ name: 'only_keys' }])
    expect(await split.main.query('SELECT current_database() AS name')).toEqual([{ name: 'handover' }])
    await split.close()
  })

  it.each([
    ['a wrong password', 'postgresql://plain:wrong@127.0.0.1:PORT/mine', 'DATABASE_LOGIN', 77],
    ['a missing database that the user may not make', 'postgresql://poor:poor@127.0.0.1:PORT/nowhere', 'DATABASE_MISSING', 78],
    ['a user without row-level security who may make no role', 'postgresql://free:free@127.0.0.1:PORT/other', 'DATABASE_ROLE', 78],
    ['a database that is not UTF-8', 'postgresql://admin:admin-password@127.0.0.1:PORT/latin', 'DATABASE_URL_WRONG', 78],
    ['a server that does not answer', 'postgresql://plain@127.0.0.1:9/mine', 'DATABASE_GONE', 69],
    ['another kind of address', 'mysql://plain@127.0.0.1/mine', 'DATABASE_URL_WRONG', 78],
    ['no database name', 'postgresql://plain@127.0.0.1:PORT', 'DATABASE_URL_WRONG', 78],
  ])('refuses %s with its reason and without the password', async (_, url, code, exitCode) => {
    const error: unknown = await open({ DATABASE_URL: url.replace('PORT', String(server.port)) }).then(() => 'opened', (thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, exitCode })
    expect(String(error)).not.toMatch(/wrong@|:poor|admin-password/)
  })
})
