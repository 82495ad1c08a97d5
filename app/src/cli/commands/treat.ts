// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { whyRefused } from '../../kit/failure.ts'
import { classifyFailures, treatDataSets, treatmentFileSchema, treatmentTemplate, type TreatedDataSet, type TreatmentFile } from '../../lifecycle/classify/index.ts'
import { matterOf, pairsOf, readTextFile } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover treat` */
export const command: Command = {
  name: 'treat',
  summary: { zh: '登记数据集的目的、合法性基础、保存类别和分面', en: 'record purposes, bases, retention classes and facets of data sets' },
  usage: 'handover treat --file FILE | handover treat --template -o FILE | handover treat DATASET --basis BASIS …',
  example: 'handover treat --file 处理情况.json   或   handover treat 客户登记 --basis contract --purpose 售后服务 --transfer --facet branch=服务门店 --stays branch=杭州门店',
  options: {
    file: { type: 'string', doc: { zh: '处理情况文件(JSON)', en: 'treatment file (JSON)' } },
    template: { type: 'boolean', doc: { zh: '写出样表(含列名,只留在本机)', en: 'write a template (holds column titles; keep it on this machine)' } },
    output: { type: 'string', short: 'o', doc: { zh: '样表文件', en: 'file of the template' } },
    basis: { type: 'string', doc: { zh: '合法性基础: consent contract legal-duty …', en: 'lawful basis: consent contract legal-duty …' } },
    purpose: { type: 'string', multiple: true, doc: { zh: '处理目的,可多次', en: 'purpose, repeatable' } },
    collected: { type: 'string', doc: { zh: '收集方式: direct indirect', en: 'collected: direct indirect' } },
    source: { type: 'string', doc: { zh: '来源是否合法: lawful unlawful unconfirmed', en: 'lawful source: lawful unlawful unconfirmed' } },
    'records-class': { type: 'string', multiple: true, doc: { zh: '档案类别 RT01 …;none 表示没有', en: 'records class RT01 …; none = no class binds' } },
    'year-facet': { type: 'string', doc: { zh: '保存期起算年份的分面', en: 'facet with the year from which retention runs' } },
    transfer: { type: 'boolean', doc: { zh: '移交所必需', en: 'needed for the transfer' } },
    assent: { type: 'string', doc: { zh: '同意合同转让: all none', en: 'assent to assignment of the contract: all none' } },
    facet: { type: 'string', multiple: true, doc: { zh: '分面 名=列名,可多次', en: 'facet NAME=COLUMN, repeatable' } },
    stays: { type: 'string', multiple: true, doc: { zh: '不随业务转出的分面值 名=值', en: 'facet value that is not in the deal NAME=VALUE' } },
    serves: { type: 'string', multiple: true, doc: { zh: '转让方继续服务的分面值 名=值', en: 'facet value that the transferor goes on serving NAME=VALUE' } },
  },
  run: async (call) => (call.flags['template'] === true ? template(call) : treat(call)),
}

async function template(call: CommandCall): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const file = textFlag(call, 'output')
  const document = await treatmentTemplate(ctx, matter)
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (file !== undefined && file !== '-') writeNewFile(file, text)
  call.out.result(file === undefined ? document : { file }, file === undefined || file === '-' ? text.trimEnd() : `✔ ${file}`)
  call.out.next('handover treat --file FILE')
  return 0
}

async function treat(call: CommandCall): Promise<number> {
  const path = textFlag(call, 'file')
  const file = path === undefined ? fileOfFlags(call) : parseFile(path)
  const { ctx, matter } = await matterOf(call)
  const done = await treatDataSets(ctx, matter, file)
  call.out.result({ dataSets: done }, humanLines(done, call.out.lang === 'zh'))
  call.out.next('handover plan')
  return done.some((set) => set.unassigned.length > 0) ? 3 : 0
}

function parseFile(path: string): TreatmentFile {
  return parsed(path, () => {
    const json: unknown = JSON.parse(readTextFile(path))
    return json
  })
}

/** The flags say for all columns of one data set what the file says in detail. */
function fileOfFlags(call: CommandCall): TreatmentFile {
  const dataSet = call.positionals[0]
  const basis = textFlag(call, 'basis')
  if (dataSet === undefined || basis === undefined) throw classifyFailures.TREAT_NEEDS()
  const classes = flagList(call, 'records-class')
  const condition = ([facet, value]: [string, string]): { facet: string; values: string[] } => ({ facet, values: [value] })
  return parsed('--basis …', () => ({
    version: 1,
    dataSets: [{
      dataSet, ...(textFlag(call, 'collected') === undefined ? {} : { collected: textFlag(call, 'collected') }), ...(textFlag(call, 'source') === undefined ? {} : { lawfulSource: textFlag(call, 'source') }),
      facets: pairsOf(call, 'facet', 'treat').map(([name, column]) => ({ name, column, as: name === textFlag(call, 'year-facet') ? 'year' : 'text' })),
      staysWhere: pairsOf(call, 'stays', 'treat').map(condition), servedWhere: pairsOf(call, 'serves', 'treat').map(condition),
      groups: [{
        name: basis, basis, columns: '*', purposes: flagList(call, 'purpose'), neededForTransfer: call.flags['transfer'] === true, contractAssent: textFlag(call, 'assent') ?? 'none',
        recordsClasses: classes.length === 0 ? null : classes.filter((one) => one !== 'none'), yearFacet: textFlag(call, 'year-facet') ?? null,
      }],
    }],
  }))
}

function flagList(call: CommandCall, name: string): string[] {
  const given = call.flags[name]
  return Array.isArray(given) ? given : typeof given === 'string' ? [given] : []
}

function parsed(file: string, read: () => unknown): TreatmentFile {
  try {
    return treatmentFileSchema.parse(read())
  } catch (error) {
    if (error instanceof z.ZodError) throw classifyFailures.TREATMENT_FILE({ file, why: whyRefused(error.issues) })
    if (error instanceof SyntaxError) throw classifyFailures.TREATMENT_FILE({ file, why: 'JSON' }, { cause: error })
    throw error
  }
}

function humanLines(done: readonly TreatedDataSet[], zh: boolean): string[] {
  return done.flatMap((set) => [
    `✔ ${set.name}: ${set.groups} ${zh ? '个字段组' : 'groups'}${set.repeated ? (zh ? '(与上次相同)' : ' (as before)') : ''}`,
    ...[...Map.groupBy(set.facets, (one) => one.facet)].map(([facet, values]) => `    ${facet}: ${values.slice(0, 12).map((one) => `${one.value} ${one.records}`).join(' · ')}${values.length > 12 ? ' …' : ''}`),
    ...(set.unassigned.length === 0 ? [] : [`    ⚠ ${zh ? '尚未归组的列' : 'columns without a group'}: ${set.unassigned.join('、')}`]),
  ])
}
