// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endCopyByProof, outOfReachReasons } from '../../lifecycle/destroy/index.ts'
import { abandonLines, abandonNotices, abandonPage, abandonReasons, declareAbandonment, destroyReceived, settleAbandonment, stillOpen, takeReturnProof } from '../../lifecycle/prove/index.ts'
import { refuseUnlessBookkeeper } from '../../matter/index.ts'
import { matterOf, neededFlag, oneOf, readTextFile } from '../call.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover abandon` */
export const command: Command = {
  name: 'abandon',
  summary: { zh: '终止:交易未成时收回在途、作废移交包、凭证明了结对方副本,出具终止清算表', en: 'abandon a failed deal: take back what is in transit, void packages, end the other side\'s copies by proof, print the sheet' },
  usage: 'handover abandon --reason REASON [-o FOLDER] [--sheet SHEET.html] | handover abandon --proof CERT | handover abandon --out-of-reach COPY --because WHY --key FILE | handover abandon --notice FILE [--into DEST] [--package FILE…] -o CERT',
  example: 'handover abandon --reason financing-failed -o 终止通知',
  options: {
    reason: { type: 'string', doc: { zh: `原因(与批准的一致):${abandonReasons.join('、')}`, en: `reason, as approved: ${abandonReasons.join(', ')}` } },
    output: { type: 'string', short: 'o', doc: { zh: '终止通知写到哪个文件夹;接收方:证明写到哪个文件', en: 'folder for the notices; at the recipient: file for the certificate' } },
    sheet: { type: 'string', doc: { zh: '可打印的终止清算表(HTML,A4,留公章位置)', en: 'printable sheet of the settlement (HTML, A4, room for the company seal)' } },
    proof: { type: 'string', doc: { zh: '接收方签的归还销毁证明', en: 'certificate that a recipient signed' } },
    'out-of-reach': { type: 'string', doc: { zh: '无法触及的副本编号(由具名的人签字)', en: 'copy that nobody can reach (a named person signs)' } },
    because: { type: 'string', doc: { zh: `--out-of-reach 的原因:${outOfReachReasons.join('、')}`, en: `why it is out of reach: ${outOfReachReasons.join(', ')}` } },
    key: { type: 'string', doc: { zh: '签字人的个人密钥文件', en: 'key file of who signs' } },
    notice: { type: 'string', doc: { zh: '接收方:收到的终止通知', en: 'at the recipient: the notice that came' } },
    into: { type: 'string', doc: { zh: '接收方:装入过的目标(sqlite:… postgres://… folder:…)', en: 'at the recipient: where it was loaded' } },
    'password-file': { type: 'string', doc: { zh: 'PostgreSQL 口令文件', en: 'file with the PostgreSQL password' } },
    package: { type: 'string', multiple: true, doc: { zh: '接收方:要销毁的移交包文件(可重复)', en: 'at the recipient: package files to destroy (repeatable)' } },
  },
  run: async (call) => (textFlag(call, 'notice') === undefined ? abandon(call) : giveBack(call)),
}

async function abandon(call: CommandCall): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  refuseUnlessBookkeeper(matter)
  const proof = textFlag(call, 'proof')
  const copy = textFlag(call, 'out-of-reach')
  if (proof !== undefined) await takeReturnProof(ctx, matter, readTextFile(proof))
  else if (copy !== undefined) {
    const reason = oneOf(neededFlag(call, 'because', 'abandon'), outOfReachReasons, { what: '--because', command: 'abandon' })
    await endCopyByProof(ctx, stillOpen(matter), { copy, how: 'out-of-reach', reason, keyFile: neededFlag(call, 'key', 'abandon') })
  } else if (matter.status === 'open' || textFlag(call, 'reason') !== undefined) {
    await declareAbandonment(ctx, matter, oneOf(neededFlag(call, 'reason', 'abandon'), abandonReasons, { what: '--reason', command: 'abandon' }))
  }
  const present = { ...matter, status: 'abandoned' } as const
  const notices = await abandonNotices(ctx, present)
  const folder = textFlag(call, 'output')
  const files = folder === undefined ? [] : notices.map(({ party, text }) => ({ party: party.id, file: writeNotice(join(folder, `${party.role}-${party.id}.json`), text) }))
  const state = await settleAbandonment(ctx, present)
  const sheet = textFlag(call, 'sheet')
  if (sheet !== undefined) writeNewFile(sheet, abandonPage(state, matter.parties))
  call.out.result({ ...state, matter: 'abandoned', open: state.open.map(({ id, kind, holder, values }) => ({ copy: id, kind, holder, values })), notices: files, sheetFile: sheet ?? null }, abandonLines(state, { parties: matter.parties, files, zh: call.out.lang === 'zh' }))
  if (state.endedAt === null) call.out.next('handover abandon --proof CERTIFICATE')
  else call.out.next('handover export proof -o FILE')
  return state.endedAt === null ? 14 : 0
}

function writeNotice(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeNewFile(file, `${text}\n`)
  return file
}

async function giveBack(call: CommandCall): Promise<number> {
  const output = neededFlag(call, 'output', 'abandon --notice')
  const { ctx, matter } = await matterOf(call)
  const returned = await destroyReceived(ctx, matter, { notice: textFlag(call, 'notice') ?? '', into: textFlag(call, 'into'), passwordFile: textFlag(call, 'password-file'), packageFiles: listFlag(call, 'package') })
  writeNewFile(output, `${returned.certificate}\n`)
  const zh = call.out.lang === 'zh'
  call.out.result({ ...returned, file: output }, [
    `✔ ${zh ? `已销毁 ${returned.rows} 行、移交包文件 ${returned.files} 个,读回 0 行` : `destroyed ${returned.rows} rows and ${returned.files} package files; 0 rows read back`}${returned.repeated ? (zh ? '(此前已出具证明)' : ' (certified before)') : ''}`,
    `  ${zh ? '归还销毁证明' : 'certificate'} ${returned.digest.slice(0, 16)}…  → ${output}`,
  ])
  return 0
}
