// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of the close, of receipts and of the proof bundle (CONTRACTS §§4, 12, 14; exit codes UX.md §5). */
export const proveFailures = failures({
  BOOKS_STILL_OPEN: {
    exit: 14,
    zh: '还不能办结:待定 {pending} 个值,在途 {inTransit} 个值,未了结副本 {copies} 处,账簿核对发现 {problems} 处不符;没有办结',
    en: 'Not ready to close: {pending} values pending, {inTransit} in transit, {copies} copies open, {problems} problems in the books; nothing was closed',
    remedy: { zh: '用 handover gate close 和 handover copies 查看各项,了结后再运行 handover close', en: 'See handover gate close and handover copies, settle each, then run handover close again' },
  },
  BOOKS_MOVED: {
    exit: 11,
    zh: '办结途中另一个操作改动了账簿,没有办结',
    en: 'Another act changed the books while they were being closed; nothing was closed',
    remedy: { zh: '等它完成;如账簿有变,须重新运行 handover close request 并审批', en: 'Let it finish; if the books changed, run handover close request again and have it approved' },
  },
  PROOF_NOT_SOUND: {
    exit: 65,
    zh: '做出的证据包没有通过自检({check}:{why}),没有写出文件',
    en: 'The bundle that was made did not pass its own check ({check}: {why}); no file was written',
    remedy: { zh: '用 handover log verify 核对账簿;若是签名人不在信任策略里,用 handover policy write 和 handover policy set 更新后重试', en: 'Run handover log verify; if a signer is not in the trust policy, renew it with handover policy write and handover policy set, then try again' },
  },
  PROOF_FILE_TAKEN: {
    exit: 2,
    zh: '文件 {file} 已经存在,内容与现在的证据包不同,没有覆盖',
    en: 'The file {file} exists and is not the bundle of today; it was not overwritten',
    remedy: { zh: '换一个文件名;旧的证据包仍可证明当时的状态', en: 'Choose another name; an older bundle still proves how things stood then' },
  },
  STATEMENT_MISSING: {
    exit: 65,
    zh: '账上第 {seq} 号事件({type})提到的签名文件不在本方数据目录里,证据包不完整,没有写出',
    en: 'The signed file that event {seq} ({type}) speaks of is not in this home; the bundle would be incomplete and was not written',
    remedy: { zh: '从备份恢复数据目录后重试', en: 'Restore the home from a backup, then try again' },
  },
  PUBLIC_NEEDS_CLOSE: {
    exit: 15,
    zh: '公开版证据包只在办结之后才有内容可证,事项 {code} 尚未办结',
    en: 'A public bundle shows the totals of the close, and matter {code} is not closed',
    remedy: { zh: '先运行 handover close;给当事方的证据包用 --kind parties', en: 'Run handover close first; for the parties use --kind parties' },
  },
  RECEIPT_KEY_UNKNOWN: {
    exit: 3,
    zh: '文件 {file} 里的标识没有对应到可以出具回执的记录({why})',
    en: 'The identifiers in {file} lead to no record for which a receipt can be made ({why})',
    remedy: { zh: '核对标识;已注销的记录请用回执码:handover receipt --code-file 文件', en: 'Check the identifiers; for erased records use the receipt code: handover receipt --code-file FILE' },
  },
  RECEIPT_NOT_PROVEN: {
    exit: 13,
    zh: '文件 {file} 里的标识由多人共用,不足以证明是本人,没有出具回执',
    en: 'The identifiers in {file} are shared by several persons and do not prove who asks; no receipt was made',
    remedy: { zh: '补充身份证号或客户编号后重试', en: 'Add the resident ID or the customer number and try again' },
  },
  RECEIPT_NEEDS_CODE: {
    exit: 15,
    zh: '事项已经办结,按标识已经查不到人,回执只能凭回执码领取',
    en: 'The matter is closed and nobody can be looked up by identifier any more; receipts are given by code only',
    remedy: { zh: '用 handover receipt --code-file 文件', en: 'Use handover receipt --code-file FILE' },
  },
  RECEIPT_CODE_UNKNOWN: {
    exit: 12,
    zh: '没有这个回执码对应的回执',
    en: 'There is no receipt for this code',
    remedy: { zh: '照通知上的回执码逐字核对(字母 O、I、L 不会出现)', en: 'Compare the code with the notice, character by character (the letters O, I and L do not occur)' },
  },
  RECEIPT_CODE_MALFORMED: {
    exit: 2,
    zh: '回执码不完整或有错字',
    en: 'The receipt code is incomplete or has a typing error',
    remedy: { zh: '回执码共 27 个字母数字,末位是校验位;照通知逐字核对', en: 'A code has 27 letters and digits, the last is a check; compare it with the notice' },
  },
  CODE_ON_COMMAND_LINE: {
    exit: 2,
    zh: '回执码不能写在命令行里,其他用户可能看到;没有出具回执',
    en: 'A receipt code must not stand on the command line, where others can read it; no receipt was made',
    remedy: { zh: '把回执码写进文件,用 --code-file 文件;或用 --code-file - 从标准输入读取', en: 'Put the code into a file and use --code-file FILE, or --code-file - to read it from standard input' },
  },
  NOTHING_TO_SEAL: {
    exit: 3,
    zh: '没有可以封存回执的客户:记录都已注销,或清查时的承诺已经销毁',
    en: 'There is nobody for whom a receipt can be sealed: the records are erased, or what they were inventoried with is gone',
    remedy: { zh: '回执要在销毁之前封存', en: 'Receipts are sealed before the destruction' },
  },
  RECEIPT_NOT_SOUND: {
    exit: 65,
    zh: '做出的回执没有通过自检({check}:{why}),没有写出文件',
    en: 'The receipt that was made did not pass its own check ({check}: {why}); no file was written',
    remedy: { zh: '用 handover log verify 核对账簿', en: 'Run handover log verify' },
  },
  LEAF_TREE_DAMAGED: {
    exit: 65,
    zh: '暂存的叶树文件 {file} 已损坏,已删除;没有出具回执',
    en: 'The kept tree {file} was damaged and has been removed; no receipt was made',
    remedy: { zh: '再运行一次同一命令,会重新生成;若重复出现,检查磁盘', en: 'Run the same command again, which builds it anew; if it happens again, check the disk' },
  },
  LEAVES_DIFFER: {
    exit: 65,
    zh: '数据库里的记录与日志中承诺的根 {root}… 不符;没有出具回执',
    en: 'The records of the database do not lead to the committed root {root}…; no receipt was made',
    remedy: { zh: '用 handover log verify 核对账簿;从备份恢复后再试', en: 'Run handover log verify; restore from a backup, then try again' },
  },
})
