// SPDX-License-Identifier: Apache-2.0
// 告知书. Notices to customers: fields of the law register §10.4 (ART22, ART23, ART30, ART31, ART39), in plain words.
import type { Words } from '../../kit/failure.ts'
import { facts as factRows, heading, items, para, plain, say, signatures, strong, type Piece } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import type { MatterType } from '../../law/index.ts'
import { categoryText, closingNote, contactOf, dayText, giverOf, handSigner, hasSensitive, nameOf, purposeText, retentionText, sealedSigner, type Draft } from './draft.ts'
import { partyOf } from './paper-facts.ts'

/** What happens, told to a customer. */
export const eventWords = {
  'share-transfer': { zh: '股权转让', en: 'a sale of shares' }, reorganisation: { zh: '重整', en: 'a court reorganisation' }, 'asset-transfer': { zh: '业务（资产）转让', en: 'a sale of the business' }, 'data-only': { zh: '客户资料转让', en: 'a sale of customer information' },
  'merger-absorb': { zh: '吸收合并', en: 'a merger by absorption' }, 'merger-new': { zh: '新设合并', en: 'a merger into a new company' }, 'split-survive': { zh: '存续分立', en: 'a split in which the company goes on' }, 'split-new': { zh: '新设分立', en: 'a split into new companies' },
  dissolution: { zh: '解散清算', en: 'dissolution and liquidation' }, bankruptcy: { zh: '破产清算', en: 'bankruptcy' }, 'stop-product': { zh: '停止运营', en: 'the end of a service' },
} as const satisfies Record<MatterType, Words>

/** 第二十二条告知书. Required: recipient's name and contact; added: event, day, categories, purposes, rights, retention, what the giver keeps. */
export function noticeArt22(d: Draft): Block[] {
  const taker = partyOf(d.facts, 'transferee')
  return [
    salutation(d),
    d.p(say`因${eventWords[d.facts.matter.type].zh}，我司处理的您的个人信息拟转移给下列接收方。接收方将继续履行个人信息处理者的义务${d.law('pipl22')}。您无须办理任何手续；如有异议，请按本告知书第四部分提出。`,
      say`Because of ${eventWords[d.facts.matter.type].en}, the personal information about you that we process is to pass to the recipient named below, who takes over the duties of a handler ${d.law('pipl22')}. You need not do anything; if you object, see part 4.`),
    heading(d.s('接收方', 'Recipient')),
    recipientRows(d),
    heading(d.s('转移的信息', 'What passes')),
    whatRows(d, false),
    ...sensitivePart(d),
    ...abroadPart(d),
    ...exportChoice(d),
    heading(d.s('我司留存的副本', 'What stays with us')),
    residual(d),
    heading(d.s('您的权利和选择', 'Your rights and choices')),
    rights(d),
    d.p(say`接收方变更原先的处理目的、处理方式的，须重新取得您的同意${d.law('pipl22')}。`, say`If the recipient changes the original purpose or method, your consent must be asked anew ${d.law('pipl22')}.`),
    ...ending(d, nameOf(d, taker, 'transferee')),
  ]
}

/** 第二十三条告知书与单独同意. Required: recipient's name, contact, purpose, method, categories; one choice for each purpose, nothing ticked beforehand (网络数据安全管理条例 62). */
export function noticeArt23(d: Draft): Block[] {
  return [
    salutation(d),
    d.p(say`我司拟将您的下列个人信息提供给另一个人信息处理者。依法应向您告知接收方的名称、联系方式、处理目的、处理方式和个人信息的种类；${isBareSale(d) ? '' : '处理以您的同意为基础的，'}还须取得您的单独同意${d.law('pipl23')}。是否同意由您自由决定，不同意不影响我司继续向您提供与此无关的服务${d.law('pipl16')}。`,
      say`We intend to provide the personal information below to another handler. You are to be told the recipient’s name, contact, purpose, method and the categories; ${isBareSale(d) ? '' : 'where processing rests on your consent, '}your separate consent is needed ${d.law('pipl23')}. You decide freely; refusing does not affect services that do not need this ${d.law('pipl16')}.`),
    heading(d.s('接收方', 'Recipient')),
    recipientRows(d),
    heading(d.s('提供的信息', 'What is provided')),
    whatRows(d, true),
    ...sensitivePart(d),
    ...abroadPart(d),
    heading(d.s('不同意的后果', 'If you refuse')),
    ...ifRefused(d),
    residual(d),
    heading(d.s('您的权利', 'Your rights')),
    rights(d),
    heading(d.s('单独同意（请逐项选择，未预先勾选）', 'Separate consent (choose each; nothing is ticked beforehand)')),
    ...consentLines(d),
    ...ending(d, null),
  ]
}

