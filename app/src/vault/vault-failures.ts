// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

const askRestore = { zh: '保留现场,用密钥备份恢复密钥库(handover key restore),再运行同一命令', en: 'Keep everything as it is, restore the key store from the key backup, then run the same command again' }

/** Failures of keys, ciphertext and the one door (CONTRACTS §§5, 13; exit codes UX.md §5). Places are ids, page and slot numbers; no value is ever named. */
export const vaultFailures = failures({
  VAULT_LOCKED: {
    exit: 12,
    zh: '密钥库已锁定,不能读取或写入客户信息',
    en: 'The vault is locked; customer information can be neither read nor written',
    remedy: { zh: '用口令解锁后再运行', en: 'Unlock it with the passphrase and run again' },
  },
  WRONG_KEY: {
    exit: 12,
    zh: '主密钥不对:{why};什么也没有读出',
    en: 'The key-encryption key is wrong: {why}; nothing was read',
    remedy: { zh: '检查口令或密钥文件 kek.key 是否属于本目录', en: 'Check the passphrase, or whether kek.key belongs to this home' },
  },
  KEY_FILE_DAMAGED: {
    exit: 65,
    zh: '密钥文件 {file} 不合格式:{why}',
    en: 'The key file {file} is malformed: {why}',
    remedy: { zh: '从离线保管处取回该文件;不要手工改写', en: 'Fetch the file from where its copy is kept; do not edit it by hand' },
  },
  NO_MATTER_KEYS: {
    exit: 10,
    zh: '事项 {matter} 没有密钥 {name}',
    en: 'Matter {matter} has no key {name}',
    remedy: { zh: '确认事项编号;事项结束后密钥已按规定销毁', en: 'Check the matter; after its end its keys are destroyed as they must be' },
  },
  KEY_STORE_DAMAGED: {
    exit: 65,
    zh: '密钥库内容损坏或被换过:{place};没有读出任何客户信息',
    en: 'The key store is damaged or was exchanged: {place}; no customer information was read',
    remedy: askRestore,
  },
  KEY_STORE_BEHIND: {
    exit: 65,
    zh: '事项 {matter} 的密钥库缺失或比密钥槽和数据旧({why}),继续会把已用过的密钥位再用一次,因此停止',
    en: 'The key store of matter {matter} is missing or older than the key slots and the data ({why}); going on would use key places twice, so it stops',
    remedy: askRestore,
  },
  EPOCH_KEY_MISSING: {
    exit: 12,
    zh: '事项 {matter} 第 {epoch} 代密钥在所有密钥槽中都打不开:{why}',
    en: 'The key of epoch {epoch} of matter {matter} opens in no key slot: {why}',
    remedy: { zh: '接好保存密钥槽的介质,或恢复 keys/epoch-slots 目录;若该代已按规定销毁,用它加密的旧数据就再也打不开', en: 'Attach the medium of the key slots or restore keys/epoch-slots; if that epoch was dropped on purpose, old data under it can never be opened again' },
  },
  SLOT_UNWRITABLE: {
    exit: 74,
    zh: '密钥槽 {slot} 写不进或读回不一致:{why};换代尚未生效,旧密钥仍有效',
    en: 'Key slot {slot} cannot be written or does not read back: {why}; the turn has not taken effect, the old key is still valid',
    remedy: { zh: '接好介质并检查权限和空间,再运行 handover key turn,会从中断处继续', en: 'Attach the medium, check permissions and space, then run handover key turn again; it goes on where it stopped' },
  },
  SLOT_NOT_CONFIRMED: {
    exit: 74,
    zh: '密钥槽 {slot} 未能确认旧密钥已清除:{why}',
    en: 'Key slot {slot} did not confirm that the old key is gone: {why}',
    remedy: { zh: '接好该介质后再运行 handover key turn;在此之前证明保持“待定”', en: 'Attach the medium and run handover key turn again; until then certificates stay pending' },
  },
  KEY_BACKUP_FAILED: {
    exit: 74,
    zh: '密钥备份 {place} 试开失败:{why};旧密钥没有销毁',
    en: 'The key backup {place} did not open in the test: {why}; the old key was not dropped',
    remedy: { zh: '检查磁盘空间和介质,再运行 handover key turn', en: 'Check disk space and medium, then run handover key turn again' },
  },
  SECRET_NEVER_GIVEN: {
    exit: 65,
    zh: '密钥位 {slot} 从未发放,不能读取或销毁',
    en: 'Key place {slot} was never given out; it can be neither read nor erased',
    remedy: askRestore,
  },
  RECORD_ERASED: {
    exit: 77,
    zh: '记录 {record} 已注销',
    en: 'Record {record} has been erased',
    remedy: { zh: '凭回执码查询其注销证明', en: 'Ask with the receipt code for its certificate' },
  },
  RECORD_SEALED: {
    exit: 77,
    zh: '记录 {record} 已封存,仅可存储和采取必要的安全保护措施(个人信息保护法 第四十七条)',
    en: 'Record {record} is sealed: it may only be stored and protected (PIPL Art. 47)',
    remedy: { zh: '仅保管移交和出具回执可以打开封存的记录', en: 'Only custody and receipts may open what is sealed' },
  },
  VAULT_RECORD_UNKNOWN: {
    exit: 10,
    zh: '本事项没有记录 {record}',
    en: 'This matter has no record {record}',
    remedy: { zh: '核对记录编号与事项', en: 'Check the record id and the matter' },
  },
  CIPHERTEXT_REFUSED: {
    exit: 65,
    zh: '记录 {record} 的密文损坏、被调换或版本不符,拒绝读取',
    en: 'The ciphertext of record {record} is damaged, exchanged or of another version; it is refused',
    remedy: { zh: '保留现场,从数据备份恢复该记录', en: 'Keep everything as it is and restore the record from a data backup' },
  },
  GRANT_ENDED: {
    exit: 77,
    zh: '读取授权已于 {until} 到期',
    en: 'The permission to read ended at {until}',
    remedy: { zh: '重新申请授权', en: 'Ask for a new permission' },
  },
  READ_NOT_APPROVED: {
    exit: 13,
    zh: '读取({purpose})所称的审批 {approval} 不存在、未生效或不是为此事作出的;没有打开任何记录',
    en: 'The approval {approval} that this reading ({purpose}) names does not exist, is not in force or is of another act; no record was opened',
    remedy: { zh: '先取得对应的两人审批(handover approval list),再运行', en: 'Get the approval of two people for this act first (handover approval list)' },
  },
  BULK_NEEDS_APPROVAL: {
    exit: 13,
    zh: '一次明文读取超过 {max} 条记录,须两人审批',
    en: 'Reading more than {max} records unmasked needs the approval of two people',
    remedy: { zh: '先申请 bulk-export 审批(handover approve)', en: 'Request a bulk-export approval first' },
  },
})
