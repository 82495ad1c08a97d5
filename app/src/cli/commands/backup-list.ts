// SPDX-License-Identifier: Apache-2.0
import { listBackups, type ListedBackup } from '../../backup/index.ts'
import type { Command } from '../command.ts'

/** `handover backup list` */
export const command: Command = {
  name: 'backup list',
  summary: { zh: '本方的数据备份:何时制作、何时到期、在哪里', en: 'data backups of this home: when made, when they expire, where they are' },
  usage: 'handover backup list',
  example: 'handover backup list',
  options: {},
  run: async (call) => {
    const backups = await listBackups(await call.context())
    const zh = call.out.lang === 'zh'
    const isOpen = (backup: ListedBackup): boolean => backup.status === 'complete' || backup.status === 'deleting'
    call.out.result({ backups, open: backups.filter(isOpen).length }, [
      ...backups.map((backup) => `${isOpen(backup) ? '·' : '✔'} ${backup.id}  ${backup.madeAt}  ${backup.status}${isOpen(backup) && backup.isExpired ? (zh ? '(已到期,请删除)' : ' (expired, delete it)') : ''}  ${zh ? '到期' : 'expires'} ${backup.expires}  ${backup.records.toLocaleString('en')} ${zh ? '条' : 'records'}  ${backup.file ?? ''}${isOpen(backup) && !backup.isThere ? (zh ? '(不在原处)' : ' (not there now)') : ''}`),
      zh ? `共 ${backups.length} 份,未了结 ${backups.filter(isOpen).length} 份` : `${backups.length} backups, ${backups.filter(isOpen).length} open`,
    ])
    return 0
  },
}
