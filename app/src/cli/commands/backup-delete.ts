// SPDX-License-Identifier: Apache-2.0
import { deleteBackup, requestBackupDeletion } from '../../backup/index.ts'
import { matterOf, neededArgument } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover backup delete BACKUP` */
export const command: Command = {
  name: 'backup delete',
  summary: { zh: '删除备份并了结其副本(先以 --key 申请,须两人批准并过冷静期)', en: 'delete a backup and end its copy (ask with --key first: two people and a cooling-off)' },
  usage: 'handover backup delete BACKUP [--key FILE | --file FILE]',
  example: 'handover backup delete bck_0123… --key 李明.key',
  options: {
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件(只申请,不删除)', en: 'key file of who asks (asks only, deletes nothing)' } },
    file: { type: 'string', doc: { zh: '备份文件现在的位置(若已移动)', en: 'where the backup file is now (when it was moved)' } },
  },
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '备份编号', en: 'The backup', command: 'backup delete' })
    const keyFile = textFlag(call, 'key')
    const { ctx, matter } = await matterOf(call)
    const zh = call.out.lang === 'zh'
    if (keyFile !== undefined) {
      const asked = await requestBackupDeletion(ctx, matter, { backup: id, keyFile })
      call.out.result({ backup: id, ...asked }, `✔ ${zh ? '已申请删除备份' : 'asked to delete the backup'} ${id}  ${zh ? '审批申请' : 'request'} ${asked.request}`)
      call.out.next(`handover approve ${asked.request} --key FILE`)
      return 0
    }
    const { backup, repeated } = await deleteBackup(ctx, matter, { backup: id, file: textFlag(call, 'file') ?? null })
    call.out.result({ backup: backup.id, status: backup.status, repeated }, `✔ ${zh ? '备份已删除,副本了结' : 'backup deleted, its copy ended'}: ${backup.id}${repeated ? (zh ? '(此前已删除)' : ' (done before)') : ''}`)
    call.out.next('handover copies')
    return 0
  },
}
