// SPDX-License-Identifier: Apache-2.0
import type { Connection } from 'mysql2'
import type { EditableDatabase, EditableTable, EditCell, EditSession, RowKey } from './edit-database.ts'
import { crawlEditableMysql, type MysqlEditable } from './edit-mysql-schema.ts'
import type { DatabaseLogin, ForeignTable } from './foreign-table.ts'
import { MysqlBlocks } from './mysql-blocks.ts'
import { mysqlKeyOf } from './mysql-literals.rules.ts'
import { mysqlName, quoted, selectedColumns } from './mysql-statements.ts'
import type { AskMysql } from './mysql-schema.ts'
import { bufferRow, codeOf, connectMysql, mysqlFailure, settleMysql } from './open-mysql.ts'
import { rowsOfBlock } from './table-block.ts'

// Values are wanted, not what their bytes are.
const anyClass = new Uint8Array(256).fill(1)

/** Opens a MySQL or MariaDB database for deleting in it. */
export async function editMysql(login: DatabaseLogin): Promise<EditableDatabase> {
  const { connection, ask: asked } = await connectMysql(login, () => undefined)
  const ask: AskMysql = (sql, values) => asked(sql, values).catch(told(login))
  try {
    await settleMysql(ask, login.limits.statementSeconds)
    await ask('set session innodb_lock_wait_timeout = 10')
    const tables = await crawlEditableMysql(ask, login.address.database, login.limits.tables)
    return {
      tables, canFind: (table, key) => key.length > 0 && table.key.every((at, n) => mysqlKeyOf(table.table.fields[at], key[n] ?? null) !== null),
      isGone: (name) => isGone(asked, login, name), inTransaction: (mode, work) => inTransaction({ connection, ask, login }, mode, work),
      rebuild: (table) => rebuild(asked, table), close: () => Promise.resolve(connection.destroy()),
    }
  } catch (error) {
    connection.destroy()
    throw mysqlFailure(error, login.place)
  }
}

interface Open {
  connection: Connection
  ask: AskMysql
  login: DatabaseLogin
}

