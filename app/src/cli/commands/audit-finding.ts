// SPDX-License-Identifier: Apache-2.0
import { findingResults, findingSeverities, recordFinding } from '../../stewardship/audit-binder/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'

/** `handover audit finding POINT` */
export const command: Command = {
  name: 'audit finding',
  summary: { zh: '登记一个审计点的结论;不合规的写明整改和期限(签名,内容加密存放)', en: 'record the finding on a point; a breach says what is fixed by when (signed; the words are kept encrypted)' },
  usage: 'handover audit finding AU07 --result conforms|does-not-conform|not-applicable --text @FILE [--severity minor|major --fix @FILE --due DAY [--fixed DAY]] --key FILE',
  example: 'handover audit finding AU07 --result does-not-conform --text @事实.txt --severity minor --fix @整改.txt --due 2026-12-31 --key 王芳.key',
  options: {
    result: { type: 'string', doc: { zh: '合规、不合规、不适用', en: 'conforms, does-not-conform, not-applicable' } },
    text: { type: 'string', doc: { zh: '写有事实和理由的文件 @文件,或 @- 取自标准输入', en: 'file with facts and reasons: @FILE, or @- for standard input' } },
    severity: { type: 'string', doc: { zh: '不合规的程度:minor 一般,major 重大', en: 'of a breach: minor or major' } },
    fix: { type: 'string', doc: { zh: '写有整改措施的文件 @文件', en: 'file with what is to be done: @FILE' } },
    due: { type: 'string', doc: { zh: '整改期限 YYYY-MM-DD', en: 'by when, YYYY-MM-DD' } },
    fixed: { type: 'string', doc: { zh: '整改完成日 YYYY-MM-DD', en: 'the day it was fixed, YYYY-MM-DD' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const point = neededArgument(call, 0, { zh: '审计点', en: 'The point', command: 'audit finding' })
    const result = oneOf(neededFlag(call, 'result', 'audit finding'), findingResults, { what: '--result', command: 'audit finding' })
    const severity = oneOf(textFlag(call, 'severity') ?? 'none', findingSeverities, { what: '--severity', command: 'audit finding' })
    const [text, fix] = [wordsFlag(call, 'text', 'audit finding') ?? '', wordsFlag(call, 'fix', 'audit finding') ?? '']
    const { ctx, matter } = await matterOf(call)
    const { number } = await recordFinding(ctx, matter, { point, result, severity, due: textFlag(call, 'due') ?? null, fixedOn: textFlag(call, 'fixed') ?? null, text, fix, keyFile: neededFlag(call, 'key', 'audit finding') })
    call.out.result({ point, result, number }, `✔ ${point} ${result} · #${number}`)
    call.out.next('handover audit show')
    return 0
  },
}
