// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of the audit binder. */
export const auditFailures = failures({
  AUDIT_NOT_OPEN: {
    exit: 15, zh: '本事项还没有审计立项,没有执行', en: 'No audit was opened in this matter; nothing was done',
    remedy: { zh: '先运行 handover audit open --key 文件', en: 'First run handover audit open --key FILE' },
  },
  AUDIT_PERIOD: {
    exit: 2, zh: '审计期间不对({why}),没有立项', en: 'The period of the audit is wrong ({why}); nothing was opened',
    remedy: { zh: '用 --from、--to 给出 YYYY-MM-DD,起不晚于止,止不晚于今天', en: 'Give --from and --to as YYYY-MM-DD, from not after to, to not after today' },
  },
  AUDIT_POINT: {
    exit: 2, zh: '没有编号为「{point}」的审计点,没有登记', en: 'There is no audit point {point}; nothing was recorded',
    remedy: { zh: '运行 handover audit show 查看 26 个审计点', en: 'Run handover audit show for the 26 points' },
  },
  AUDIT_FINDING: {
    exit: 2, zh: '审计结论缺少或不符:{what},没有登记', en: 'The finding lacks or contradicts {what}; nothing was recorded',
    remedy: { zh: '不合规的写明 --text @事实文件、--fix @整改文件、--due 期限;合规或不适用的写 --text @理由文件', en: 'A breach takes --text @FILE, --fix @FILE and --due; conforms and not-applicable take --text @FILE with the reason' },
  },
  AUDIT_FINDING_DAYS: {
    exit: 2, zh: '审计结论的日期不成立({why}),没有登记', en: 'The days of the finding do not fit ({why}); nothing was recorded',
    remedy: { zh: '整改完成日不晚于今天;整改期限从今天起一年以内', en: 'The day of the fix is not after today; its last day lies within a year from today' },
  },
  AUDIT_SAMPLE: {
    exit: 2, zh: '抽样数应为 1 到 500 的整数,没有抽样', en: 'A sample is of 1 to 500 events; nothing was drawn',
    remedy: { zh: '用 --count 给出数量', en: 'Give --count' },
  },
  AUDIT_OPEN_POINTS: {
    exit: 15, zh: '还有 {count} 个审计点没有结论({points}),不能办结', en: '{count} points have no finding yet ({points}); the audit cannot be concluded',
    remedy: { zh: '逐点运行 handover audit finding,再办结', en: 'Record each with handover audit finding, then conclude' },
  },
  AUDIT_CHANGED: {
    exit: 75, zh: '办结期间又有人登记了结论或另行立项,没有办结', en: 'Somebody recorded a finding or opened another audit meanwhile; it was not concluded',
    remedy: { zh: '用 handover audit show 重看后再办结', en: 'Look at it again with handover audit show, then conclude' },
  },
  AUDIT_DAMAGED: {
    exit: 65, zh: '审计底稿的第 {number} 条与签名或种子不符,数据库可能被改动', en: 'Line {number} of the audit binder does not fit its signature or seed; the database may have been changed',
    remedy: { zh: '不要继续;用 handover log verify 核对账本,并从备份恢复', en: 'Do not go on; compare with handover log verify and restore from a backup' },
  },
})
