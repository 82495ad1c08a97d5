// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../../kit/failure.ts'

/** Failures of the impact assessment. */
export const impactFailures = failures({
  IMPACT_NOT_STARTED: {
    exit: 15, zh: '本事项还没有开始影响评估,没有执行', en: 'No impact assessment was started in this matter; nothing was done',
    remedy: { zh: '先运行 handover impact start --key 文件', en: 'First run handover impact start --key FILE' },
  },
  IMPACT_ITEM: {
    exit: 2, zh: '没有名为「{item}」的问题或风险,没有登记', en: 'There is no question or risk named "{item}"; nothing was recorded',
    remedy: { zh: '运行 handover impact show 查看问题,handover impact risks 查看风险', en: 'Run handover impact show for the questions and handover impact risks for the risks' },
  },
  IMPACT_CHOICE: {
    exit: 2, zh: '问题 {item} 只能选:{choices},没有登记', en: '{item} takes one of: {choices}; nothing was recorded',
    remedy: { zh: '加 --choice 其中之一', en: 'Add --choice with one of them' },
  },
  IMPACT_WORDS: {
    exit: 2, zh: '{item} 缺少 {what},没有登记', en: '{item} lacks {what}; nothing was recorded',
    remedy: { zh: '问题加 --text @文件;风险加 --text @措施文件、--owner @负责人文件,写明理由', en: 'A question takes --text @FILE; a risk takes --text @FILE (measure and reason) and --owner @FILE' },
  },
  IMPACT_OPEN: {
    exit: 15, zh: '影响评估还不能批准:未回答的问题 {questions};没有处置的高风险 {risks}', en: 'The assessment cannot be approved yet: unanswered {questions}; high risks without treatment {risks}',
    remedy: { zh: '逐项运行 handover impact answer,再批准', en: 'Answer each with handover impact answer, then approve' },
  },
  IMPACT_BLANK: {
    exit: 15, zh: '报告还有 {count} 处待填({blanks}),不能批准', en: 'The report still has {count} gaps ({blanks}); it cannot be approved',
    remedy: { zh: '先登记处理情况(handover treat)、归并主体、计算方案、补齐当事方,再批准', en: 'Register the treatment (handover treat), resolve subjects, compute the plan and complete the parties first' },
  },
  IMPACT_STOP: {
    exit: 15, zh: '评估结论是不得开展,不能批准', en: 'The conclusion is that it must not go ahead; it cannot be approved',
    remedy: { zh: '消除风险后重新评估,更改结论', en: 'Settle the risks, assess again and change the conclusion' },
  },
  IMPACT_MANAGEMENT: {
    exit: 15, zh: '处置后仍有{level}风险,须由管理层签字', en: 'A {level} risk is left after measures; the management has to sign',
    remedy: { zh: '由负责人(lead)以本人密钥批准并加 --management,或继续降低风险', en: 'Have the lead approve with their own key and --management, or reduce the risk further' },
  },
  IMPACT_OWN_WORK: {
    exit: 13, zh: '批准人自己作出过评估中的判断(或处置),或与作出判断的人同一角色且自己也答过:不能批准自己的判断,没有批准',
    en: 'Who would approve gave judgements (or treatments) of the assessment, or answered in it in the same role as somebody who judged: nobody approves a judgement of their own; it was not approved',
    remedy: { zh: '由没有参与回答的人批准;或由另一角色的人员重新回答判断类问题和处置(handover impact answer),再批准', en: 'Have somebody approve who answered nothing; or let a person of another role answer the judging questions and treatments again (handover impact answer), then approve' },
  },
  IMPACT_CHANGED: {
    exit: 75, zh: '批准期间又有人回答,没有批准', en: 'Somebody answered while it was being approved; it was not approved',
    remedy: { zh: '用 handover impact show 重看后再批准', en: 'Look at it again with handover impact show, then approve' },
  },
  IMPACT_NO_PLAN: {
    exit: 15, zh: '还没有计算处置方案,评估没有对象,不能批准', en: 'No plan was computed: there is nothing that the assessment is about; it cannot be approved',
    remedy: { zh: '先运行 handover plan', en: 'Run handover plan first' },
  },
  IMPACT_DAMAGED: {
    exit: 65, zh: '影响评估的第 {number} 条与签名不符,数据库可能被改动', en: 'Line {number} of the impact assessment does not fit its signature; the database may have been changed',
    remedy: { zh: '不要继续;用 handover log verify 核对账本,并从备份恢复', en: 'Do not go on; compare with handover log verify and restore from a backup' },
  },
  IMPACT_NOT_APPROVED: {
    exit: 15, zh: '影响评估没有批准过,没有打印', en: 'The assessment was never approved; nothing was printed',
    remedy: { zh: '去掉 --approved 打印草稿,或先 handover impact approve', en: 'Print the draft without --approved, or run handover impact approve first' },
  },
})
