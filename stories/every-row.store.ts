// SPDX-License-Identifier: Apache-2.0
import type { Database } from '../app/src/store/index.ts'

/** All rows of all tables of a database as text (bytes in hexadecimal), as far as the party's own role may read them. */
export async function everyRowOf(database: Database): Promise<{ table: string; text: string }[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT') ORDER BY 1`,
  )
  const found = []
  for (const { name } of tables) {
    const [row] = await database.query<{ text: string }>(`SELECT coalesce(string_agg(t::text, chr(10)), '') AS text FROM ${name} AS t`)
    found.push({ table: name, text: row?.text ?? '' })
  }
  return found
}
