// SPDX-License-Identifier: Apache-2.0
import type { EditableTable, EditObstacle, Emptying, Reference } from './edit-database.ts'
import type { ForeignTable } from './foreign-table.ts'
import { crawlPostgres, type AskPostgres } from './postgres-schema.ts'

const textTypes = /^(?:text|character varying|varchar|bytea)(?:\(\d+\))?$/
/** Types whose values equal their own text, read again. */
const keyTypes = /^(?:smallint|integer|bigint|numeric|text|character|character varying|"char"|name|uuid|date|timestamp|time|bytea|boolean|inet|cidr|macaddr)\b/

const ofTable = 'from pg_class c join pg_namespace n on n.oid = c.relnamespace'
const isTable = 'n.nspname = $1 and c.relname = $2'

/** Reads of a PostgreSQL database what deleting in its tables has to know. */
export async function crawlEditablePostgres(ask: AskPostgres, patterns: readonly string[]): Promise<EditableTable[]> {
  const { tables } = await crawlPostgres(ask, patterns)
  const editable: EditableTable[] = []
  for (const table of tables) {
    const at = [table.schema, table.bare]
    const key = await keyOf(ask, table)
    const [[kind, programs = '0'] = []] = await ask(`select c.relkind, (select count(*) from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN')::text ${ofTable} where ${isTable}`, at)
    const always: EditObstacle[] = [...(key.length === 0 ? ['no-key' as const] : []), ...(programs !== '0' || kind === 'm' ? ['rules' as const] : [])]
    const on = async (bit: number): Promise<EditObstacle[]> => {
      const [[found = '0'] = []] = await ask(`select count(*)::text from pg_trigger t where t.tgrelid in (select c.oid ${ofTable} where ${isTable} union all select p.relid from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_partition_tree(c.oid) p where ${isTable}) and not t.tgisinternal and t.tgenabled <> 'D' and (t.tgtype & ${bit}) <> 0`, at)
      return found === '0' ? always : [...always, 'triggers']
    }
    editable.push({ table, key, emptying: await emptyingOf(ask, table), references: await referencesTo(ask, at), unseen: [], obstacles: { delete: await on(8), update: await on(16) } })
  }
  return editable
}

async function emptyingOf(ask: AskPostgres, table: ForeignTable): Promise<Emptying[]> {
  const rows = await ask(`select a.attname, a.attnotnull::text, (a.attgenerated <> '' or a.attidentity = 'a')::text, (a.attgenerated <> '')::text, typtype ${ofTable} join pg_attribute a on a.attrelid = c.oid join pg_type ty on ty.oid = a.atttypid where ${isTable} and a.attnum > 0 and not a.attisdropped`, [table.schema, table.bare])
  return table.fields.map((field): Emptying => {
    const [, isNeeded, isFixed, isMade, typeKind] = rows.find(([name]) => name === field.name) ?? []
    if (isMade === 'true') return 'follows'
    if (isFixed === 'true' || typeKind === 'd') return 'never' // a domain may refuse what its base type takes
    if (isNeeded === 'false') return 'null'
    return isNeeded === 'true' && textTypes.test(field.declaredType ?? '') ? 'text' : 'never'
  })
}

/** The primary key, else the first unique key of columns that are never null. */
async function keyOf(ask: AskPostgres, table: ForeignTable): Promise<number[]> {
  const rows = await ask(
    `select i.indexrelid::text, a.attname, a.attnotnull::text ${ofTable} join pg_index i on i.indrelid = c.oid cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, at) left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where ${isTable} and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and k.at <= i.indnkeyatts order by not i.indisprimary, i.indexrelid, k.at`, [table.schema, table.bare])
  for (const parts of Map.groupBy(rows, ([index]) => index).values()) {
    const key = parts.flatMap(([, name, isNeeded]) => {
      const field = table.fields.find((one) => one.name === name)
      return field !== undefined && isNeeded === 'true' && keyTypes.test(field.declaredType ?? '') ? [field.index] : []
    })
    if (key.length === parts.length) return key
  }
  return []
}

async function referencesTo(ask: AskPostgres, at: readonly string[]): Promise<Reference[]> {
  const rows = await ask(
    `select f.oid::text, kn.nspname, kc.relname, ka.attname, a.attname ${ofTable} join pg_constraint f on f.confrelid = c.oid and f.contype = 'f' and f.conparentid = 0
       join pg_class kc on kc.oid = f.conrelid join pg_namespace kn on kn.oid = kc.relnamespace cross join lateral unnest(f.conkey, f.confkey) with ordinality k(child, parent, at)
       join pg_attribute ka on ka.attrelid = kc.oid and ka.attnum = k.child join pg_attribute a on a.attrelid = c.oid and a.attnum = k.parent
      where ${isTable} order by 1, k.at`, at)
  return [...Map.groupBy(rows, ([constraint]) => constraint).values()].map((parts) => ({
    schema: parts[0]?.[1] ?? '', bare: parts[0]?.[2] ?? '', columns: parts.map((part) => part[3] ?? ''), named: parts.map((part) => part[4] ?? ''),
  }))
}
