// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { Client, DatabaseError, escapeIdentifier, escapeLiteral, type ClientConfig } from 'pg'
import type { Words } from '../kit/failure.ts'
import { databaseServers, type DatabaseLogin, type DatabaseSettings } from './database-servers.ts'
import { Database } from './database.ts'
import { migrate, type MigrationPlan } from './migrate.ts'
import { appRole } from './postgres-cluster.ts'
import { SqlRefused, sqlErrorOf } from './sql-errors.ts'
import { storeFailures } from './store-failures.ts'

/** Whose databases to open. */
export interface DatabasePlace {
  homeDir: string
  /** The tenant whose rows the connections may see: `current_setting('handover.tenant')` in the row-level policies. */
  tenant: string
  /** DATABASE_URL and its kin; the process environment unless given. */
  settings?: DatabaseSettings
  /** Folder with `main/` and `keys/`; ours unless given. */
  migrationsFolder?: string
}

/** A party's two databases, migrated and bound to its tenant. */
export interface Databases {
  main: Database
  /** The key store: record secrets under page keys, never in data backups (CONTRACTS §5). */
  keys: Database
  /** What the user should hear, e.g. a password in the environment. */
  warnings: Words[]
  /** Closes the connections and gives the embedded server back. */
  close(): Promise<void>
}

const connectTimeoutMs = 15_000
const poolSize = { main: 6, keys: 4 }
const oldestVersion = 150_000

/** Opens both databases of a home: starts or joins the embedded PostgreSQL (or uses DATABASE_URL), creates what is missing, migrates,
 *  and connects as a role that row-level security binds. Refuses with a code of `storeFailures`. */
export async function openDatabases(place: DatabasePlace): Promise<Databases> {
  const servers = await databaseServers(place.homeDir, place.settings ?? process.env)
  const opened: Database[] = []
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((database) => database.close()))
    await servers.release()
  }
  try {
    for (const store of ['main', 'keys'] as const) opened.push(await openDatabase(servers[store], place, store))
  } catch (error) {
    await close()
    throw error
  }
  const [main, keys] = opened
  if (main === undefined || keys === undefined) throw new Error('assertion failed: two databases were opened')
  return { main, keys, warnings: servers.warnings, close }
}

/** Runs work as the owner of a home's data or keys, which is made when it is missing; brings no schema up to date. For what must come before the databases are opened (restoring a backup). */
export async function asOwner<T>(place: DatabasePlace, store: 'main' | 'keys', work: (plan: MigrationPlan) => Promise<T>): Promise<T> {
  const servers = await databaseServers(place.homeDir, place.settings ?? process.env)
  try {
    return await withOwner(servers[store], place, store, work)
  } finally {
    await servers.release()
  }
}

async function withOwner<T>(login: DatabaseLogin, place: DatabasePlace, store: 'main' | 'keys', work: (plan: MigrationPlan, role: AppRole) => Promise<T>): Promise<T> {
  await createIfMissing(login)
  const owner = new Database({ ...login.owner(login.name), ...session(place.tenant), max: 1 })
  try {
    const role = await prepareRole(owner, login)
    return await work({ owner, database: login.name, folder: join(place.migrationsFolder ?? join(import.meta.dirname, 'migrations'), store), appRole: role.name }, role)
  } finally {
    await owner.close()
  }
}

async function openDatabase(login: DatabaseLogin, place: DatabasePlace, store: 'main' | 'keys'): Promise<Database> {
  return withOwner(login, place, store, async (plan, role) => {
    await migrate(plan)
    const database = new Database({ ...appLogin(login, role), ...session(place.tenant, role), max: poolSize[store], allowExitOnIdle: true })
    await refuseUnbound(database, role)
    return database
  })
}

/** Connects once as the app: a login or role that does not work is found now, and not in the middle of a matter. */
async function refuseUnbound(database: Database, role: AppRole): Promise<void> {
  try {
    await database.query('SELECT 1')
  } catch (error) {
    await database.close()
    if (error instanceof SqlRefused) throw storeFailures.DATABASE_ROLE({ role: role.name, why: error.message }, { cause: error })
    throw error
  }
}

interface AppRole {
  name: string
  /** The owner's connection has to step down to this role. */
  isAssumed: boolean
}

