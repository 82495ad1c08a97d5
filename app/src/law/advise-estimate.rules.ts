// SPDX-License-Identifier: Apache-2.0
// 可移交比例的估计: the decision table asked about typical customers, with everything else settled. An estimate and said as one.
import type { Words } from '../kit/failure.ts'
import { addDays, type Day } from '../kit/time.ts'
import { statedShare, type AdviceAnswers } from './advise-answers.ts'
import { advise, hasReceiver, type Advice } from './advise.rules.ts'
import { decide } from './decide.rules.ts'
import type { DecisionFacts, Verdict } from './decision-facts.ts'
import { handlerChanges, transferorSurvives } from './handler-changes.rules.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw } from './law-data.ts'
import { cautiousPositions } from './legal-positions.ts'
import type { MatterType } from './nouns.ts'
import { retentionFor } from './retention.rules.ts'

/** 同类客户. A part of the customers (or of the values) that the table judges alike. */
export interface Stratum {
  label: Words
  /** Of all, 0 to 1. */
  share: number
  facts: Partial<DecisionFacts>
  /** What the facts may be as well, where nobody answered which of them it is. */
  or?: readonly Partial<DecisionFacts>[]
}

/** What the table says of one part: whether it can move, on what that rests, and what becomes of it otherwise. */
export interface EstimatedPart {
  label: Words
  share: number
  /** `open`: it turns on a question that nobody answered. */
  moves: 'by-notice' | 'with-consent' | 'with-guardian' | 'stays' | 'not' | 'open'
  rule: string
  law: string
  conf: string
  /** What becomes of those who do not move. */
  otherwise: Verdict['outcome']
}

/** 估计. From at least to at most so much can be transferred, in percent of what was judged. */
export interface Estimate {
  atLeast: number
  atMost: number
  /** With the share of people who are expected to agree; null when nobody said, or when a part is open. */
  expected: number | null
  parts: readonly EstimatedPart[]
  /** What the estimate takes for granted. */
  assumes: Words
}

/** 估计可移交部分. Asks the decision table about each part twice: everybody agrees, nobody answers. People who cannot be reached count in `atMost` only where an announcement is accepted as the last resort (open position announcement_ok). */
export function estimateTransfer(type: MatterType, strata: readonly Stratum[], answers: AdviceAnswers, { today, law = builtInLaw }: { today: Day; law?: LawBook }): Estimate {
  const reach = (answers.reachableShare ?? 0) / 100
  const agree = answers.agreeShare === null ? null : answers.agreeShare / 100
  const judged = strata.map((stratum) => judgeAll(type, stratum, answers, { today, law }))
  const sum = (of: (part: EstimatedPart) => number): number => Math.round(judged.reduce((total, part) => total + part.share * of(part), 0) * 1000) / 10
  const atMost = (part: EstimatedPart): number => (part.moves === 'by-notice' || part.moves === 'open' ? 1 : part.moves === 'not' || part.moves === 'stays' ? 0 : answers.reachableShare === null ? 1 : reach)
  const unasked = judged.some((part) => part.moves === 'open') || (agree === null && judged.some((part) => part.moves === 'with-consent' || part.moves === 'with-guardian'))
  return {
    atLeast: sum((part) => (part.moves === 'by-notice' ? reach : 0)), atMost: sum(atMost),
    expected: unasked ? null : sum((part) => (part.moves === 'by-notice' ? reach : part.moves === 'not' || part.moves === 'stays' ? 0 : reach * (agree ?? 0))),
    parts: judged,
    assumes: { zh: '假定:影响评估、协议、退订名单等都已办妥,等待期已满,没有异议、争议和删除请求;未登记的事实按谨慎的默认', en: 'Assumes that assessment, agreement and suppression list are done, the waiting time is over, and nobody objected, disputed or asked for deletion; unknown facts by the cautious default' },
  }
}

/** What the table says of a part, or that it turns on an unanswered question: then nothing of it is sure to move, and all of it may. */
function judgeAll(type: MatterType, stratum: Stratum, answers: AdviceAnswers, at: { today: Day; law: LawBook }): EstimatedPart {
  const first = judge(type, stratum, answers, at)
  const others = (stratum.or ?? []).map((facts) => judge(type, { ...stratum, facts }, answers, at))
  if (others.every(({ moves }) => moves === first.moves)) return first
  return { ...([first, ...others].find(({ moves }) => moves === 'not' || moves === 'stays') ?? first), moves: 'open' }
}

