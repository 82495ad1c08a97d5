// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseVkey, ProofError, type Vkey } from '@handover/proof'
import { verifyBackup, type VerifiedBackup } from '../../backup/index.ts'
import { homePath } from '../../home.ts'
import { readSigningKey } from '../../matter/index.ts'
import { neededArgument, neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover backup verify FILE` */
export const command: Command = {
  name: 'backup verify',
  summary: { zh: '校验备份:逐字节核对签名清单;--read-data 再逐行读出、核日志、核账', en: 'verify a backup: every byte against its signed list; --read-data also reads every row, the log and the books' },
  usage: 'handover backup verify FILE [--read-data --recovery FILE] [--signer VKEY]',
  example: 'handover backup verify 备份-1121.tar --read-data --recovery 恢复密钥.txt',
  options: {
    'read-data': { type: 'boolean', doc: { zh: '用恢复密钥打开并读完全部内容', en: 'open it with the recovery key and read all of it' } },
    recovery: { type: 'string', doc: { zh: '恢复密钥文件', en: 'recovery key file' } },
    signer: { type: 'string', doc: { zh: '签署方公钥(默认为本方目录的)', en: "the signer's verifier key (default: that of this home)" } },
  },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '备份文件', en: 'The backup file', command: 'backup verify' })
    const readData = call.flags['read-data'] === true ? { recoveryFile: neededFlag(call, 'recovery', 'backup verify') } : null
    const label = { zh: '校验(字节)', en: 'verifying (bytes)' }
    const found = await verifyBackup({ file, readData, trusted: trustedKey(call), progress: (done, total) => call.out.progress({ label, done, total, unit: { zh: '', en: '' } }) })
    call.out.result(found, linesOf(found, call.out.lang === 'zh'))
    if (found.data === null) call.out.next(`handover backup verify ${file} --read-data --recovery FILE`)
    return found.trust === 'self-declared' ? 3 : 0
  },
}

/** The key that was named, else that of the home that stands here, else none. */
function trustedKey(call: CommandCall): Vkey | null {
  const named = textFlag(call, 'signer')
  const own = join(homePath(textFlag(call, 'home')), 'keys', 'party-signing.key')
  try {
    if (named !== undefined) return parseVkey(named)
  } catch (error) {
    if (error instanceof ProofError) throw cliFailures.WRONG_ARGUMENT({ what: '--signer', why: expects('VKEY'), command: 'backup verify' })
    throw error
  }
  return existsSync(own) ? readSigningKey(own).vkey : null
}

function linesOf(found: VerifiedBackup, zh: boolean): string[] {
  const n = (count: number): string => count.toLocaleString('en')
  const { data } = found
  return [
    `✔ ${zh ? '备份' : 'backup'} ${found.backup}  ${found.madeAt}  ${n(found.bytes)} ${zh ? '字节与签名清单一致' : 'bytes are those of the signed list'}`,
    ...(data === null ? [] : [`✔ ${zh ? `${data.tables} 张表 / ${n(data.rows)} 行 / ${data.files} 个文件全部读出并一致` : `${data.tables} tables / ${n(data.rows)} rows / ${data.files} files read, all as listed`}`]),
    ...(data?.matters ?? []).map(({ id, records, events, log }) =>
      zh
        ? `✔ ${id}: ${n(records)} 条记录账平,${n(events)} 个事件,${log.size === null ? '日志未发布' : `日志 ${n(log.size)} 条与联署检查点一致(见证 ${log.witnesses})`}`
        : `✔ ${id}: ${n(records)} records, the books add up, ${n(events)} events, ${log.size === null ? 'log not published' : `${n(log.size)} log entries fit the cosigned checkpoint (${log.witnesses} witnesses)`}`),
    ...(found.trust === 'given' ? [] : [zh ? `! 信任: 自我声明(签署方 ${found.signer});用 --signer 或在本方目录里校验` : `! trust: self-declared (signer ${found.signer}); name it with --signer, or verify in the home`]),
    ...found.notChecked.map((words) => `· ${zh ? words.zh : words.en}`),
  ]
}
