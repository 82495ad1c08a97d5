// SPDX-License-Identifier: Apache-2.0
import type { Client } from 'pg'
import type { EditableDatabase, EditableTable, EditCell, EditSession, RowKey } from './edit-database.ts'
import { crawlEditablePostgres } from './edit-postgres-schema.ts'
import type { DatabaseLogin, ForeignTable } from './foreign-table.ts'
import { codeOf, connectPostgres, postgresFailure, quoted, refuseSuperuser } from './open-postgres.ts'
import type { AskPostgres } from './postgres-schema.ts'

/** Opens a PostgreSQL database for deleting in it; a superuser only by the operator's word. */
export async function editPostgres(login: DatabaseLogin): Promise<EditableDatabase> {
  const { client, ask: asked } = await connectPostgres(login, () => undefined, { isReadOnly: false })
  const ask: AskPostgres = (sql, values) => asked(sql, values).catch(told(login))
  try {
    await refuseSuperuser(ask, login)
    const tables = await crawlEditablePostgres(ask, login.limits.tables)
    return {
      tables, canFind: (table, key) => key.length > 0 && table.key.every((at, n) => (table.table.fields[at]?.form === 'bytes' ? key[n] instanceof Uint8Array : typeof key[n] === 'string')),
      isGone: (name) => isGone(ask, name), inTransaction: (mode, work) => inTransaction({ client, ask, login }, mode, work),
      rebuild: (table) => rebuild(asked, table), close: () => client.end().catch(() => undefined),
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw postgresFailure(error, login.place)
  }
}

/** Rows that one fetch takes when all of a table are read. */
const rowsAtOnce = 500

interface Open {
  client: Client
  ask: AskPostgres
  login: DatabaseLogin
}

const nameOf = (table: ForeignTable): string => `${quoted(table.schema)}.${quoted(table.bare)}`
const columnAt = (table: EditableTable, at: number): string => quoted(table.table.fields[at]?.name ?? '')

async function inTransaction<T>(open: Open, mode: 'read' | 'write', work: (session: EditSession) => Promise<T>): Promise<T> {
  const { ask } = open
  try {
    await ask(mode === 'read' ? 'begin transaction isolation level repeatable read read only' : 'begin transaction isolation level read committed read write')
    const result = await work(sessionOf(open, mode))
    await ask('commit')
    return result
  } catch (error) {
    await ask('rollback').catch(() => undefined) // a lost connection undoes it as well
    throw error
  }
}

/** Errors of the driver become ours where they arise: what fails beside the server is not the server's. */
const told = (login: DatabaseLogin) => (error: unknown): never => {
  throw postgresFailure(error, login.place)
}

function sessionOf(open: Open, mode: 'read' | 'write'): EditSession {
  const { client, ask, login } = open
  const changed = async (sql: string, values: string[]): Promise<number> => (await client.query({ text: sql, values }).catch(told(login))).rowCount ?? -1
  return {
    find: (table, keys) => rowsWhere(ask, table, { ...whereOf(table, keys), end: mode === 'write' ? ' for update' : '' }),
    pointedAt: async (table, keys) => {
      const found: EditCell[][] = []
      const { sql, values } = whereOf(table, keys)
      for (const reference of table.references) {
        const isSelf = reference.schema === table.table.schema && reference.bare === table.table.bare
        const meets = reference.columns.map((column, at) => `c.${quoted(column)} = t.${quoted(reference.named[at] ?? '')}`)
        const notItself = isSelf ? ` and not (${table.key.map((at) => `c.${columnAt(table, at)} = t.${columnAt(table, at)}`).join(' and ')})` : ''
        found.push(...await rowsWhere(ask, table, { sql: `${sql} and exists (select 1 from ${quoted(reference.schema)}.${quoted(reference.bare)} c where ${meets.join(' and ')}${notItself})`, values, end: '' }))
      }
      return found
    },
    count: async (table) => Number((await ask(`select count(*)::text from ${nameOf(table.table)}`))[0]?.[0] ?? '-1'),
    remove: (table, keys) => {
      const { sql, values } = whereOf(table, keys)
      return changed(`delete from ${nameOf(table.table)} t where ${sql}`, values)
    },
    each: async (table, take) => {
      if (mode === 'write') await ask(`lock table ${nameOf(table.table)} in share row exclusive mode`)
      await ask(`declare every_row no scroll cursor for select ${columnsOf(table.table)} from ${nameOf(table.table)} t`)
      for (let rows = await ask(`fetch ${rowsAtOnce} from every_row`); rows.length > 0; rows = await ask(`fetch ${rowsAtOnce} from every_row`)) take(rows.map((row) => cellsOf(table.table, row)))
      await ask('close every_row')
    },
    clear: (table) => changed(`delete from ${nameOf(table.table)}`, []),
    empty: (table, keys, positions) => {
      const { sql, values } = whereOf(table, keys)
      return changed(`update ${nameOf(table.table)} t set ${positions.map((at) => `${columnAt(table, at)} = ${table.emptying[at] === 'text' ? "''" : 'null'}`).join(', ')} where ${sql}`, values)
    },
  }
}

/** Any of these keys, each value as the server's own text read as the column's own type. */
function whereOf(table: EditableTable, keys: readonly RowKey[]): { sql: string; values: string[] } {
  const values: string[] = []
  const [only] = table.key
  if (only !== undefined && table.key.length === 1) {
    const type = table.table.fields[only]?.declaredType ?? 'text'
    return { sql: `(t.${columnAt(table, only)} in (${keys.map(([value]) => `$${values.push(textOf(value ?? null))}::${type}`).join(', ')}))`, values }
  }
  const terms = keys.map((key) => `(${table.key.map((at, n) => `t.${columnAt(table, at)} = $${values.push(textOf(key[n] ?? null))}::${table.table.fields[at]?.declaredType ?? 'text'}`).join(' and ')})`)
  return { sql: `(${terms.join(' or ')})`, values }
}

const textOf = (value: EditCell): string => (value === null ? '' : typeof value === 'string' ? value : `\\x${Buffer.from(value).toString('hex')}`)

async function rowsWhere(ask: AskPostgres, { table }: EditableTable, where: { sql: string; values: readonly string[]; end: string }): Promise<EditCell[][]> {
  const rows = await ask(`select ${columnsOf(table)} from ${nameOf(table)} t where ${where.sql}${where.end}`, where.values)
  return rows.map((row) => cellsOf(table, row))
}

const columnsOf = (table: ForeignTable): string => table.fields.map((field) => `t.${quoted(field.name)}`).join(', ')

function cellsOf(table: ForeignTable, row: readonly (string | null)[]): EditCell[] {
  return row.map((text, at) => (text === null || table.fields[at]?.form !== 'bytes' ? text : new Uint8Array(Buffer.from(text.slice(2), 'hex'))))
}

/** The catalogue shows every table, to whoever asks. */
async function isGone(ask: AskPostgres, name: string): Promise<boolean> {
  const at = name.indexOf('.')
  const found = await ask(`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = $1 or (n.nspname = $2 and c.relname = $3)`, [name, name.slice(0, Math.max(0, at)), name.slice(at + 1)])
  return found.length === 0
}

async function rebuild(ask: AskPostgres, { table }: EditableTable): Promise<string | null> {
  try {
    // Without the right to it the server only warns.
    const [[mayVacuum] = []] = await ask(`select pg_has_role(c.relowner, 'usage') from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`, [table.schema, table.bare])
    if (mayVacuum !== 't') return 'not-owner'
    await ask(`vacuum (full) ${nameOf(table)}`)
    return null
  } catch (error) {
    return codeOf(error)
  }
}
