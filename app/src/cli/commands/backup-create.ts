// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { createBackup } from '../../backup/index.ts'
import { instantOf } from '../../kit/time.ts'
import { neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { listFlag, textFlag, type Command } from '../command.ts'
import { programVersion } from './version.ts'

/** `handover backup create -o FILE` */
export const command: Command = {
  name: 'backup create',
  summary: { zh: '制作数据备份(加密、签名;不含密钥),登记入副本簿', en: 'make a data backup (encrypted, signed, without keys) and enter it in the copies book' },
  usage: 'handover backup create -o FILE [--new-recovery FILE] [--to RECIPIENT…] [--expires DAY]',
  example: 'handover backup create -o /媒体/备份-1121.tar --new-recovery /媒体/恢复密钥.txt',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '备份文件(不覆盖已有文件)', en: 'the backup file (never overwritten)' } },
    'new-recovery': { type: 'string', doc: { zh: '首次:生成恢复密钥并写到此文件(须在本方目录之外;没有它备份打不开)', en: 'first time: make the recovery key and write it here (outside the home; without it no backup opens)' } },
    to: { type: 'string', multiple: true, doc: { zh: '另加收件公钥 age1…,可多次', en: 'a further recipient age1…, repeatable' } },
    expires: { type: 'string', doc: { zh: '到期日 YYYY-MM-DD(默认按残留副本天数)', en: 'day by which it must be gone (default: residual_copy_days)' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'backup create')
    const day = textFlag(call, 'expires')
    if (day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day)) throw cliFailures.WRONG_ARGUMENT({ what: '--expires', why: expects('YYYY-MM-DD'), command: 'backup create' })
    const ctx = await call.context()
    const made = await createBackup(ctx, {
      file, to: listFlag(call, 'to'), newRecovery: textFlag(call, 'new-recovery') ?? null, expires: day === undefined ? null : instantOf(`${day}T23:59:59+08:00`), program: programVersion(),
    })
    const { backup } = made
    const zh = call.out.lang === 'zh'
    const n = (count: number | null): string => (count ?? 0).toLocaleString('en')
    for (const words of made.unpublished) call.out.say(words)
    call.out.result({ backup: backup.id, file: made.file, bytes: backup.bytes, outerSha256: backup.outerSha256, tables: made.tables, rows: made.rows, files: made.files, records: backup.records, expires: backup.expires, recipients: backup.recipients }, [
      `✔ ${zh ? '备份' : 'backup'} ${backup.id}  ${made.file}`,
      zh ? `  ${made.tables} 张表 / ${n(made.rows)} 行 / ${made.files} 个文件 / ${n(backup.bytes)} 字节;密文记录 ${n(backup.records)} 条` : `  ${made.tables} tables / ${n(made.rows)} rows / ${made.files} files / ${n(backup.bytes)} bytes; ${n(backup.records)} records with ciphertext`,
      zh ? `  到期 ${backup.expires};收件密钥 ${backup.recipients.length} 把` : `  expires ${backup.expires}; ${backup.recipients.length} recipients`,
      zh ? '  ! 备份不含密钥。请另行保管:恢复密钥文件,以及本方目录下的 keys 目录(含密钥备份,已更新)' : '  ! It holds no keys. Keep apart: the recovery key file, and the keys folder of this home (with the key backup, brought up to date)',
    ])
    call.out.next(`handover backup verify ${made.file} --read-data --recovery FILE`)
    return 0
  },
}
