// SPDX-License-Identifier: Apache-2.0
import { isChosen } from './choose-tables.rules.ts'
import { databaseReasons } from './database-reasons.ts'
import type { CellForm, ForeignTable, TablePlan, UnreadThing } from './foreign-table.ts'

/** Asks the server and gives rows of text. */
export type AskSqlServer = (sql: string) => Promise<(string | null)[][]>

const objects = `
  select s.name, o.name, rtrim(o.type), convert(nvarchar(max), coalesce(p.value, '')), convert(nvarchar(20), o.object_id),
         convert(nvarchar(30), coalesce((select sum(rows) from sys.partitions q where q.object_id = o.object_id and q.index_id in (0, 1)), 0)),
         convert(nvarchar(30), coalesce((select sum(a.used_pages) * 8192 from sys.partitions q join sys.allocation_units a on a.container_id = q.partition_id where q.object_id = o.object_id and q.index_id in (0, 1)), 0)),
         convert(nvarchar(30), o.modify_date, 126), convert(nvarchar(1), coalesce(t.temporal_type, 0)), convert(nvarchar(1), coalesce(has_perms_by_name(quotename(s.name) + '.' + quotename(o.name), 'OBJECT', 'SELECT'), 0))
    from sys.objects o join sys.schemas s on s.schema_id = o.schema_id left join sys.tables t on t.object_id = o.object_id
    left join sys.extended_properties p on p.major_id = o.object_id and p.minor_id = 0 and p.name = 'MS_Description' and p.class = 1
   where o.type in ('U', 'V') and o.is_ms_shipped = 0 order by 1, 2`
const columns = `
  select convert(nvarchar(20), c.object_id), c.name, lower(coalesce(b.name, y.name)), convert(nvarchar(max), coalesce(p.value, '')), convert(nvarchar(10), coalesce(i.key_ordinal, 0))
    from sys.columns c join sys.objects o on o.object_id = c.object_id and o.type = 'U' and o.is_ms_shipped = 0
    join sys.types y on y.user_type_id = c.user_type_id left join sys.types b on b.user_type_id = y.system_type_id and b.system_type_id = b.user_type_id
    left join sys.extended_properties p on p.major_id = c.object_id and p.minor_id = c.column_id and p.name = 'MS_Description' and p.class = 1
    left join (select k.object_id, k.column_id, k.key_ordinal from sys.index_columns k join sys.indexes x on x.object_id = k.object_id and x.index_id = k.index_id where x.is_primary_key = 1) i on i.object_id = c.object_id and i.column_id = c.column_id
   order by c.object_id, c.column_id`

/** Reads the catalogue of a SQL Server database, as Microsoft documents it; unverified. */
export async function crawlSqlServer(ask: AskSqlServer, patterns: readonly string[]): Promise<{ tables: ForeignTable[]; unread: UnreadThing[] }> {
  const unread: UnreadThing[] = [{ where: '*', why: databaseReasons.hiddenFromUser }]
  const byId = new Map<string, ForeignTable>()
  let others = 0
  for (const [schema = '', bare = '', type = '', comment = '', id = '', rows = '0', bytes = '0', changes = '', temporal = '0', isReadable = '0'] of (await ask(objects)).map(texts)) {
    const name = schema === 'dbo' ? bare : `${schema}.${bare}`
    const table: ForeignTable = { schema, bare, name, comment, fields: [], key: [], isNumberKey: false, estimatedRows: Number(rows), estimatedBytes: Number(bytes), changes }
    if (type === 'V') unread.push({ where: name, why: databaseReasons.view })
    else if (!isChosen(table, patterns)) others++
    else if (isReadable !== '1') unread.push({ where: name, why: databaseReasons.noPrivilege })
    else {
      byId.set(id, table)
      if (temporal === '2') unread.push({ where: name, why: databaseReasons.temporal })
    }
  }
  if (others > 0) unread.push({ where: '*', why: databaseReasons.notChosen(others) })
  const keys = new Map<ForeignTable, [number, number][]>()
  for (const [id = '', name = '', type = '', comment = '', keyAt = '0'] of (await ask(columns)).map(texts)) {
    const table = byId.get(id)
    if (table === undefined) continue
    if (Number(keyAt) > 0) keys.set(table, [...(keys.get(table) ?? []), [Number(keyAt), table.fields.length]])
    table.fields.push({ name, index: table.fields.length, declaredType: type, form: formOf(type), ...(comment === '' ? {} : { comment }) })
  }
  for (const [table, positions] of keys) {
    table.key = positions.toSorted(([a], [b]) => a - b).map(([, index]) => index)
    table.isNumberKey = table.key.length === 1 && ['tinyint', 'smallint', 'int', 'bigint'].includes(table.fields[table.key[0] ?? 0]?.declaredType ?? '')
  }
  return { tables: [...byId.values()], unread }
}

const texts = (row: (string | null)[]): string[] => row.map((cell) => cell ?? '')

function formOf(type: string): CellForm {
  if (['binary', 'varbinary', 'image', 'timestamp', 'rowversion', 'geometry', 'geography', 'hierarchyid'].includes(type)) return 'bytes'
  return type === 'real' ? 'float' : type === 'float' ? 'double' : 'text'
}

/** The statement that reads a table as planned. Every value becomes text, or bytes, on the server: styles 126 and 127 are ISO 8601, 3 keeps all digits of floats, 2 all of money. */
export function sqlServerStatement(table: ForeignTable, plan: TablePlan, rowsMax: number): string {
  const rows = Math.min(plan.rows ?? rowsMax, rowsMax)
  const sample = plan.take === 'spread' ? ` tablesample (${Math.ceil(rows * 1.2)} rows) repeatable (51)` : ''
  const order = table.key.length === 0 || plan.take === 'spread' ? '' : ` order by ${table.key.map((at) => quoted(table.fields[at]?.name ?? '')).join(', ')}`
  return `select top (${rows}) ${table.fields.map(({ name, declaredType = '' }) => selected(quoted(name), declaredType)).join(', ')} from ${quoted(table.schema)}.${quoted(table.bare)}${sample}${order}`
}

const quoted = (name: string): string => `[${name.replaceAll(']', ']]')}]`

function selected(name: string, type: string): string {
  switch (type) {
    case 'binary': case 'varbinary': return name
    case 'image': case 'timestamp': case 'rowversion': case 'geometry': case 'geography': case 'hierarchyid': return `convert(varbinary(max), ${name})`
    case 'date': return `convert(nvarchar(10), ${name}, 23)`
    case 'time': return `convert(nvarchar(20), ${name}, 121)`
    case 'datetime': case 'datetime2': case 'smalldatetime': return `convert(nvarchar(30), ${name}, 126)`
    case 'datetimeoffset': return `convert(nvarchar(40), switchoffset(${name}, '+00:00'), 127)`
    case 'real': case 'float': return `convert(nvarchar(40), ${name}, 3)`
    case 'money': case 'smallmoney': return `convert(nvarchar(40), ${name}, 2)`
    default: return `convert(nvarchar(max), ${name})`
  }
}
