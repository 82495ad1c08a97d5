// SPDX-License-Identifier: Apache-2.0
// 销毁. The approval form before, and the certificate after (rules J12, J14; CONTRACTS §9).
import { facts as factRows, heading, inBrackets, items, say, signatures, table } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { closingNote, dayText, giverOf, handSigner, nameOf, sealedSigner, type Draft } from './draft.ts'
import type { PaperOrder } from './paper-facts.ts'

const statusWords = {
  requested: { zh: '已申请', en: 'requested' }, running: { zh: '执行中', en: 'running' }, 'pending-final': { zh: '已销毁，密钥换代前为暂定', en: 'destroyed, provisional until the keys are turned' }, final: { zh: '最终', en: 'final' },
} as const satisfies Record<PaperOrder['status'], { zh: string; en: string }>

/** 销毁审批单. What is to be destroyed, why the law allows it, what was checked; two different people approve, after a cooling-off time. */
export function destructionApproval(d: Draft): Block[] {
  const order = d.facts.orders.findLast(({ status }) => status === 'requested') ?? d.facts.orders.at(-1)
  const { plan } = d.facts
  return [
    factRows([
      [d.s('申请单位', 'Applicant'), nameOf(d, giverOf(d), 'transferor')],
      [d.s('销毁命令', 'Order'), order === undefined ? d.ask('尚未申请销毁', 'no destruction requested yet') : `${order.id}${inBrackets(statusWords[order.status][d.lang], d.lang)}`],
      [d.s('范围', 'Scope'), order === undefined ? d.ask('销毁范围', 'scope') : scopeText(d, order)],
      [d.s('数量', 'Quantity'), order === undefined ? d.ask('记录数、字段值数', 'records and values') : quantity(d, order)],
      [d.s('方案合计', 'By the plan'), plan === null ? d.ask('尚未计算方案', 'no plan yet') : d.t(`销毁 ${d.n(plan.destroyedValues)} 个字段值，匿名化 ${d.n(plan.anonymisedValues)} 个，封存不销毁 ${d.n(plan.sealedValues)} 个`, `${d.n(plan.destroyedValues)} values destroyed, ${d.n(plan.anonymisedValues)} anonymised, ${d.n(plan.sealedValues)} sealed and not destroyed`)],
      [d.s('销毁方式', 'Method'), d.ask('清除密钥与密文、改写或删除原件、介质清除等', 'erasing keys and ciphertext, rewriting or deleting originals, clearing media')],
      [d.s('销毁原因', 'Reason'), d.ask('处理目的已实现、停止服务、撤回同意等', 'purpose met, service stopped, consent withdrawn …')],
    ]),
    heading(d.s('批准前核对（逐项勾选）', 'Checked before approval (tick each)')),
    items([
      d.t(say`保存期限均已届满；期限未满的已改为封存，不在本次范围内${d.law('pipl47s')}`, say`every retention term is over; what must still be kept is sealed and not in this order ${d.law('pipl47s')}`),
      d.t(say`没有未结清的债权债务、投诉、诉讼、冻结${d.law('archives19')}`, say`no unsettled claim, complaint, suit or hold ${d.law('archives19')}`),
      d.t('没有未答复的个人请求；回执已出具或已说明', 'no unanswered request; receipts issued or accounted for'),
      d.t(say`会计档案已鉴定、列册，由单位负责人和档案、会计机构签署意见${d.law('archives18')}`, say`accounting archives appraised and listed, with the opinions of the head, archive and accounting ${d.law('archives18')}`),
      d.t('备份、索引、受托人和导出的副本已列入，够不着的已写明', 'backups, indexes, processors’ and exported copies are listed, those out of reach named'),
    ], 'box'),
    heading(d.s('审批意见', 'Opinions')),
    table([[d.s('环节', 'Step'), 2], [d.s('意见', 'Opinion'), 5], [d.s('签名', 'Signature'), 2], [d.s('时间', 'Time'), 2]], [d.s('经办', 'Prepared'), d.s('档案管理', 'Archives'), d.s('会计', 'Accounting'), d.s('法务或个人信息保护负责人', 'Legal or DPO'), d.s('第一批准人', 'First approver'), d.s('第二批准人（不同于第一）', 'Second approver (another person)')].map((step) => [step, '', '', ''])),
    d.p('销毁不可恢复。两名不同的人批准后，经过冷静期方可执行；执行时重新核对障碍和记录集摘要。', 'Destruction cannot be undone. Two different people approve; it runs only after the cooling-off time, when obstacles and the digest of the record set are checked again.'),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giverOf(d), d.s('单位', 'Unit'))),
  ]
}

