// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures of the books and of the matter's log (exit codes: UX.md §5). No value, name or title of a person is ever named. */
export const ledgerFailures = failures({
  EFFECT_REUSED: {
    exit: 1,
    zh: '操作键 {effect} 已用于另一内容的事件({type}),本次没有入账',
    en: 'The operation key {effect} already belongs to an event with other content ({type}); nothing was booked',
    remedy: { zh: '这是程序或并发操作的差错:重新查看现状后再执行', en: 'Look at the present state and run the act again; this is a fault of the program or of two acts at once' },
  },
  BOOKS_CLOSED: {
    exit: 15,
    zh: '事项已经办结,主账不再变动,没有入账',
    en: 'The matter is closed and its books no longer move; nothing was booked',
    remedy: { zh: '已办结事项只能查看、导出证据和核验', en: 'A closed matter can only be viewed, exported and verified' },
  },
  CLOCK_BEHIND_LEDGER: {
    exit: 78,
    zh: '当前时钟({now})早于账上最后一件事({last}),事件时间不得倒退,没有入账',
    en: 'The clock ({now}) is behind the last event of the ledger ({last}); time in the ledger never goes back, nothing was booked',
    remedy: { zh: '校准本机时钟;演示目录请把 --clock 定到更晚', en: 'Set the clock of this machine; in a demo home declare a later --clock' },
  },
  EVENT_TOO_LARGE: {
    exit: 65,
    zh: '账簿事件 {type} 有 {bytes} 字节,超过每个事件 {max} 字节的上限;本次操作未记账,也没有任何改动。一个事项的字段(列)过多时会这样。',
    en: 'The ledger event {type} has {bytes} bytes, more than the {max} that an event may have; nothing was booked or changed. A matter with too many fields (columns) leads to this.',
    remedy: { zh: '入账时即有列数上限,此处不应出现:请报告此问题(不要附上客户数据);表很多时可分成几个事项办理。', en: 'Entering refuses too many columns, so this should not come up: report it (without customer data); a matter with very many tables can be made into several.' },
  },
  BOOKS_OUT_OF_BALANCE: {
    exit: 14,
    zh: '分录会使主账不平:数据集 {dataSet} 字段 {field} 的账户 {account} {why},没有入账',
    en: 'The postings would unbalance the main book: data set {dataSet}, field {field}, account {account}: {why}; nothing was booked',
    remedy: { zh: '运行 handover log verify 查看哪一行不符', en: 'Run handover log verify to see which line differs' },
  },
  DISPOSITION_NOT_AS_EXPECTED: {
    exit: 14,
    zh: '第 {index} 号记录的第 {position} 个字段去向是 {found},不是 {expected},没有改动',
    en: 'Field {position} of record number {index} stands in {found}, not in {expected}; nothing was changed',
    remedy: { zh: '先核对这条记录的去向(可能已由另一操作处理),再重试', en: 'Check where this record stands (another act may have moved it), then try again' },
  },
  RECORD_UNKNOWN: {
    exit: 14,
    zh: '有 {count} 条记录不在本事项账上,没有改动',
    en: '{count} records are not in the books of this matter; nothing was changed',
    remedy: { zh: '确认所选事项与清查范围', en: 'Check the matter and what was inventoried' },
  },
  COPY_UNKNOWN: {
    exit: 14,
    zh: '副本账没有 {copy}',
    en: 'The copies book has no {copy}',
    remedy: { zh: '用 handover copies 查看全部副本', en: 'See all copies with handover copies' },
  },
  COPY_ALREADY_ENDED: {
    exit: 14,
    zh: '副本 {copy} 已经了结({how})',
    en: 'Copy {copy} has already ended ({how})',
    remedy: { zh: '一份副本只能了结一次;如有新副本请另行登记', en: 'A copy ends once; open a new line for a new copy' },
  },
  COPY_END_INCOMPLETE: {
    exit: 2,
    zh: '副本 {copy} 以「{how}」了结时必须写明{missing}',
    en: 'Ending copy {copy} as {how} needs {missing}',
    remedy: { zh: '补上后重试', en: 'Add it and try again' },
  },
  LOG_MATTER_UNKNOWN: {
    exit: 10,
    zh: '没有事项 {matter}',
    en: 'There is no matter {matter}',
    remedy: { zh: '用 handover matter show 查看本目录的事项', en: 'See the matters of this home with handover matter show' },
  },
  LOG_KEY_MISSING: {
    exit: 78,
    zh: '日志密钥文件 {file} 不见了或已损坏,但日志已经签署过检查点;没有签署任何内容',
    en: 'The log key file {file} is gone or damaged although the log has signed checkpoints; nothing was signed',
    remedy: { zh: '从密钥备份恢复该文件;不要新建', en: 'Restore the file from the key backup; do not make a new one' },
  },
  LOG_NOT_KEPT_HERE: {
    exit: 78,
    zh: '事项 {matter} 的账簿和日志不在本目录,由立项的一方保管',
    en: 'The books and the log of matter {matter} are not kept in this home but by the party that opened it',
    remedy: { zh: '请立项的一方执行,或向其索取检查点与证明', en: 'Ask the party that opened the matter, or ask it for checkpoints and proofs' },
  },
  LOG_BUSY: {
    exit: 11,
    zh: '另一个进程正在发布此日志,{seconds} 秒内没有结束',
    en: 'Another process is publishing this log and did not finish within {seconds} seconds',
    remedy: { zh: '稍后再试;已入账的事件不会丢失', en: 'Try again later; booked events are not lost' },
  },
  LOG_TAKEN_OVER: {
    exit: 75,
    zh: '发布途中另一个进程接管了此日志,本进程没有再写任何内容',
    en: 'Another process took over this log while this one was publishing; this one wrote nothing more',
    remedy: { zh: '再次运行同一命令', en: 'Run the same command again' },
  },
  LOG_DIFFERS: {
    exit: 65,
    zh: '日志与{witness}在大小 {size} 处不一致:有人改动了数据库、日志文件,或恢复了错误的备份。已停止,没有签署任何内容',
    en: 'The log differs from {witness} at size {size}: the database or the log files were changed or a wrong backup was restored. Stopped, nothing was signed',
    remedy: { zh: '保全现场(数据库、objects/log、见证方的检查点),用 handover log verify 查明,再从正确的备份恢复', en: 'Preserve the database, objects/log and the witness checkpoints, examine with handover log verify, then restore the right backup' },
  },
  LOG_FILES_DAMAGED: {
    exit: 65,
    zh: '公布的日志文件({file})与大小 {size} 的检查点不符,磁盘上可能已损坏;没有给出存证',
    en: 'The public log files ({file}) do not lead to the checkpoint of size {size}, the disk may have damaged them; no proof was given',
    remedy: { zh: '运行 handover log publish,按账簿重新写出这些文件;仍不符时用 handover log verify 查明', en: 'Run handover log publish, which makes these files anew from the ledger; if it stays, examine with handover log verify' },
  },
  LOG_BEHIND: {
    exit: 65,
    zh: '{witness}见过大小 {seen} 的日志,本地只有 {size},且日志文件不足以补回。已停止,没有签署任何内容',
    en: '{witness} has seen the log at size {seen}, here it has {size}, and the log files do not hold the rest. Stopped, nothing was signed',
    remedy: { zh: '恢复 objects/log 目录(或较新的数据库备份)后再试', en: 'Restore the folder objects/log (or a newer database backup), then try again' },
  },
  LOG_ENTRIES_DAMAGED: {
    exit: 65,
    zh: '日志条目与账上记录不符(第 {index} 条):{why}。已停止,没有签署任何内容',
    en: 'Log entry {index} does not fit the ledger: {why}. Stopped, nothing was signed',
    remedy: { zh: '保全现场并从备份恢复;旧检查点仍可证明原状', en: 'Preserve what is there and restore a backup; older checkpoints still prove the former state' },
  },
  QUORUM_NOT_REACHED: {
    exit: 69,
    zh: '见证方不足:{got} 家已副署,策略需要更多({reasons})。事件已入账并保存,尚未公布',
    en: 'Too few witnesses: {got} cosigned and the policy asks for more ({reasons}). The events are booked and kept, but not published',
    remedy: { zh: '请见证方恢复运行或登记本日志(handover witness add-log),然后重试', en: 'Ask the witnesses to run or to admit this log (handover witness add-log), then try again' },
  },
  NO_POLICY: {
    exit: 78,
    zh: '事项 {matter} 还没有信任策略,不能发布日志',
    en: 'Matter {matter} has no trust policy yet; its log cannot be published',
    remedy: { zh: '先运行 handover policy write 与 handover policy set', en: 'Run handover policy write and handover policy set first' },
  },
  BAD_POLICY_FILE: {
    exit: 65,
    zh: '信任策略不可用:{why}',
    en: 'The trust policy cannot be used: {why}',
    remedy: { zh: '改正后重新运行 handover policy set', en: 'Correct it and run handover policy set again' },
  },
  POLICY_WEAKER: {
    exit: 13,
    zh: '新策略的要求低于现行策略({what}),一人不能放宽',
    en: 'The new policy asks for less than the one in force ({what}); one person cannot lower it',
    remedy: { zh: '运行 handover policy set 文件 --key 本人密钥文件 提出申请,由另一人批准后再登记', en: 'Ask with handover policy set FILE --key YOUR-KEY, have another person approve, then set it' },
  },
  POLICY_EDITED: {
    exit: 65,
    zh: '信任策略文件 {file} 与入账的摘要不符,可能被人改动',
    en: 'The policy file {file} does not have the digest that was booked; somebody may have edited it',
    remedy: { zh: '恢复原文件,或用 handover policy set 登记新的策略', en: 'Restore the file, or register the new policy with handover policy set' },
  },
  NOT_PUBLISHED_YET: {
    exit: 75,
    zh: '第 {seq} 号事件还没有随副署的检查点公布',
    en: 'Event {seq} is not yet covered by a published, cosigned checkpoint',
    remedy: { zh: '先运行 handover log publish', en: 'Run handover log publish first' },
  },
  EVENT_UNKNOWN: {
    exit: 2,
    zh: '账上没有第 {seq} 号事件',
    en: 'The ledger has no event {seq}',
    remedy: { zh: '用 handover log show 查看事件', en: 'See the events with handover log show' },
  },
  LOG_IO: {
    exit: 74,
    zh: '不能读写日志文件 {file}({why});已入账的事件不会丢失',
    en: 'Cannot read or write the log file {file} ({why}); booked events are not lost',
    remedy: { zh: '检查磁盘空间与权限后重试', en: 'Check disk space and permissions, then try again' },
  },
})
