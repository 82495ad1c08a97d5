// SPDX-License-Identifier: Apache-2.0
import { approveImpact, refuseUnapprovable, reportOf } from '../../lifecycle/assess/index.ts'
import { neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { impactOf } from '../impact-lines.ts'
import { begunPaper, paperLines, paperOptions, writePaper } from '../write-paper.ts'

/** `handover impact approve -o FILE.pdf --key FILE` */
export const command: Command = {
  name: 'impact approve',
  summary: { zh: '批准影响评估(批准人不得是唯一的回答人):打印报告,以其摘要签署事实 pia-approved,绑定当前方案,报告整份留存三年以上', en: 'approve the assessment (not by the only one who answered): prints the report, signs the fact pia-approved with its digest, bound to the plan of now; keeps the report for three years and more' },
  usage: 'handover impact approve -o REPORT.pdf --key FILE [--management]',
  example: 'handover impact approve -o 评估报告.pdf --docx --pdf --key 王芳.key',
  options: {
    ...paperOptions,
    key: { type: 'string', doc: { zh: '批准人的个人密钥文件', en: 'key file of who approves' } },
    management: { type: 'boolean', doc: { zh: '由管理层签字接受剩余的高风险(负责人的密钥)', en: 'the management signs for the high risk that is left (key of the lead)' } },
  },
  run: async (call) => {
    const [file, keyFile] = [neededFlag(call, 'output', 'impact approve'), neededFlag(call, 'key', 'impact approve')]
    const { ctx, matter, standing, planned } = await impactOf(call)
    const approver = { keyFile, management: call.flags['management'] === true }
    await refuseUnapprovable(ctx, matter, standing, approver)
    const report = begunPaper(reportOf(standing, call.out.lang), file)
    const written = await writePaper(call, report, file)
    const approved = await approveImpact(ctx, matter, { standing, planned, report, evidenceFile: written.files[0] ?? file, ...approver })
    const zh = call.out.lang === 'zh'
    call.out.result({ ...written, ...approved }, [...paperLines(written, call.out.lang), `✔ ${zh ? '已批准,事实' : 'approved, fact'} ${approved.fact} · ${zh ? '剩余风险' : 'residual risk'} ${approved.residual} · ${zh ? '保存至' : 'kept until'} ${approved.keptUntil}${approved.repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`])
    call.out.next('handover gate pack')
    return 0
  },
}
