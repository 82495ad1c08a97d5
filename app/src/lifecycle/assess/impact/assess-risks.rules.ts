// SPDX-License-Identifier: Apache-2.0
// What the facts and the people's answers make of the risks: levels before and after measures (GB/T 39335 matrix).
import type { MatterState } from '../../../law/index.ts'
import { harder, impactLevels, lessLikely, likelihoodOfScale, moreLikely, riskLevel, type ImpactLevel, type Likelihood, type RiskLevel } from './levels.rules.ts'
import { questions, type Question } from './questions.ts'
import { riskKinds, sourceOfRisk, type Relief, type RiskKind } from './risk-kinds.rules.ts'

/** 处置. What people decided on a risk: a measure with an owner and a day; a strong one may lower the likelihood by one step, and anything may be judged worse than the facts say. */
export interface Treatment {
  measure: string
  owner: string
  due: string | null
  strength: 'strong' | 'ordinary'
  impact: ImpactLevel | null
  likelihood: Likelihood | null
}

/** An answer to a question. */
export interface Answer {
  choice: string | null
  text: string
}

/** 已评风险. A risk that the facts raise, with what lessens it. */
export interface AssessedRisk {
  kind: RiskKind
  law: string
  conf: string
  count: number
  before: { impact: ImpactLevel; likelihood: Likelihood; level: RiskLevel }
  after: { impact: ImpactLevel; likelihood: Likelihood; level: RiskLevel }
  reliefs: readonly Relief[]
  /** Settled by a fact of the books or of a person. */
  closed: boolean
  treatment: Treatment | null
  /** High or severe after measures and nobody has said what is done about it. */
  needsTreatment: boolean
}

/** 评估. Every risk that the facts of the matter raise. */
export function assessRisks(state: MatterState, treatments: ReadonlyMap<string, Treatment>): AssessedRisk[] {
  const scale = likelihoodOfScale(state.counts?.persons ?? 0)
  return riskKinds.flatMap((kind) => {
    const count = kind.raised(state)
    return count === null ? [] : [{ ...assessed(kind, { count, scale, reliefs: kind.reliefs(state), treatment: treatments.get(kind.id) ?? null }), ...sourceOfRisk(kind, state) }]
  })
}

function assessed(kind: RiskKind, { count, scale, reliefs, treatment }: { count: number; scale: Likelihood; reliefs: Relief[]; treatment: Treatment | null }): Omit<AssessedRisk, 'law' | 'conf'> {
  const impact = treatment?.impact === null || treatment === null ? kind.impact : harder(kind.impact, treatment.impact)
  const likelihood = moreLikely(moreLikely(kind.likelihood, scale), treatment?.likelihood ?? 'low')
  const closed = reliefs.some((relief) => relief.closes)
  // A fact that lessens a risk takes one step however many there are; a strong measure with its reason takes one more.
  const byFacts = closed ? 'low' : reliefs.length > 0 ? lessLikely(likelihood) : likelihood
  const left = treatment?.strength === 'strong' ? lessLikely(byFacts) : byFacts
  const after = { impact, likelihood: left, level: riskLevel(impact, left) }
  return {
    kind, count, before: { impact, likelihood, level: riskLevel(impact, likelihood) }, after, reliefs, closed, treatment,
    needsTreatment: isHigh(after.level) && treatment === null,
  }
}

/** Whether a level must be reduced or signed for by the management (rule D04). */
export function isHigh(level: RiskLevel): boolean {
  return level === 'high' || level === 'severe'
}

/** The highest level that is left; low when no risk was raised. */
export function residualLevel(risks: readonly AssessedRisk[]): RiskLevel {
  return risks.reduce<RiskLevel>((worst, risk) => harder(worst, risk.after.level), impactLevels[0])
}

/** Questions that this matter asks. */
export function askedQuestions(state: MatterState): Question[] {
  return questions.filter((question) => question.asked(state))
}

/** What still stands between the assessment and its approval, by id: unanswered questions, and high risks without treatment. */
export function openPoints(state: MatterState, answers: ReadonlyMap<string, Answer>, risks: readonly AssessedRisk[]): { questions: string[]; risks: string[] } {
  return { questions: askedQuestions(state).filter(({ id }) => !answers.has(id)).map(({ id }) => id), risks: risks.filter(({ needsTreatment }) => needsTreatment).map(({ kind }) => kind.id) }
}
