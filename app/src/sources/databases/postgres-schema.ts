// SPDX-License-Identifier: Apache-2.0
import { isChosen } from './choose-tables.rules.ts'
import { databaseReasons } from './database-reasons.ts'
import type { ForeignField, ForeignTable, UnreadThing } from './foreign-table.ts'

/** Asks the server and gives rows of its own text. */
export type AskPostgres = (sql: string, values?: readonly string[]) => Promise<(string | null)[][]>

/** Where no statistics tell. */
const BYTES_A_ROW = 100

// From the catalogue and the statistics alone: asking for the size of a table would wait for whoever holds a lock on it.
// Partitions are read with the table they belong to; what belongs to an extension or is temporary is nobody's data.
const relations = `
  select n.nspname, c.relname, c.relkind, coalesce(obj_description(c.oid, 'pg_class'), ''), c.oid::text,
         case when c.relkind = 'p' then (select coalesce(sum(greatest(k.reltuples, pg_stat_get_live_tuples(k.oid))), 0) from pg_partition_tree(c.oid) t join pg_class k on k.oid = t.relid where t.isleaf) else greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) end::bigint::text,
         case when c.relkind = 'p' then (select coalesce(sum(k.relpages), 0) from pg_partition_tree(c.oid) t join pg_class k on k.oid = t.relid where t.isleaf) else c.relpages end::bigint * 8192,
         has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage'),
         concat_ws(' ', c.relfilenode, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm', 'v', 'f') and not c.relispartition and c.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
     and not exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
   order by 1, 2`
const columns = `
  select a.attrelid::text, a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(a.attrelid, a.attnum), ''), t.typname,
         has_column_privilege(a.attrelid, a.attnum, 'select'), coalesce(array_position(i.indkey[0 : i.indnkeyatts - 1], a.attnum), -1)::text
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid left join lateral (
         -- The primary key, else the first unique key of columns that are never null.
         select x.indkey::int2[] as indkey, x.indnkeyatts from pg_index x where x.indrelid = a.attrelid and x.indisunique and x.indisvalid and x.indimmediate and x.indpred is null and x.indexprs is null
            and not exists (select 1 from pg_attribute k where k.attrelid = x.indrelid and k.attnum = any (x.indkey) and not k.attnotnull) order by not x.indisprimary, x.indexrelid limit 1) i on true
   where a.attnum > 0 and not a.attisdropped and a.attrelid::text = any($1::text[])
   order by a.attrelid, a.attnum`

/** Reads the catalogue of a PostgreSQL database: tables with columns, types, comments and keys, and what is there besides and is not read. */
export async function crawlPostgres(ask: AskPostgres, patterns: readonly string[]): Promise<{ tables: ForeignTable[]; unread: UnreadThing[] }> {
  const found = await ask(relations)
  const isOneSchema = new Set(found.map(([schema]) => schema)).size <= 1
  const unread: UnreadThing[] = []
  const byOid = new Map<string, ForeignTable>()
  let others = 0
  for (const [schema = '', bare = '', kind = '', comment = '', oid = '', rows = '0', bytes = '0', isReadable = '', changes = ''] of found.map(texts)) {
    const name = isOneSchema ? bare : `${schema}.${bare}`
    const table: ForeignTable = { schema, bare, name, comment, fields: [], key: [], isNumberKey: false, estimatedRows: Math.max(0, Number(rows)), estimatedBytes: Number(bytes) > 0 ? Number(bytes) : Math.max(0, Number(rows)) * BYTES_A_ROW, changes }
    if (kind === 'v') unread.push({ where: name, why: databaseReasons.view })
    else if (kind === 'f') unread.push({ where: name, why: databaseReasons.foreign })
    else if (!isChosen(table, patterns)) others++
    else if (isReadable !== 't') unread.push({ where: name, why: databaseReasons.noPrivilege })
    else byOid.set(oid, table)
  }
  if (others > 0) unread.push({ where: '*', why: databaseReasons.notChosen(others) })
  await addColumns(ask, byOid, unread)
  await addUnseen(ask, unread)
  return { tables: [...byOid.values()], unread }
}

const texts = (row: (string | null)[]): string[] => row.map((cell) => cell ?? '')

async function addColumns(ask: AskPostgres, byOid: ReadonlyMap<string, ForeignTable>, unread: UnreadThing[]): Promise<void> {
  const keys = new Map<ForeignTable, [number, number][]>()
  for (const [oid = '', name = '', type = '', comment = '', typeName = '', isReadable = '', keyAt = '-1'] of (await ask(columns, [`{${[...byOid.keys()].join(',')}}`])).map(texts)) {
    const table = byOid.get(oid)
    if (table === undefined) continue
    if (isReadable !== 't') {
      unread.push({ where: `${table.name}.${name}`, why: databaseReasons.noPrivilege })
      continue
    }
    const field: ForeignField = { name, index: table.fields.length, declaredType: type.toLowerCase(), form: typeName === 'bytea' ? 'bytes' : 'text', ...(comment === '' ? {} : { comment }) }
    if (Number(keyAt) >= 0) keys.set(table, [...(keys.get(table) ?? []), [Number(keyAt), field.index]])
    table.fields.push(field)
  }
  for (const [table, positions] of keys) {
    table.key = positions.toSorted(([a], [b]) => a - b).map(([, index]) => index)
    table.isNumberKey = table.key.length === 1 && /^(?:smallint|integer|bigint)$/.test(table.fields[table.key[0] ?? 0]?.declaredType ?? '')
  }
}

async function addUnseen(ask: AskPostgres, unread: UnreadThing[]): Promise<void> {
  const [[objects = '0'] = []] = await ask('select count(*)::text from pg_largeobject_metadata')
  if (Number(objects) > 0) unread.push({ where: 'pg_largeobject', why: databaseReasons.largeObjects(Number(objects)) })
  const [[programs = '0'] = []] = await ask(`
    select ((select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname not in ('pg_catalog', 'information_schema')
                and not exists (select 1 from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e'))
          + (select count(*) from pg_trigger where not tgisinternal))::text`)
  if (Number(programs) > 0) unread.push({ where: '*', why: databaseReasons.programs(Number(programs)) })
}