function judge(type: MatterType, { label, share, facts }: Stratum, answers: AdviceAnswers, { today, law }: { today: Day; law: LawBook }): EstimatedPart {
  const settled = settledCase(type, answers, today)
  const ask = (more: Partial<DecisionFacts>): Verdict => decide({ ...settled, ...facts, ...more }, cautiousPositions, law)
  const best = ask({ transferConsent: 'given', sensitiveConsent: 'given', guardianConsent: 'given', exportConsent: 'given' })
  const silent = ask({ cutoffPassed: true })
  const moves = best.outcome === 'kept' ? 'stays' : best.outcome !== 'transferred' ? 'not' : best.needs.consents.includes('agree-guardian') ? 'with-guardian' : best.needs.consents.length > 0 ? 'with-consent' : 'by-notice'
  return { label, share, moves, rule: best.rule, law: best.law, conf: best.conf, otherwise: moves === 'by-notice' ? best.outcome : silent.outcome }
}

/** A customer with whom everything is in order. */
function settledCase(type: MatterType, answers: AdviceAnswers, today: Day): DecisionFacts {
  const told = { state: 'delivered', on: addDays(today, -(cautiousPositions.notice_wait_days + 1)) } as const
  return {
    matterType: type, today, successor: hasReceiver(type, answers), transferorSurvives: transferorSurvives(type), receiverChangesPurpose: answers.purposeChanges === 'yes', overseas: answers.abroad === 'recipient', exportRouteDone: true,
    importantDataOrMass: false, disposalPlanReported: true, piaApproved: true, agreementSigned: true, undertakingSigned: true, suppressionReady: true, childAssessmentDone: true, cutoffPassed: false,
    holdsPersons: true, lawfulSource: 'lawful', basis: 'unknown', purposeState: 'live', neededForTransfer: true, neededForContract: true, onlyForNewPurpose: false, grade: 'general', biometric: 'none', faceRoute: 'enrol-anew',
    majorEffect: false, retention: [], designatedBody: false, removal: 'destroy', handlerChanges: handlerChanges(type, { stays: false }), stays: false, transferorGoesOnServing: false, ageGroup: 'adult', agePresumption: null,
    contractAssent: false, transferConsent: 'none', sensitiveConsent: 'none', guardianConsent: 'none', exportConsent: 'none', objected: false, deletionRequested: false, withdrawn: false, openRequest: false, suppressed: false, hold: false, holdUntil: null,
    notices: { art22: told, art23: told, art30: told, art31: told, art39: told },
  }
}

/** The parts that the stated shares describe; what they leave over is a part of unknown basis, which never moves by itself (row X28), and what nobody answered may be anything. */
export function strataOfAnswers(answers: AdviceAnswers, today: Day): Stratum[] {
  const { contractShare, assentShare, consentShare, dutyShare } = answers
  const isAnswered = contractShare !== null && consentShare !== null && dutyShare !== null
  const grade = answers.sensitive === 'some' || answers.sensitive === 'unknown' ? ({ grade: 'sensitive' } as const) : {}
  const contract = { basis: 'contract', ...grade } as const
  const duty = { basis: 'legal-duty', retention: retentionFor('accounting-voucher', today), ...grade } as const
  const anyBasis = [{ ...contract, contractAssent: true }, { ...contract, contractAssent: false }, { basis: 'consent', ...grade } as const, duty]
  const parts: Stratum[] = [
    ...contractParts((contractShare ?? 0) / 100, assentShare, contract),
    { label: { zh: '以同意为基础', en: 'consent' }, share: (consentShare ?? 0) / 100, facts: { basis: 'consent', ...grade } },
    { label: { zh: '以法定义务为基础(按会计凭证计保存期)', en: 'legal duty (kept as accounting vouchers)' }, share: (dutyShare ?? 0) / 100, facts: duty },
    isAnswered
      ? { label: { zh: '基础不明', en: 'basis unknown' }, share: (100 - statedShare(answers)) / 100, facts: {} }
      : { label: { zh: '基础没有答复', en: 'basis not answered' }, share: (100 - statedShare(answers)) / 100, facts: {}, or: anyBasis },
  ]
  return parts.filter((part) => part.share > 0)
}

/** Customers with a contract, by who agreed to its assignment; where nobody said how many did, the part may be either. */
export function contractParts(share: number, assentShare: number | null, facts: Partial<DecisionFacts>): Stratum[] {
  const [yes, no] = [{ ...facts, contractAssent: true }, { ...facts, contractAssent: false }]
  if (assentShare === null) return [{ label: { zh: '合同客户,是否同意合同转让没有答复', en: 'contract, assent not answered' }, share, facts: no, or: [yes] }]
  return [
    { label: { zh: '合同客户,同意合同转让', en: 'contract, agreed to the assignment' }, share: (share * assentShare) / 100, facts: yes },
    { label: { zh: '合同客户,未同意合同转让', en: 'contract, no assent' }, share: (share * (100 - assentShare)) / 100, facts: no },
  ]
}

/** Advice with its estimate by the stated shares. */
export function adviseWithEstimate(answers: AdviceAnswers, today: Day, strata: readonly Stratum[] = strataOfAnswers(answers, today), law: LawBook = builtInLaw): Advice & { estimate: Estimate } {
  const advice = advise(answers, law)
  return { ...advice, estimate: estimateTransfer(advice.type, strata, answers, { today, law }) }
}
