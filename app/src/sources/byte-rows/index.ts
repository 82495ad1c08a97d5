// SPDX-License-Identifier: Apache-2.0
// A door for threads that only split CSV files into rows: without the other readers, which take longer to load than a part of a file to split.
export { CsvPartReader, partCount } from '../read-csv-parts.ts'
export type { CsvParts, PartEnd } from '../read-csv-parts.ts'
export type { RowBlock } from '../split-bytes.ts'
