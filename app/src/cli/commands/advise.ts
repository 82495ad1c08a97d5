// SPDX-License-Identifier: Apache-2.0
import { dayInChina, instantOf } from '../../kit/time.ts'
import { adviseWithEstimate, strataOfAnswers } from '../../law/index.ts'
import { factsOfActs, isFactOfAct } from '../../lifecycle/assess/index.ts'
import { answersOfFile, answersTemplate, askAnswers, strataOfTreatment } from '../advise-inputs.ts'
import { adviceLines } from '../advise-lines.ts'
import { neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { prepaidLines, writePrepaidList } from '../prepaid-list.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover advise` */
export const command: Command = {
  name: 'advise',
  summary: { zh: '事前咨询:属于哪类事项、缺什么、何时办、大概能移交多少;预付客户退款名单(不需要本方数据库)', en: 'advice up front: type of matter, what is missing, by when, how much may move; refund list of prepaid customers; needs no home' },
  usage: 'handover advise [--answers FILE] [--treatment FILE [--scan REPORT]] [-o FILE.md] | --template [-o FILE] | --prepaid SOURCE --column 余额 -o 名单.xlsx',
  example: 'handover advise --answers 答复.json -o 咨询.md',
  options: {
    answers: { type: 'string', doc: { zh: '答复文件(JSON);不写则在终端逐题询问', en: 'file with the answers (JSON); else the questions are asked at the terminal' } },
    template: { type: 'boolean', doc: { zh: '写出答复文件的样表', en: 'write a template of the answers file' } },
    treatment: { type: 'string', doc: { zh: '处理情况文件:据此估计可移交比例', en: 'treatment file, for the estimate' } },
    scan: { type: 'string', doc: { zh: '清查报告(scan --json):按字段值数加权', en: 'scan report (scan --json), to weigh by values' } },
    prepaid: { type: 'string', doc: { zh: '有预付余额列的文件', en: 'file with a column of prepaid balances' } },
    column: { type: 'string', doc: { zh: '余额列的列名;没有表头的用位置,如 #3', en: 'title of the balance column, or its place where there is no header, as #3' } },
    show: { type: 'string', multiple: true, doc: { zh: '名单里的其他列(默认姓名、电话、客户编号等识别列)', en: 'other columns of the list (default: those that tell who it is and how to reach them)' } },
    output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件(名单含个人信息,仅本方使用)', en: 'file to write (the list is personal, for the party only)' } },
  },
  run: async (call) => {
    if (call.flags['template'] === true) return template(call)
    return textFlag(call, 'prepaid') === undefined ? advice(call) : prepaid(call)
  },
}

function template(call: CommandCall): number {
  const file = textFlag(call, 'output')
  const text = answersTemplate()
  if (file !== undefined && file !== '-') writeNewFile(file, text)
  call.out.result(file === undefined || file === '-' ? JSON.parse(text) : { file }, file === undefined || file === '-' ? text.trimEnd() : `✔ ${file}`)
  call.out.next('handover advise --answers FILE')
  return 0
}

async function advice(call: CommandCall): Promise<number> {
  const file = textFlag(call, 'answers')
  const mayAsk = process.stdin.isTTY && process.stderr.isTTY && call.flags['no-input'] !== true && !call.out.json
  if (file === undefined && !mayAsk) throw cliFailures.MISSING_ARGUMENT({ what: '--answers FILE (handover advise --template -o FILE)', command: 'advise' })
  const answers = file === undefined ? await askAnswers(call.out.lang, call.stop) : answersOfFile(file)
  const on = dayInChina(instantOf(new Date()))
  const treatment = textFlag(call, 'treatment')
  const strata = treatment === undefined ? strataOfAnswers(answers, on) : strataOfTreatment(treatment, textFlag(call, 'scan'), answers, on)
  const given = adviseWithEstimate(answers, on, strata)
  const lines = adviceLines(given, { on, byValues: treatment !== undefined }, call.out.lang)
  const output = textFlag(call, 'output')
  if (output !== undefined && output !== '-') writeNewFile(output, `${lines.join('\n')}\n`)
  call.out.result({ on, answers, ...given, facts: given.facts.map((each) => ({ ...each, recordedBy: isFactOfAct(each.fact) ? factsOfActs[each.fact].command : `handover fact add ${each.fact}` })) }, output === undefined || output === '-' ? lines : `✔ ${output}`)
  call.out.next(`handover init NAME --type ${given.type}`)
  return 0
}

async function prepaid(call: CommandCall): Promise<number> {
  const list = await writePrepaidList({
    source: neededFlag(call, 'prepaid', 'advise'), column: neededFlag(call, 'column', 'advise'), file: neededFlag(call, 'output', 'advise'), show: showFlag(call), lang: call.out.lang,
  })
  call.out.result(list, prepaidLines(list, call.out.lang))
  // Balances that nobody could read are creditors as well: the list is not complete.
  return list.unread > 0 || list.notRead > 0 ? 3 : 0
}

function showFlag(call: CommandCall): string[] | null {
  const given = call.flags['show']
  return Array.isArray(given) ? given.flatMap((text) => text.split(',')) : null
}
