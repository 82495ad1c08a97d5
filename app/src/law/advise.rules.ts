// SPDX-License-Identifier: Apache-2.0
// Advice before a matter is opened: which type it is, what will be asked, by when (register §0, §9, §11). Words of the register; nothing here is certain that is not marked P.
import type { Words } from '../kit/failure.ts'
import { addDays, instantOf, type Day } from '../kit/time.ts'
import { adviceQuestions, statedShare, type AdviceAnswers, type DealEvent } from './advise-answers.ts'
import { countDeadline } from './deadline.rules.ts'
import { factTable, isFactName, type FactName } from './facts.ts'
import { handlerChangeByType } from './handler-changes.rules.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw } from './law-data.ts'
import type { LawLine } from './law-line.ts'
import { cautiousPositions } from './legal-positions.ts'
import type { GuardedStep, MatterType } from './nouns.ts'
import { sizeTier, tierDuties, type SizeTier, type TierDuty } from './size-tier.rules.ts'

/** 须登记的事实. A fact that a gate will ask for, by the gravest rule that reads it. */
export interface NeededFact extends Words {
  fact: FactName
  evidence: 'required' | 'optional'
  rules: readonly string[]
  /** BLOCK stops a step; the others warn, HIGH stops the close. */
  sev: 'BLOCK' | 'HIGH' | 'MED' | 'LOW'
  steps: readonly GuardedStep[]
  /** Only asked where something happens that no question is about. */
  maybe: boolean
  law: string
  conf: string
}

/** 日程. A duty with its date where the start is known. */
export interface AdvisedDuty extends LawLine {
  id: string
  due: Day | null
  counted: Words
}

/** 咨询意见. What the answers mean; never more certain than the register. */
export interface Advice {
  type: MatterType
  reasons: readonly LawLine[]
  /** Somebody receives customers' information. */
  transfers: boolean
  warnings: readonly LawLine[]
  facts: readonly NeededFact[]
  duties: readonly AdvisedDuty[]
  size: { tier: SizeTier; law: string; conf: string; duties: readonly TierDuty[] } | null
  /** Questions that were answered with "unknown" or not at all: each is taken cautiously. */
  open: readonly (keyof AdviceAnswers)[]
}

const typeOfEvent: Readonly<Record<DealEvent, MatterType>> = {
  'sell-shares': 'share-transfer', 'sell-business': 'asset-transfer', 'sell-list': 'data-only', 'merge-into-buyer': 'merger-absorb', 'merge-into-new': 'merger-new', 'split-and-go-on': 'split-survive',
  'split-and-end': 'split-new', 'close-company': 'dissolution', bankruptcy: 'bankruptcy', 'stop-service': 'stop-product', 'court-reorganisation': 'reorganisation',
}

/** 咨询. Advice from the answers of the questionnaire (rules A01–A06 and what follows from them). Total: every answer gives advice. */
export function advise(answers: AdviceAnswers, law: LawBook = builtInLaw): Advice {
  const type = typeOfEvent[answers.event]
  const transfers = hasReceiver(type, answers)
  return {
    type, transfers, reasons: reasonsFor(type, transfers), warnings: warningsFor(type, answers), facts: factsFor(type, transfers, answers, law), duties: dutiesFor(type, transfers, answers, law),
    size: answers.customers === null ? null : { ...sizeTier(answers.customers), duties: tierDuties(countsOf(answers)).filter((duty) => duty.on) },
    open: openQuestions(answers),
  }
}

/** Whether somebody receives customers' information under these answers; an unknown successor counts as none until somebody is named. */
export function hasReceiver(type: MatterType, { successor }: Pick<AdviceAnswers, 'successor'>): boolean {
  if (handlerChangeByType[type] === 'never') return false
  return type === 'dissolution' || type === 'bankruptcy' ? successor === 'yes' : true
}

