// SPDX-License-Identifier: Apache-2.0
export { agreements, choiceFacts, choiceStatuses, firstStatus, isAgreement, isOnSuppressionList, type ChoiceFacts, type ChoiceStatus, type LatestChoice } from './choices.rules.ts'
export { classifyFailures } from './classify-failures.ts'
export { hasAssent, meetsAny, type Facets } from './facets.rules.ts'
export { matchTreatment, type NamedDataSet } from './match-treatment.rules.ts'
export { recordFactsFor, summariseAnswers, type AnswerSummary, type Circumstances, type RecordFacts } from './record-facts.ts'
export { namedDataSets, renewFacets, treatDataSets, type TreatedDataSet } from './treat-data-sets.ts'
export { readTreatment, treatmentFileSchema, treatmentSchema, type FacetCondition, type FieldGroup, type Treatment, type TreatmentFile } from './treatment.ts'
export { treatmentTemplate } from './treatment-template.ts'
