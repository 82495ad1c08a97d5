// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeIdentifier } from 'pg'
import type { Database, Tx } from './database.ts'
import { SqlRefused } from './sql-errors.ts'
import { storeFailures } from './store-failures.ts'

/** One step of a database's history: `NNNN-name.sql`, run once, never changed. */
interface Migration {
  version: number
  file: string
  text: string
  sha256: string
}

/** Whose database is brought up to date, from which folder, and which role the app will use: the word `handover_app` in a migration means that role. */
export interface MigrationPlan {
  owner: Database
  database: string
  folder: string
  appRole: string
  /** Stop after so many migrations: a backup is loaded at the schema that it was made at, and goes on from there. All unless given. */
  count?: number
}

/** A migration as a database names it. */
export interface AppliedMigration {
  version: number
  file: string
  sha256: string
}

/** Brings a database up to date, each migration in a transaction of its own; refuses a newer database and a changed or missing migration, and changes nothing then. */
export async function migrate(plan: MigrationPlan): Promise<void> {
  const migrations = readMigrations(plan.folder).slice(0, plan.count)
  if (await isUpToDate(plan, migrations)) return
  await makeTable(plan.owner)
  for (const migration of migrations) await applyOnce(plan, migration, migrations)
}

function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file)).toSorted()
  return files.map((file, index) => {
    const text = readFileSync(join(folder, file), 'utf8')
    // Numbers may leave gaps (engineers take ranges); the order is what counts, and no number may be taken twice.
    if (files[index - 1]?.slice(0, 4) === file.slice(0, 4)) throw storeFailures.MIGRATION_CHANGED({ file, database: folder, why: `number ${file.slice(0, 4)} twice` })
    if (/^\s*(commit|rollback|begin)\s*;/im.test(text)) throw storeFailures.MIGRATION_CHANGED({ file, database: folder, why: 'COMMIT' })
    return { version: index + 1, file, text, sha256: createHash('sha256').update(text).digest('hex') }
  })
}

/** How many migrations bring a database to the schema of this history; refuses one that this program does not know to the end, and one that was other than ours. */
export function migrationsOf(history: readonly AppliedMigration[], folder: string, database: string): number {
  return refuseOtherHistory({ database }, readMigrations(folder), history)
}

async function isUpToDate(plan: MigrationPlan, migrations: Migration[]): Promise<boolean> {
  const [table] = await plan.owner.query<{ found: boolean }>(`SELECT to_regclass('schema_migration') IS NOT NULL AS found`)
  if (table?.found !== true) return false
  return refuseOtherHistory(plan, migrations, await appliedRows(plan.owner)) === migrations.length
}

/** The migrations that a database says it has had, in order. */
export async function appliedRows(books: Pick<Tx, 'query'>): Promise<AppliedMigration[]> {
  return books.query<AppliedMigration>('SELECT version, file, sha256 FROM schema_migration ORDER BY version')
}

/** How many migrations have been applied, all as they are in the folder. */
function refuseOtherHistory(plan: Pick<MigrationPlan, 'database'>, migrations: readonly Migration[], applied: readonly AppliedMigration[]): number {
  for (const row of applied) {
    const known = migrations[row.version - 1]
    if (known === undefined) throw storeFailures.DATABASE_NEWER({ database: plan.database, found: applied.length, known: migrations.length })
    if (known.sha256 !== row.sha256) throw storeFailures.MIGRATION_CHANGED({ file: known.file, database: plan.database, why: 'sha256' })
  }
  return applied.length
}

async function makeTable(owner: Database): Promise<void> {
  try {
    await owner.execute(
      'CREATE TABLE IF NOT EXISTS schema_migration (version int PRIMARY KEY, file text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    )
  } catch (error) {
    // Two processes at once: PostgreSQL lets the second one fail although it said IF NOT EXISTS.
    if (!(error instanceof SqlRefused && ['23505', '42P07'].includes(error.sqlState))) throw error
  }
}

async function applyOnce(plan: MigrationPlan, migration: Migration, all: Migration[]): Promise<void> {
  try {
    await plan.owner.transaction(async (tx) => {
      await tx.execute('LOCK TABLE schema_migration IN EXCLUSIVE MODE') // another process may be migrating too
      if (refuseOtherHistory(plan, all, await appliedRows(tx)) >= migration.version) return
      await tx.execute(migration.text.replace(/\bhandover_app\b/g, () => escapeIdentifier(plan.appRole)))
      await tx.execute('INSERT INTO schema_migration (version, file, sha256) VALUES ($1, $2, $3)', [migration.version, migration.file, migration.sha256])
    })
  } catch (error) {
    if (error instanceof SqlRefused) throw storeFailures.MIGRATION_FAILED({ file: migration.file, database: plan.database, why: error.message }, { cause: error })
    throw error
  }
}

