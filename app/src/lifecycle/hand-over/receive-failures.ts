// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of receiving a package at the recipient's home (CONTRACTS §8). */
export const receiveFailures = failures({
  NOT_A_PACKAGE: {
    exit: 65,
    zh: '文件 {file} 不是移交包,没有读入任何内容',
    en: '{file} is not a package; nothing was read in',
    remedy: { zh: '请对方重新提供移交包(handover pack 写出的 .tar)', en: 'Ask the other side for the package again (the .tar that handover pack wrote)' },
  },
  PACKAGE_OF_OTHER_MATTER: {
    exit: 65,
    zh: '移交包属于另一事项({matter}),没有读入任何内容',
    en: 'The package belongs to another matter ({matter}); nothing was read in',
    remedy: { zh: '去掉 -m,或先用邀请加入那个事项', en: 'Leave out -m, or join that matter by its invitation first' },
  },
  SENDER_UNKNOWN: {
    exit: 65,
    zh: '移交包不是本事项转让方的密钥签名的,没有读入任何内容',
    en: "The package was not signed with the key of this matter's transferor; nothing was read in",
    remedy: { zh: '向对方核实;用 handover party list 查看本事项的当事方', en: 'Check with the other side; handover party list shows the parties of this matter' },
  },
  SENDER_NOT_CONFIRMED: {
    exit: 65,
    zh: '转让方的密钥还没有用六个口令词核对过,没有读入任何内容',
    en: "The transferor's key was never compared by its six words; nothing was read in",
    remedy: { zh: '请对方读出口令词,运行 handover party import 文件 --words "…"', en: 'Have the other side read out the words, then run handover party import FILE --words "…"' },
  },
  NOT_FOR_US: {
    exit: 65,
    zh: '移交包是加密给另一方的,本方打不开',
    en: 'The package is encrypted to another party; it cannot be opened here',
    remedy: { zh: '请对方按本方的当事方文件重新签发', en: "Ask the other side to issue it for this home's party file" },
  },
  POLICY_NEEDED: {
    exit: 2,
    zh: '核验移交包需要信任策略文件(日志钥、见证方、当事方),还没有给出',
    en: 'Checking a package needs a trust policy (log key, witnesses, parties); none was given',
    remedy: { zh: '加上 --policy 文件;给过一次后本目录会记住', en: 'Add --policy FILE; this home remembers it afterwards' },
  },
  POLICY_DIFFERS: {
    exit: 65,
    zh: '信任策略与本方已知的不符:{why}',
    en: 'The trust policy does not agree with what this home knows: {why}',
    remedy: { zh: '与对方核对策略文件;日志钥在邀请里,转让方密钥经口令词核对', en: "Compare the policy with the other side; the log key stands in the invitation, the transferor's key was confirmed by words" },
  },
  PACKAGE_REFUSED: {
    exit: 65,
    zh: '移交包没有通过核验,没有读入任何内容:{why}',
    en: 'The package did not pass verification; nothing was read in: {why}',
    remedy: { zh: '不要使用这一份;用 handover verify 查看全部检查项,请对方重新提供', en: 'Do not use this one; handover verify lists all checks; ask the other side for it again' },
  },
  PACKAGE_REPLACED: {
    exit: 65,
    zh: '同一编号的移交包 {package} 以前收到过另一份内容,已拒收',
    en: 'A package with the number {package} but other content was received before; refused',
    remedy: { zh: '向对方核实哪一份有效;对方应撤回后以新编号签发', en: 'Ask the other side which one holds; it should withdraw and issue a new one' },
  },
  PACKAGE_OLD: {
    exit: 65,
    zh: '移交包序号 {sequence} 早于已收到的 {newest},按重放拒收',
    en: 'Package number {sequence} is older than {newest}, which was received before; refused as a replay',
    remedy: { zh: '只接收最新的移交包;如确需旧包,请对方重新签发', en: 'Receive the newest package only; if the old one is needed, ask for it to be issued again' },
  },
  DESTINATION_KIND: {
    exit: 2,
    zh: '接收目标 {into} 的种类不支持',
    en: 'The destination {into} is of a kind that is not supported',
    remedy: { zh: '用 sqlite:文件、postgres://用户@主机/库、mysql://用户@主机/库 或 folder:目录', en: 'Use sqlite:FILE, postgres://user@host/database, mysql://user@host/database or folder:DIR' },
  },
  DESTINATION_TROUBLE: {
    exit: 74,
    zh: '接收目标出错({why}),正在装入的一段没有生效;已装入的各段不受影响',
    en: 'The destination failed ({why}); the segment under way took no effect, the loaded ones stand',
    remedy: { zh: '检查路径、权限、空间和连接后再次运行同一命令', en: 'Check path, permission, space and connection, then run the same command again' },
  },
  DESTINATION_ENCODING: {
    exit: 65,
    zh: '目标数据库的编码是 {encoding},存不下全部文字;没有装入任何内容',
    en: 'The database has the encoding {encoding} and cannot hold every text; nothing was loaded',
    remedy: { zh: '换一个 UTF-8 编码的数据库', en: 'Use a database with the encoding UTF-8' },
  },
  DATA_SET_TOO_WIDE: {
    exit: 65,
    zh: '有数据集多于 {max} 列,这种目标放不下;没有装入任何内容',
    en: 'A data set has more than {max} columns, which this destination cannot hold; nothing was loaded',
    remedy: { zh: '改用 folder:目录', en: 'Use folder:DIR' },
  },
  LOADED_OTHERWISE: {
    exit: 65,
    zh: '接收目标里移交包 {package} 的第 {segment} 段与这一份不同',
    en: 'Segment {segment} of package {package} stands otherwise in the destination',
    remedy: { zh: '用空的目标重新接收,或加 --reload 清除该包后重新装入', en: 'Receive into an empty destination, or add --reload to remove that package there and load it again' },
  },
})
