// SPDX-License-Identifier: Apache-2.0
// Why a value ends as it does, said with the facts that decided: 移交: 第二十二条, 已告知 2026-05-01, 未提出异议.
import type { Words } from '../kit/failure.ts'
import { countedAge, isArticle22 } from './decision-table.rules.ts'
import type { ConsentState, DecisionFacts, Verdict } from './decision-facts.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw } from './law-data.ts'
import type { LawLine } from './law-line.ts'
import type { LegalPositions } from './legal-positions.ts'
import type { ChoiceKind, NoticeKind } from './nouns.ts'
import { spellObstacle } from './obstacles.ts'
import { retentionWords } from './register-words.ts'
import { runningRetention } from './retention.rules.ts'
import { consentOf, noticeWaitEnds } from './transfer-gates.rules.ts'
import { outcomeWords, rowWords } from './verdict-words.ts'

/** 理由. A verdict in words: one sentence with the facts that decided, and each fact with its article and mark. */
export interface Explanation {
  sentence: Words
  facts: readonly LawLine[]
}

/** 解释判定. The facts behind a verdict in words; `positions` say which article a sale falls under and how long people were given. */
export function explainVerdict(facts: DecisionFacts, verdict: Verdict, positions: LegalPositions, law: LawBook = builtInLaw): Explanation {
  const lines = [...rowLine(verdict), ...linesOf(facts, verdict, { positions, law })]
  const shown = lines.length === 0 ? [{ zh: verdict.why.zh, en: verdict.why.en }] : lines
  return {
    sentence: { zh: `${outcomeWords[verdict.outcome].zh}: ${shown.map((each) => each.zh).join(', ')}`, en: `${outcomeWords[verdict.outcome].en}: ${shown.map((each) => each.en).join(', ')}` },
    facts: lines,
  }
}

/** The situation of the row that decided, with its law. */
function rowLine({ rule, law, conf }: Verdict): LawLine[] {
  const words = rowWords[rule]
  return words === undefined ? [] : [{ ...words, law, conf }]
}

function linesOf(facts: DecisionFacts, verdict: Verdict, { positions, law }: { positions: LegalPositions; law: LawBook }): LawLine[] {
  switch (verdict.outcome) {
    case 'transferred':
      return [...articleLines(facts, verdict, positions), ...toldLines(facts, verdict, positions), ...saidLines(facts, verdict), ...residualLines(verdict, law)]
    case 'pending':
      return [...toldLines(facts, verdict, positions), ...verdict.conditions.map((found) => ({ ...pick(spellObstacle(found)), zh: `待: ${spellObstacle(found).zh}`, en: `waits for: ${spellObstacle(found).en}` }))]
    case 'sealed':
      return [...saidLines(facts, verdict), ...keepingLines(facts, verdict, law)]
    case 'kept':
      return verdict.alsoRules.includes('S04') ? [...saidLines(facts, verdict), line('转让方继续服务该客户', 'the transferor goes on serving the customer', '个人信息保护法 第六条、第十三条(S04)', 'J')] : saidLines(facts, verdict)
    case 'destroyed':
    case 'anonymised':
      return [...endingLines(facts), ...saidLines(facts, verdict), line('没有仍须保存的法定期限', 'no retention duty runs', '个人信息保护法 第四十七条第二款', 'P')]
  }
}

/** Article 22 or 23: which of them a business sale falls under is an open question and is marked as one. */
function articleLines(facts: DecisionFacts, verdict: Verdict, positions: LegalPositions): LawLine[] {
  if (verdict.needs.notices.length === 0) return []
  const article22 = isArticle22(facts, positions)
  const conf = facts.matterType === 'asset-transfer' ? 'J' : 'P'
  return [article22 ? line('第二十二条(承继)', 'Article 22 (succession)', '个人信息保护法 第二十二条', conf) : line('第二十三条(向其他处理者提供)', 'Article 23 (provision to another handler)', '个人信息保护法 第二十三条', conf)]
}

const noticeWords: Readonly<Record<NoticeKind, LawLine>> = {
  art22: line('接收方', 'the recipient', '个人信息保护法 第二十二条', 'P'),
  art23: line('接收方及目的、方式、种类', 'the recipient, purpose, method and kinds', '个人信息保护法 第二十三条', 'P'),
  art30: line('敏感信息的必要性与影响', 'necessity and effect of sensitive information', '个人信息保护法 第三十条', 'P'),
  art31: line('监护人', 'the guardian', '个人信息保护法 第三十一条', 'P'),
  art39: line('境外接收方', 'the recipient abroad', '个人信息保护法 第三十九条', 'P'),
  close30: line('停业', 'closing', '消费者权益保护法实施条例 第二十一条', 'K'),
}

/** What was told on which day, and when the time to answer was over. */
function toldLines(facts: DecisionFacts, verdict: Verdict, positions: LegalPositions): LawLine[] {
  return verdict.needs.notices.flatMap((kind) => {
    const { state, on } = facts.notices[kind] ?? { state: 'none', on: null }
    if ((state !== 'delivered' && state !== 'announced') || on === null) return []
    const words = noticeWords[kind]
    const way = state === 'announced' ? line('公告', 'announced', 'GB/T 35273 5.5 e)、6.4 b)', 'P/J') : line('已告知', 'told', words.law, words.conf)
    const until = noticeWaitEnds(on, positions)
    return [
      { zh: `${way.zh} ${on}(${words.zh})`, en: `${way.en} ${on} (${words.en})`, law: way.law, conf: way.conf },
      ...(positions.notice_wait_days > 0 && kind !== 'art30' ? [line(`等待期至 ${until}`, `time to answer until ${until}`, '产品默认等待期 P01(法律未定期限)', 'J')] : []),
    ]
  })
}

