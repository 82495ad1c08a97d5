// SPDX-License-Identifier: Apache-2.0
// A door for threads that only count cells: without headers, verdicts and grades, which take longer to load than a part of a file to count.
export { byteClasses, precisionLostBit } from '../byte-classes.ts'
export type { CellBlock } from '../byte-classes.ts'
export { ByteColumn, todayNumber } from '../byte-columns.ts'
export { borrowKernel, CountingKernel, kernelColumnsMax, returnKernel } from '../kernel/counting-kernel.ts'
export { inspectPending, mergeCounts, movePlaces, noCounts, noSketchLimit, sketchLimit } from '../column-scan.ts'
export type { ColumnCounts } from '../column-scan.ts'
export { CellHash, hashMargin, RowHashes } from '../hash-cell.ts'
export { columnCheck } from '../recogniser.ts'
export type { CheckOptions } from '../recogniser.ts'
