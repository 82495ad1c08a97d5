// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { dayOf } from '../../kit/time.ts'
import { dutiesOf } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { settleDuty } from '../../stewardship/duties/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover duties done DUTY --key FILE` */
export const command: Command = {
  name: 'duties done',
  summary: { zh: '登记某项义务已办妥(记名、入账);逾期会阻止的,能以事实或事件说明的不收,其余须附证明文件', en: 'record by name that a duty was done (in the ledger); one that stops something needs the fact or event that says it, or a document' },
  usage: 'handover duties done DUTY --key FILE [--on DAY] [--evidence FILE]',
  example: 'handover duties done T33-A06-2026-12-31 --key counsel.key --on 2026-12-20 --evidence announcement.pdf',
  options: {
    key: { type: 'string', doc: { zh: '登记人的个人密钥文件', en: 'key file of the person who says so' } },
    on: { type: 'string', doc: { zh: '办妥的日期(默认今天)', en: 'the day on which it was done (default today)' } },
    evidence: { type: 'string', doc: { zh: '证明文件(留在本方,账上只记其加盐摘要)', en: 'the document (stays with you, only its salted digest is recorded)' } },
  },
  run: async (call) => {
    const duty = neededArgument(call, 0, { zh: '义务编号', en: 'The duty', command: 'duties done' })
    const keyFile = neededFlag(call, 'key', 'duties done')
    const { ctx, matter } = await matterOf(call)
    const on = dayArgument(textFlag(call, 'on') ?? ctx.today())
    const done = await settleDuty(ctx, matter, dutiesOf(await loadMatterState(ctx, matter)), { duty, on, keyFile, evidenceFile: textFlag(call, 'evidence') })
    call.out.result({ duty, on, ...done }, `✔ ${duty} ${on}${done.repeated ? (call.out.lang === 'zh' ? '(此前已办妥)' : ' (was done before)') : ''}`)
    call.out.next('handover duties')
    return 0
  },
}

function dayArgument(text: string): ReturnType<typeof dayOf> {
  try {
    return dayOf(text)
  } catch {
    throw cliFailures.WRONG_ARGUMENT({ what: '--on', why: expects('YYYY-MM-DD'), command: 'duties done' })
  }
}
