// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures of the witness program (exit codes: UX.md §5). */
export const witnessFailures = failures({
  WITNESS_NAME_MISSING: {
    exit: 2,
    zh: '见证方还没有名称',
    en: 'This witness has no name yet',
    remedy: { zh: '第一次运行请加 --name,例如 --name witness.buyer.example', en: 'Give --name the first time, e.g. --name witness.buyer.example' },
  },
  WITNESS_NAME_OTHER: {
    exit: 2,
    zh: '此目录的见证方名为 {known},不能改名为 {given}(名称是密钥标识的一部分)',
    en: 'The witness in this directory is named {known} and cannot become {given}: the name is part of the key',
    remedy: { zh: '去掉 --name,或换一个目录', en: 'Leave out --name, or use another directory' },
  },
  WITNESS_KEY_DAMAGED: {
    exit: 78,
    zh: '见证方密钥文件 {file} 不合格式',
    en: 'The key file of the witness, {file}, is malformed',
    remedy: { zh: '从备份恢复;若密钥已丢失,请换目录建立新的见证方并更新各方策略', en: 'Restore it from a backup; if the key is lost, set up a new witness in another directory and renew the policies' },
  },
  WITNESS_STATE_MISSING: {
    exit: 78,
    zh: '见证方的记录 {file} 不见了,但密钥还在:没有记录就不能再签署,否则可能为被回滚的日志作证',
    en: 'The memory of the witness, {file}, is gone while its key is still there; without it the witness must not sign, since it might vouch for a log that was rolled back',
    remedy: { zh: '不要从备份恢复旧记录,那正是回滚;换目录以新名称、新密钥建立见证方,由各方改签信任策略', en: 'Do not restore an older memory from a backup, for that is a rollback; set up a witness with a new name and key in another directory, and let the parties set a new policy' },
  },
  BAD_LOG_KEY: {
    exit: 2,
    zh: '日志验证钥 {vkey} 不合格式:{why}',
    en: 'The verifier key {vkey} of a log is malformed: {why}',
    remedy: { zh: '用 handover log show 在转让方处查看正确的日志验证钥', en: 'See the right key with handover log show at the transferor' },
  },
  WITNESS_PORT_TAKEN: {
    exit: 69,
    zh: '见证服务不能监听 {host}:{port}({why})',
    en: 'The witness cannot listen on {host}:{port} ({why})',
    remedy: { zh: '换一个 --port,或用 --port 0 由系统选择', en: 'Choose another --port, or --port 0 to let the system choose' },
  },
})
