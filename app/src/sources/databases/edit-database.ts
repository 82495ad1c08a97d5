// SPDX-License-Identifier: Apache-2.0
// The second door to a foreign database: for the executor that deletes in it (CONTRACTS §9), with a login of its own. Reading never comes this way.
import type { DatabaseLogin, ForeignTable } from './foreign-table.ts'
import { databaseFailures } from './database-failures.ts'

/** A cell as canonical value (CONTRACTS §1). */
export type EditCell = null | string | Uint8Array

/** How a cell of this column can be made empty: as null, as empty text where it must have a value; `follows`: it is made from other columns; `never`: nothing empty fits. */
export type Emptying = 'null' | 'text' | 'follows' | 'never'

/** Rows of another table that point at rows of this one. */
export interface Reference {
  schema: string
  bare: string
  /** Their columns, and the columns here that they name, in the same order. */
  columns: readonly string[]
  named: readonly string[]
}

/** A table as far as deleting in it goes. */
export interface EditableTable {
  table: ForeignTable
  /** Columns by which one row is found: the primary key, else a unique key without nulls; empty where there is none, or where its values cannot be compared exactly. */
  key: readonly number[]
  emptying: readonly Emptying[]
  references: readonly Reference[]
  /** Why rows of it are not deleted (`delete`) or cells not emptied (`update`) one by one: programs of the table would keep copies, history, no transactions. */
  obstacles: { delete: readonly EditObstacle[]; update: readonly EditObstacle[] }
  /** What this login is not shown, and what therefore may be there. */
  unseen: readonly EditUnseen[]
}

/** A property of a table that makes deleting in it dangerous or untrue. */
export type EditObstacle = 'triggers' | 'rules' | 'history' | 'no-transactions' | 'no-key'
/** What a login cannot see. */
export type EditUnseen = 'triggers'

/** A place of a row: the values of its key columns, in the order of `key`. */
export type RowKey = readonly EditCell[]

/** What can be asked and done inside one transaction. */
export interface EditSession {
  /** The rows with these keys as they stand, all columns; locked until the end of a writing transaction. */
  find(table: EditableTable, keys: readonly RowKey[]): Promise<EditCell[][]>
  /** Of the rows with these keys those at which rows of other tables (or other rows of this one) point. */
  pointedAt(table: EditableTable, keys: readonly RowKey[]): Promise<EditCell[][]>
  count(table: EditableTable): Promise<number>
  /** Deletes the rows with these keys and says how many there were. */
  remove(table: EditableTable, keys: readonly RowKey[]): Promise<number>
  /** All rows, some at a time; in a writing transaction nobody else changes the table until its end. */
  each(table: EditableTable, take: (rows: EditCell[][]) => void): Promise<void>
  /** Deletes all rows and says how many there were. */
  clear(table: EditableTable): Promise<number>
  /** Empties these columns in the rows with these keys. */
  empty(table: EditableTable, keys: readonly RowKey[], positions: readonly number[]): Promise<number>
}

/** 可改写的外部数据库. A foreign database that is open for deleting in it. */
export interface EditableDatabase {
  tables: readonly EditableTable[]
  /** Whether a row can be found by this key exactly; where not, finding nothing would say nothing. */
  canFind(table: EditableTable, key: RowKey): boolean
  /** Whether a table by this name is gone for certain, and not only hidden from this login. */
  isGone(name: string): Promise<boolean>
  /** One transaction; whatever fails in it undoes it. A reading one sees one state of all tables. */
  inTransaction<T>(mode: 'read' | 'write', work: (session: EditSession) => Promise<T>): Promise<T>
  /** Writes the table anew, so that its free pages keep nothing; null when that was done, else the code of what kept it from being done. */
  rebuild(table: EditableTable): Promise<string | null>
  close(): Promise<void>
}

/** Opens a database for deleting in it. Refuses SQL Server (unverified), clear text to another machine, and what `openDatabase` refuses. */
export async function openForEditing(login: DatabaseLogin): Promise<EditableDatabase> {
  if (login.tls === 'none' && !login.address.isLoopback && !login.isClearAllowed) throw databaseFailures.CONNECTOR_TLS({ where: login.place, why: 'TLS' })
  if (login.address.kind === 'mysql') return (await import('./edit-mysql.ts')).editMysql(login)
  if (login.address.kind === 'postgresql') return (await import('./edit-postgres.ts')).editPostgres(login)
  throw databaseFailures.DATABASE_NO_EDITING({ where: login.place })
}

/** The table of an inventory's name: as it was listed, or with or without its schema where that leaves one. */
export function tableByName<T extends { table: ForeignTable }>(tables: readonly T[], name: string): T | undefined {
  const listed = tables.find(({ table }) => table.name === name || `${table.schema}.${table.bare}` === name)
  if (listed !== undefined) return listed
  const alike = tables.filter(({ table }) => table.bare === name)
  return alike.length === 1 ? alike[0] : undefined
}

/** Whether a database of this kind can be deleted in; SQL Server is unverified. */
export const editableKinds: readonly string[] = ['mysql', 'postgresql']
