// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about duties. */
export const dutyFailures = failures({
  DUTY_UNKNOWN: {
    exit: 2,
    zh: '本事项没有义务 {duty},没有登记',
    en: 'This matter has no duty {duty}; nothing was recorded',
    remedy: { zh: '运行 handover duties --all 查看编号', en: 'Run handover duties --all for the ids' },
  },
  DUTY_BY_ACT: {
    exit: 15,
    zh: '义务 {duty}(规则 {rule})逾期会阻止步骤或办结,账簿或签名的事实能说明它已办妥,不能凭一句话了结,没有登记',
    en: 'The duty {duty} (rule {rule}) stops a step or the close when it lapses, and a signed fact or an event can say that it was done; nobody settles it by a word. Nothing was recorded',
    remedy: { zh: '办妥后运行 {command}', en: 'When it is done run {command}' },
  },
  DUTY_EVIDENCE: {
    exit: 2,
    zh: '义务 {duty}(规则 {rule})逾期会阻止步骤或办结,了结须附证明文件,没有登记',
    en: 'The duty {duty} (rule {rule}) stops a step or the close when it lapses; settling it needs a document. Nothing was recorded',
    remedy: { zh: '加 --evidence 文件(回执、公告、批文);文件留在本方,账上只记其加盐摘要', en: 'Add --evidence FILE (receipt, announcement, permit); it stays with you, only its salted digest is recorded' },
  },
  DUTY_EVIDENCE_UNREADABLE: {
    exit: 74,
    zh: '证明文件 {file} 无法读取({why}),没有登记',
    en: 'The evidence {file} cannot be read ({why}); nothing was recorded',
    remedy: { zh: '检查路径和权限', en: 'Check path and permission' },
  },
  DUTY_DAY: {
    exit: 2,
    zh: '了结日 {on} 不能早于义务的起算日 {start},也不能晚于今天 {today},没有登记',
    en: 'The day {on} may not lie before the start {start} of the duty nor after today {today}; nothing was recorded',
    remedy: { zh: '用 --on 给出实际办妥的日期', en: 'Give the day on which it was really done with --on' },
  },
})