function reasonsFor(type: MatterType, transfers: boolean): LawLine[] {
  const never: LawLine[] = [line('处理者不变:客户信息不因此移交;买方、母公司、顾问是另外的处理者,看到什么都属于提供', 'The handler stays the same and nothing is transferred; buyer, parent and advisers are other handlers, whatever they see is a provision', '个人信息保护法 第二十二条、第二十三条、第七十三条', 'P/J')]
  if (type === 'share-transfer' || type === 'reorganisation') return never
  if (type === 'stop-product') return [line('停止服务:停止收集,告知,能删的删,依法须留的封存', 'A service stops: stop collecting, tell, delete what may go, seal what must stay', '个人信息保护法 第四十七条; GB/T 35273 6.4', 'P')]
  if (type === 'data-only') return [line('单独出售客户名单:只有匿名化,或逐人单独同意;可能构成犯罪', 'A bare list: only anonymised or with separate consent of each person; may be a crime', '个人信息保护法 第十条、第二十三条; 刑法 第二百五十三条之一', 'P')]
  if (type === 'asset-transfer') return [line('合同转让业务,处理者变更:默认按第二十三条,告知五项,基础为同意的另取单独同意;合同客户须同意合同转让', 'A contract moves the business and the handler changes: by default Article 23, five items told, separate consent where consent is the basis; contract customers must agree to the assignment', '个人信息保护法 第二十三条; 民法典 第五百五十一条、第五百五十五条', 'P/J')]
  if (!transfers) return [line('没有承接方:删除,依法须保存的封存并交保管人', 'Nobody takes over: delete, and seal with a custodian what a law keeps', '个人信息保护法 第四十七条; GB/T 35273 6.4、9.3 c)', 'P')]
  return [line('依公司法或破产程序由承继方接收:逐人告知接收方名称和联系方式;目的方式改变须重新同意', 'A successor receives by company law or insolvency: everybody is told its name and contact; a change of purpose or method needs new consent', '个人信息保护法 第二十二条; 民法典 第六十七条', 'P')]
}

function warningsFor(type: MatterType, answers: AdviceAnswers): LawLine[] {
  const looks = answers.buyerLooks !== 'no'
  const warnings: [boolean, LawLine][] = [
    [looks && handlerChangeByType[type] === 'never', line('买方的人查看客户信息就是向其他处理者提供,要有自己的依据、告知和评估', "The buyer's people looking at customers is a provision to another handler and needs its own basis, notice and assessment", '个人信息保护法 第二十三条、第五十五条', 'P')],
    [looks && handlerChangeByType[type] !== 'never', line('交割前只给脱敏、汇总的资料,先签保密协议;敏感、生物识别和未成年人的不进资料室', 'Before closing only masked and aggregate views, after a signed NDA; nothing sensitive, biometric or of minors in the data room', '个人信息保护法 第六条; GB/T 35273 9.2', 'P/J')],
    [type === 'share-transfer' && answers.shamSigns !== 'no', line('名义代持、零对价、欠薪、大额预付余额:可能是甩债式转让,先上报律师', 'Nominee, zero price, unpaid wages, large prepaid balances: may be a sale to drop debts; counsel first', '规则 A01; 法规登记簿 §8 职业闭店人案', 'S')],
    [type === 'data-only', line('先取得律师书面意见', "counsel's written opinion first", '刑法 第二百五十三条之一; 法释〔2017〕10号', 'P')],
    [answers.sensitive === 'faces', line('人脸信息默认销毁,由接收方重新采集;经网络传输须单独同意', 'Face information is destroyed and enrolled anew by default; over a network only with separate consent', '人脸识别技术应用安全管理办法 第八条', 'J')],
    [answers.minors === 'under-14' || answers.minors === 'unknown', line('不满十四周岁:默认须监护人同意并先做安全评估;年龄不明不等于成年', "Under 14: the guardian's consent and an assessment by default; an unknown age is not adult", '个人信息保护法 第三十一条; 儿童个人信息网络保护规定 第九条、第十七条', 'P/J')],
    [answers.purposeChanges !== 'no', line('改变目的或方式:旧用途可以告知移交,新用途须重新同意', 'A change of purpose or method: the old use may move by notice, the new one needs new consent', '个人信息保护法 第十四条、第二十二条', 'P')],
    [answers.abroad !== 'no', line('有人在境外接收或查看即为出境:另须走出境路径(handover export-check)', 'A recipient or viewer abroad is an export and needs a route of its own (handover export-check)', '个人信息保护法 第三十八条、第三十九条', 'P')],
    [answers.importantData !== 'no' || (answers.customers ?? 0) >= 10_000_000, line('重要数据或一千万人以上:移交、处置前报告处置方案', 'Important data or ten million persons: report a disposal plan first', '网络数据安全管理条例 第二十八条、第三十二条', 'P')],
    [answers.sectors.some((sector) => sector === 'anti-money-laundering' || sector === 'credit-reporting'), line('行业法指定接收机构的部分,不能交给买方', 'What a sector law sends to a named body does not go to the buyer', '反洗钱法 第三十四条; 征信业管理条例 第十二条', 'P')],
    [answers.prepaid !== 'no', line('有预付余额的客户是债权人:停业前逐一告知,继续履行或退还余额;合同、到店和余额记录不得丢弃', 'Customers with prepaid balances are creditors: tell them before closing, go on performing or refund; contract, visit and balance records may not be dropped', '消费者权益保护法实施条例 第二十二条; 法释〔2025〕4号 第七条、第十三条、第二十五条', 'P')],
    [answers.prepaid !== 'no' && answers.shops.includes('shanghai'), line('上海:停业提前三十日,以电话、短信或电子邮件告知记名卡持卡人', 'Shanghai: thirty days before closing, named-card holders by phone, SMS or e-mail', '上海市单用途预付消费卡管理规定 第十七条', 'P')],
    [answers.prepaid !== 'no' && answers.shops.includes('beijing'), line('北京:以电话、短信或微信告知,并在经营场所和网页公示', 'Beijing: by phone, SMS or WeChat, and on the premises and the web page', '北京市单用途预付卡管理条例 第十八条', 'P')],
  ]
  return warnings.filter(([applies]) => applies).map(([, warning]) => warning)
}

