// SPDX-License-Identifier: Apache-2.0
// The door of papers: templates filled from a matter's facts, printed as PDF and DOCX.
export { closingNote, dayText, draftOf, giverOf, handSigner, roleWords, sealedSigner, type Draft } from './draft.ts'
export { eventWords } from './notices.rules.ts'
export { paperFailures } from './papers-failures.ts'
export { partyOf, type PaperCategory, type PaperDataSet, type PaperFacts, type PaperOrder, type PaperParty } from './paper-facts.ts'
export { needOf, type PaperNeed } from './paper-need.rules.ts'
export { sourceRun, sources, type SourceName } from './sources.ts'
export { draftPaper, isPaperName, missingOf, paperNames, paperTemplates, type PaperName } from './templates.ts'
