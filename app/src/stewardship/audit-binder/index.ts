// SPDX-License-Identifier: Apache-2.0
// The door of the audit binder: an audit of a matter against the 26 statutory points.
export { auditFailures } from './audit-failures.ts'
export { auditNatures, findingResults, findingSeverities, resultWords, severityWords, type Audit, type Finding, type FindingResult, type Sample } from './audit.ts'
export { drawSample } from './draw-sample.ts'
export { binderEvents, concludeAudit, loadBinder, openAudit, recordFinding, refuseUnfinished, sampleEvents, standingFindings, type Binder, type Conclusion, type NewFinding } from './keep-binder.ts'
export { eventsOfPoint, evidenceOfPoints, newTally, type BinderEvent, type EventTally, type PointEvidence } from './point-evidence.rules.ts'
export { auditReport, type AuditContent } from './write-audit-report.rules.ts'
