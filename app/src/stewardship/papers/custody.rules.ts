// SPDX-License-Identifier: Apache-2.0
// 保管与交接. Who keeps what, and what is handed over against which count.
import { facts as factRows, heading, inBrackets, items, para, plain, say, shaded, signatures, strong, table, type Piece } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { closingNote, dayText, giverOf, handSigner, nameOf, partyRows, retentionText, sealedSigner, type Draft } from './draft.ts'
import { partyOf, type PaperDataSet } from './paper-facts.ts'

/** 保管契据. The custodian takes sealed sets, keys, logs and reports, and answers customers after deregistration (S05; position post_deregistration_holder). */
export function custodyDeed(d: Draft): Block[] {
  const [giver, custodian] = [giverOf(d), partyOf(d.facts, 'custodian')]
  const { plan } = d.facts
  return [
    partyRows(d, 'transferor', giver, d.s('交付方', 'Giver')),
    partyRows(d, 'custodian', custodian, d.s('保管人', 'Custodian')),
    heading(d.s('保管的内容', 'What is kept')),
    factRows([
      [d.s('封存的字段值', 'Sealed field values'), plan === null ? d.ask('封存数量（先计算方案）', 'sealed values (compute the plan first)') : d.n(plan.sealedValues)],
      [d.s('保存依据与期限', 'Ground and term'), retentionText(d)],
      [d.s('一并保管', 'Kept with it'), d.t(say`密钥与其备份、账簿与存证、影响评估报告和处理记录（不少于三年${d.law('pipl56')}）、提供与委托记录（不少于三年${d.law('ndr12')}）`, say`keys and their backup, books and evidence, impact assessment and processing records (three years or more ${d.law('pipl56')}), records of provision and entrustment (three years or more ${d.law('ndr12')})`)],
      [d.s('存放地点', 'Place'), d.ask('存放地点、介质', 'place and media')],
      [d.s('最后一项到期日', 'Last end'), d.ask('到期日', 'last day')],
    ]),
    heading(d.s('保管人的义务', 'Duties of the custodian')),
    items([
      d.t(say`期限未满的信息只存储和采取必要的安全保护措施，不作其他处理${d.law('pipl47s')}；`, say`What is still to be kept is only stored and protected, and not processed otherwise ${d.law('pipl47s')}.`),
      d.t(say`未结清的债权债务和争议所涉档案单独保存，不得销毁${d.law('archives19')}；`, say`Files of unsettled claims and disputes are kept apart and not destroyed ${d.law('archives19')}.`),
      d.t(say`对外公布联系方式，受理查阅、更正、删除等请求和投诉${d.law('pipl50')}${d.law('custodyPractice')}；`, say`It publishes a contact and answers requests and complaints ${d.law('pipl50')} ${d.law('custodyPractice')}.`),
      d.t('密钥与密文分处保存，两人同时在场方可开启，每次开启记录事由、时间、人员；', 'Keys and ciphertext are kept apart; two people open them together, and reason, time and people are recorded.'),
      d.t(say`到期后鉴定、列册、监销，出具销毁证明${d.law('archives18')}；`, say`At the end it appraises, lists, destroys under supervision and certifies ${d.law('archives18')}.`),
      d.t('发生或可能发生泄露、篡改、丢失的，立即补救、通知并保存证据。', 'On an actual or threatened leak, tampering or loss it remedies and notifies at once and keeps evidence.'),
    ]),
    heading(d.s('费用与更换', 'Cost and replacement')),
    d.p(say`保管费用${d.ask('金额、支付方式', '')}，由${d.ask('承担人', '')}预先支付。保管人不能履行时，由${d.ask('备选保管人', '')}接替，并重新公布联系方式。`, say`The cost of ${d.ask('', 'amount and payment')} is paid in advance by ${d.ask('', 'payer')}. If the custodian cannot go on, ${d.ask('', 'substitute')} takes its place and the contact is published anew.`),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giver, d.s('交付方', 'Giver')), sealedSigner(d, 'custodian', custodian)),
  ]
}

const endingWords: Readonly<Record<string, { zh: string; en: string }>> = {
  transferred: { zh: '移交', en: 'transferred' }, kept: { zh: '留用', en: 'kept' }, sealed: { zh: '封存', en: 'sealed' }, anonymised: { zh: '匿名化', en: 'anonymised' }, destroyed: { zh: '销毁', en: 'destroyed' }, pending: { zh: '待定', en: 'pending' },
}