async function inTransaction<T>(open: Open, mode: 'read' | 'write', work: (session: EditSession) => Promise<T>): Promise<T> {
  const { ask } = open
  try {
    await ask(`set session transaction isolation level ${mode === 'read' ? 'repeatable read' : 'read committed'}`)
    await ask(mode === 'read' ? 'start transaction with consistent snapshot, read only' : 'start transaction read write')
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
  throw mysqlFailure(error, login.place)
}

function sessionOf(open: Open, mode: 'read' | 'write'): EditSession {
  const { ask } = open
  return {
    find: (table, keys) => rowsWhere(open, table, `${whereOf(table, keys)}${mode === 'write' ? ' for update' : ''}`),
    pointedAt: async (table, keys) => {
      const found: EditCell[][] = []
      for (const reference of table.references) {
        const isSelf = reference.schema === table.table.schema && reference.bare === table.table.bare
        const meets = reference.columns.map((column, at) => `c.${quoted(column)} = ${mysqlName(table.table)}.${quoted(reference.named[at] ?? '')}`)
        const notItself = isSelf ? ` and not (${table.key.map((at) => `c.${columnAt(table, at)} = ${mysqlName(table.table)}.${columnAt(table, at)}`).join(' and ')})` : ''
        found.push(...await rowsWhere(open, table, `${whereOf(table, keys)} and exists (select 1 from ${quoted(reference.schema)}.${quoted(reference.bare)} c where ${meets.join(' and ')}${notItself})`))
      }
      return found
    },
    count: async (table) => Number((await ask(`select count(*) from ${mysqlName(table.table)}`))[0]?.[0] ?? '-1'),
    remove: (table, keys) => changed(open, `delete from ${mysqlName(table.table)} where ${whereOf(table, keys)}`),
    each: (table, take) => eachRow(open, table.table, mode === 'write' ? ' for update' : '', take),
    clear: (table) => changed(open, `delete from ${mysqlName(table.table)}`),
    empty: (table, keys, positions) => {
      const set = positions.map((at) => `${columnAt(table, at)} = ${table.emptying[at] === 'text' ? "''" : 'null'}`)
      // What the server would move by itself (ON UPDATE CURRENT_TIMESTAMP) stays as it is.
      const still = isMysqlEditable(table) ? table.moving.filter((at) => !positions.includes(at)).map((at) => `${columnAt(table, at)} = ${columnAt(table, at)}`) : []
      return changed(open, `update ${mysqlName(table.table)} set ${[...set, ...still].join(', ')} where ${whereOf(table, keys)}`)
    },
  }
}

const isMysqlEditable = (table: EditableTable): table is MysqlEditable => 'moving' in table
const columnAt = (table: EditableTable, at: number): string => quoted(table.table.fields[at]?.name ?? '')

/** Any of these keys; a key whose values no literal says exactly finds nothing, and is told apart before. */
function whereOf(table: EditableTable, keys: readonly RowKey[]): string {
  const [only] = table.key
  // One list instead of many alternatives: the server sorts and looks it up at once.
  if (only !== undefined && table.key.length === 1) return `(${mysqlName(table.table)}.${columnAt(table, only)} in (${keys.map(([value]) => mysqlKeyOf(table.table.fields[only], value ?? null) ?? 'null').join(', ')}))`
  const terms = keys.map((key) => table.key.map((at, n) => `${mysqlName(table.table)}.${columnAt(table, at)} = ${mysqlKeyOf(table.table.fields[at], key[n] ?? null) ?? 'null'}`).join(' and '))
  return `(${terms.map((term) => `(${term})`).join(' or ')})`
}

async function rowsWhere(open: Open, { table }: EditableTable, where: string): Promise<EditCell[][]> {
  const found: EditCell[][] = []
  await eachRow(open, table, ` where ${where}`, (rows) => void found.push(...rows))
  return found
}

async function eachRow({ connection, login }: Open, table: ForeignTable, rest: string, take: (rows: EditCell[][]) => void): Promise<void> {
  const filler = new MysqlBlocks(table, anyClass)
  const close = (): void => {
    const block = filler.take()
    if (block === null) return
    take(rowsOfBlock(block, table, { ordinal: 0, where: `${login.place}!${table.name}` }).map((row) => row.cells.map(({ value }) => value)))
    filler.giveBack(block)
  }
  await new Promise<void>((resolve, reject) => {
    const query = connection.query({ sql: `select ${selectedColumns(table)} from ${mysqlName(table)}${rest}`, rowsAsArray: true, typeCast: (field) => field.buffer() })
    query.on('result', (row: unknown) => {
      if (!Array.isArray(row)) return
      filler.add(bufferRow(row))
      if (filler.isFull()) close()
    })
    query.on('error', reject)
    query.on('end', () => resolve())
  }).catch(told(login))
  close()
}

/** How many rows a statement found; the driver counts those that it met, also where a cell was empty before. */
function changed({ connection, login }: Open, sql: string): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    connection.query({ sql }, (error, result: unknown) => {
      if (error !== null) reject(error)
      else resolve(typeof result === 'object' && result !== null && 'affectedRows' in result ? Number(result.affectedRows) : -1)
    })
  }).catch(told(login))
}

/** MySQL tells whoever may use a database that a table is not there; others are denied, whether it is there or not. */
async function isGone(ask: AskMysql, login: DatabaseLogin, name: string): Promise<boolean> {
  const at = name.indexOf('.')
  const full = login.address.database !== '' || at < 0 ? quoted(name) : `${quoted(name.slice(0, at))}.${quoted(name.slice(at + 1))}`
  try {
    await ask(`select 1 from ${full} limit 0`)
    return false
  } catch (error) {
    if (codeOf(error) === 'ER_NO_SUCH_TABLE') return true
    throw mysqlFailure(error, login.place)
  }
}

async function rebuild(ask: AskMysql, { table }: EditableTable): Promise<string | null> {
  try {
    const told = await ask(`optimize table ${mysqlName(table)}`)
    return told.some(([, , type, text]) => type === 'status' && text === 'OK') && !told.some(([, , type]) => type?.toLowerCase() === 'error') ? null : 'refused'
  } catch (error) {
    return codeOf(error)
  }
}