/** A bare sale of information moves with separate consent alone, whatever it was collected on (row X08). */
const isBareSale = (d: Draft): boolean => d.facts.matter.type === 'data-only'

/** What moves with separate consent alone: in an asset deal biometric information as well, on whatever basis it is processed (row X14). */
function restsOnConsent({ facts: { matter } }: Draft): Words {
  if (matter.type === 'data-only') return { zh: '上列信息', en: 'The information above' }
  if (matter.type === 'asset-transfer') return { zh: '以您的同意为基础处理的信息，以及生物识别信息', en: 'What we process on your consent, and biometric information' }
  return { zh: '以您的同意为基础处理的信息', en: 'What we process on your consent' }
}

/** What refusal and silence do, no more than the decision table does: they hold back what rests on consent (X08, X14, X15), not what goes with a contract or on another basis (X16, X18); an objection holds back everything in an asset deal (X12). */
function ifRefused(d: Draft): Block[] {
  const after = d.s('我司将按留存和删除的规定处理没有提供的信息。', 'What is not provided we keep or delete as the law requires.')
  if (isBareSale(d)) return [d.p(say`不同意的，您的信息不会提供给接收方；不答复视为不同意${d.law('pipl14')}。${after}`, say`If you refuse, your information is not provided; no answer counts as refusal ${d.law('pipl14')}. ${after}`)]
  const objection = d.facts.matter.type === 'asset-transfer'
    ? d.p(say`无论以何种基础处理，您都可以提出异议；在${noticeEnd(d)}前提出的，您的信息不移交，法律另有规定的除外${d.law('pipl44')}。${after}`, say`Whatever the basis, you may object; if you do so before ${noticeEnd(d)}, your information does not pass, unless a law says otherwise ${d.law('pipl44')}. ${after}`)
    : d.p(say`无论以何种基础处理，您都可以提出异议，我司将说明理由并答复${d.law('pipl44')}。${after}`, say`Whatever the basis, you may object, and we answer with reasons ${d.law('pipl44')}. ${after}`)
  return [
    d.p(say`${restsOnConsent(d).zh}：您不同意的，这部分信息不会提供给接收方；不答复视为不同意${d.law('pipl14')}。`, say`${restsOnConsent(d).en}: if you refuse, this part is not provided; no answer counts as refusal ${d.law('pipl14')}.`),
    d.p(say`履行您与我司的合同所必需的信息：您已经同意将合同转让给接收方的，告知后随合同移交，不另行征求同意；您没有同意转让合同的，这部分信息不移交${d.law('withContract')}。`, say`What the contract between you and us needs: where you agreed that the contract is assigned to the recipient, it goes with the contract after this notice, and no consent is asked; where you did not, this part does not pass ${d.law('withContract')}.`),
    d.p(say`依法已经公开的信息等法律规定不需要同意的：告知后在合理范围内提供${d.law('otherBasis')}。`, say`What is lawfully public, or what the law lets us process without consent: it is provided after this notice, within reason ${d.law('otherBasis')}.`),
    objection,
  ]
}

/** One choice for one processing, with the option to refuse and nothing ticked (网络数据安全管理条例 62). */
function askOne(d: Draft, what: Piece): Block[] {
  return [para(what, { indent: false }), items([d.s('同意', 'I agree'), d.s('不同意', 'I do not agree')], 'box')]
}

