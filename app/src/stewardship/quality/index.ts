// SPDX-License-Identifier: Apache-2.0
export { bookCertificate, certificateOf, issueCertificate, type CertificateHead, type QualityCertificate } from './certificate.ts'
export { checkQuality, type KnownTable, type QualityOrder } from './check-quality.ts'
export { correctionRefusals, previewCorrections, type Correction, type CorrectionPreview, type CorrectionRefusal } from './preview-corrections.ts'
export { qualityFailures } from './quality-failures.ts'
export { countsOf, totalOf, type DataSetQuality, type FieldQuality, type NotChecked, type QualityFinding, type QualityReport, type RuleCounts } from './quality-report.ts'
export { qualityRuleCodes, qualityRules, qualityRulesVersion, type QualityRule, type QualityRuleCode } from './quality-rules.ts'
export { writeCorrectedCopy, type CorrectedCopy, type CorrectionOrder } from './write-corrected-copy.ts'
export { WorkListWriter } from './write-work-list.ts'
