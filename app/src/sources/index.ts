// SPDX-License-Identifier: Apache-2.0
export type * from './source-events.ts'
export { readInput, usualLimits } from './source-limits.ts'
export type { ReadOptions, SourceLimits } from './source-limits.ts'
export { sourceFailures } from './sources-failures.ts'
export { readSource } from './read-in-worker.ts'
export { readSourceHere, whyOf } from './read-source.ts'
export { spoolStdin } from './spool-stdin.ts'
export { answerParent, runLimitedWorker } from './limited-worker.ts'
// For the executors that rewrite originals (CONTRACTS §9): they find cells exactly as the readers do.
export { RecordSpans, splitRecord } from './split-csv.ts'
export { openZip } from './open-zip.ts'
export { openWorkbook } from './read-workbook.ts'
export { attribute } from './scan-xml.ts'
