// SPDX-License-Identifier: Apache-2.0
import { fieldGrades, informationTypes, typeLabel, isInformationType } from '../../detection/index.ts'
import { exportOverrides, gradingFailures, importOverrides, loadGradingOverrides, reasonsOfOverrides, regradeField, type FieldDecisionInput, type GradingOverride } from '../../lifecycle/classify/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf, readTextFile } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { printable } from '../grade-lines.ts'
import { writeNewFile } from '../write-new-file.ts'

const acts = { add, list, export: exportPack, import: importPack } as const

/** `handover grade override add|list|export|import` */
export const command: Command = {
  name: 'grade override',
  summary: { zh: '字段改判:由人认定类型或级别(签名、附理由),用于同一数据源的后续清查;可导出、采用', en: 'a person decides what a field is or how sensitive (signed, with a reason), also for later scans of the same source; export and adopt' },
  usage: 'handover grade override add --data-set D --column C [--type T] [--grade G] [--as-detected] [--everywhere] --reason-file FILE --key FILE | list [--reasons] | export -o FILE | import FILE --key FILE',
  example: 'handover grade override add --data-set 客户登记 --column 备注 --grade sensitive --reason-file 理由.txt --key 王芳.key   或   handover grade override export -o 改判包.json',
  options: {
    'data-set': { type: 'string', doc: { zh: '数据集:名称、文件!名称或编号', en: 'data set: name, file!name or number' } },
    column: { type: 'string', doc: { zh: '列:标题或 #序号', en: 'column: title or #number' } },
    type: { type: 'string', doc: { zh: '认定的信息类型,如 mobile、medical、none', en: 'the information type, e.g. mobile, medical, none' } },
    grade: { type: 'string', doc: { zh: `认定的级别:${fieldGrades.join('、')}`, en: `the grade: ${fieldGrades.join(', ')}` } },
    'as-detected': { type: 'boolean', doc: { zh: '撤回此前的认定,按识别结果', en: 'take an earlier decision back: as detected' } },
    everywhere: { type: 'boolean', doc: { zh: '适用于任何数据源中同名且识别为同一类型的列', en: 'for every column of this title that is detected as the same type, in any source' } },
    'reason-file': { type: 'string', doc: { zh: '写明理由的文件,加密保存', en: 'file with the reason; kept encrypted' } },
    key: { type: 'string', doc: { zh: '认定人的个人密钥文件', en: 'key file of who decides' } },
    reasons: { type: 'boolean', doc: { zh: 'list:同时显示理由(可能含姓名)', en: 'list: show the reasons too (they may hold names)' } },
    output: { type: 'string', short: 'o', doc: { zh: '改判包文件', en: 'file of the pack' } },
  },
  run: async (call) => acts[oneOf(neededArgument(call, 0, { zh: '操作 add|list|export|import', en: 'add|list|export|import', command: 'grade override' }), ['add', 'list', 'export', 'import'], { what: 'add|list|export|import', command: 'grade override' })](call),
}

async function add(call: CommandCall): Promise<number> {
  const type = textFlag(call, 'type')
  const grade = textFlag(call, 'grade')
  const reasonFile = neededFlag(call, 'reason-file', 'grade override')
  const input: FieldDecisionInput = {
    dataSet: neededFlag(call, 'data-set', 'grade override'), column: neededFlag(call, 'column', 'grade override'), keyFile: neededFlag(call, 'key', 'grade override'),
    type: type === undefined ? null : oneOf(type, informationTypes, { what: '--type', command: 'grade override' }), grade: grade === undefined ? null : oneOf(grade, fieldGrades, { what: '--grade', command: 'grade override' }),
    asDetected: call.flags['as-detected'] === true, scope: call.flags['everywhere'] === true ? 'everywhere' : 'source', reason: reasonOf(reasonFile),
  }
  const { ctx, matter } = await matterOf(call)
  const { override, column, repeated } = await regradeField(ctx, matter, input)
  const zh = call.out.lang === 'zh'
  call.out.result({ override: override.id, dataSet: column.set.id, field: column.field.id, type: override.type, grade: override.grade, scope: override.scope, signedBy: override.signedBy, at: override.at, repeated }, [
    `✔ ${override.id} · ${printable(column.set.name)} ${printable(column.field.name)} → ${decisionText(override, call.out.lang)}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
    zh ? '  立即用于方案和关卡;已入账的值仍在入账时的加密分区' : '  counts in plans and gates at once; values in the books stay in the compartment of their booking',
  ])
  call.out.next('handover plan')
  return 0
}

async function list(call: CommandCall): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const overrides = await loadGradingOverrides(ctx, matter)
  const reasons = call.flags['reasons'] === true ? await reasonsOfOverrides(ctx, matter) : new Map<string, string>()
  const names = await ctx.vault.openLabels(matter.id, 'person-name')
  const said = overrides.map((one) => ({ override: one.id, field: one.field, type: one.type, grade: one.grade, from: one.from, scope: one.scope, signedBy: one.signedBy, by: names.get(one.signedBy) ?? null, role: one.role, at: one.at, reason: reasons.get(one.id) ?? null, adopted: one.adopted }))
  call.out.result({ overrides: said }, said.length === 0 ? '–' : overrides.map((one) => `${one.id}  ${decisionText(one, call.out.lang)}  ${one.scope}  ${printable(names.get(one.signedBy) ?? one.signedBy)}  ${one.at}  ${printable(reasons.get(one.id) ?? '').slice(0, 60)}`))
  return 0
}

async function exportPack(call: CommandCall): Promise<number> {
  const file = neededFlag(call, 'output', 'grade override')
  const { ctx, matter } = await matterOf(call)
  const pack = await exportOverrides(ctx, matter)
  writeNewFile(file, `${JSON.stringify(pack, null, 2)}\n`)
  call.out.result({ file, overrides: pack.entries.length }, `✔ ${file}  ${pack.entries.length}`)
  call.out.next(`handover grade override import ${file} --key FILE`)
  return 0
}

async function importPack(call: CommandCall): Promise<number> {
  const file = neededArgument(call, 1, { zh: '改判包', en: 'A pack', command: 'grade override' })
  const keyFile = neededFlag(call, 'key', 'grade override')
  const { ctx, matter } = await matterOf(call)
  const done = await importOverrides(ctx, matter, { text: readTextFile(file), file, keyFile })
  call.out.result(done, call.out.lang === 'zh' ? `✔ 采用 ${done.adopted} 条,此前已采用 ${done.repeated} 条` : `✔ ${done.adopted} adopted, ${done.repeated} were before`)
  call.out.next('handover grade show')
  return 0
}

function reasonOf(file: string): string {
  const text = readTextFile(file).trim()
  if (text === '' || text.length > 4000) throw gradingFailures.GRADE_REASON({ file })
  return text
}

function decisionText(one: Pick<GradingOverride, 'type' | 'grade'>, lang: 'zh' | 'en'): string {
  if (one.type === null && one.grade === null) return lang === 'zh' ? '按识别结果' : 'as detected'
  return [one.type === null || !isInformationType(one.type) ? null : typeLabel(one.type)[lang], one.grade].filter((word) => word !== null).join(' ')
}
