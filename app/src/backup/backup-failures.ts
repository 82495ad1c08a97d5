// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures of backups and their restoration: which file, what is wrong, what to do (exit codes: UX.md §5). */
export const backupFailures = failures({
  BACKUP_NO_RECIPIENT: {
    exit: 2,
    zh: '本方还没有备份的恢复密钥,备份无法加密',
    en: 'This home has no recovery key for backups yet, so a backup cannot be encrypted',
    remedy: {
      zh: '首次备份加 --new-recovery FILE:生成恢复密钥,请写到本方目录以外(如 U 盘),没有它备份打不开;或用 --to age1… 指定收件公钥',
      en: 'At the first backup add --new-recovery FILE: it makes the recovery key; put it outside this home (a USB stick), without it no backup opens. Or name a recipient with --to age1…',
    },
  },
  RECOVERY_IN_HOME: {
    exit: 2,
    zh: '恢复密钥文件 {file} 在本方目录里面:目录丢失时它会一起丢失',
    en: 'The recovery key file {file} would lie inside the home: it would be lost together with it',
    remedy: { zh: '写到本方目录以外,如 U 盘或保险柜里的介质', en: 'Put it outside the home, on a USB stick or into a safe' },
  },
  RECOVERY_WRONG: {
    exit: 12,
    zh: '恢复密钥 {file} 打不开这份备份',
    en: 'The recovery key {file} does not open this backup',
    remedy: { zh: '用 --recovery 指明制作该备份时的恢复密钥文件', en: 'Name the recovery key file of that backup with --recovery' },
  },
  BACKUP_EXISTS: {
    exit: 2,
    zh: '文件 {file} 已存在,没有覆盖',
    en: 'The file {file} exists and was not overwritten',
    remedy: { zh: '换一个文件名', en: 'Choose another file name' },
  },
  BACKUP_IO: {
    exit: 74,
    zh: '备份文件 {file} 不能读写({why})',
    en: 'The backup file {file} cannot be read or written ({why})',
    remedy: { zh: '检查介质、空间与权限后再次运行同一命令', en: 'Check medium, space and permissions, then run the same command again' },
  },
  BACKUP_DAMAGED: {
    exit: 65,
    zh: '备份 {file} 已损坏或被改动({where}):{why};不能用它恢复',
    en: 'The backup {file} is damaged or was changed ({where}): {why}; it must not be restored',
    remedy: { zh: '改用另一份备份;保留此文件供检查', en: 'Use another backup and keep this file for examination' },
  },
  BACKUP_FOREIGN: {
    exit: 65,
    zh: '备份 {file} 不是本方签署的(签署方 {signer})',
    en: 'The backup {file} was not signed by this party (signer {signer})',
    remedy: { zh: '用本方的备份;或用 --signer 指明可信的签署公钥', en: "Use this party's own backup, or name the trusted signer with --signer" },
  },
  BACKUP_NEWER: {
    exit: 78,
    zh: '备份 {file} 的格式或数据库结构比本程序新({why});没有改动',
    en: 'The format or schema of backup {file} is newer than this program knows ({why}); nothing was changed',
    remedy: { zh: '升级本程序后再恢复', en: 'Upgrade this program and restore again' },
  },
  BACKUP_UNKNOWN: {
    exit: 10,
    zh: '没有编号为 {backup} 的备份',
    en: 'There is no backup {backup}',
    remedy: { zh: '用 handover backup list 查看', en: 'See handover backup list' },
  },
  BACKUP_GONE: {
    exit: 65,
    zh: '{file} 不是备份 {backup} 的文件,或已不在原处;没有删除',
    en: '{file} is not the file of backup {backup}, or it is no longer there; nothing was deleted',
    remedy: {
      zh: '用 --file 指明该备份现在的位置;若介质已损毁或遗失,用 handover copies end 登记',
      en: 'Name its present place with --file; when its medium was destroyed or lost, book that with handover copies end',
    },
  },
  RESTORE_NOT_EMPTY: {
    exit: 2,
    zh: '目录 {home} 不是空的;恢复只写入空目录,没有改动',
    en: 'The home {home} is not empty; a backup is restored into an empty one only, nothing was changed',
    remedy: { zh: '换一个不存在或空的目录', en: 'Name a folder that does not exist or is empty' },
  },
  RESTORE_KEYS_MISSING: {
    exit: 12,
    zh: '{keys} 里没有本方密钥(party-signing.key 等);数据备份从不含密钥',
    en: 'There are no party keys (party-signing.key …) in {keys}; a data backup never holds keys',
    remedy: { zh: '用 --keys 指明原本方目录的 keys 目录或其副本', en: 'Name the keys folder of the former home, or a copy of it, with --keys' },
  },
  RESTORE_BOOKS: {
    exit: 14,
    zh: '恢复后事项 {matter} 的账不平({problems} 处);目录保持封闭',
    en: 'After the restore the books of matter {matter} do not balance ({problems} places); the home stays closed',
    remedy: { zh: '用 handover backup verify --read-data 检查备份,改用另一份', en: 'Check with handover backup verify --read-data and use another backup' },
  },
  RESTORE_UNWITNESSED: {
    exit: 69,
    zh: '事项 {matter} 没有足够的见证方当场签名确认({reasons}),不能确认恢复的内容是否最新;目录保持封闭',
    en: 'Too few witnesses of matter {matter} confirmed it just now by their signature ({reasons}), so nobody says whether what was restored is the newest; the home stays closed',
    remedy: {
      zh: '见证方恢复后再次运行同一命令;确已无见证方时加 --witnesses-gone --key 本人密钥文件 提出申请,经另外两人批准后只与本方最近检查点核对(结果会注明)',
      en: 'Run the same command again when they answer; if they are gone for good ask with --witnesses-gone --key YOUR-KEY: once two other people approved, it compares with our own newest checkpoint only, and says so',
    },
  },
  RESTORE_UNAPPROVED: {
    exit: 13,
    zh: '事项 {matter}:没有见证也要恢复,须申请人以外两人批准恰好这份备份;还没有申请。目录保持封闭',
    en: 'Matter {matter}: to restore without witnesses two people besides the requester must approve exactly this backup, and nothing was requested; the home stays closed',
    remedy: { zh: '加 --witnesses-gone --key 本人密钥文件 再运行同一命令,申请文件会写在新目录里', en: 'Run the same command with --witnesses-gone --key YOUR-KEY: it writes the request into the new home' },
  },
  RESTORE_ASKED: {
    exit: 13,
    zh: '事项 {matter}:已申请无见证恢复({request}),申请文件 {file};目录保持封闭',
    en: 'Matter {matter}: restoring without witnesses was requested ({request}), the request is in {file}; the home stays closed',
    remedy: {
      zh: '两人依次在各自的设备上 handover approve 该文件 --key 密钥 -o 已签文件(第二人签第一人签好的文件),再加 --witnesses-gone --approval 已签文件 运行同一命令',
      en: 'Two people sign in turn on devices of their own: handover approve FILE --key KEY -o SIGNED (the second signs what the first signed); then run the same command with --witnesses-gone --approval SIGNED',
    },
  },
})
