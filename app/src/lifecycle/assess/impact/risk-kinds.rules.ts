// SPDX-License-Identifier: Apache-2.0
// Risks that the facts of a matter raise, and the facts that close or lessen them (个人信息保护法 第五十六条; GB/T 39335).
import type { Words } from '../../../kit/failure.ts'
import type { FactName, MatterState } from '../../../law/index.ts'
import type { ImpactLevel, Likelihood } from './levels.rules.ts'

/** 权益维度. The four kinds of harm of GB/T 39335: self-determination, unequal treatment, reputation and mind, property. */
export const harms = ['self-determination', 'unequal-treatment', 'reputation', 'property'] as const
export type Harm = (typeof harms)[number]

/** What lessens a risk: a signed fact or a count of the books; `closes` = the risk is settled by it alone. */
export interface Relief extends Words {
  closes: boolean
}

/** 风险. A kind of risk: when facts raise it, how hard and how likely, and what lessens it. `rule` names the rule of the register whose article and mark it carries. */
export interface RiskKind extends Words {
  id: string
  rule: string
  harm: Harm
  impact: ImpactLevel
  likelihood: Likelihood
  /** How many records, persons or places it concerns; null = not raised. */
  raised(state: MatterState): number | null
  reliefs(state: MatterState): Relief[]
}

const some = (count: number): number | null => (count > 0 ? count : null)
const transferred = (state: MatterState): number => state.plan?.transfer.records ?? state.dataSets.reduce((sum, set) => sum + set.records, 0)
/** Somebody takes over, whether or not they have joined the matter yet. */
export const hasTaker = (state: MatterState): boolean => state.successor || state.parties.some(({ role }) => role === 'transferee')
/** The key of whoever takes over was compared by spoken words; nobody there yet is not a confirmation. */
function isConfirmed({ parties }: MatterState): boolean {
  const takers = parties.filter(({ role }) => role === 'transferee')
  return takers.length > 0 && takers.every(({ wordsConfirmed }) => wordsConfirmed)
}

const moving = (state: MatterState): number | null => (hasTaker(state) ? some(transferred(state)) : null)

/** A signed fact as a relief, or none. */
function signed(state: MatterState, name: FactName, closes: boolean, words: Words): Relief[] {
  const fact = state.facts[name]?.at(-1)
  return fact === undefined ? [] : [{ zh: `${words.zh}(${fact.recordedOn} 签署)`, en: `${words.en} (signed ${fact.recordedOn})`, closes }]
}

function counted(isSo: boolean, closes: boolean, zh: string, en: string): Relief[] {
  return isSo ? [{ zh, en, closes }] : []
}

/** B05: every data set of persons that was not collected from themselves has its own check, one for all of them there is none. */
function isEverySourceChecked({ dataSets, facts }: MatterState): boolean {
  const checked = new Set((facts['indirect-source-lawful'] ?? []).map(({ value }) => value.dataSet))
  return dataSets.every(({ id, holdsPersons, collected }) => !holdsPersons || collected === 'direct' || checked.has(id))
}

/** B11: a list without entries says nothing until somebody signed that the opt-outs of former years are in it. */
function hasOptOuts({ facts, today }: MatterState): boolean {
  return (facts['opt-outs-brought-in'] ?? []).some(({ value }) => value.on <= today)
}

/** People who were not reached by the notices that are due. */
function untold(state: MatterState): number {
  return Object.values(state.plan?.transfer.notices ?? {}).reduce((sum, tally) => sum + tally.none + tally.bounced, 0)
}

function unasked(state: MatterState): number {
  const { transfer, sensitive, guardian } = state.plan?.transfer.consents ?? { transfer: null, sensitive: null, guardian: null }
  return [transfer, sensitive, guardian].reduce((sum, tally) => sum + (tally === null ? 0 : tally.due - tally.given), 0)
}