/** 出境单独同意 as a choice of its own, for what rests on consent (个人信息保护法 39); empty where nobody abroad receives. Other bases need the notice only. */
function exportChoice(d: Draft): Block[] {
  if (!d.facts.isRecipientAbroad) return []
  return [
    ...askOne(d, d.t(say`（出境）${restsOnConsent(d).zh}，同意提供给上列境外接收方${d.law('pipl39')}：`, say`(Abroad) ${restsOnConsent(d).en}: providing it to the recipient abroad named above ${d.law('pipl39')}:`)),
    isBareSale(d)
      ? d.p(say`不同意或者不答复的，这些信息不会提供到境外${d.law('pipl14')}。`, say`If you refuse or do not answer, this information does not go abroad ${d.law('pipl14')}.`)
      : d.p(say`不同意或者不答复的，这些信息不会提供到境外${d.law('pipl14')}；其他基础上处理的信息依法只须告知，无须另行同意。`, say`If you refuse or do not answer, this information does not go abroad ${d.law('pipl14')}; for information on another basis the law asks for this notice and no consent.`),
  ]
}

function consentLines(d: Draft): Block[] {
  const sensitive = hasSensitive(d.facts.categories)
  const ask = (what: Piece): Block[] => askOne(d, what)
  return [
    ...ask(d.t(say`（甲）同意将上列一般个人信息提供给接收方，用于上列目的${d.law('pipl23')}：`, say`(A) Providing the ordinary information above to the recipient for the purpose above ${d.law('pipl23')}:`)),
    ...(sensitive ? ask(d.t(say`（乙）同意将上列敏感个人信息提供给接收方，用于上列目的${d.law('pipl29')}：`, say`(B) Providing the sensitive information above to the recipient for the purpose above ${d.law('pipl29')}:`)) : []),
    ...exportChoice(d),
    d.p(say`每项选择只对应一个特定处理活动，不与其他事项捆绑${d.law('ndr62')}；您可随时撤回，撤回与给予同样便捷${d.law('pipl15')}。`, say`Each choice is for one specific processing and is bundled with nothing else ${d.law('ndr62')}. You may withdraw at any time, as easily as you agreed ${d.law('pipl15')}.`),
    signatures(handSigner(d.s('客户', 'Customer'), [d.s('签字', 'Signature'), d.s('手机号后四位', 'Last four digits of mobile')])),
  ]
}

/** Whether a guardian's consent is asked for everything about the child, or only where consent is the basis (row X11; position merger_child). */
const asksEveryGuardian = (d: Draft): boolean => isBareSale(d) || d.facts.positions.merger_child === 'guardian_consent'

function guardianRefusal(d: Draft): Piece {
  if (asksEveryGuardian(d)) return d.t('孩子的信息不转移；由我司依法封存或删除', 'the child’s information does not pass; we seal or delete it as the law requires')
  return d.t('以同意为基础处理的信息不转移，由我司依法封存或删除；对其他信息的转移提出异议的，我司说明理由并答复', 'what we process on consent does not pass; we seal or delete it as the law requires; to an objection against the rest we answer with reasons')
}