/** Facts that only make sense under a condition; what is not listed is asked whenever a rule of the type reads it. */
const factConditions: Partial<Record<string, (answers: AdviceAnswers, transfers: boolean) => boolean>> = {
  'transfer-agreement-signed': (_, transfers) => transfers, 'successor-undertaking-signed': (_, transfers) => transfers, 'separate-consent-text-approved': (answers, transfers) => transfers && mayRestOnConsent(answers),
  'announcement-published': ({ reachableShare }, transfers) => transfers && reachableShare !== 100, 'minimisation-approved': (_, transfers) => transfers,
  'child-assessment': ({ minors }, transfers) => transfers && (minors === 'under-14' || minors === 'unknown'), 'guardian-consent-checked': ({ minors }, transfers) => transfers && (minors === 'under-14' || minors === 'unknown'),
  'guardians-told': ({ minors }, transfers) => !transfers && (minors === 'under-14' || minors === 'unknown'), 'stop-notice-given': (_, transfers) => !transfers,
  'export-route-done': ({ abroad }) => abroad !== 'no', 'export-answers': ({ abroad }) => abroad !== 'no', 'abroad-access': ({ abroad }) => abroad !== 'no',
  'disposal-plan-reported': ({ importantData, customers }) => importantData !== 'no' || (customers ?? 0) >= 10_000_000,
  'important-data-assessment': ({ importantData }) => importantData !== 'no', 'prepaid-settled': ({ prepaid }) => prepaid !== 'no', 'home-page-notice': ({ shops, sectors }) => shops.includes('online') || sectors.includes('e-commerce-platform'),
  'viewer-access': looks, 'room-release-approved': looks, 'nda-signed': looks, 'room-controls-tested': looks, 'room-scan-clean': looks, 'de-identification-evaluated': looks, 'diligence-returned': looks,
  'face-filing-cancelled': ({ sensitive }) => sensitive === 'faces' || sensitive === 'unknown', 'archives-export-cleared': ({ abroad }) => abroad !== 'no', 'security-review-opinion': ({ abroad, customers }) => abroad !== 'no' || (customers ?? 0) >= 1_000_000,
  'child-rules-ready': ({ minors }, transfers) => transfers && (minors === 'under-14' || minors === 'unknown'),
  'sector-hand-over': isNamedSector, 'recipient-designated': isNamedSector, 'consent-evidence': mayRestOnConsent, 'sale-plan-approved': ({ event, successor }) => event === 'bankruptcy' && successor !== 'no',
  'important-data-duties-met': ({ importantData }) => importantData !== 'no', 'minors-audit-filed': ({ minors }) => minors !== 'none', 'minors-not-processed': ({ minors }) => minors === 'none' || minors === 'unknown',
}

/** Facts about things that may never happen: nobody is told that they are missing before they do. */
const onlyWhenItHappens: readonly string[] = ['incident-known', 'refusals-answered', 'broker-reviewed', 'crypto-assessment-passed', 'provision-remedied', 'foreign-request-approved', 'recipient-violation', 'ciio-reported', 'anonymisation-tested', 'lineage-recorded', 'join-approved', 'joint-agreement-signed', 'public-scope-checked', 'marketing-consent-kept']

/** A whole business that is sold only needs counsel's opinion where a list leaves it by itself (rule F07); a bare sale always does. */
function isMaybe(fact: string, { event }: AdviceAnswers): boolean {
  return onlyWhenItHappens.includes(fact) || (fact === 'bulk-sale-counsel-opinion' && event !== 'sell-list')
}

