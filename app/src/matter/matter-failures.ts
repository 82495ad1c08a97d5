// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures about a matter, its settings, its parties and their keys. */
export const matterFailures = failures({
  NO_MATTER: {
    exit: 10,
    zh: '没有找到事项「{code}」',
    en: 'There is no matter "{code}"',
    remedy: { zh: '运行 handover matter list 查看事项代码,或用 handover init 立项', en: 'Run handover matter list for the codes, or open one with handover init' },
  },
  MATTER_NOT_CHOSEN: {
    exit: 10,
    zh: '本方有 {n} 个事项,没有指明是哪一个',
    en: 'This home has {n} matters and none was named',
    remedy: { zh: '加 -m 事项代码,或运行 handover matter use 代码 选定', en: 'Add -m CODE, or choose one with handover matter use CODE' },
  },
  MATTER_CODE_PERSONAL: {
    exit: 2,
    zh: '事项代码不得含手机号或证件号:它以明文出现在每份文书和账本里,没有立项',
    en: 'The code of a matter holds no mobile or identity number: it stands in clear on every paper and in the books; no matter was opened',
    remedy: { zh: '换一个 --code,例如 WEIYU-2026', en: 'Choose another --code, for example WEIYU-2026' },
  },
  MATTER_EXISTS: {
    exit: 2,
    zh: '事项代码 {code} 已用于另一个事项(类型、角色或设置不同),没有立项',
    en: 'The code {code} belongs to another matter (other type, role or settings); no matter was opened',
    remedy: { zh: '换一个 --code', en: 'Choose another --code' },
  },
  MATTER_NOT_OPEN: {
    exit: 15,
    zh: '事项 {code} 已经{status},不能再改动',
    en: 'The matter {code} is {status} and cannot be changed any more',
    remedy: { zh: '已办结事项只能查看、导出证据和核验', en: 'A matter that has ended can be shown, exported and verified only' },
  },
  NOT_THE_OPENER: {
    exit: 15,
    zh: '事项 {code} 的账本由立项的一方保管,本方不能执行这一步',
    en: 'The books of matter {code} are kept by the party that opened it; this home cannot take this step',
    remedy: { zh: '在立项方(转让方或清算组)的目录中执行', en: 'Do it in the home of the party that opened the matter' },
  },
  SETTING_WITHOUT_EFFECT: {
    exit: 2,
    zh: '设置 {key} 不能改为「只销毁密钥就是删除」:本程序销毁密钥之外,一律还清除索引、密文和原件,并对备份副本留证,没有只销毁密钥的做法;没有变更',
    en: 'The setting {key} cannot say that destroying keys alone is deletion: besides the keys this program always purges indexes, ciphertext and originals and keeps proof for backups, there is no way of destroying keys only; nothing was changed',
    remedy: { zh: '保持 no_also_purge;依据见 handover law show crypto_shred_is_deletion', en: 'Leave it at no_also_purge; see handover law show crypto_shred_is_deletion' },
  },
  SETTING_UNKNOWN: {
    exit: 2,
    zh: '没有名为「{key}」的设置,没有改动',
    en: 'There is no setting "{key}"; nothing was changed',
    remedy: { zh: '运行 handover matter show 查看全部设置', en: 'Run handover matter show for all settings' },
  },
  SETTING_REFUSED: {
    exit: 2,
    zh: '设置 {key} 不接受这个值({why}),没有改动',
    en: 'The setting {key} does not take this value ({why}); nothing was changed',
    remedy: { zh: '可用的值:{allowed}', en: 'Values that it takes: {allowed}' },
  },
  SETTING_FIXED: {
    exit: 15,
    zh: '还有未使用的审批申请({n} 个)以现行设置为前提,设置 {key} 没有改动',
    en: '{n} unused requests for approval rest on the present settings; the setting {key} was not changed',
    remedy: { zh: '先用 handover approval withdraw 撤回,改后重新申请', en: 'Withdraw them with handover approval withdraw, change the setting, then ask again' },
  },
  PARTY_KEYS_MISSING: {
    exit: 78,
    zh: '目录 {home} 里没有本方密钥({file}),无法代表本方签名',
    en: 'The home {home} has no party key ({file}); nothing can be signed for the party',
    remedy: { zh: '从备份恢复 keys 目录;新目录请运行 handover init', en: 'Restore the keys directory from its backup; for a new home run handover init' },
  },
  SIGNING_KEY_DAMAGED: {
    exit: 12,
    zh: '密钥文件 {file} 不合格式,没有使用',
    en: 'The key file {file} is malformed and was not used',
    remedy: { zh: '用正确的密钥文件,或从备份恢复', en: 'Name the right key file, or restore it from its backup' },
  },
  SIGNING_KEY_MISSING: {
    exit: 12,
    zh: '找不到密钥文件 {file}',
    en: 'There is no key file {file}',
    remedy: { zh: '检查路径;个人密钥由 handover user key 生成', en: 'Check the path; a person makes a key with handover user key' },
  },
  SIGNING_KEY_OPEN: {
    exit: 77,
    zh: '密钥文件 {file} 可被其他用户读取,为安全起见没有使用',
    en: 'The key file {file} can be read by other users; it was not used',
    remedy: { zh: '运行 chmod 600 {file};如果别人可能读过,请更换密钥', en: 'Run chmod 600 {file}; if somebody may have read it, make a new key' },
  },
  SIGNING_KEY_EXISTS: {
    exit: 2,
    zh: '密钥文件 {file} 已经存在,为免覆盖没有写入',
    en: 'The key file {file} exists; it was not overwritten',
    remedy: { zh: '换一个文件名', en: 'Choose another file name' },
  },
  PARTY_DETAILS: {
    exit: 2,
    zh: '本方资料不合要求:{what}',
    en: "The party's own details are not acceptable: {what}",
    remedy: { zh: '立项时给出 --company 公司全称、--credit-code 统一社会信用代码、--contact 对外联系方式、--role 角色', en: 'Give --company, --credit-code, --contact and --role when the home is made' },
  },
  PARTY_DETAILS_DIFFER: {
    exit: 2,
    zh: '本目录已属于另一主体或另一资料的公司,没有改动',
    en: 'This home belongs to a party with other details; nothing was changed',
    remedy: { zh: '每个当事方用自己的目录:换一个 --home', en: 'Each party uses a home of its own: choose another --home' },
  },
  PARTY_FILE_REFUSED: {
    exit: 65,
    zh: '当事方文件没有通过核验({why}),没有采用',
    en: 'The party file did not pass verification ({why}) and was not used',
    remedy: { zh: '请对方用 handover party export 重新导出并换一条渠道发送', en: 'Ask the other side to export it again with handover party export and to send it by another way' },
  },
  PARTY_CHANGED: {
    exit: 65,
    zh: '同一当事方已登记了另一份资料或密钥,可能有人冒充,没有采用新文件',
    en: 'Another file or key is registered for this party; somebody may be posing as it, and the new file was not used',
    remedy: { zh: '打电话给已知号码的对方联系人,核对六个口令词后再处理', en: 'Call the contact that you know and compare the six words before doing anything' },
  },
  WORDS_DIFFER: {
    exit: 12,
    zh: '六个口令词与文件不符,文件可能被调换,没有采用',
    en: 'The six words do not belong to this file; it may have been exchanged and was not used',
    remedy: { zh: '打电话让对方读出 handover party export 显示的六个词;仍不符则重新交换文件', en: 'Have the other side read out the six words that handover party export shows; if they still differ, exchange the files again' },
  },
  INVITATION_REFUSED: {
    exit: 65,
    zh: '邀请文件没有通过核验({why}),没有加入事项',
    en: 'The invitation did not pass verification ({why}); the matter was not joined',
    remedy: { zh: '请立项方用 handover party export --invitation 重新导出', en: 'Ask the opener to export it again with handover party export --invitation' },
  },
  LAW_PACK_REFUSED: {
    exit: 65,
    zh: '法规包没有通过核验({why}),没有采用',
    en: 'The law pack did not pass verification ({why}) and was not adopted',
    remedy: { zh: '法规包须由本方或已核对口令词的顾问方用 handover law pack 签署;请其重新出具,或先用 handover party import 核对其口令词', en: 'A law pack is signed with handover law pack by your own party or by an advisor whose words were compared; ask for it again, or compare the words first with handover party import' },
  },
  LAW_PACK_OUTDATED: {
    exit: 78,
    zh: '本事项采用的法规包 {adoption} 是为另一版本的程序写的,读不出来,没有继续',
    en: 'The law pack {adoption} that this matter adopted was written for another version of the program and cannot be read; nothing was done',
    remedy: { zh: '请法务出具新的法规包并用 handover law import 采用(须两人),或用 handover law import built-in 改用随程序附带的法规', en: 'Ask counsel for a new pack and adopt it with handover law import (two people), or go to the shipped law with handover law import built-in' },
  },
  LAW_PACK_DAMAGED: {
    exit: 65,
    zh: '本事项采用的法规({adoption})与账簿中的登记或签名不符,数据库可能被改动,没有继续',
    en: 'The law that this matter adopted ({adoption}) does not fit what the ledger or its signature says; the database may have been changed, nothing was done',
    remedy: { zh: '不要继续;用 handover log verify 核对账本,并从备份恢复', en: 'Do not go on; compare with handover log verify and restore from a backup' },
  },
  ROLE_MAY_NOT_OPEN: {
    exit: 2,
    zh: '角色 {role} 不能立项,只能加入对方的事项',
    en: 'The role {role} cannot open a matter, only join one',
    remedy: { zh: '由转让方或清算组立项;本方用 handover init --join 邀请文件 加入', en: 'The transferor or the liquidator opens it; join with handover init --join INVITATION' },
  },
})
