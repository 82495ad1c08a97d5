// SPDX-License-Identifier: Apache-2.0
// The door of assess: facts that people sign for the gates.
export { addFact, type NewFact } from './add-fact.ts'
export { assessFailures } from './assess-failures.ts'
export { factPredicateType, type Evidence, type FactRecord } from './fact.ts'
export { factValueOfPairs, readFactValue } from './fact-value.ts'
export { factsByName, loadFacts } from './load-facts.ts'
export { loadFactRows, type FactRow } from './facts.store.ts'
export { answerImpact, startImpact } from './impact/record-answer.ts'
export { approvedReport, approveImpact, loadImpact, refuseUnapprovable, reportOf, type ImpactStanding } from './impact/approve-impact.ts'
export { isHigh, residualLevel, type Answer, type AssessedRisk, type Treatment } from './impact/assess-risks.rules.ts'
export { impactFailures } from './impact/impact-failures.ts'
export { impactLevels, levelWords, likelihoods } from './impact/levels.rules.ts'
export { questionOf, questions, type Question } from './impact/questions.ts'
