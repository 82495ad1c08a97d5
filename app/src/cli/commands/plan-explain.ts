// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { parseReceipt } from '@handover/proof'
import { lawMark, outcomeWords } from '../../law/index.ts'
import { explainRecords, type ExplainedField, type ExplainedRecord, type RecordsAsked } from '../../lifecycle/hand-over/index.ts'
import { matterOf, neededArgument, neededFlag, readTextFile } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover plan explain RECORD` */
export const command: Command = {
  name: 'plan explain',
  summary: { zh: '一条记录的每个字段值去哪里、依据什么、凭哪些事实(值只显示脱敏)', en: 'where each value of one record ends, by which article and on which facts (values masked)' },
  usage: 'handover plan explain RECORD… | --data-set NUMBER --row NUMBER | --subject-key-file FILE | --receipt FILE',
  example: 'handover plan explain --data-set 1 --row 12',
  options: {
    'data-set': { type: 'string', doc: { zh: '数据集的序号(从 1 起)或编号', en: 'number of the data set (from 1) or its id' } },
    row: { type: 'string', doc: { zh: '其中第几条记录,从 1 起', en: 'which record of it, from 1' } },
    'subject-key-file': { type: 'string', doc: { zh: '本人标识(CSV:标识类型,标识)', en: 'the identifiers of a person (CSV with a title row: key_type,key)' } },
    receipt: { type: 'string', doc: { zh: '客户的回执文件', en: "a customer's receipt file" } },
  },
  run: async (call) => {
    const asked = askedOf(call)
    const { ctx, matter } = await matterOf(call)
    const records = await explainRecords(ctx, matter, asked)
    call.out.result({ records }, records.flatMap((record) => recordLines(record, call.out.lang)))
    call.out.next('handover plan what-if SETTING=VALUE')
    return 0
  },
}

function askedOf(call: CommandCall): RecordsAsked {
  const keyFile = textFlag(call, 'subject-key-file')
  if (keyFile !== undefined) return { subjectKeyFile: keyFile }
  const receipt = textFlag(call, 'receipt')
  if (receipt !== undefined) return { recordIds: recordsOfReceipt(receipt) }
  if (textFlag(call, 'data-set') !== undefined || textFlag(call, 'row') !== undefined) {
    const row = neededFlag(call, 'row', 'plan explain')
    if (!/^[1-9]\d{0,9}$/.test(row)) throw cliFailures.WRONG_ARGUMENT({ what: '--row', why: expects('1, 2, 3 …'), command: 'plan explain' })
    return { dataSet: neededFlag(call, 'data-set', 'plan explain'), row: Number(row) }
  }
  neededArgument(call, 0, { zh: '记录编号', en: 'The record', command: 'plan explain' })
  return { recordIds: call.positionals.map((id) => id.toLowerCase()) }
}

/** The ids of a receipt; they only say which records to look up here, so nothing of it is believed. */
function recordsOfReceipt(file: string): string[] {
  return parseReceipt(readTextFile(file)).records.map((record) => record.recordId)
}

function recordLines(record: ExplainedRecord, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    `■ ${record.record}  ${record.dataSet.name}${record.dataSet.row > 0 ? (zh ? ` 第 ${record.dataSet.row} 条` : ` row ${record.dataSet.row}`) : ''}`,
    ...groupsOf(record.fields).flatMap((fields) => groupLines(fields, lang)),
    '',
  ]
}

/** Fields that end for the same reasons are said together. */
function groupsOf(fields: readonly ExplainedField[]): ExplainedField[][] {
  return [...Map.groupBy(fields, (field) => JSON.stringify([field.outcome, field.rule, field.alsoRules, field.until, field.holder, field.override, field.explanation])).values()]
}

function groupLines(fields: readonly ExplainedField[], lang: 'zh' | 'en'): string[] {
  const [first] = fields
  if (first === undefined) return []
  const zh = lang === 'zh'
  return [
    `  ${fields.map((field) => `${field.title} ${field.shown ?? (zh ? '(封存或非文本)' : '(sealed or not text)')}`).join(' · ')}`,
    `    → ${first.explanation.sentence[lang]}`,
    `      ${outcomeWords[first.outcome][lang]} · ${[first.rule, ...first.alsoRules].join('+')} ${lawMark(first, lang)}${first.override === null ? '' : zh ? ' · 已改判' : ' · overridden'}`,
    ...first.explanation.facts.map((fact) => `      · ${fact[lang]} ${lawMark(fact, lang)}`),
    ...first.remedies.map((remedy) => `      ${zh ? '办法' : 'way out'}: ${remedy[lang]}`),
  ]
}