const consentKinds = ['agree-transfer', 'agree-sensitive', 'agree-guardian', 'agree-export'] as const satisfies readonly ChoiceKind[]
const consentWords: Readonly<Record<ConsentState, Words>> = { given: { zh: '已同意', en: 'agreed' }, refused: { zh: '已拒绝', en: 'refused' }, none: { zh: '未答复', en: 'no answer' } }
const consentLaw: Partial<Record<ChoiceKind, LawLine>> = {
  'agree-transfer': line('单独同意', 'separate consent', '个人信息保护法 第二十三条', 'P'),
  'agree-sensitive': line('敏感信息单独同意', 'separate consent for sensitive information', '个人信息保护法 第二十九条', 'P'),
  'agree-guardian': line('监护人同意', "guardian's consent", '个人信息保护法 第三十一条; 儿童个人信息网络保护规定 第九条', 'P/J'),
  'agree-export': line('出境单独同意', 'separate consent to going abroad', '个人信息保护法 第三十九条', 'P'),
}

/** What the person said, or that they said nothing. */
function saidLines(facts: DecisionFacts, verdict: Verdict): LawLine[] {
  const asked: readonly ChoiceKind[] = verdict.alsoRules.includes('X27') ? consentKinds.filter((kind) => consentOf(facts, kind) === 'refused') : verdict.needs.consents
  const consents = asked.flatMap((kind) => {
    const words = consentLaw[kind]
    return words === undefined ? [] : [{ ...words, zh: `${words.zh}:${consentWords[consentOf(facts, kind)].zh}`, en: `${words.en}: ${consentWords[consentOf(facts, kind)].en}` }]
  })
  const opposed = facts.objected
    ? [line('已提出异议', 'objected', '个人信息保护法 第四十四条', 'P')]
    : verdict.outcome === 'transferred' && verdict.needs.notices.length > 0 ? [line('未提出异议', 'no objection', '个人信息保护法 第四十四条', 'P')] : []
  return [
    ...consents, ...opposed,
    ...(facts.deletionRequested ? [line('请求删除,已核实', 'asked for deletion, found valid', '个人信息保护法 第四十七条第一款', 'P')] : []),
    ...(facts.withdrawn ? [line('已撤回同意', 'consent withdrawn', '个人信息保护法 第十五条', 'P')] : []),
    ...(facts.suppressed ? [line('在退订、撤回或反对名单上', 'on the suppression list', '个人信息保护法 第十五条、第四十四条', 'P/J')] : []),
    ...(countedAge(facts) === 'under14' ? [line('不满十四周岁', 'under 14', '个人信息保护法 第二十八条、第三十一条', 'P')] : []),
  ]
}

const purposeWords: Partial<Record<DecisionFacts['purposeState'], Words>> = {
  met: { zh: '目的已实现', en: 'purpose met' }, expired: { zh: '期限已届满', en: 'period expired' }, 'over-collected': { zh: '超出必要收集', en: 'collected beyond need' },
}

/** Why values end at all. */
function endingLines(facts: DecisionFacts): LawLine[] {
  const purpose = purposeWords[facts.purposeState]
  return [
    ...(purpose === undefined ? [] : [{ ...purpose, law: '个人信息保护法 第十九条、第四十七条', conf: 'P' }]),
    ...(facts.basis === 'none' || facts.lawfulSource === 'unlawful' ? [line('没有合法性基础或来源违法', 'no lawful basis, or an unlawful source', '个人信息保护法 第十条、第四十七条', 'P')] : []),
  ]
}

/** What law orders to keep it, until when; or who froze it. */
function keepingLines(facts: DecisionFacts, verdict: Verdict, law: LawBook): LawLine[] {
  if (verdict.sealedFor === 'release') return [line(facts.holdUntil === null ? '保全、争议或冻结,至解除' : `保全、争议或冻结,至 ${facts.holdUntil}`, facts.holdUntil === null ? 'held until it is released' : `held until ${facts.holdUntil}`, '个人信息保护法 第四十七条第二款; 民法典 第一百八十八条', 'P')]
  return runningRetention(facts.retention ?? [], facts.today).map((duty) => {
    const row = law.retentionRows.find((each) => each.id === duty.id)
    const records = row === undefined ? { zh: duty.id, en: duty.id } : retentionWords(row).records
    const until = duty.until === 'permanent' ? { zh: '永久', en: 'for ever' } : duty.until === 'unknown' ? { zh: '终日未定', en: 'no known end' } : { zh: `至 ${duty.until}`, en: `until ${duty.until}` }
    return { zh: `${records.zh}保存${until.zh}(${duty.id})`, en: `${records.en} kept ${until.en} (${duty.id})`, law: duty.source, conf: duty.conf }
  })
}

/** What becomes of the giver's own copy (S01–S05). */
function residualLines({ residual }: Verdict, law: LawBook): LawLine[] {
  if (residual === null || residual.act === 'none') return []
  const row = law.residualRows.find((each) => each.id === residual.rule)
  const act = { destroy: { zh: '本方副本验收后销毁', en: "the giver's copy is destroyed after acceptance" }, keep: { zh: '本方副本留用', en: "the giver's copy is kept" }, seal: { zh: `本方副本封存${residual.until === null ? '' : `至 ${residual.until}`}`, en: `the giver's copy is sealed${residual.until === null ? '' : ` until ${residual.until}`}` } }[residual.act]
  return [{ ...act, law: `${row?.basis ?? '-'}(${residual.rule})`, conf: 'P/J' }]
}

function line(zh: string, en: string, law: string, conf: string): LawLine {
  return { zh, en, law, conf }
}

function pick({ law, conf }: LawLine): Pick<LawLine, 'law' | 'conf'> {
  return { law, conf }
}
