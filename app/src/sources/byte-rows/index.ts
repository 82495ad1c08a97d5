// SPDX-License-Identifier: Apache-2.0
// A door for threads that only read CSV files: without the other readers, which take longer to load than a small table to read.
export { guessEncoding, TextSurveyor } from '../decode-text.ts'
export type { TextSurvey } from '../decode-text.ts'
export { answerParent } from '../limited-worker.ts'
export { layOutCsv, readCsv } from '../read-csv.ts'
export type { CsvLayout, ReadPlace } from '../read-csv.ts'
export { CsvPartReader, partCount } from '../read-csv-parts.ts'
export type { CsvParts, PartEnd } from '../read-csv-parts.ts'
export { readSourceWith } from '../read-source.ts'
export type * from '../source-events.ts'
export type { ReadOptions, ReadSetting } from '../source-limits.ts'
export { sourceFailures } from '../sources-failures.ts'
export type { RowBlock, SplitRoom } from '../split-bytes.ts'