/** 监护人告知书. Seven items of 儿童个人信息网络保护规定 第十条 and the option to refuse; guardian and relation are checked. */
export function noticeGuardian(d: Draft): Block[] {
  const taker = partyOf(d.facts, 'transferee')
  const rows: [string, Piece][] = [
    [d.s('收集、存储、使用、转移、披露的目的、方式和范围', 'Purpose, method and scope'), [...purposeText(d), plain(d.s('；方式：随业务一次性转移；范围：', '; method: passed on once with the business; scope: ')), ...categoryText(d, 'all')]],
    [d.s('存储的地点、期限和到期后的处理方式', 'Place and term of storage, and what follows'), [d.ask('存储地点', 'place of storage'), plain(d.s('；', '; ')), ...retentionText(d), plain(d.s('；到期删除或匿名化', '; then deleted or anonymised'))]],
    [d.s('安全保障措施', 'Security measures'), d.t('加密移交、双方逐条对账、最小授权、逐次审批访问', 'encrypted hand-over, reconciliation record by record, least privilege, approval of each access')],
    [d.s('拒绝的后果', 'Consequences of refusing'), guardianRefusal(d)],
    [d.s('投诉、举报的渠道和方式', 'How to complain'), contactOf(d, giverOf(d), 'transferor')],
    [d.s('更正、删除的途径和方法', 'How to correct or delete'), contactOf(d, giverOf(d), 'transferor')],
    [d.s('其他应当告知的事项', 'Other matters'), d.t(say`接收方：${nameOf(d, taker, 'transferee')}，儿童信息保护专门规则及负责人：${d.ask('接收方儿童规则与负责人', '')}`, say`recipient: ${nameOf(d, taker, 'transferee')}; its child rules and named person: ${d.ask('', 'child rules and person of the recipient')}`)],
  ]
  return [
    d.p(say`尊敬的${d.ask('儿童姓名或客户编号', '')}的监护人：`, say`To the guardian of ${d.ask('', 'name or customer number of the child')}:`),
    d.p(say`因${eventWords[d.facts.matter.type].zh}，我司拟将您监护的不满十四周岁未成年人的个人信息转移给${nameOf(d, taker, 'transferee')}（联系方式：${contactOf(d, taker, 'transferee')}）。不满十四周岁未成年人的个人信息是敏感个人信息，处理前须取得监护人同意${d.law('pipl31')}，并以显著、清晰的方式告知下列事项${d.law('child10')}。`,
      say`Because of ${eventWords[d.facts.matter.type].en}, we intend to pass the personal information of the child under fourteen in your care to ${nameOf(d, taker, 'transferee')} (contact: ${contactOf(d, taker, 'transferee')}). Information about children under fourteen is sensitive and needs a guardian’s consent ${d.law('pipl31')}; the following is to be told prominently and clearly ${d.law('child10')}.`),
    heading(d.s('告知事项', 'What you are told')),
    factRows(rows),
    ...abroadPart(d),
    d.p(say`转移前，我司已按规定对接收方开展安全评估${d.law('child17')}：${d.ask('评估报告编号或日期', '')}。`, say`Before the transfer the recipient was assessed for security ${d.law('child17')}: ${d.ask('', 'number or day of the assessment')}.`),
    heading(d.s('您的选择（提供拒绝选项）', 'Your choice (you may refuse)')),
    items([d.s('同意转移', 'I consent to the transfer'), d.s('拒绝转移', 'I refuse the transfer'), d.s('请求删除孩子的个人信息', 'I ask that the child’s information be deleted')], 'box'),
    ...exportChoice(d),
    d.p(say`${asksEveryGuardian(d) ? '' : '以同意为基础处理的信息，'}不答复视为不同意${d.law('pipl14')}。我司须核验监护关系${d.law('child9')}。`, say`${asksEveryGuardian(d) ? 'No' : 'For what we process on consent, no'} answer counts as refusal ${d.law('pipl14')}. We have to check the guardianship ${d.law('child9')}.`),
    signatures(handSigner(d.s('监护人', 'Guardian'), [d.s('签字', 'Signature'), d.s('与儿童的关系', 'Relation'), d.s('核验方式', 'How checked')]), sealedSigner(d, 'transferor', giverOf(d))),
    closingNote(d),
  ]
}

function salutation(d: Draft): Block {
  return para(d.t(strong('尊敬的客户：'), strong('Dear customer,')), { indent: false })
}

function recipientRows(d: Draft): Block {
  const taker = partyOf(d.facts, 'transferee')
  return factRows([
    [d.s('接收方名称', 'Recipient'), nameOf(d, taker, 'transferee')],
    [d.s('统一社会信用代码', 'Credit code'), taker === undefined ? d.ask('统一社会信用代码', 'credit code') : taker.creditCode],
    [d.s('联系方式', 'Contact'), contactOf(d, taker, 'transferee')],
    [d.s('转移原因', 'Reason'), eventWords[d.facts.matter.type][d.lang]],
    [d.s('拟转移日期', 'Day of the transfer'), d.facts.cutoffDay === null ? d.ask('交割基准日', 'cut-off day') : dayText(d.facts.cutoffDay, d.lang)],
  ])
}

