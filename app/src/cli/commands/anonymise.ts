// SPDX-License-Identifier: Apache-2.0
import { anonymiseFile } from '../../anonymise/index.ts'
import { scanSources, type ScannedField } from '../../lifecycle/discover/index.ts'
import { sourceFailures } from '../../sources/index.ts'
import { anonymisationLines } from '../anonymise-lines.ts'
import { neededArgument, neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'
import { readOptions } from '../read-options.ts'

const name = 'anonymise'

/** `handover anonymise IN --quasi a,b,c --k 5 -o OUT.csv`: a k-anonymous copy of a table, with the figures of what was written (PRODUCT.md §5; 个人信息保护法 第四条、第七十三条第四项). */
export const command: Command = {
  name,
  summary: { zh: '写出一张表的 k-匿名副本,并报告实测的 k、l、损失和再识别风险', en: 'write a k-anonymous copy of a table and report the k, l, loss and risk that were measured in it' },
  usage: 'handover anonymise IN.csv --quasi A,B,C --k N [--sensitive S --l N] [--t X] [--drop D,…] [--hierarchies DIR] [--reorder] -o OUT.csv [--json]',
  example: 'handover anonymise 客户.csv --quasi 性别,出生日期,地址 --k 5 --sensitive 疾病 --l 2 --drop 姓名,身份证号,手机号 -o 客户-匿名.csv',
  options: {
    'quasi': { type: 'string', multiple: true, doc: { zh: '准标识符:与其他资料合起来能认出人的列,以逗号分隔;名称或 #序号', en: 'quasi-identifiers: columns that tell people apart together with what others know; names or #places, separated by commas' } },
    'k': { type: 'string', doc: { zh: '每一类至少多少行(2 起;资料室建议 5,公开建议 20)', en: 'least rows of a class (from 2; 5 for a data room, 20 for the public)' } },
    'sensitive': { type: 'string', doc: { zh: '敏感列:原样保留,不能让人从所在的类推出其值', en: 'sensitive column: kept as it is; its value must not follow from the class' } },
    'l': { type: 'string', doc: { zh: '每一类至少多少种敏感值(默认 1,即不要求)', en: 'least number of sensitive values in a class (default 1: not asked)' } },
    't': { type: 'string', doc: { zh: '每一类敏感值的分布与全表最多相差多少(0–1,总变差距离;默认 1,即不要求)', en: 'greatest distance of a class’s sensitive values from the whole table’s (0–1, total variation; default 1: not asked)' } },
    'drop': { type: 'string', multiple: true, doc: { zh: '不写进副本的列,以逗号分隔', en: 'columns to leave out of the copy, separated by commas' } },
    'hierarchies': { type: 'string', doc: { zh: '泛化层级文件夹:每列一个“列名.csv”,每行“值;上一级;…;*”', en: 'folder of hierarchies: a file COLUMN.csv each, lines “value;step above;…;*”' } },
    'reorder': { type: 'boolean', doc: { zh: '打乱原来的行序(按类和内容排列),使行的位置不能对应到原表', en: 'put rows in an order of their own (by class and content), so that a row’s place leads nowhere' } },
    'output': { type: 'string', short: 'o', doc: { zh: '副本文件(UTF-8 CSV;不覆盖已有文件)', en: 'the copy (UTF-8 CSV; never overwrites)' } },
    'encoding': { type: 'string', doc: { zh: '原文件编码(默认自动严格识别)', en: 'encoding of the source (default: strict detection)' } },
    'delimiter': { type: 'string', doc: { zh: '原文件分隔符(默认自动识别)', en: 'separator of the source (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '原文件没有表头(列用 #序号 指明)', en: 'the source has no header (name columns by #place)' } },
  },
  run: async (call) => {
    const source = neededArgument(call, 0, { zh: '要匿名化的文件', en: 'the file to anonymise', command: name })
    const copy = neededFlag(call, 'output', name)
    const k = wholeFlag(call, 'k', 2)
    const quasi = columnsOf(call, 'quasi')
    if (k === null) throw cliFailures.MISSING_ARGUMENT({ what: '--k', command: name })
    if (quasi.length === 0) throw cliFailures.MISSING_ARGUMENT({ what: '--quasi', command: name })
    const sensitive = textFlag(call, 'sensitive') ?? null
    const demands = { k, l: wholeFlag(call, 'l', 1) ?? 1, t: shareFlag(call, 't') ?? 1 }
    if (sensitive === null && (demands.l > 1 || demands.t < 1)) throw cliFailures.MISSING_ARGUMENT({ what: '--sensitive', command: name })
    const options = readOptions(call, name)
    const { fields, isDelimited } = await scanned(source, call)
    const order = { source, isDelimited, copy, fields, found: fields, named: { quasi, sensitive, drop: columnsOf(call, 'drop') }, demands, hierarchies: textFlag(call, 'hierarchies') ?? null, isReordered: call.flags['reorder'] === true, options }
    const report = await anonymiseFile(order, (label, done, total) => call.out.progress({ label, done, total, unit: { zh: '行', en: 'rows' } }))
    call.out.result(report, anonymisationLines(report, call.out.lang))
    return 0
  },
}

/** What the scan says about the columns of the one table of a file; refuses what could not be read. */
async function scanned(source: string, call: CommandCall): Promise<{ fields: ScannedField[]; isDelimited: boolean }> {
  const report = await scanSources([source], readOptions(call, name), ({ rows }) => call.out.progress({ label: { zh: '识别各列', en: 'Looking at the columns' }, done: rows, total: null, unit: { zh: '行', en: 'rows' } }))
  const [first, ...others] = report.sources
  const table = first?.dataSets[0]
  if (first === undefined || table === undefined) throw sourceFailures.SOURCE_UNSUPPORTED({ where: source, what: '没有表 / no table' })
  return { fields: table.fields, isDelimited: first.kind === 'csv' && others.length === 0 }
}

/** Names of columns from `--x a,b --x c`; each once. */
function columnsOf(call: CommandCall, flag: string): string[] {
  return listFlag(call, flag).flatMap((list) => list.split(/[,，、]/)).map((column) => column.trim()).filter((column) => column !== '')
}

function wholeFlag(call: CommandCall, flag: string, least: number): number | null {
  const given = textFlag(call, flag)
  if (given === undefined) return null
  if (!/^\d{1,7}$/.test(given) || Number(given) < least) throw cliFailures.WRONG_ARGUMENT({ what: `--${flag}`, why: { zh: `应为不小于 ${least} 的整数`, en: `expected a whole number from ${least} on` }, command: name })
  return Number(given)
}

function shareFlag(call: CommandCall, flag: string): number | null {
  const given = textFlag(call, flag)
  if (given === undefined) return null
  if (!/^(?:0?\.\d+|[01](?:\.0*)?)$/.test(given) || Number(given) <= 0) throw cliFailures.WRONG_ARGUMENT({ what: `--${flag}`, why: { zh: '应为大于 0、不超过 1 的小数', en: 'expected a number above 0 and up to 1' }, command: name })
  return Number(given)
}
