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
  PLAN_OVERRIDE_IDENTITIES: {
    exit: 13,
    zh: '字段改判的签署人身份没有核验(都在同一处签名,可能是一个人),没有改判',
    en: 'The signers of the override were not told apart (they signed in one place and may be one person); nothing was overridden',
    remedy: { zh: '审批人各在自己的设备上制作密钥并签名:handover approval export,本人 handover approve 文件 -o,再 handover approval import', en: 'Have each approver make their key and sign on a device of their own: handover approval export, they run handover approve FILE -o, then handover approval import' },
  },
  EXPLAIN_NOT_FOUND: {
    exit: 65,
    zh: '有 {n} 条要说明的记录不在账上:编号写错了、已销毁,或标识对不上任何人',
    en: '{n} of the records to explain are not in the books: a wrong id, erased, or identifiers that belong to nobody',
    remedy: { zh: '编号取自回执或质量清单;或写 --data-set 序号 --row 行号', en: 'Take the id from a receipt or a quality list; or give --data-set NUMBER --row NUMBER' },
  },
  PRIVACY_NOTICE_LOST: {
    exit: 65,
    zh: '账簿中登记的隐私政策 {notice} 在数据库里没有了,承诺无从核对,没有继续',
    en: 'The privacy notice {notice} that the ledger has is not in the database; its promises cannot be checked and nothing was done',
    remedy: { zh: '运行 handover doctor,从备份恢复', en: 'Run handover doctor; restore from a backup' },
  },
  EXPLAIN_NOT_PROVEN: {
    exit: 65,
    zh: '文件里的标识由多人共用或是占位号码,不能证明是谁,没有说明任何记录',
    en: 'The identifiers in the file are shared by several people or are placeholders and prove nobody; no record was explained',
    remedy: { zh: '改用身份证号或客户编号', en: 'Use a resident ID or a customer number' },
  },
  EXPLAIN_TOO_MANY: {
    exit: 2,
    zh: '要说明的记录有 {n} 条,一次至多 {max} 条',
    en: '{n} records are asked for, at most {max} at a time',
    remedy: { zh: '分几次说明;整体情况见 handover plan', en: 'Ask for fewer; handover plan shows the whole' },
  },
  WHAT_IF_NOTHING: {
    exit: 2,
    zh: '试算的两套设置相同,没有什么可比较',
    en: 'Both settings of the comparison are the same; there is nothing to compare',
    remedy: { zh: '写出要改的设置,例如 handover plan what-if asset_deal=art22;现行设置见 handover matter show', en: 'Name what to change, e.g. handover plan what-if asset_deal=art22; handover matter show lists the present settings' },
  },
  WHAT_IF_UNCLEAR: {
    exit: 2,
    zh: '看不懂 {given}:它不是 设置=值、不是只属于一项法律立场的答案,也不是日期(YYYY-MM-DD)',
    en: '{given} is neither SETTING=VALUE, nor an answer that only one legal position has, nor a day (YYYY-MM-DD)',
    remedy: { zh: '写成 设置=值,例如 notice_wait_days=15', en: 'Write SETTING=VALUE, e.g. notice_wait_days=15' },
  },
  GATE_RULE_UNKNOWN: {
    exit: 2,
    zh: '没有规则 {rule},没有改判',
    en: 'There is no rule {rule}; nothing was overridden',
    remedy: { zh: '运行 handover gate 查看规则编号', en: 'Run handover gate for the ids of the rules' },
  },
  GATE_NOTHING_TO_OVERRIDE: {
    exit: 2,
    zh: '规则 {rule} 现在没有未消除的障碍,不需要改判',
    en: 'Nothing stands against rule {rule} now; there is nothing to override',
    remedy: { zh: '运行 handover gate 查看', en: 'See handover gate' },
  },
  GATE_OVERRIDE_ARTICLE: {
    exit: 2,
    zh: '条文写法不合要求:{article}',
    en: 'Not the form of an article: {article}',
    remedy: { zh: '写成 法律代号-条号,例如 PIPL-55;handover law list 列出代号', en: 'Write LAW-ARTICLE, e.g. PIPL-55; handover law list has the ids' },
  },
  GATE_OVERRIDE_DAY: {
    exit: 2,
    zh: '改判的最后一天 {until} 不在 {today} 至 {last} 之间',
    en: 'The last day {until} of the override is not between {today} and {last}',
    remedy: { zh: '改判最长一年;需要更久的,届时重新申请', en: 'An override lasts one year at most; ask again when it ends' },
  },
  GATE_OPINION_UNREADABLE: {
    exit: 74,
    zh: '法律意见 {file} 无法读取({why}),没有改判',
    en: 'The opinion {file} cannot be read ({why}); nothing was overridden',
    remedy: { zh: '检查路径和权限', en: 'Check path and permission' },
  },
  GATE_OPINION_NOT_FILED: {
    exit: 13,
    zh: '改判规则 {rule} 的法律意见没有登记在案',
    en: 'The opinion for overriding rule {rule} is not on file',
    remedy: { zh: '先登记:handover counsel add 意见文件', en: 'File it first: handover counsel add FILE' },
  },
  GATE_OPINION_DOES_NOT_FIT: {
    exit: 13,
    zh: '登记的法律意见不支持改判规则 {rule}、没有涵盖它,或在 {until} 之前失效',
    en: 'The opinion on file does not support an override of rule {rule}, does not cover it, or ends before {until}',
    remedy: { zh: '取得涵盖这条规则的意见,或缩短改判期限', en: 'Obtain an opinion that covers the rule, or let the override end earlier' },
  },
  GATE_OPINION_FILER: {
    exit: 13,
    zh: '改判规则 {rule} 的法律意见,最近一次不是由法务或律师登记的',
    en: 'The newest filing of the opinion for overriding rule {rule} was not made by legal or counsel',
    remedy: { zh: '由法务或律师重新登记:handover counsel add 意见文件', en: 'Have legal or counsel file it again: handover counsel add FILE' },
  },
  GATE_OVERRIDE_IDENTITIES: {
    exit: 13,
    zh: '规则 {rule} 属于 BLOCK 级,签署人的身份没有核验(都在同一处签名,可能是一个人),没有改判',
    en: 'Rule {rule} is of severity BLOCK and the signers were not told apart (they signed in one place and may be one person); nothing was overridden',
    remedy: { zh: '审批人各在自己的设备上制作密钥并签名:handover approval export,本人 handover approve 文件 -o,再 handover approval import', en: 'Have each approver make their key and sign on a device of their own: handover approval export, they run handover approve FILE -o, then handover approval import' },
  },
  GATE_OVERRIDE_COUNSEL: {
    exit: 13,
    zh: '规则 {rule} 属于 BLOCK 级,签署人里须有法务或律师,还须有负责人或安全负责人',
    en: 'Rule {rule} is of severity BLOCK: among the signers must be legal or counsel, and the lead or security',
    remedy: { zh: '由这些角色的人员签署后再执行', en: 'Have people of these roles sign, then run it again' },
  },
  FIELD_NOT_FOUND: {
    exit: 2,
    zh: '数据集里没有这个字段:{field}',
    en: 'The data set has no such field: {field}',
    remedy: { zh: '用 handover plan 查看数据集和字段的编号', en: 'See handover plan for the numbers of data sets and fields' },
  },
})