/** 销毁证明. What was destroyed, how it was verified, what nobody could reach; the signed statement in the log is the proof, this is its face. */
export function destructionCertificate(d: Draft): Block[] {
  const done = d.facts.orders.filter(({ destroyedAt }) => destroyedAt !== null)
  const { copies } = d.facts
  return [
    d.p(say`兹证明：${nameOf(d, giverOf(d), 'transferor')}就事项 ${d.facts.matter.code} 完成下列销毁。本件是已签名销毁证明的可读形式，以其摘要为准。`, say`This certifies that ${nameOf(d, giverOf(d), 'transferor')} carried out the destruction below for matter ${d.facts.matter.code}. It is the readable face of the signed certificates named by their digests.`),
    heading(d.s('销毁命令', 'Orders')),
    done.length === 0 ? d.p(d.ask('尚无已执行的销毁命令', ''), d.ask('', 'no order has been carried out yet')) : table([[d.s('命令', 'Order'), 3.6], [d.s('范围与数量', 'Scope and quantity'), 4], [d.s('销毁时间', 'Destroyed'), 2.2], [d.s('状态', 'Status'), 2.2], [d.s('签名证明摘要', 'Digest of the certificate'), 4]], done.map((order) => [
      order.id, `${scopeText(d, order)}${d.s('；', '; ')}${quantity(d, order)}`, dayText(order.destroyedAt ?? '', d.lang), statusWords[order.status][d.lang], order.certificate ?? d.ask('证明未签发', 'not issued yet'),
    ])),
    heading(d.s('方法与核验', 'Method and verification')),
    d.p(say`密钥与密文清除，或改写、删除原件后回读核对；本证明只说已核验的结果：日常业务系统中不可检索、访问${d.law('gb35273delete')}。文件槽仅证明“清除”，不宣称密码学擦除；存储介质清除自2027年1月1日起另有强制性标准${d.law('gb46864')}。`,
      say`Keys and ciphertext were cleared, or originals rewritten or deleted and read back. Only what was verified is said: not retrievable or accessible in systems of daily business ${d.law('gb35273delete')}. File slots certify “clear”, not cryptographic erasure; a mandatory standard for clearing media applies from 1 January 2027 ${d.law('gb46864')}.`),
    heading(d.s('够不着的副本', 'Copies out of reach')),
    d.p(say`无法触及或仅有书面保证的副本：${d.n(copies.outOfReach)} 份；尚未了结的副本：${d.n(copies.open)} 份；清查未能读取的位置：${d.n(d.facts.notRead)} 处。`, say`Copies out of reach or merely attested: ${d.n(copies.outOfReach)}; still open: ${d.n(copies.open)}; places the scan could not read: ${d.n(d.facts.notRead)}.`),
    ...overriddenGates(d),
    heading(d.s('人员', 'People')),
    table([[d.s('命令', 'Order'), 4], [d.s('申请人', 'Asked by'), 3], [d.s('批准人', 'Approved by'), 4], [d.s('身份核验', 'Identities'), 3]], done.map((order) => [order.id, order.requestedBy ?? '–', order.approvedBy.join(d.s('、', ', ')) || '–', order.identitiesVerified ? d.s('已核验', 'verified') : d.s('两人身份未核验', 'identities not verified')])),
    closingNote(d),
    signatures({ ...sealedSigner(d, 'transferor', giverOf(d), d.s('出具单位', 'Issued by')), day: dayText(d.facts.today, d.lang) }, handSigner(d.s('监销人', 'Witnesses'), [d.s('签字', 'Signature'), d.s('签字', 'Signature')])),
  ]
}

/** 改判. Whoever relies on the destruction sees which rules of law people let pass, on whose opinion and until when. */
function overriddenGates(d: Draft): Block[] {
  const { overrides } = d.facts
  if (overrides.length === 0) return []
  return [
    heading(d.s('改判的关卡', 'Gate rules overridden')),
    d.p('下列规则的障碍经具名人员依律师意见批准放行；障碍本身没有消除，批准以所列数量和期限为限。', 'The obstacles of these rules were let pass by named people on counsel’s opinion; they were not removed, and the approval reaches as far as the numbers and days below.'),
    table([[d.s('规则与障碍', 'Rule and obstacles'), 5], [d.s('起止', 'From and until'), 3], [d.s('律师意见摘要与条文', 'Digest of the opinion, article'), 4], [d.s('审批', 'Approval'), 3]],
      overrides.map(({ rule, covered, article, opinion, on, until, approval }) => [`${rule}: ${covered}`, `${dayText(on, d.lang)} – ${dayText(until, d.lang)}`, `${opinion} (${article})`, approval])),
  ]
}

function scopeText(d: Draft, order: PaperOrder): string {
  return order.scope === 'vault' ? d.s('密文库及其密钥', 'the vault and its keys') : d.s(`原始文件（${d.n(order.copies)} 份副本）`, `originals (${d.n(order.copies)} copies)`)
}

function quantity(d: Draft, order: PaperOrder): string {
  return d.s(`${d.n(order.records)} 条记录，${d.n(order.values)} 个字段值`, `${d.n(order.records)} records, ${d.n(order.values)} field values`)
}
