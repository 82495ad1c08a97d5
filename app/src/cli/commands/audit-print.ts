// SPDX-License-Identifier: Apache-2.0
import { paperDigest } from '../../kit/paper/paper.ts'
import { addFactOfAct } from '../../lifecycle/assess/index.ts'
import { auditReport, concludeAudit, refuseUnfinished } from '../../stewardship/audit-binder/index.ts'
import type { Tx } from '../../store/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import { auditContentOf } from '../audit-lines.ts'
import type { Command } from '../command.ts'
import { begunPaper, paperLines, paperOptions, writePaper } from '../write-paper.ts'

/** `handover audit print -o FILE` */
export const command: Command = {
  name: 'audit print',
  summary: { zh: '打印审计报告(PDF、DOCX);--conclude 办结:以其摘要签署事实 compliance-audit-done', en: 'print the audit report (PDF, DOCX); --conclude signs the fact compliance-audit-done with its digest' },
  usage: 'handover audit print -o REPORT.pdf|REPORT.docx [--conclude --key FILE]',
  example: 'handover audit print -o 审计报告.pdf --conclude --key 王芳.key',
  options: {
    ...paperOptions,
    conclude: { type: 'boolean', doc: { zh: '办结审计(26 个点都须有结论)', en: 'conclude the audit (all 26 points need a finding)' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'audit print')
    const isLast = call.flags['conclude'] === true
    const keyFile = isLast ? neededFlag(call, 'key', 'audit print') : ''
    const { ctx, matter } = await matterOf(call)
    const { binder, content } = await auditContentOf(ctx, matter)
    if (isLast) refuseUnfinished(binder)
    const report = begunPaper(auditReport(content, call.out.lang), file)
    const written = await writePaper(call, report, file)
    const concluded = isLast ? await conclude() : null
    const zh = call.out.lang === 'zh'
    call.out.result({ ...written, concluded }, [...paperLines(written, call.out.lang), ...(concluded === null ? [] : [`✔ ${zh ? '审计已办结,事实' : 'audit concluded, fact'} ${concluded}`])])
    call.out.next(isLast ? 'handover gate' : 'handover audit show')
    return 0

    async function conclude(): Promise<string> {
      const value = { reportedOn: ctx.today(), report: paperDigest(report), points: content.points.length, by: binder.audit.nature === 'self' ? 'self' : 'institution' }
      const signFact = async (tx: Tx) => (await addFactOfAct(ctx, tx, matter, { name: 'compliance-audit-done', value, evidenceFile: written.files[0] ?? file, keyFile })).fact
      return (await concludeAudit(ctx, matter, { binder, report, signFact })).fact
    }
  },
}
