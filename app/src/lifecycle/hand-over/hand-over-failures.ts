// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of planning, packing and receiving. */
export const handOverFailures = failures({
  PLAN_NOT_APPROVED: {
    exit: 13,
    zh: '还没有经两人批准的去向方案,不能执行这一步',
    en: 'There is no plan that two people approved; this step is not taken',
    remedy: { zh: '依次运行 handover plan、handover plan request、handover approve、handover plan approve', en: 'Run handover plan, handover plan request, handover approve, handover plan approve' },
  },
  RECIPIENT_NOT_APPROVED: {
    exit: 13,
    zh: '这一接收方不在已批准的方案里,没有签发移交包',
    en: 'This recipient is not in the approved plan; no package was issued',
    remedy: { zh: '先用 handover party import 加入该方,再重新拟定并批准方案', en: 'Import the party, then compute and approve the plan again' },
  },
  NOTHING_TO_SEND: {
    exit: 3,
    zh: '按已批准的方案,没有要交给这一方的字段值,没有签发移交包',
    en: 'The approved plan sends nothing to this party; no package was issued',
    remedy: { zh: '用 handover plan 查看各字段值的去向和理由', en: 'See handover plan for where each value goes and why' },
  },
  RECIPIENT_AMBIGUOUS: {
    exit: 13,
    zh: '本事项有 {transferees} 个受让方,而数据集 {dataSets} 没有写明交给哪一个,或写明的不是其中之一;没有批准、没有签发任何东西',
    en: 'This matter has {transferees} transferees, and for the data sets {dataSets} nobody said which of them receives it, or the one named is not among them; nothing was approved or issued',
    remedy: { zh: '在处理情况文件中为每个数据集写明 transferee(当事方编号),再依次 handover treat、handover plan', en: 'Name the transferee (party id) of each data set in the treatment file, then handover treat and handover plan again' },
  },
  CIPHERTEXT_GONE: {
    exit: 74,
    zh: '移交包 {package} 的密文已不在本方目录(对账后已清理),不能再次写出',
    en: 'The ciphertext of package {package} is no longer in this home (removed after reconciliation); it cannot be written again',
    remedy: { zh: '使用先前写出的文件', en: 'Use the file that was written before' },
  },
  OVERRIDE_CANNOT_TRANSFER: {
    exit: 2,
    zh: '改判只能是留用、封存或销毁:移交须满足法律条件,签字不能代替',
    en: 'An override can only keep, seal or destroy: a transfer needs the conditions of the law, which nobody can sign away',
    remedy: { zh: '补齐 handover gate 列出的条件', en: 'Settle the conditions that handover gate lists' },
  },
  FIELD_NOT_FOUND: {
    exit: 2,
    zh: '数据集里没有这个字段:{field}',
    en: 'The data set has no such field: {field}',
    remedy: { zh: '用 handover plan 查看数据集和字段的编号', en: 'See handover plan for the numbers of data sets and fields' },
  },
})
