// SPDX-License-Identifier: Apache-2.0
import { restoreBackup } from '../../backup/index.ts'
import { homePath } from '../../home.ts'
import { openContext } from '../../open-context.ts'
import { neededArgument, neededFlag, readTextFile } from '../call.ts'
import { listFlag, textFlag, type Command } from '../command.ts'

/** `handover backup restore FILE --home EMPTY` */
export const command: Command = {
  name: 'backup restore',
  summary: { zh: '把备份恢复到空目录;先重放销毁名单、与见证核对、核账,才可使用', en: 'restore a backup into an empty home; it opens only after tombstones, witnesses and books were compared' },
  usage: 'handover backup restore FILE --home EMPTY --recovery FILE --keys FOLDER [--key-backup FOLDER] [--evidence FOLDER] [--witnesses-gone (--key FILE | --approval SIGNED…)]',
  example: 'handover backup restore 备份-1121.tar --home 新目录 --recovery 恢复密钥.txt --keys 旧目录/keys --evidence 旧目录/objects',
  options: {
    recovery: { type: 'string', doc: { zh: '恢复密钥文件', en: 'recovery key file' } },
    keys: { type: 'string', doc: { zh: '原本方目录的 keys 目录或其副本(数据备份从不含密钥)', en: 'keys folder of the former home or a copy (a data backup never holds keys)' } },
    'key-backup': { type: 'string', doc: { zh: '密钥备份目录(默认 keys/key-backup)', en: 'folder of the key backups (default: keys/key-backup)' } },
    evidence: { type: 'string', doc: { zh: '较新的 objects 目录:备份以后的销毁名单与日志', en: 'a newer objects folder: tombstones and log from after the backup' } },
    'witnesses-gone': { type: 'boolean', doc: { zh: '见证方已不存在:经两人批准后只与本方最近检查点核对(结果注明)', en: 'the witnesses are gone for good: once two people approved it, compare with our own newest checkpoint only (and say so)' } },
    key: { type: 'string', doc: { zh: '--witnesses-gone:申请人的个人密钥文件(只申请,不打开)', en: '--witnesses-gone: key file of who asks (asks only, opens nothing)' } },
    approval: { type: 'string', multiple: true, doc: { zh: '--witnesses-gone:签好的申请文件(可重复给出)', en: '--witnesses-gone: the request as it came back signed (repeatable)' } },
  },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '备份文件', en: 'The backup file', command: 'backup restore' })
    const home = homePath(neededFlag(call, 'home', 'backup restore'))
    const restored = await restoreBackup({
      file, home, recoveryFile: neededFlag(call, 'recovery', 'backup restore'), keys: neededFlag(call, 'keys', 'backup restore'),
      keyBackup: textFlag(call, 'key-backup') ?? null, evidence: textFlag(call, 'evidence') ?? null, witnessesGone: call.flags['witnesses-gone'] === true ? { keyFile: textFlag(call, 'key') ?? null, approvals: listFlag(call, 'approval').map(readTextFile) } : null,
      progress: (label, done, total) => call.out.progress({ label, done, total, unit: { zh: '', en: '' } }),
      open: async (path) => {
        const opened = await openContext(path, { isRestoring: true })
        const clock = textFlag(call, 'clock')
        if (clock !== undefined) opened.declareTime(clock)
        for (const warning of opened.warnings) call.out.say(warning)
        return opened.context
      },
    })
    const zh = call.out.lang === 'zh'
    const n = (count: number): string => count.toLocaleString('en')
    const keyWords = { backup: zh ? '密钥库已从密钥备份恢复' : 'key store restored from its backup', present: zh ? '密钥库仍在' : 'key store was there', missing: zh ? '! 没有密钥备份,值打不开' : '! no key backup: values cannot be opened' }
    const comparedWords = { witnesses: zh ? '已与见证方核对' : 'compared with the witnesses', 'own-checkpoint': zh ? '! 只与本方检查点核对' : '! compared with our own checkpoint only', nobody: zh ? '无见证策略' : 'no witness policy' }
    call.out.result(restored, [
      `✔ ${zh ? '已恢复' : 'restored'} ${restored.backup} (${restored.madeAt}) → ${restored.home}: ${n(restored.rows)} ${zh ? '行' : 'rows'}, ${restored.files} ${zh ? '个文件' : 'files'}`,
      ...restored.matters.map((matter) => `✔ ${matter.code}: ${n(matter.records)} ${zh ? '条记录账平' : 'records, the books balance'}; ${keyWords[matter.keys]}; ${comparedWords[matter.comparedWith]}`),
    ])
    call.out.next(`handover doctor --home ${home}`)
    return restored.matters.some((matter) => matter.keys === 'missing' || matter.comparedWith === 'own-checkpoint') ? 3 : 0
  },
}
