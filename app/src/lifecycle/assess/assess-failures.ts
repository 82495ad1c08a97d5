// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about signed facts (CONTRACTS §17). */
export const assessFailures = failures({
  FACT_UNKNOWN: {
    exit: 2,
    zh: '没有名为「{name}」的事实,没有登记',
    en: 'There is no fact named "{name}"; nothing was recorded',
    remedy: { zh: '运行 handover fact names 查看可登记的事实', en: 'Run handover fact names for the facts that can be recorded' },
  },
  FACT_VALUE: {
    exit: 2,
    zh: '事实 {name} 的内容不合要求({where}:{why}),没有登记',
    en: 'The value of fact {name} is not acceptable ({where}: {why}); nothing was recorded',
    remedy: { zh: '运行 handover fact names {name} 查看所需内容', en: 'Run handover fact names {name} for what it needs' },
  },
  FACT_DAY_AHEAD: {
    exit: 2,
    zh: '事实 {name} 的日期还没有到({where}:{day},今天是 {today}):事实说的是已经发生的事,没有登记',
    en: 'The day of fact {name} has not come yet ({where}: {day}, today is {today}): a fact says what has happened; nothing was recorded',
    remedy: { zh: '到 {day} 当天或之后再运行 handover fact add {name};写错日期的改正后重试', en: 'Run handover fact add {name} on {day} or later; if the day is a slip of the pen, correct it and try again' },
  },
  FACT_OF_NOBODY: {
    exit: 2,
    zh: '事实 {name} 说一个人也没有({where}=0):没有为任何人做过,就不是已经做了,没有登记',
    en: 'The fact {name} says nobody ({where}=0): what was done for nobody was not done; nothing was recorded',
    remedy: { zh: '做完之后以实际人数运行 handover fact add {name};没有这类人的不需要这个事实', en: 'Do it, then run handover fact add {name} with the real number; where there are no such persons the fact is not needed' },
  },
  FACT_BY_ACT: {
    exit: 2,
    zh: '事实 {name} 由一项操作登记,手工登记的不算,没有登记',
    en: 'The fact {name} is recorded by an act; one typed by hand counts for nothing, and nothing was recorded',
    remedy: { zh: '运行登记它的命令 {command}(handover fact names 列出每项事实由哪条命令登记)', en: 'Run the command that records it, {command} (handover fact names says for each fact which one does)' },
  },
  INCIDENT_SMALLER: {
    exit: 13,
    zh: '事件 {incident} 的登记会被改小或改回({members}),须两人;已申请 {request},没有登记',
    en: 'The record of incident {incident} would be made smaller or taken back ({members}), which takes two people; asked as {request}, and nothing was recorded',
    remedy: { zh: '由另一人运行 handover approve {request} --key 其密钥文件,再以同样内容运行 handover fact add incident-known;写错的改正后重试', en: 'Have another person run handover approve {request} --key THEIR-KEY, then run handover fact add incident-known with the same contents; if it is a slip of the pen, correct it and try again' },
  },
  FACT_EVIDENCE: {
    exit: 2,
    zh: '事实 {name} 必须附证明文件,没有登记',
    en: 'The fact {name} needs a document as evidence; nothing was recorded',
    remedy: { zh: '加 --evidence 文件;文件留在本方,账上只记其加盐摘要', en: 'Add --evidence FILE; the file stays with you, only its salted digest is recorded' },
  },
  FACT_EVIDENCE_UNREADABLE: {
    exit: 74,
    zh: '证明文件 {file} 无法读取({why}),没有登记',
    en: 'The evidence {file} cannot be read ({why}); nothing was recorded',
    remedy: { zh: '检查路径和权限', en: 'Check path and permission' },
  },
  FACT_SIGNER: {
    exit: 77,
    zh: '事实 {name} 只能由这些当事方的人员签署:{signers};签署人属于 {role}',
    en: 'The fact {name} may be signed by people of these parties only: {signers}; the signer belongs to {role}',
    remedy: { zh: '由相应当事方的在册人员签署', en: 'Have it signed by a registered person of such a party' },
  },
  FACT_DATA_SET: {
    exit: 2,
    zh: '事项中没有数据集 {dataSet},没有登记',
    en: 'The matter has no data set {dataSet}; nothing was recorded',
    remedy: { zh: '运行 handover matter show --json 查看数据集编号', en: 'Run handover matter show --json for the ids of the data sets' },
  },
  FACT_DAMAGED: {
    exit: 65,
    zh: '已登记的事实 {fact} 与签名不符,数据库可能被改动',
    en: 'The recorded fact {fact} does not fit its signature; the database may have been changed',
    remedy: { zh: '不要继续;用 handover log verify 核对账本,并从备份恢复', en: 'Do not go on; compare with handover log verify and restore from a backup' },
  },
})