/** 风险表. In the order of the journey. */
export const riskKinds: readonly RiskKind[] = [
  {
    id: 'R01', rule: 'B01', harm: 'property', impact: 'high', likelihood: 'medium', zh: '有未读取的位置,可能遗漏个人信息及其副本', en: 'Places were not read; personal information and copies may be missed',
    raised: (state) => some(state.notRead), reliefs: (state) => ((state.facts['inventory-signed-off'] ?? []).some(({ value }) => value.notReadSeen >= state.notRead) ? signed(state, 'inventory-signed-off', false, { zh: '负责人已看过未读取清单并签认', en: 'the unread list was seen and signed' }) : []),
  },
  {
    id: 'R02', rule: 'B05', harm: 'self-determination', impact: 'severe', likelihood: 'medium', zh: '来源未确认合法的记录随业务移交', en: 'Records whose lawful origin is not confirmed move with the business',
    raised: (state) => some((state.plan?.transfer.unconfirmedSourceRecords ?? 0) + (state.plan?.transfer.unlawfulSourceRecords ?? 0)), reliefs: (state) => (isEverySourceChecked(state) ? signed(state, 'indirect-source-lawful', false, { zh: '每个间接来源的数据集均已核实', en: 'the source of every data set that was not collected from the persons was checked' }) : []),
  },
  {
    id: 'R03', rule: 'B08', harm: 'self-determination', impact: 'medium', likelihood: 'high', zh: '超出交易必要的信息被移交', en: 'More is handed over than the deal needs',
    raised: (state) => some(state.plan?.transfer.unneededValues ?? 0), reliefs: (state) => signed(state, 'minimisation-approved', false, { zh: '最小必要清理已核准', en: 'minimisation approved' }),
  },
  {
    id: 'R04', rule: 'E01', harm: 'self-determination', impact: 'high', likelihood: 'high', zh: '移交前没有有效告知个人', en: 'People are not effectively told before the transfer',
    raised: moving, reliefs: (state) => counted(state.plan !== null && Object.keys(state.plan.transfer.notices).length > 0 && untold(state) === 0, true, '应告知者均已送达或依法公告', 'everybody due was reached, or announced to as the law allows'),
  },
  {
    id: 'R05', rule: 'E02', harm: 'self-determination', impact: 'high', likelihood: 'high', zh: '以同意为基础的信息未经单独同意即提供', en: 'Information resting on consent is provided without separate consent',
    raised: (state) => some(Math.max(state.plan?.transfer.consentBasedRecords ?? 0, unasked(state))), reliefs: (state) => [...counted(state.plan !== null && state.plan.transfer.consentBasedRecords > 0 && unasked(state) === 0, true, '须同意的记录均有单独同意;未同意的不在移交集内', 'every record that needs consent has it; the others do not move'), ...signed(state, 'consent-evidence', false, { zh: '同意证据齐备', en: 'consent evidence complete' })],
  },
  {
    id: 'R06', rule: 'E04', harm: 'reputation', impact: 'severe', likelihood: 'medium', zh: '敏感个人信息泄露或被滥用', en: 'Sensitive information leaks or is misused',
    raised: (state) => some(state.plan?.transfer.sensitiveRecords ?? state.counts?.sensitive ?? 0), reliefs: (state) => [...signed(state, 'sensitive-review', false, { zh: '敏感信息识别已人工抽核', en: 'sensitive fields reviewed by sample' }), ...counted(true, false, '密文存放,分级加密,移交包加密签名', 'stored as ciphertext by grade; the package is encrypted and signed')],
  },
  {
    id: 'R07', rule: 'E08', harm: 'self-determination', impact: 'severe', likelihood: 'high', zh: '不满十四周岁未成年人的信息未经监护人同意转移', en: 'Information about children under fourteen moves without a guardian’s consent',
    raised: (state) => some(state.plan?.transfer.under14 ?? state.counts?.under14 ?? 0), reliefs: (state) => {
      const guardian = state.plan?.transfer.consents.guardian
      return [...counted(guardian !== undefined && guardian.due > 0 && guardian.given >= guardian.due, true, '监护人均已同意', 'every guardian consented'), ...signed(state, 'child-assessment', false, { zh: '儿童信息安全评估已完成', en: 'child security assessment done' })]
    },
  },
  {
    id: 'R08', rule: 'B04', harm: 'self-determination', impact: 'high', likelihood: 'medium', zh: '年龄不明,可能包含未成年人', en: 'Unknown ages may include minors',
    raised: (state) => some(state.counts?.unknownAge ?? 0), reliefs: (state) => signed(state, 'age-presumption', true, { zh: '未知年龄的推定已签署', en: 'presumption for unknown ages signed' }),
  },
  {
    id: 'R09', rule: 'H02', harm: 'reputation', impact: 'severe', likelihood: 'medium', zh: '人脸等生物识别信息被移交或经网络传输', en: 'Face or other biometric information is handed over or sent over a network',
    raised: (state) => some(Math.max(state.counts?.face ?? 0, state.plan?.transfer.faceWithoutConsent ?? 0)), reliefs: (state) => counted(state.plan !== null && state.plan.transfer.faceWithoutConsent === 0, false, '没有未经单独同意的人脸信息在移交集内', 'no face information moves without separate consent'),
  },
  {
    id: 'R10', rule: 'B11', harm: 'unequal-treatment', impact: 'medium', likelihood: 'high', zh: '退订、撤回、反对的意愿在移交后失效', en: 'Opt-outs, withdrawals and objections are lost in the transfer',
    raised: moving, reliefs: (state) => counted(state.suppression.ready && hasOptOuts(state), true, `历来的退订均已录入,名单已备好(${state.suppression.entries} 条),随包以加密摘要移交`, `the opt-outs of former years were brought in, the list is ready (${state.suppression.entries}) and travels with the package as keyed hashes`),
  },
  {
    id: 'R11', rule: 'F05', harm: 'property', impact: 'high', likelihood: 'high', zh: '接收方安全能力或信用不足', en: 'The recipient lacks security or integrity',
    raised: moving, reliefs: (state) => [...signed(state, 'recipient-reviewed', false, { zh: '接收方已尽职审查', en: 'recipient reviewed' }), ...signed(state, 'transfer-agreement-signed', false, { zh: '数据转移协议已签署', en: 'transfer agreement signed' }), ...signed(state, 'successor-undertaking-signed', false, { zh: '承继承诺已签署', en: 'undertaking signed' })],
  },
  {
    id: 'R12', rule: 'E05', harm: 'self-determination', impact: 'high', likelihood: 'high', zh: '接收方变更处理目的、方式', en: 'The recipient changes purpose or method',
    raised: (state) => (state.receiverChangesPurpose ? moving(state) : null), reliefs: (state) => counted(state.plan !== null && state.plan.transfer.newUseBlocked > 0, false, '新用途在重新同意前冻结', 'the new use waits for new consent'),
  },
  {
    id: 'R13', rule: 'G01', harm: 'self-determination', impact: 'high', likelihood: 'high', zh: '境外接收或查看', en: 'Receipt or viewing abroad',
    raised: (state) => (state.parties.some(({ overseas }) => overseas) ? transferred(state) : null), reliefs: (state) => signed(state, 'export-route-done', false, { zh: '出境路径已完成', en: 'export route completed' }),
  },
  {
    id: 'R14', rule: 'H03', harm: 'property', impact: 'medium', likelihood: 'medium', zh: '交接中丢失、重复、误投', en: 'Loss, duplication or misdelivery in the hand-over',
    raised: moving, reliefs: (state) => [
      ...counted(isConfirmed(state), false, '接收方密钥已用六词核对', 'the recipient’s key was confirmed by spoken words'),
      ...signed(state, 'restore-test-passed', false, { zh: '交接前备份已恢复测试', en: 'backup restore-tested' }), ...counted(state.packages.issued > 0 && state.packages.withoutReconciliation === 0, true, '已逐条对账并签认', 'reconciled record by record and signed'),
    ],
  },
  {
    id: 'R15', rule: 'H06', harm: 'reputation', impact: 'high', likelihood: 'high', zh: '残留副本(原件、备份、受托人、导出)未了结', en: 'Copies remain open (originals, backups, processors, exports)',
    raised: (state) => some(state.copies.open), // That copies are open is the risk itself; what lessens it is a day by which they end.
    reliefs: (state) => counted(state.copies.residualDue !== null, false, `残留副本须在 ${state.copies.residualDue ?? ''} 前了结`, `copies that remain must end by ${state.copies.residualDue ?? ''}`),
  },
  {
    id: 'R16', rule: 'J01', harm: 'property', impact: 'high', likelihood: 'medium', zh: '须依法保存的信息被误销毁,或保存类别未确定', en: 'What must be kept is destroyed, or its records class is unknown',
    raised: (state) => some((state.plan?.destruction.values ?? 0) + (state.plan?.destruction.retentionUnassigned ?? 0)), reliefs: (state) => [...signed(state, 'retention-map-approved', false, { zh: '保存期限对照已核准', en: 'retention map approved' }), ...counted(state.plan !== null && state.plan.destruction.retentionUnassigned === 0, false, '每个字段的保存类别均已确定', 'every field has its records class')],
  },
  {
    id: 'R17', rule: 'I01', harm: 'self-determination', impact: 'medium', likelihood: 'high', zh: '未办结的请求、争议、冻结因移交而中断', en: 'Open requests, disputes or holds break off at the transfer',
    raised: (state) => some(state.openRequests + state.openHolds), reliefs: (state) => signed(state, 'open-cases-handed-over', true, { zh: '在办请求与投诉已移交', en: 'open cases handed over' }),
  },
  {
    id: 'R18', rule: 'I09', harm: 'self-determination', impact: 'high', likelihood: 'high', zh: '转让方终止后无人保管密钥、记录,无人答复个人', en: 'After the transferor ends nobody keeps keys and records or answers people',
    raised: (state) => (state.transferorSurvives ? null : transferred(state)), reliefs: (state) => signed(state, 'custody-deed-signed', true, { zh: '保管契据已签署', en: 'custody deed signed' }),
  },
  {
    id: 'R19', rule: 'H07', harm: 'reputation', impact: 'high', likelihood: 'medium', zh: '交割后原人员、顾问仍能访问', en: 'Former staff or advisers can still get in after the close',
    raised: moving, reliefs: (state) => signed(state, 'access-revoked', true, { zh: '权限已收回', en: 'access revoked' }),
  },
]

/** The source that a kind of risk carries: that of its rule in the law in use. */
export function sourceOfRisk(kind: Pick<RiskKind, 'rule'>, { law }: Pick<MatterState, 'law'>): { law: string; conf: string } {
  const rule = law.ruleById.get(kind.rule)
  return { law: rule?.src ?? kind.rule, conf: rule?.conf ?? 'J' }
}
