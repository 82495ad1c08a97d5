// SPDX-License-Identifier: Apache-2.0
import type { EditableTable, EditObstacle, Emptying, Reference } from './edit-database.ts'
import type { ForeignTable } from './foreign-table.ts'
import { bareType, isExactKey } from './mysql-literals.rules.ts'
import { crawlMysql, type AskMysql } from './mysql-schema.ts'

/** A table of MySQL with the columns that the server itself sets anew at each change of a row. */
export interface MysqlEditable extends EditableTable {
  moving: readonly number[]
}

const transactional = ['innodb', 'rocksdb', 'ndbcluster', 'tokudb']
const textTypes = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']

/** Reads of a MySQL database what deleting in its tables has to know. */
export async function crawlEditableMysql(ask: AskMysql, database: string, patterns: readonly string[]): Promise<MysqlEditable[]> {
  const { tables } = await crawlMysql(ask, database, patterns)
  const editable: MysqlEditable[] = []
  const seesTriggers = await triggerRights(ask)
  for (const table of tables) {
    const { emptying, moving } = await columnsOf(ask, table)
    const [[engine = '', type = ''] = []] = await ask('select lower(engine), table_type from information_schema.tables where table_schema = ? and table_name = ?', [table.schema, table.bare])
    const key = await keyOf(ask, table)
    const always: EditObstacle[] = [...(key.length === 0 ? ['no-key' as const] : []), ...(transactional.includes(engine ?? '') ? [] : ['no-transactions' as const]), ...(type === 'SYSTEM VERSIONED' ? ['history' as const] : [])]
    const triggers = (await ask('select lower(event_manipulation) from information_schema.triggers where event_object_schema = ? and event_object_table = ?', [table.schema, table.bare])).map(([on]) => on)
    editable.push({
      table, key, emptying, moving, references: await referencesTo(ask, table), unseen: seesTriggers(table.schema, table.bare) ? [] : ['triggers'],
      obstacles: { delete: [...always, ...(triggers.includes('delete') ? ['triggers' as const] : [])], update: [...always, ...(triggers.includes('update') ? ['triggers' as const] : [])] },
    })
  }
  return editable
}

/** How each column can be emptied; notes at the fields of the table how their texts are stored and compared. */
async function columnsOf(ask: AskMysql, table: ForeignTable): Promise<{ emptying: Emptying[]; moving: number[] }> {
  const emptying: Emptying[] = table.fields.map(() => 'never')
  const moving: number[] = []
  const rows = await ask('select column_name, is_nullable, lower(extra), lower(coalesce(character_set_name, \'\')), lower(coalesce(collation_name, \'\')) from information_schema.columns where table_schema = ? and table_name = ?', [table.schema, table.bare])
  for (const [name, isNullable, extra = '', storedCharset = '', collation = ''] of rows) {
    const field = table.fields.find((one) => one.name === name)
    if (field === undefined) continue
    if (storedCharset !== '' && collation !== '') Object.assign(field, { storedCharset, collation })
    const isMade = /generated|virtual|persistent|stored/.test(extra ?? '')
    emptying[field.index] = isMade ? 'follows' : isNullable === 'YES' ? 'null' : textTypes.includes(bareType(field.declaredType)) ? 'text' : 'never'
    if (/on update/.test(extra ?? '')) moving.push(field.index)
  }
  return { emptying, moving }
}

/** The primary key, else the first unique key without nulls or prefixes, as the server's own tables are ordered. */
async function keyOf(ask: AskMysql, table: ForeignTable): Promise<number[]> {
  const rows = await ask(
    `select index_name, column_name, nullable = 'YES' or sub_part is not null from information_schema.statistics where table_schema = ? and table_name = ? and non_unique = 0
      order by index_name <> 'PRIMARY', index_name, seq_in_index`, [table.schema, table.bare])
  for (const parts of Map.groupBy(rows, ([index]) => index).values()) {
    const key = parts.map(([, column]) => table.fields.find((field) => field.name === column))
    if (parts.some(([, , isPartial]) => isPartial !== '0')) continue
    const known = key.flatMap((field) => (field !== undefined && isExactKey(field) ? [field.index] : []))
    if (known.length === parts.length) return known
  }
  return []
}

async function referencesTo(ask: AskMysql, table: ForeignTable): Promise<Reference[]> {
  const rows = await ask(
    `select constraint_schema, constraint_name, table_schema, table_name, column_name, referenced_column_name from information_schema.key_column_usage
      where referenced_table_schema = ? and referenced_table_name = ? order by 1, 2, 3, 4, ordinal_position`, [table.schema, table.bare])
  return [...Map.groupBy(rows, (row) => row.slice(0, 4).join('\0')).values()].map((parts) => ({
    schema: parts[0]?.[2] ?? '', bare: parts[0]?.[3] ?? '', columns: parts.map((part) => part[4] ?? ''), named: parts.map((part) => part[5] ?? ''),
  }))
}

/** Triggers are shown only to those who may make them. */
async function triggerRights(ask: AskMysql): Promise<(schema: string, table: string) => boolean> {
  const grantee = `concat('''', replace(current_user(), '@', '''@'''), '''')`
  const rows = await ask(
    `select '', '' from information_schema.user_privileges where privilege_type = 'TRIGGER' and grantee = ${grantee}
     union all select table_schema, '' from information_schema.schema_privileges where privilege_type = 'TRIGGER' and grantee = ${grantee}
     union all select table_schema, table_name from information_schema.table_privileges where privilege_type = 'TRIGGER' and grantee = ${grantee}`)
  // A grant by pattern (%) counts as unseen rather than to be guessed at.
  return (schema, table) => rows.some(([inSchema = '', ofTable = '']) => inSchema === '' || (inSchema?.replaceAll('\\_', '_') === schema && (ofTable === '' || ofTable === table)))
}
