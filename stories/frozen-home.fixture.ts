// SPDX-License-Identifier: Apache-2.0
// Homes of invented companies as released versions left them: every row of both databases at the schema of that version, every file but the cluster's. Made once by that version itself; never made anew.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import type { Database } from '../app/src/store/index.ts'
import { migrate, migrationsOf, type AppliedMigration, type MigrationPlan } from '../app/src/store/migrate.ts'
import { asOwner } from '../app/src/store/open-databases.ts'

const table = z.strictObject({ columns: z.array(z.string()), rows: z.string() })
const frozenSchema = z.strictObject({
  databases: z.strictObject({ main: z.record(z.string(), table), keys: z.record(z.string(), table) }),
  files: z.record(z.string(), z.base64()),
  expected: z.strictObject({
    version: z.string(), time: z.string(), matterId: z.string(), books: z.unknown(), balanced: z.boolean(), records: z.int(), events: z.int(), inventory: z.string(), booksLeaves: z.string(),
    recordRoots: z.string(), copies: z.int(), checkpoint: z.string().nullable(), reads: z.array(z.string()),
  }),
})

/** A home as a released version left it, and what that version itself said of it. */
export type FrozenHome = z.infer<typeof frozenSchema>

/** Names of the frozen homes. */
export const frozenHomes = ['home-v0.1.0-packed', 'home-v0.1.0-closed'] as const

/** Reads a frozen home. */
export function readFrozenHome(name: (typeof frozenHomes)[number]): FrozenHome {
  return frozenSchema.parse(JSON.parse(zstdDecompressSync(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json.zst`))).toString('utf8')))
}

/** Rebuilds the data directory of that version in a folder: its files, and both databases at its schema with its rows. */
export async function layOut(frozen: FrozenHome, home: string): Promise<void> {
  for (const [name, base64] of Object.entries(frozen.files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true, mode: 0o700 })
    writeFileSync(join(home, name), Buffer.from(base64, 'base64'), { mode: 0o600 })
  }
  const { tenant } = z.looseObject({ tenant: z.string() }).parse(JSON.parse(readFileSync(join(home, 'home.json'), 'utf8')))
  for (const store of ['main', 'keys'] as const) await asOwner({ homeDir: home, tenant }, store, (plan) => fill(plan, frozen.databases[store]))
}

/** Migrates as far as that version went, then loads its rows. */
export async function fill(plan: MigrationPlan, tables: FrozenHome['databases']['main']): Promise<void> {
  await migrate({ ...plan, count: migrationsOf(historyOf(tables), plan.folder, plan.database) })
  await plan.owner.transaction(async (tx) => {
    for (const [name, { columns, rows }] of Object.entries(tables)) {
      if (name === 'schema_migration') continue
      await tx.execute(`ALTER TABLE "${name}" NO FORCE ROW LEVEL SECURITY`)
      await tx.copyIn(`COPY "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) FROM STDIN`, bytesOf(rows))
      await tx.execute(`ALTER TABLE "${name}" FORCE ROW LEVEL SECURITY`)
    }
    if ('read_audit' in tables) await tx.query(`SELECT setval(pg_get_serial_sequence('read_audit', 'id'), max(id)) FROM read_audit HAVING max(id) IS NOT NULL`)
  })
}

/** The migrations of a frozen database. */
export function historyOf(tables: FrozenHome['databases']['main']): AppliedMigration[] {
  return (tables['schema_migration']?.rows ?? '').split('\n').filter((line) => line !== '').map((line) => {
    const [version = '', file = '', sha256 = ''] = line.split('\t')
    return { version: Number(version), file, sha256 }
  }).toSorted((a, b) => a.version - b.version)
}

/** Rows of every table in a fixed order as text, for comparing two states. */
export async function everyRow(database: Database, tables: FrozenHome['databases']['main']): Promise<string[]> {
  const lines: string[] = []
  for (const [name, { columns }] of Object.entries(tables)) {
    const rows = await database.query<{ line: string }>(`SELECT row(${columns.map((column) => `"${column}"`).join(', ')})::text AS line FROM "${name}" ORDER BY 1`)
    lines.push(...rows.map((row) => `${name} ${row.line}`))
  }
  return lines
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8')
}
