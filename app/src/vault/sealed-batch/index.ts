// SPDX-License-Identifier: Apache-2.0
// Bytes only: what a worker thread needs to seal records, and to open those that the vault's door let out sealed. No database, no files.
export { deriveBytes } from './derive-bytes.ts'
export { RecordOpener, type OpenedRow } from './record-opener.ts'
export { KeyedHash } from './keyed-hash.ts'
export { RecordSealer, type PackedCells, type SealedColumns } from './record-sealer.ts'
export { leadingRowBytes, recordIdAt, rowBytesAt, slotAt, type SealedBatch } from './sealed-row.ts'
