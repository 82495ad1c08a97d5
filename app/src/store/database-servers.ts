// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import type { Words } from '../kit/failure.ts'
import { appRole, ownerRole } from './postgres-cluster.ts'
import { startPostgres } from './postgres-server.ts'
import { storeFailures } from './store-failures.ts'

/** How to reach one database as its owner and as the app. */
export interface DatabaseLogin {
  /** The database's name, for messages. */
  name: string
  /** Makes the database when missing, and runs migrations. */
  owner: (database: string) => ClientConfig
  /** A login of its own for the app (the embedded server has one), or undefined: the app then uses the owner's login, in a bound role when needed. */
  app: { role: string; password: string } | undefined
}

/** Where the data and the keys are kept (CONTRACTS §5: two databases, in production two clusters). */
export interface DatabaseServers {
  main: DatabaseLogin
  keys: DatabaseLogin
  warnings: Words[]
  release(): Promise<void>
}

/** The environment variables that choose another server than the embedded one. */
export interface DatabaseSettings {
  DATABASE_URL?: string | undefined
  DATABASE_PASSWORD_FILE?: string | undefined
  KEYSTORE_URL?: string | undefined
  KEYSTORE_PASSWORD_FILE?: string | undefined
}

const embeddedMain = 'handover'
const embeddedKeys = 'handover_keys'

/** The servers of a home: its own embedded one, or those that the settings name; refuses malformed settings. */
export async function databaseServers(homeDir: string, settings: DatabaseSettings): Promise<DatabaseServers> {
  const warnings: Words[] = []
  const main = settings.DATABASE_URL === undefined ? undefined : urlLogin('DATABASE_URL', settings.DATABASE_URL, settings.DATABASE_PASSWORD_FILE, warnings)
  const keys = settings.KEYSTORE_URL === undefined ? undefined : urlLogin('KEYSTORE_URL', settings.KEYSTORE_URL, settings.KEYSTORE_PASSWORD_FILE, warnings)
  if (main !== undefined) return { main, keys: keys ?? { ...main, name: `${main.name}_keys` }, warnings, release: async () => undefined }
  const embedded = await embeddedServer(homeDir)
  return { main: embedded.main, keys: keys ?? embedded.keys, warnings, release: embedded.release }
}

async function embeddedServer(homeDir: string): Promise<Omit<DatabaseServers, 'warnings'>> {
  const server = await startPostgres(homeDir)
  const { host, port, credentials } = server
  const owner = (database: string): ClientConfig => ({ host, port, database, user: ownerRole, password: credentials.ownerPassword })
  const app = { role: appRole, password: credentials.appPassword }
  return { main: { name: embeddedMain, owner, app }, keys: { name: embeddedKeys, owner, app }, release: () => server.release() }
}

/** Without a password the driver looks into the user's .pgpass. */
function urlLogin(variable: string, text: string, passwordFile: string | undefined, warnings: Words[]): DatabaseLogin {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) throw storeFailures.DATABASE_URL_WRONG({ variable, why: 'postgresql://' })
  const name = decodeURIComponent(url.pathname.slice(1))
  if (name === '') throw storeFailures.DATABASE_URL_WRONG({ variable, why: 'postgresql://…/?' })
  if (passwordFile !== undefined) url.password = encodeURIComponent(readPassword(variable, passwordFile))
  else if (url.password !== '') warnings.push(passwordInEnvironment(variable))
  return { name, owner: (database) => ({ connectionString: withDatabase(url, database) }), app: undefined }
}

function withDatabase(url: URL, database: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(database)}`
  return other.href
}

function readPassword(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw storeFailures.DATABASE_URL_WRONG({ variable, why: `${variable.replace('_URL', '_PASSWORD_FILE')}: ${file}` }, { cause: error })
  }
}

function passwordInEnvironment(variable: string): Words {
  return {
    zh: `${variable} 里写有口令,本机其他程序可能看到。请放进 ${variable.replace('_URL', '_PASSWORD_FILE')} 所指的文件(权限 0600)`,
    en: `${variable} holds a password, which other programs on this machine may see. Put it into the file named by ${variable.replace('_URL', '_PASSWORD_FILE')} (mode 0600)`,
  }
}
