// SPDX-License-Identifier: Apache-2.0
// One record as it leaves the database for a worker: id 16 ‖ version u32 ‖ slot i64 ‖ root 32 ‖ width u32 ‖ dispositions ‖ three compartments, each i32 length (-1 = none) ‖ bytes.

/** Records in the order in which they were asked for, still sealed, with the secret of each; whoever takes it wipes the secrets. */
export interface SealedBatch {
  rows: Buffer
  /** 32 bytes a record. */
  secrets: Buffer
  records: number
}

const versionAt = 16
const slotOffset = 20
const rootAt = 28
const widthAt = 60

/** Bytes before the compartments of a record with this many fields. */
export function leadingRowBytes(width: number): number {
  return widthAt + 4 + width
}

/** How long the row is that begins here. */
export function rowBytesAt(rows: Buffer, at: number): number {
  let end = at + leadingRowBytes(rows.readUInt32BE(at + widthAt))
  for (let compartment = 0; compartment < 3; compartment += 1) end += 4 + Math.max(rows.readInt32BE(end), 0)
  return end - at
}

/** The id of the record whose row begins here; a view. */
export function recordIdAt(rows: Buffer, at: number): Buffer {
  return rows.subarray(at, at + versionAt)
}

/** The key slot of the record whose row begins here. */
export function slotAt(rows: Buffer, at: number): number {
  return Number(rows.readBigInt64BE(at + slotOffset))
}

/** The plain parts of a row. */
export function headOf(rows: Buffer, at: number): { recordId: Buffer; version: number; root: Buffer; dispositions: Buffer } {
  const width = rows.readUInt32BE(at + widthAt)
  const start = at + widthAt + 4
  return { recordId: recordIdAt(rows, at), version: rows.readUInt32BE(at + versionAt), root: rows.subarray(at + rootAt, at + widthAt), dispositions: rows.subarray(start, start + width) }
}
