// SPDX-License-Identifier: Apache-2.0
// SQL of taking a whole database out. COPY … TO reads through row-level security like any query, so the app's own role does it and can take no other tenant's rows along; only loading needs the owner (store/load-tables.ts).
import type { AppliedMigration, Queryable, Tx } from '../store/index.ts'

/** A table with its columns in their order. */
export interface TableColumns {
  name: string
  columns: string[]
}

/** All tables of the main database; every one of them begins with the tenant, so row security covers it. Refuses one that does not. */
export async function tablesOf(tx: Queryable): Promise<TableColumns[]> {
  const tables = await tx.query<{ name: string; columns: string[] }>(
    `select t.tablename::text as name, array_agg(c.column_name::text order by c.ordinal_position) as columns
       from pg_tables t join information_schema.columns c on c.table_schema = t.schemaname and c.table_name = t.tablename
      where t.schemaname = current_schema() and t.tablename not like 'schema!_%' escape '!' and c.is_generated = 'NEVER' group by 1 order by 1`,
  )
  const strange = tables.find((table) => table.columns[0] !== 'tenant')
  if (strange !== undefined) throw new Error(`assertion failed: table ${strange.name} begins with the tenant`)
  return tables
}

/** In the order in which the books are read, where that helps whoever checks them; elsewhere as the rows lie. */
const orders: Readonly<Record<string, string>> = { record: 'matter_id, inventory_index', event: 'matter_id, seq' }

/** Takes the rows of one table out in the binary format. */
export function copyOutTable(tx: Tx, { name, columns }: TableColumns): AsyncGenerator<Uint8Array, number, undefined> {
  const order = orders[name]
  return tx.copyOut(`copy (select ${columns.map((column) => `"${column}"`).join(', ')} from "${name}"${order === undefined ? '' : ` order by ${order}`}) to stdout (format binary)`)
}

/** About how many bytes the tables hold, for the time that is left. */
export async function estimatedBytes(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ bytes: number }>(`select coalesce(sum(pg_table_size(format('%I', tablename)::regclass)), 0)::bigint as bytes from pg_tables where schemaname = current_schema()`)
  return row?.bytes ?? 0
}

/** The migrations that made this schema. */
export async function schemaHistory(tx: Queryable): Promise<AppliedMigration[]> {
  return tx.query<AppliedMigration & Record<string, unknown>>('select version, file, sha256 from schema_migration order by version')
}

/** How far the log of each matter is. */
export async function logHeads(tx: Queryable, tenant: string): Promise<{ id: string; origin: string; size: number; root: string }[]> {
  return tx.query(
    `select m.id, m.origin, coalesce(h.size, 0)::bigint as size, coalesce(encode(h.root, 'hex'), '') as root
       from matter m left join log_head h on h.tenant = m.tenant and h.matter_id = m.id where m.tenant = $1 order by m.id`,
    [tenant],
  )
}

/** How many records of a matter have ciphertext. */
export async function countCipheredRecords(db: Queryable, tenant: string, matterId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from record where tenant = $1 and matter_id = $2 and erased_at is null', [tenant, matterId])
  return row?.n ?? 0
}
