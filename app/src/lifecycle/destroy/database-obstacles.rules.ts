// SPDX-License-Identifier: Apache-2.0
import type { EditableTable, EditObstacle } from '../../sources/index.ts'
import { isSet, stays, type RowFate } from './row-fate.rules.ts'

const words: Readonly<Record<EditObstacle, string>> = {
  triggers: '有触发器,可能另存被删的内容 / its triggers may keep copies of what is deleted',
  rules: '有改写规则或是物化视图 / it has rewrite rules or is a materialised view',
  history: '表保存行的历史版本,删除后仍在 / the table keeps former versions of deleted rows',
  'no-transactions': '存储引擎不支持事务 / its engine has no transactions',
  'no-key': '没有可用来逐行核对的主键或唯一键,而有行留存 / it has no primary or unique key by which rows are compared one by one, and rows of it stay',
}

/** What keeps a table from being changed as the fates of its rows want, in words for the party's own screen; empty when nothing does. `presence`: the fields that have a value in any of these rows. */
export function wordsOfObstacles(table: EditableTable, fates: ReadonlyMap<RowFate, Uint8Array>): string {
  const found = new Set<string>()
  // Without a key rows are only told apart as a whole, so all of them go, or none.
  const isAll = table.key.length === 0 && table.references.length === 0 && fates.keys().every((fate) => fate === 'goes')
  for (const [fate, presence] of fates) {
    if (fate === 'stays') continue
    for (const obstacle of table.obstacles[fate === 'goes' ? 'delete' : 'update']) if (obstacle !== 'no-key' || !isAll) found.add(words[obstacle])
    if (fate === 'goes') continue
    const leaving = table.table.fields.filter(({ index }) => isSet(presence, index) && !stays(fate, index))
    if (leaving.some(({ index }) => table.key.includes(index))) found.add('留存的行要清空键列 / rows that stay would lose their key')
    if (leaving.some(({ index }) => !table.key.includes(index) && table.emptying[index] === 'never')) found.add('不允许为空的列没有可用的空值 / columns that must have a value have no empty one')
  }
  return found.size === 0 ? '' : `${table.table.name}: ${[...found].join('; ')}`
}

/** Which fields have a value in the rows of each fate. */
export function presenceByFate(rows: Iterable<{ fate: RowFate; presence: Uint8Array }>, known = new Map<RowFate, Uint8Array>()): Map<RowFate, Uint8Array> {
  for (const { fate, presence } of rows) {
    const before = known.get(fate)
    known.set(fate, before === undefined ? presence : Uint8Array.from({ length: Math.max(before.length, presence.length) }, (_, at) => (before[at] ?? 0) | (presence[at] ?? 0)))
  }
  return known
}