function whatRows(d: Draft, withMethod: boolean): Block {
  const purpose: Piece = d.facts.receiverChangesPurpose ? d.ask('接收方新的处理目的、方式（须重新取得同意）', 'new purpose and method of the recipient (consent needed anew)') : [...purposeText(d), ...(withMethod ? [] : [plain(d.s('（目的、方式不变）', ' (unchanged)'))])]
  return factRows([
    [d.s('一般个人信息', 'Ordinary information'), categoryText(d, 'general')],
    [d.s('敏感个人信息', 'Sensitive information'), categoryText(d, 'sensitive')],
    [d.s('处理目的', 'Purpose'), purpose],
    ...(withMethod ? ([[d.s('处理方式', 'Method'), d.ask('接收方的处理方式（存储、使用、加工等）', 'method of the recipient (storage, use …)')]] satisfies [string, Piece][]) : []),
    [d.s('保存期限', 'Retention'), retentionText(d)],
  ])
}

function sensitivePart(d: Draft): Block[] {
  if (!hasSensitive(d.facts.categories)) return []
  return [
    d.p(say`其中包含敏感个人信息（${categoryText(d, 'sensitive')}）。转移的必要性：${d.ask('必要性', '')}；对您权益的影响：${d.ask('对个人权益的影响', '')}${d.law('pipl30')}。`,
      say`This includes sensitive information (${categoryText(d, 'sensitive')}). Why it is necessary: ${d.ask('', 'necessity')}; effect on your rights: ${d.ask('', 'effect on rights')} ${d.law('pipl30')}.`),
  ]
}

function abroadPart(d: Draft): Block[] {
  if (!d.facts.isRecipientAbroad) return []
  return [
    d.p(say`接收方位于境外。您可按下列方式和程序向境外接收方行使权利：${d.ask('向境外接收方行使权利的方式和程序', '')}${d.law('pipl39')}。`,
      say`The recipient is outside the mainland. How you exercise your rights there: ${d.ask('', 'way and procedure of exercising rights abroad')} ${d.law('pipl39')}.`),
  ]
}

function residual(d: Draft): Block {
  return d.p(say`转移完成后，法律、行政法规规定须保存而期限未满的信息由我司封存，只存储和采取安全保护措施${d.law('pipl47s')}；其余副本在接收方验收后${d.n(d.facts.residualCopyDays)}日内删除${d.law('residualPractice')}。`,
    say`After the transfer we seal what a law orders us to keep, for storage and protection only ${d.law('pipl47s')}; other copies are deleted within ${d.n(d.facts.residualCopyDays)} days of acceptance ${d.law('residualPractice')}.`)
}

function rights(d: Draft): Block {
  const giver = giverOf(d)
  return items([
    d.t(say`查阅、复制、更正、补充、删除您的信息，要求解释处理规则${d.law('pipl44to50')}；`, say`You may access, copy, correct, complete and delete your information and ask how it is processed ${d.law('pipl44to50')}.`),
    d.t(say`对转移提出异议、注销账户或终止服务，请在${noticeEnd(d)}前联系：${contactOf(d, giver, 'transferor')}；`, say`To object, close your account or end the service, write before ${noticeEnd(d)} to: ${contactOf(d, giver, 'transferor')}.`),
    d.t(say`对答复不满意的，可以向网信部门投诉或者向人民法院起诉${d.law('pipl50')}。`, say`If you are not satisfied you may complain to the cyberspace administration or sue ${d.law('pipl50')}.`),
  ])
}

/** The last day for objections: the cut-off day when it is known. */
function noticeEnd(d: Draft): Piece {
  return d.facts.cutoffDay === null ? d.ask('异议截止日', 'last day for objections') : dayText(d.facts.cutoffDay, d.lang)
}

function ending(d: Draft, taker: Piece | null): Block[] {
  const wait = d.facts.positions.notice_wait_days
  return [
    ...(taker === null ? [] : [d.p(say`自告知之日起至实际转移至少间隔${d.n(wait)}日${d.law('waitPractice')}。核验本告知书：请拨打我司公开的联系电话，或核对页脚校验码。`, say`At least ${d.n(wait)} days pass between this notice and the transfer ${d.law('waitPractice')}. To check this notice call our published number or compare the code at the foot.`)]),
    closingNote(d),
    signatures({ ...sealedSigner(d, 'transferor', giverOf(d), d.s('告知人', 'Told by')), lines: [], day: dayText(d.facts.today, d.lang) }),
  ]
}
