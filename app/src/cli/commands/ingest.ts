// SPDX-License-Identifier: Apache-2.0
import { bookingRuleSetIds } from '../../detection/index.ts'
import { matterDecisions } from '../../lifecycle/classify/index.ts'
import { discardUnfinished, ingestSources, type IngestResult } from '../../lifecycle/discover/index.ts'
import { databaseLogins, databaseOptions } from '../database-logins.ts'
import { compareWithBooks } from '../delta-lines.ts'
import { matterOf, neededArgument, oneOf } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { encodings, readOptions } from '../read-options.ts'

/** `handover ingest SOURCE…` */
export const command: Command = {
  name: 'ingest',
  summary: { zh: '把数据源清查入账(逐值加密、登记副本)', en: 'enter sources in the books (every value encrypted, copies recorded)' },
  usage: 'handover ingest SOURCE… [--rules SET] [--encoding E] [--delimiter D] | handover ingest mysql://USER@HOST:PORT/DB | postgres://… [--tables T] | handover ingest --delta SOURCE [--key COLUMN] | handover ingest --discard-unfinished',
  example: 'handover ingest 客户登记表.xlsx 售后工单.csv 商城.sqlite -m WEIYU-2026',
  options: {
    encoding: { type: 'string', doc: { zh: `文本编码(默认自动): ${encodings.join(' ')}`, en: `text encoding (default: detected): ${encodings.join(' ')}` } },
    delimiter: { type: 'string', doc: { zh: '分隔符(默认自动)', en: 'separator (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '第一行就是数据', en: 'the first row is data' } },
    rules: { type: 'string', doc: { zh: `分级规则集(默认 ${bookingRuleSetIds[0]};只可用建立在它之上的):${bookingRuleSetIds.join('、')}`, en: `grading rule set (default ${bookingRuleSetIds[0]}; only those built on it): ${bookingRuleSetIds.join(', ')}` } },
    delta: { type: 'boolean', doc: { zh: '差异入账:把已入账数据源的新增、变更、消失记入账簿(旧值的密钥销毁,先 handover delta request)', en: 'enter what is new, changed or gone in a source of the books (keys of former values are erased, so ask first: handover delta request)' } },
    key: { type: 'string', doc: { zh: '--delta:按哪一列认定同一条记录', en: '--delta: column that tells records apart' } },
    large: { type: 'boolean', doc: { zh: '--delta:过半记录变更或消失时仍然入账', en: '--delta: book it although more than half of the records changed or are gone' } },
    ...databaseOptions,
    'discard-unfinished': { type: 'boolean', doc: { zh: '撤销中断且尚未记账的入账,密钥一并销毁', en: 'undo an interrupted ingest that is not in the books yet; its keys are erased' } },
  },
  run: async (call) => (call.flags['discard-unfinished'] === true ? discard(call) : call.flags['delta'] === true ? compareWithBooks(call, { booking: true, options: readOptions(call, 'ingest') }) : ingest(call)),
}

async function ingest(call: CommandCall): Promise<number> {
  neededArgument(call, 0, { zh: '数据源', en: 'A source', command: 'ingest' })
  const rules = textFlag(call, 'rules')
  const ruleSet = rules === undefined ? {} : { ruleSet: oneOf(rules, bookingRuleSetIds, { what: '--rules', command: 'ingest' }) }
  const databases = await databaseLogins(call, { isFull: true, isForBooks: true })
  const { ctx, matter } = await matterOf(call)
  const done = await ingestSources(ctx, matter, { paths: call.positionals, options: { ...readOptions(call, 'ingest'), databases }, grading: { ...ruleSet, decisionOf: await matterDecisions(ctx, matter) } })
  call.out.result(done, humanLines(done, call.out.lang === 'zh'))
  call.out.next('handover subjects')
  return done.notRead.length > 0 ? 3 : 0
}

function humanLines(done: IngestResult, zh: boolean): string[] {
  const total = done.sources.flatMap((source) => source.dataSets).reduce((sum, set) => ({ records: sum.records + set.records, values: sum.values + set.values }), { records: 0, values: 0 })
  return [
    ...done.sources.flatMap((source) => [
      `✔ ${source.name}${source.repeated ? (zh ? '(此前已入账)' : ' (in the books before)') : ''}`,
      ...source.dataSets.map((set) => `    ${set.name}  ${set.records.toLocaleString('en')} ${zh ? '条记录' : 'records'} / ${set.values.toLocaleString('en')} ${zh ? '个字段值' : 'values'}  ${set.root.slice(0, 16)}…`),
    ]),
    zh ? `入账合计 ${total.records.toLocaleString('en')} 条记录 / ${total.values.toLocaleString('en')} 个字段值,全部待定` : `in the books: ${total.records.toLocaleString('en')} records / ${total.values.toLocaleString('en')} values, all pending`,
    ...(done.notRead.length === 0 ? [] : [zh ? `未读到 ${done.notRead.length} 处:` : `${done.notRead.length} places were not read:`]),
    ...done.notRead.map((one) => `  ✗ ${one.where}: ${one.why}`),
  ]
}

async function discard(call: CommandCall): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const undone = await discardUnfinished(ctx, matter)
  call.out.result(undone, call.out.lang === 'zh' ? `✔ 已撤销 ${undone.name} 的未完成入账:${undone.records} 条记录的密钥已销毁` : `✔ undone: ${undone.name}; the keys of ${undone.records} records are erased`)
  return 0
}