/** 客户信息交接清单. Data set by data set: what there is, what of it is handed over, sealed, kept or destroyed; both sides sign and count again (rules H03, H05). */
export function handoverList(d: Draft): Block[] {
  const [giver, taker] = [giverOf(d), partyOf(d.facts, 'transferee')]
  const { dataSets, plan, copies } = d.facts
  const count = (set: (typeof dataSets)[number], outcome: string): number => set.endings.filter((ending) => ending.outcome === outcome).reduce((sum, { values }) => sum + values, 0)
  const outcomes = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed', 'pending'].filter((outcome) => ['transferred', 'sealed', 'destroyed'].includes(outcome) || dataSets.some((set) => count(set, outcome) > 0))
  const total = (of: (set: (typeof dataSets)[number]) => number): string => d.n(dataSets.reduce((sum, set) => sum + of(set), 0))
  // Before anything left there is nothing to say of it: the plan's column says what will.
  const isMoved = dataSets.some(({ moved }) => moved.records > 0)
  const movedColumns: [string, number, 'right'][] = isMoved ? [[d.s('其中已移交记录', 'of these records transferred'), d.zh ? 1.9 : 2.6, 'right'], [d.s('已移交人数', 'persons transferred'), d.zh ? 1.7 : 2.6, 'right']] : []
  const rows: Piece[][] = dataSets.map((set) => [String(set.number), setName(d, set), d.n(set.records), set.persons === null ? '–' : d.n(set.persons), d.n(set.values), ...(isMoved ? [d.n(set.moved.records), set.moved.persons === null ? '–' : d.n(set.moved.persons)] : []), ...outcomes.map((outcome) => (set.endings.length === 0 ? d.ask('先计算方案', 'compute the plan') : d.n(count(set, outcome))))])
  const sum = ['', d.s('合计', 'Total'), total(({ records }) => records), '', total(({ values }) => values), ...(isMoved ? [total(({ moved }) => moved.records), ''] : []), ...outcomes.map((outcome) => total((set) => count(set, outcome)))].map((cell) => shaded(strong(cell), 1))
  return [
    factRows([
      [d.s('移交方', 'Giver'), nameOf(d, giver, 'transferor')], [d.s('接收方', 'Recipient'), nameOf(d, taker, 'transferee')],
      [d.s('交割基准日', 'Cut-off day'), d.facts.cutoffDay === null ? d.ask('交割基准日', 'cut-off day') : dayText(d.facts.cutoffDay, d.lang)],
      [d.s('处置方案', 'Plan'), plan === null ? d.ask('尚未计算方案', 'no plan yet') : `${plan.id}${plan.isApproved ? d.s('（已批准）', ' (approved)') : d.s('（未批准）', ' (not approved)')}`],
    ]),
    heading(d.s('数据集', 'Data sets')),
    dataSets.length === 0 ? para(d.ask('尚无数据集，先清查', 'no data set yet; scan first')) : table([[d.s('序', 'No.'), 1, 'right'], [d.s('数据集（来源）', 'Data set (source)'), d.zh ? 4.4 : 3.8], [d.s('记录', 'Records'), d.zh ? 1.7 : 2, 'right'], [d.s('人数', 'Persons'), d.zh ? 1.7 : 2, 'right'], [d.s('字段值', 'Values'), 1.9, 'right'], ...movedColumns, ...outcomes.map((outcome): [string, number, 'right'] => [endingWords[outcome]?.[d.lang] ?? outcome, d.zh ? 1.9 : 2.6, 'right'])], [...rows, sum]),
    d.p(say`恒等：字段值 = 移交 + 留用 + 封存 + 匿名化 + 销毁 + 待定；待定为零方可办结。`, say`Always: values = transferred + kept + sealed + anonymised + destroyed + pending; the matter closes only with nothing pending.`),
    heading(d.s('个人信息种类', 'Categories of personal information')),
    table([[d.s('数据集', 'Data set'), 3], [d.s('一般个人信息', 'Ordinary'), 5], [d.s('敏感个人信息', 'Sensitive'), 4]], dataSets.map((set) => [partName(d, set.name), words(d, set.categories, false), words(d, set.categories, true)])),
    heading(d.s('未读取与副本', 'Not read, and copies')),
    d.p(say`清查未能读取的位置：${d.n(d.facts.notRead)} 处；尚未了结的副本：${d.n(copies.open)} 份；无法触及的副本：${d.n(copies.outOfReach)} 份。`, say`Places the scan could not read: ${d.n(d.facts.notRead)}; copies still open: ${d.n(copies.open)}; out of reach: ${d.n(copies.outOfReach)}.`),
    heading(d.s('随附', 'With it')),
    items([d.t('加密、签名的移交包及其清单（外层摘要、内容根）', 'the encrypted, signed package with its manifest (outer digest, content root)'), d.t('退订、撤回、反对名单（加密摘要形式）', 'the suppression list (as keyed hashes)'), d.t('未办结请求、投诉、冻结清单', 'the list of open requests, complaints and holds'), d.t('密钥交接记录（另路）', 'the record of the keys (by another channel)')], 'box'),
    d.p(say`接收方以验收单逐条确认，双方对账签认同一结果后本清单所列“移交”方为完成${d.law('ndr12')}。`, say`The recipient confirms record by record; what is listed as transferred is complete when both sign the same reconciliation ${d.law('ndr12')}.`),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giver, d.s('移交方', 'Giver')), sealedSigner(d, 'transferee', taker, d.s('接收方', 'Recipient'))),
    signatures(handSigner(d.s('移交人', 'Handed over by'), [d.s('签字', 'Signature')]), handSigner(d.s('接收人', 'Received by'), [d.s('签字', 'Signature')]), handSigner(d.s('监交人', 'Witnessed by'), [d.s('签字', 'Signature')])),
  ]
}

/** A data set and the file or database it came from; a file with one data set is named once. */
function setName(d: Draft, { name, source }: PaperDataSet): string {
  return name === source ? name : `${partName(d, name)}${inBrackets(source, d.lang)}`
}

/** The readers mark what stands above a table's header; a reader of the list is told in words. */
function partName(d: Draft, name: string): string {
  return name.endsWith('#above') ? `${name.slice(0, -'#above'.length)}${inBrackets(d.s('表头以上', 'above the header'), d.lang)}` : name
}

function words(d: Draft, categories: (typeof d.facts)['categories'], sensitive: boolean): Piece {
  const chosen = categories.filter(({ isSensitive }) => isSensitive === sensitive)
  return plain(chosen.length === 0 ? d.s('无', 'none') : chosen.map((one) => one.words[d.lang]).join(d.s('、', ', ')))
}