function mayRestOnConsent(answers: AdviceAnswers): boolean {
  return answers.consentShare === null ? statedShare(answers) < 100 : answers.consentShare > 0
}

function looks({ buyerLooks }: AdviceAnswers): boolean {
  return buyerLooks !== 'no'
}

function isNamedSector({ sectors }: AdviceAnswers): boolean {
  return sectors.includes('anti-money-laundering') || sectors.includes('credit-reporting')
}

const severities = ['BLOCK', 'HIGH', 'MED', 'LOW'] as const

/** What the gates of this type read, each once, the gravest first. */
function factsFor(type: MatterType, transfers: boolean, answers: AdviceAnswers, law: LawBook): NeededFact[] {
  const reading = law.rules.filter((rule) => rule.appliesTo.includes(type) && rule.guards.length > 0)
  const names = [...new Set(reading.flatMap((rule) => rule.facts))].filter(isFactName).filter((name) => factConditions[name]?.(answers, transfers) ?? true)
  return names.map((fact) => {
    const rules = reading.filter((rule) => rule.facts.includes(fact)).toSorted((a, b) => severities.indexOf(a.sev) - severities.indexOf(b.sev))
    const [gravest] = rules
    const { zh, en, evidence } = factTable[fact]
    return { fact, zh, en, evidence, rules: rules.map((rule) => rule.id), sev: gravest?.sev ?? 'LOW', steps: [...new Set(rules.flatMap((rule) => rule.guards))], maybe: isMaybe(fact, answers), law: gravest?.src ?? '-', conf: gravest?.conf ?? 'J' } as const
  }).toSorted((a, b) => Number(a.maybe) - Number(b.maybe) || severities.indexOf(a.sev) - severities.indexOf(b.sev))
}

/** A line of the deadline table with where it starts; `which` picks one of several lengths. */
interface DutyRow {
  id: string
  start: 'decision' | 'closing' | null
  which?: number
  when: (type: MatterType, transfers: boolean, answers: AdviceAnswers) => boolean
}

const restructures = (type: MatterType): boolean => type.startsWith('merger-') || type.startsWith('split-')
const closes = (type: MatterType): boolean => type === 'dissolution' || type === 'stop-product' || type === 'bankruptcy'

const dutyRows: readonly DutyRow[] = [
  { id: 'T20', start: 'decision', which: 0, when: restructures }, { id: 'T20', start: 'decision', which: 1, when: restructures }, { id: 'T21', start: null, when: restructures },
  { id: 'T22', start: 'decision', when: (type) => type === 'dissolution' }, { id: 'T23', start: 'decision', when: (type) => type === 'dissolution' },
  { id: 'T24', start: null, which: 0, when: (type) => type === 'dissolution' }, { id: 'T24', start: null, which: 1, when: (type) => type === 'dissolution' }, { id: 'T25', start: null, when: (type) => type === 'dissolution' },
  { id: 'T26', start: 'closing', when: (type) => type === 'dissolution' }, { id: 'T28', start: 'decision', when: (type) => type === 'bankruptcy' }, { id: 'T29', start: 'closing', when: (type) => type === 'bankruptcy' },
  { id: 'T30', start: 'closing', when: (type) => type === 'bankruptcy' },
  { id: 'T39', start: 'closing', when: (type, transfers, { prepaid, shops }) => (closes(type) || type === 'asset-transfer') && (prepaid !== 'no' || shops.length > 0) },
  { id: 'T31', start: 'closing', when: (type, _, { sectors, shops }) => closes(type) && (sectors.includes('e-commerce-platform') || shops.includes('online')) },
  { id: 'T32', start: 'closing', when: (type, _, { sectors }) => closes(type) && sectors.includes('telecom') }, { id: 'T33', start: 'closing', when: (type, _, { sectors }) => closes(type) && sectors.includes('express') },
  { id: 'P02', start: 'closing', when: (_, transfers) => transfers }, { id: 'T18', start: 'decision', when: () => true },
  { id: 'T09', start: null, when: (_type, _, { customers }) => (customers ?? 0) >= 1_000_000 }, { id: 'T10', start: 'decision', when: (_type, _, { minors }) => minors !== 'none' },
  { id: 'T14', start: null, when: (_type, _, { abroad }) => abroad !== 'no' }, { id: 'T35', start: null, when: (_type, _, { sensitive, customers }) => sensitive === 'faces' && (customers ?? 100_000) >= 100_000 },
]