function appLogin(login: DatabaseLogin, role: AppRole): ClientConfig {
  const { app } = login
  return app === undefined || role.isAssumed ? login.owner(login.name) : { ...login.owner(login.name), user: app.role, password: app.password }
}

function session(tenant: string, role?: AppRole): ClientConfig {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tenant)) throw new RangeError('a tenant id has 1 to 64 letters, digits, hyphens or underscores')
  const settings = [`handover.tenant=${tenant}`, 'timezone=UTC', 'datestyle=ISO', 'client_min_messages=warning', ...(role?.isAssumed === true ? [`role=${role.name}`] : [])]
  return { options: settings.map((setting) => `-c ${setting}`).join(' '), application_name: 'handover', connectionTimeoutMillis: connectTimeoutMs }
}

async function createIfMissing(login: DatabaseLogin): Promise<void> {
  try {
    await withClient(login.owner(login.name), async () => undefined)
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '3D000')) throw loginFailure(error, login)
    await createDatabase(login)
  }
}

async function createDatabase(login: DatabaseLogin): Promise<void> {
  try {
    await withClient(login.owner('postgres'), async (client) => {
      await client.query(`CREATE DATABASE ${escapeIdentifier(login.name)} TEMPLATE template0 ENCODING 'UTF8'`)
    })
  } catch (error) {
    const isThere = error instanceof DatabaseError && ['42P04', '23505'].includes(error.code ?? '') // another process was faster
    if (!isThere) throw storeFailures.DATABASE_MISSING({ database: login.name, why: codeOf(error) }, { cause: sqlErrorOf(error) })
  }
}

async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...config, connectionTimeoutMillis: connectTimeoutMs })
  client.on('error', () => undefined) // reported by the call that waits for it
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

function loginFailure(error: unknown, login: DatabaseLogin): Error {
  if (error instanceof DatabaseError && error.code?.startsWith('28') === true) return storeFailures.DATABASE_LOGIN({ place: login.name, why: codeOf(error) }, { cause: sqlErrorOf(error) })
  return sqlErrorOf(error)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? `SQLSTATE ${String(error.code)}` : 'unknown'
}

interface ServerRow {
  version: number
  encoding: string
  role: string
  isUnbound: boolean
}

/** The role in which the app works; a superuser or BYPASSRLS login would see every tenant's rows and steps down to `handover_app`. */
async function prepareRole(owner: Database, login: DatabaseLogin): Promise<AppRole> {
  const [server] = await owner.query<ServerRow>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, current_user AS role,
            (rolsuper OR rolbypassrls) AS "isUnbound" FROM pg_roles WHERE rolname = current_user`,
  )
  if (server === undefined) throw new Error('assertion failed: the current role is in pg_roles')
  if (server.version < oldestVersion) throw storeFailures.DATABASE_TOO_OLD({ found: Math.floor(server.version / 10_000) })
  if (server.encoding !== 'UTF8') throw storeFailures.DATABASE_URL_WRONG({ variable: login.name, why: `encoding ${server.encoding}, not UTF8` })
  if (login.app !== undefined) {
    await createRole(owner, server, `LOGIN PASSWORD ${escapeLiteral(login.app.password)}`)
    return { name: login.app.role, isAssumed: false }
  }
  if (!server.isUnbound) return { name: server.role, isAssumed: false }
  await createRole(owner, server, 'NOLOGIN')
  return { name: appRole, isAssumed: true }
}

async function createRole(owner: Database, server: ServerRow, login: string): Promise<void> {
  const [found] = await owner.query<{ isUnbound: boolean }>(`SELECT (rolsuper OR rolbypassrls) AS "isUnbound" FROM pg_roles WHERE rolname = $1`, [appRole])
  if (found?.isUnbound === true) throw storeFailures.DATABASE_ROLE({ role: server.role, why: `${appRole}: SUPERUSER/BYPASSRLS` })
  try {
    if (found === undefined) await owner.execute(`CREATE ROLE ${appRole} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS ${login}`)
    if (found === undefined && login === 'NOLOGIN') await owner.execute(`GRANT ${appRole} TO CURRENT_USER`)
  } catch (error) {
    if (error instanceof SqlRefused && ['42710', '23505'].includes(error.sqlState)) return // another process was faster
    throw storeFailures.DATABASE_ROLE({ role: server.role, why: error instanceof Error ? error.message : 'unknown' }, { cause: error })
  }
}
