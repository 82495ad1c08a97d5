// SPDX-License-Identifier: Apache-2.0
import { mapKeys, type KeyMap } from '../../lifecycle/classify/index.ts'
import { neededArgument } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { databaseLogins, databaseOptions } from '../database-logins.ts'
import { printable } from '../grade-lines.ts'
import { readOptions } from '../read-options.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover inventory keys SOURCE…` */
export const command: Command = {
  name: 'inventory keys',
  summary: { zh: '表间的键关系:哪张表的哪一列指向哪位客户所在的表(按列名和取值包含率,取值只作散列比较)', en: 'keys between tables: which column of which table points to which customers, by names and measured inclusion of hashed values' },
  usage: 'handover inventory keys SOURCE… [-o GRAPH.json] | handover inventory keys mysql://USER@HOST:PORT/DB | postgres://…',
  example: 'handover inventory keys ./exports -o 键关系.json',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '把关系图写成 JSON', en: 'write the graph as JSON' } },
    encoding: { type: 'string', doc: { zh: '文本编码(默认自动)', en: 'text encoding (default: detected)' } },
    delimiter: { type: 'string', doc: { zh: '分隔符(默认自动)', en: 'separator (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '第一行就是数据', en: 'the first row is data' } },
    ...databaseOptions,
  },
  run: async (call) => {
    neededArgument(call, 0, { zh: '数据源', en: 'A source', command: 'inventory keys' })
    // Half of a table knows half of its keys: databases are read whole.
    const databases = await databaseLogins(call, { isFull: true })
    const map = await mapKeys(call.positionals, { ...readOptions(call, 'inventory keys'), databases }, (rows) => call.out.progress({ label: { zh: '比对键', en: 'Comparing keys' }, done: rows, total: null, unit: { zh: '行', en: 'rows' } }))
    const file = textFlag(call, 'output')
    if (file !== undefined) writeNewFile(file, `${JSON.stringify(map, null, 2)}\n`)
    call.out.result(map, [...humanLines(map, call.out.lang), ...(file === undefined ? [] : [`✔ ${file}`])])
    return map.notRead.length > 0 ? 3 : 0
  },
}

function humanLines(map: KeyMap, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const nameOf = (id: number): string => {
    const table = map.tables[id]
    return table === undefined ? '?' : printable(table.source === table.name ? table.name : `${table.source}!${table.name}`)
  }
  const reach = (table: KeyMap['tables'][number]): string => {
    if (table.isPersons) return zh ? '客户表' : 'customers'
    if (table.toCustomers === null) return zh ? '未找到通向客户的键' : 'no way to customers found'
    return `→ ${table.toCustomers.edges.map((at) => nameOf(map.edges[at]?.to.table ?? -1)).join(' → ')}`
  }
  return [
    ...map.tables.map((table) => `${nameOf(table.id)}  ${table.rows.toLocaleString('en')} ${zh ? '行' : 'rows'}  ${reach(table)}`),
    ...map.edges.map((edge) => `  ${nameOf(edge.from.table)}.${printable(edge.from.column)} → ${nameOf(edge.to.table)}.${printable(edge.to.column)}  ${(edge.inclusion * 100).toFixed(1)} % ${edge.isExact ? '' : zh ? '(抽样 ' : '(sample of '}${edge.isExact ? (zh ? `共 ${edge.compared} 个取值` : `of ${edge.compared} values`) : `${edge.compared})`}  ${edge.cardinality}  ${edge.by === 'values' ? (zh ? '按取值' : 'by values') : zh ? '按列名和取值' : 'by name and values'}`),
    ...(map.notRead.length === 0 ? [] : [zh ? `未读取 ${map.notRead.length} 处,关系可能不全(退出码 3)` : `${map.notRead.length} places not read; relations may be missing (exit 3)`]),
  ]
}
