// SPDX-License-Identifier: Apache-2.0
// A door for threads that only count cells: without headers, verdicts and grades, which take longer to load than a part of a file to count.
export { byteClasses } from '../byte-classes.ts'
export { ByteColumn } from '../byte-columns.ts'
export type { ColumnCounts } from '../column-scan.ts'
export { RowHashes } from '../hash-cell.ts'
export type { CheckOptions } from '../recogniser.ts'
