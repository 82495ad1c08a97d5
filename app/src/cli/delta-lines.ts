// SPDX-License-Identifier: Apache-2.0
import { ingestDelta, scanDelta, type DeltaResult } from '../lifecycle/discover/index.ts'
import type { ReadOptions } from '../sources/index.ts'
import { matterOf, neededArgument } from './call.ts'
import { databaseLogins } from './database-logins.ts'
import { textFlag, type CommandCall } from './command.ts'

/** `handover scan --delta` and `handover ingest --delta`: one source compared with the books; exit 3 when something was not read. */
export async function compareWithBooks(call: CommandCall, { booking, options }: { booking: boolean; options: ReadOptions }): Promise<number> {
  const path = neededArgument(call, 0, { zh: '数据源', en: 'A source', command: booking ? 'ingest --delta' : 'scan --delta' })
  const key = textFlag(call, 'key')
  const login = (await databaseLogins(call, { isFull: true, isForBooks: true })).get(path)
  const { ctx, matter } = await matterOf(call)
  const order = { path, options, ...(login === undefined ? {} : { login }), ...(key === undefined ? {} : { key }), large: call.flags['large'] === true }
  const found = booking ? await ingestDelta(ctx, matter, order) : await scanDelta(ctx, matter, order)
  call.out.result(found, linesOfDelta(found, call.out.lang === 'zh'))
  const needsPeople = found.dataSets.some((set) => set.changed > 0 || set.gone > 0)
  call.out.next(booking ? 'handover subjects' : needsPeople ? `handover delta request ${path} --key FILE` : `handover ingest --delta ${path}`)
  return found.notRead.length > 0 ? 3 : 0
}

const foundByWords = { declared: ['指定的列', 'the given column'], 'customer-id': ['客户编号', 'customer number'], 'resident-id': ['身份证号', 'resident ID'], 'table-key': ['表的主键', 'key of the table'], content: ['全部内容', 'whole content'] } as const

/** A comparison in words: what was found again, what changed, came and went. */
export function linesOfDelta(found: DeltaResult, zh: boolean): string[] {
  const n = (count: number): string => count.toLocaleString('en')
  return [
    `✔ ${found.source.name}  ${found.scan}${found.repeated ? (zh ? '(此前已入账)' : ' (booked before)') : found.booked ? (zh ? '(已入账)' : ' (booked)') : ''}`,
    zh ? `  认定依据:${foundByWords[found.foundBy][0]};封库:${found.freeze ?? '未封库'}` : `  found by: ${foundByWords[found.foundBy][1]}; freeze: ${found.freeze ?? 'none'}`,
    ...found.dataSets.flatMap((set) => [
      zh
        ? `    ${set.name}  现有 ${n(set.rows)} 条 = 不变 ${n(set.unchanged)} + 变更 ${n(set.changed)} + 新增 ${n(set.added)};消失 ${n(set.gone)}${set.goneBefore > 0 ? `(另有此前已消失 ${n(set.goneBefore)})` : ''}`
        : `    ${set.name}  ${n(set.rows)} now = ${n(set.unchanged)} unchanged + ${n(set.changed)} changed + ${n(set.added)} new; ${n(set.gone)} gone${set.goneBefore > 0 ? ` (and ${n(set.goneBefore)} gone before)` : ''}`,
      ...(set.fields.length === 0 ? [] : [`      ${zh ? '变更的字段' : 'changed fields'}: ${set.fields.map((field) => `${field.name} ${n(field.records)}`).join(zh ? '、' : ', ')}`]),
    ]),
    ...(found.erasedKeys > 0 ? [zh ? `  旧版本密钥已销毁 ${n(found.erasedKeys)} 个` : `  keys of former versions erased: ${n(found.erasedKeys)}`] : []),
    ...(found.booked && found.dataSets.some((set) => set.gone > 0) ? [zh ? '  消失的记录仍在密库中,按方案了结;副本账已注明原始文件不再持有' : '  records that are gone stay in the vault until the plan ends them; the copies book says that the original holds them no more'] : []),
    ...found.notRead.map((one) => `  ✗ ${one.where}: ${one.why}`),
  ]
}