function dutiesFor(type: MatterType, transfers: boolean, answers: AdviceAnswers, law: LawBook): AdvisedDuty[] {
  const rows = dutyRows.filter((row) => row.when(type, transfers, answers)).map((row) => dutyOf(row, answers, law))
  const told = transfers ? [latestNotice(answers)] : []
  return [...told, ...rows].toSorted((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999'))
}

/** The last day on which people can be told so that the waiting time is over before the move (position notice_wait_days; no law sets a period). */
function latestNotice({ closingOn }: AdviceAnswers): AdvisedDuty {
  const days = cautiousPositions.notice_wait_days
  const due = closingOn === null ? null : addDays(closingOn, -(days + 1))
  return { id: 'P01', ...line('最迟在这一天逐人告知接收方', 'tell everybody of the recipient by this day', '个人信息保护法 第二十二条、第二十三条; 产品默认等待期 P01(法律未定期限)', 'J'), due, counted: { zh: `移交前满 ${days} 日`, en: `${days} full days before the move` } }
}

function dutyOf({ id, start, which }: DutyRow, answers: AdviceAnswers, law: LawBook): AdvisedDuty {
  const row = law.deadlines.find((each) => each.id === id)
  const period = row?.period[which ?? 0]
  const isOneOfSeveral = row !== undefined && row.period.length > 1 && which !== undefined
  const length = lengthWords(period)
  const words: Words = { zh: `${row?.what ?? id}${isOneOfSeveral ? `(${length.zh})` : ''}`, en: `${row?.whatEn ?? id}${isOneOfSeveral ? ` (${length.en})` : ''}` }
  const from = start === 'decision' ? answers.decidedOn : start === 'closing' ? answers.closingOn : null
  const open: Words = { zh: `自${row?.starts ?? ''}起 ${isOneOfSeveral ? length.zh : (row?.length ?? '')}`, en: `${isOneOfSeveral ? length.en : (row?.lengthEn ?? length.en)}, counted from: ${row?.startsEn ?? ''}` }
  if (row === undefined || from === null) return { id, ...words, law: row?.source ?? '-', conf: row?.conf ?? 'J', due: null, counted: open }
  const counted = countDeadline(id, instantOf(`${from}T00:00:00+08:00`), { lines: law.deadlines, ...(which === undefined ? {} : { which }) })
  return { id, ...words, law: counted.source, conf: counted.certain || counted.conf !== 'P' ? counted.conf : `${counted.conf}/日历未公布`, due: counted.dueDay, counted: counted.counted }
}

function lengthWords(period: LawBook['deadlines'][number]['period'][number] | undefined): Words {
  const { days, workingDays, months, years } = period ?? {}
  if (days !== undefined) return { zh: `${days} 日`, en: `${days} days` }
  if (workingDays !== undefined) return { zh: `${workingDays} 个工作日`, en: `${workingDays} working days` }
  if (months !== undefined) return { zh: `${months} 个月`, en: `${months} months` }
  return years === undefined ? { zh: '所定期限', en: 'the set time' } : { zh: `${years} 年`, en: `${years} years` }
}

function countsOf({ customers, sensitive, minors }: AdviceAnswers) {
  const persons = customers ?? 0
  const some = (applies: boolean): number => (applies ? persons : 0)
  return {
    persons, sensitive: some(sensitive !== 'none'), under14: minors === 'under-14' || minors === 'unknown' ? 1 : 0, under18: minors === 'none' ? 0 : 1, unknownAge: minors === 'unknown' ? 1 : 0, face: some(sensitive === 'faces'),
  }
}

/** Some questions only matter for some events, or while other answers leave something open. */
function isAsked(key: keyof AdviceAnswers, answers: AdviceAnswers): boolean {
  const { event, contractShare } = answers
  if (key === 'successor') return event === 'close-company' || event === 'bankruptcy' || event === 'stop-service'
  if (key === 'contractShare' || key === 'consentShare' || key === 'dutyShare') return statedShare(answers) < 100
  if (key === 'assentShare') return event === 'sell-business' && contractShare !== 0
  return key !== 'shamSigns' || event === 'sell-shares'
}

function openQuestions(answers: AdviceAnswers): (keyof AdviceAnswers)[] {
  const open = adviceQuestions.map(({ key }) => key).filter((key) => (answers[key] === 'unknown' || answers[key] === null) && isAsked(key, answers))
  // All three answered and something left over: its basis is unknown, which is an open question too.
  return statedShare(answers) < 100 && !open.some((key) => key === 'contractShare' || key === 'consentShare' || key === 'dutyShare') ? [...open, 'contractShare'] : open
}

function line(zh: string, en: string, law: string, conf: string): LawLine {
  return { zh, en, law, conf }
}
