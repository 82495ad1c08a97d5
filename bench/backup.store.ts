// SPDX-License-Identifier: Apache-2.0
import type { Database } from '../app/src/store/index.ts'

/** Reads every table with COPY in PostgreSQL's binary format and throws the bytes away; returns how many there were. */
export async function copyEverything(db: Database): Promise<number> {
  return db.transaction(
    async (tx) => {
      let bytes = 0
      const tables = await tx.query<{ name: string }>(`select tablename::text as name from pg_tables where schemaname = current_schema() and tablename not like 'schema!_%' escape '!'`)
      for (const { name } of tables) for await (const part of tx.copyOut(`copy (select * from "${name}") to stdout (format binary)`)) bytes += part.length
      return bytes
    },
    { isolation: 'repeatable read', readOnly: true },
  )
}
