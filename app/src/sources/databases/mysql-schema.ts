// SPDX-License-Identifier: Apache-2.0
import { isChosen } from './choose-tables.rules.ts'
import { databaseReasons } from './database-reasons.ts'
import type { CellForm, ForeignField, ForeignTable, UnreadThing } from './foreign-table.ts'

/** Asks the server and gives rows of its own text. */
export type AskMysql = (sql: string, values?: readonly string[]) => Promise<(string | null)[][]>

/** A column of MySQL with what reading it exactly needs. */
export interface MysqlField extends ForeignField {
  /** Texts in this character set come with a proof that nothing was lost on the way to Unicode; null: none is needed. */
  charset: string | null
}

const ownSchemas = ['information_schema', 'performance_schema', 'mysql', 'sys']
const numberTypes = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint']
const byteTypes = ['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection', 'geomcollection', 'vector']
// Every text in these is the same text in Unicode, and back.
const exactCharsets = ['utf8mb4', 'utf8mb3', 'utf8', 'ascii', 'latin1']

/** Reads the catalogue of one database, or of all that are not the server's own: tables with columns, types, comments and keys, and what is there besides and is not read. */
export async function crawlMysql(ask: AskMysql, database: string, patterns: readonly string[]): Promise<{ tables: ForeignTable[]; unread: UnreadThing[] }> {
  const inSchema = (column: string): string => (database === '' ? `${column} not in (${ownSchemas.map(() => '?').join(', ')})` : `${column} = ?`)
  const values = database === '' ? ownSchemas : [database]
  const found = (await ask(
    `select table_schema, table_name, table_type, coalesce(table_comment, ''), coalesce(table_rows, 0), coalesce(data_length, 0), concat_ws(' ', update_time, auto_increment, create_time)
       from information_schema.tables where ${inSchema('table_schema')} order by 1, 2`, values)).map(texts)
  const unread: UnreadThing[] = [{ where: '*', why: databaseReasons.hiddenFromUser }]
  const byName = new Map<string, ForeignTable>()
  let others = 0
  for (const [schema = '', bare = '', type = '', comment = '', rows = '0', bytes = '0', changes = ''] of found) {
    const name = database === '' ? `${schema}.${bare}` : bare
    const table: ForeignTable = { schema, bare, name, comment, fields: [], key: [], isNumberKey: false, estimatedRows: Number(rows), estimatedBytes: Number(bytes), changes }
    if (type.includes('VIEW')) unread.push({ where: name, why: databaseReasons.view })
    else if (type === 'SEQUENCE') continue
    else if (!isChosen(table, patterns)) others++
    else {
      byName.set(`${schema}\0${bare}`, table)
      if (type === 'SYSTEM VERSIONED') unread.push({ where: name, why: databaseReasons.history })
    }
  }
  if (others > 0) unread.push({ where: '*', why: databaseReasons.notChosen(others) })
  await addColumns(ask, byName, { where: inSchema('table_schema'), values })
  await addUnseen(ask, unread, { inSchema, values })
  for (const [key, table] of byName) {
    if (table.fields.length > 0) continue
    unread.push({ where: table.name, why: databaseReasons.noPrivilege })
    byName.delete(key)
  }
  return { tables: [...byName.values()], unread: (await seesEverything(ask)) ? unread.filter(({ why }) => why !== databaseReasons.hiddenFromUser) : unread }
}

const texts = (row: (string | null)[]): string[] => row.map((cell) => cell ?? '')

async function addColumns(ask: AskMysql, byName: ReadonlyMap<string, ForeignTable>, of: { where: string; values: readonly string[] }): Promise<void> {
  const columns = await ask(
    `select table_schema, table_name, column_name, lower(data_type), lower(column_type), coalesce(lower(character_set_name), ''), coalesce(column_comment, ''), find_in_set('select', lower(privileges)) > 0 or privileges = ''
       from information_schema.columns where ${of.where} order by table_schema, table_name, ordinal_position`, of.values)
  for (const [schema = '', bare = '', name = '', type = '', declaredType = '', charset = '', comment = '', isReadable = '1'] of columns.map(texts)) {
    const table = byName.get(`${schema}\0${bare}`)
    if (table === undefined || isReadable === '0') continue
    const field: MysqlField = { name, index: table.fields.length, declaredType, form: formOf(type), charset: charset === '' || exactCharsets.includes(charset) ? null : charset, ...(comment === '' ? {} : { comment }) }
    table.fields.push(field)
  }
  // The primary key, else the first unique key without nulls and prefixes, by which the server itself orders such a table.
  const keys = await ask(
    `select table_schema, table_name, index_name, column_name, coalesce(nullable, '') = 'YES' or sub_part is not null from information_schema.statistics where non_unique = 0 and ${of.where}
      order by table_schema, table_name, index_name <> 'PRIMARY', index_name, seq_in_index`, of.values)
  for (const parts of Map.groupBy(keys.map(texts), (row) => row.slice(0, 3).join('\0')).values()) {
    const table = byName.get(`${parts[0]?.[0] ?? ''}\0${parts[0]?.[1] ?? ''}`)
    const key = parts.flatMap(([, , , name, isPartial]) => (isPartial === '0' ? (table?.fields.find((field) => field.name === name)?.index ?? []) : []))
    if (table !== undefined && table.key.length === 0 && key.length === parts.length) table.key = key
  }
  for (const table of byName.values()) table.isNumberKey = table.key.length === 1 && numberTypes.some((type) => table.fields[table.key[0] ?? 0]?.declaredType?.startsWith(type) === true)
}

function formOf(type: string): CellForm {
  if (byteTypes.includes(type)) return 'bytes'
  return type === 'bit' ? 'bits' : type === 'float' ? 'float' : type === 'double' ? 'double' : 'text'
}

async function addUnseen(ask: AskMysql, unread: UnreadThing[], of: { inSchema: (column: string) => string; values: readonly string[] }): Promise<void> {
  const [[programs = '0'] = []] = await ask(
    `select (select count(*) from information_schema.routines where ${of.inSchema('routine_schema')}) + (select count(*) from information_schema.triggers where ${of.inSchema('trigger_schema')})
          + (select count(*) from information_schema.events where ${of.inSchema('event_schema')})`, [...of.values, ...of.values, ...of.values])
  if (Number(programs) > 0) unread.push({ where: '*', why: databaseReasons.programs(Number(programs)) })
}

/** A user who may read everything is shown everything. */
async function seesEverything(ask: AskMysql): Promise<boolean> {
  const grants = await ask(`select 1 from information_schema.user_privileges where privilege_type = 'SELECT' and grantee = concat('''', replace(current_user(), '@', '''@'''), '''')`)
  return grants.length > 0
}
