// SPDX-License-Identifier: Apache-2.0
import { escapeIdentifier } from 'pg'
import type { Tx } from './database.ts'
import { appliedRows, migrate, migrationsOf, type AppliedMigration, type MigrationPlan } from './migrate.ts'
import { asOwner, type DatabasePlace } from './open-databases.ts'
import { storeFailures } from './store-failures.ts'

/** Rows of a whole database as they were taken out, at the schema of that time. */
export interface StoredTables {
  /** The migrations that the database had had. */
  history: readonly AppliedMigration[]
  /** Gives the tables one by one to `into`, which returns how many rows it took in. May throw at any time: then nothing was loaded. */
  load(into: (table: { name: string; columns: readonly string[] }, rows: AsyncIterable<Uint8Array>) => Promise<number>): Promise<void>
}

/**
 * Fills an empty main database with rows in PostgreSQL's binary COPY format, all of them in one transaction, and brings it up to date afterwards. An interrupted load leaves it empty. As the owner, since PostgreSQL
 * does not let COPY fill a table under forced row-level security; the tables are under it again when the transaction ends. Refuses a database with rows (NOT_EMPTY), and a schema that this program does not know (exit 78).
 */
export async function loadTables(place: DatabasePlace, stored: StoredTables): Promise<void> {
  await asOwner(place, 'main', async (plan) => {
    const count = migrationsOf(stored.history, plan.folder, plan.database)
    await refuseFilled(plan)
    await migrate({ ...plan, count })
    await plan.owner.transaction((tx) => loadAll(tx, stored))
    await migrate(plan)
    await plan.owner.execute('ANALYZE')
  })
}

async function loadAll(tx: Tx, stored: StoredTables): Promise<void> {
  const known = await columnsByTable(tx)
  await stored.load(async ({ name, columns }, rows) => {
    const there = known.get(name) ?? []
    if (columns.length === 0 || !columns.every((column) => there.includes(column))) throw new Error(`assertion failed: the schema of the backup has no such table or column (${name})`)
    const table = escapeIdentifier(name)
    await tx.execute(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`)
    await tx.execute(`TRUNCATE ONLY ${table}`) // emptied in this transaction: the rows are written frozen, and without a log where the server allows that
    const count = await tx.copyIn(`COPY ${table} (${columns.map((column) => escapeIdentifier(column)).join(', ')}) FROM STDIN (FORMAT binary, FREEZE)`, rows)
    await tx.execute(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`)
    return count
  })
  await moveSequences(tx)
}

async function columnsByTable(tx: Tx): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ name: string; columns: string[] }>(
    `SELECT table_name::text AS name, array_agg(column_name::text) AS columns FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'schema!_%' ESCAPE '!' GROUP BY 1`,
  )
  return new Map(rows.map((row) => [row.name, row.columns]))
}

/** Running numbers go on behind the greatest that was loaded. */
async function moveSequences(tx: Tx): Promise<void> {
  const columns = await tx.query<{ table: string; column: string }>(
    `SELECT table_name::text AS table, column_name::text AS column FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  )
  for (const { table, column } of columns) {
    await tx.query(`SELECT setval(pg_get_serial_sequence($1, $2), max(${escapeIdentifier(column)})) FROM ${escapeIdentifier(table)} HAVING max(${escapeIdentifier(column)}) IS NOT NULL`, [escapeIdentifier(table), column])
  }
}

/** A restore never mixes with what is there; an interrupted one left the tables empty. */
async function refuseFilled({ owner, database }: MigrationPlan): Promise<void> {
  const [found] = await owner.query<{ made: boolean }>(`SELECT to_regclass('schema_migration') IS NOT NULL AS made`)
  if (found?.made !== true || (await appliedRows(owner)).length === 0) return
  const tables = await owner.query<{ name: string }>(`SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'schema!_%' ESCAPE '!'`)
  for (const { name } of tables) {
    // A planner's estimate would miss a row; forced row security would hide those of another tenant from an ordinary owner, who could not load over them either.
    const rows = await owner.query(`SELECT 1 AS there FROM ${escapeIdentifier(name)} LIMIT 1`)
    if (rows.length > 0) throw storeFailures.DATABASE_NOT_EMPTY({ database })
  }
}
