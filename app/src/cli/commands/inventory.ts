// SPDX-License-Identifier: Apache-2.0
import { isInformationType, typeLabel } from '../../detection/index.ts'
import { basisText } from '../../law/index.ts'
import { readScanReport } from '../../lifecycle/classify/index.ts'
import { buildRegister, missingWords, registerOfReport, writeRegister, type ProcessingRegister } from '../../stewardship/inventory/index.ts'
import { lawOf } from '../../matter/index.ts'
import { matterOf, readTextFile } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover inventory [REPORT.json] [-o FILE.xlsx]` */
export const command: Command = {
  name: 'inventory',
  summary: { zh: '个人信息处理活动登记:来源、目的、合法性基础、种类、数量、接收方、保存期限、存放位置', en: 'register of processing activities: source, purpose, basis, categories, quantity, recipients, retention, location' },
  usage: 'handover inventory [REPORT.json] [-o FILE.xlsx]',
  example: 'handover inventory -m WEIYU-2026 -o 处理活动登记.xlsx',
  options: { output: { type: 'string', short: 'o', doc: { zh: '写成 XLSX(含列名和路径,在本单位内保管)', en: 'write as XLSX (holds titles and paths; keep it in the firm)' } } },
  run: async (call) => {
    const register = await registerOf(call)
    const { lang } = call.out
    const file = textFlag(call, 'output')
    if (file !== undefined) await writeRegister(file, register, { lang, typeLabel: (type) => (isInformationType(type) ? typeLabel(type)[lang] : type) })
    call.out.result({ ...register, ...(file === undefined ? {} : { file }) }, [...humanLines(register, lang), ...(file === undefined ? [] : [`✔ ${file}`])])
    call.out.next(register.entries.some(({ missing }) => missing.length > 0) ? 'handover treat --template -o FILE' : 'handover plan')
    return 0
  },
}

async function registerOf(call: CommandCall): Promise<ProcessingRegister> {
  const report = call.positionals[0]
  if (report !== undefined) return registerOfReport(readScanReport(readTextFile(report), report), { of: report, writtenAt: new Date().toISOString() })
  const { ctx, matter } = await matterOf(call)
  return buildRegister(ctx, { id: matter.id, code: matter.code, parties: matter.parties.map(({ id, role, file, isSelf }) => ({ id, role, name: file.name, isSelf })) }, await lawOf(ctx, matter))
}

function humanLines(register: ProcessingRegister, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return register.entries.flatMap((entry) => {
    const types = (grade: string): number => new Set(entry.fields.filter((field) => field.grade === grade && field.values > 0).map(({ type }) => type)).size
    return [
      `${entry.number}. ${printable(entry.source)}!${printable(entry.dataSet)}  ${entry.records.toLocaleString('en')} ${zh ? '条' : 'records'}${entry.persons === null ? '' : ` · ${entry.persons.toLocaleString('en')} ${zh ? '人' : 'persons'}`} · ${zh ? `一般 ${types('general')} 种,敏感 ${types('sensitive')} 种` : `${types('general')} general, ${types('sensitive')} sensitive categories`}`,
      ...entry.activities.map((one) => `     ${one.name}: ${one.purposes.join(zh ? '、' : ', ') || '–'} · ${basisText(one.basis, lang)} · ${one.retention === null || one.retentionEn === null ? '–' : (zh ? one.retention : one.retentionEn).join('; ') || (zh ? '无法定保存期' : 'no statutory retention')}`),
      ...(entry.recipients.length === 0 ? [] : [`     → ${entry.recipients.map(printable).join(zh ? '、' : ', ')}`]),
      ...(entry.missing.length === 0 ? [] : [`     ⚠ ${zh ? '尚缺' : 'missing'}: ${entry.missing.map((part) => missingWords[part][lang]).join(zh ? '、' : ', ')}`]),
    ]
  })
}
