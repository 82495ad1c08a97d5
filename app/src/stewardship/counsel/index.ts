// SPDX-License-Identifier: Apache-2.0
// The door of counsel: legal opinions, letters of authorities, and the regular report to them.
export { addOpinion, loadOpinions, opinionDocument, type NewOpinion, type Opinion, type OpinionCovers } from './opinion.ts'
export { isAuthority, isLetterSubject, letterDocument, loadLetters, recordLetter, type Letter, type NewLetter } from './letter.ts'
export { draftReport, type DraftReport, type ReportPeriod } from './authority-report.ts'
export { authorityReportPaper, type Reporter } from './write-authority-report.rules.ts'
export { counselFailures } from './counsel-failures.ts'
