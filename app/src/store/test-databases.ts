// SPDX-License-Identifier: Apache-2.0
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { openDatabases, type Databases } from './open-databases.ts'

/** Real databases of a home that only one test file uses. */
export interface TestDatabases extends Databases {
  homeDir: string
  tenant: string
  /** Opens the same databases once more, e.g. as another tenant or after a restart. */
  openAgain(tenant?: string): Promise<Databases>
  /** Closes, stops the server and removes all of it. */
  remove(): Promise<void>
}

/** For tests: fresh, migrated databases on the embedded PostgreSQL, or on the server of DATABASE_URL (then with names of their own, dropped at the end). */
export async function openTestDatabases(options: { migrationsFolder?: string } = {}): Promise<TestDatabases> {
  const homeDir = mkdtempSync(join(tmpdir(), 'handover-test-'))
  const server = process.env['DATABASE_URL']
  const url = server === undefined ? undefined : freshDatabaseUrl(server)
  const settings = url === undefined ? {} : { DATABASE_URL: url, DATABASE_PASSWORD_FILE: process.env['DATABASE_PASSWORD_FILE'] }
  const tenant = randomUUID()
  const openAgain = (asTenant = tenant): Promise<Databases> => openDatabases({ homeDir, tenant: asTenant, settings, ...options })
  const databases = await openAgain()
  const remove = async (): Promise<void> => {
    await databases.close()
    if (url !== undefined) await dropDatabases(url)
    rmSync(homeDir, { recursive: true, force: true, maxRetries: 5 })
  }
  return { ...databases, homeDir, tenant, openAgain, remove }
}

function freshDatabaseUrl(server: string): string {
  const url = new URL(server)
  url.pathname = `/handover_test_${randomBytes(6).toString('hex')}`
  return url.href
}

async function dropDatabases(text: string): Promise<void> {
  const url = new URL(text)
  const name = url.pathname.slice(1)
  url.pathname = '/postgres'
  const client = new Client({ connectionString: url.href })
  await client.connect()
  for (const database of [name, `${name}_keys`]) await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`)
  await client.end()
}
