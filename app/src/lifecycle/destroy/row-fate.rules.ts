// SPDX-License-Identifier: Apache-2.0

/** What happens to one row: nothing, the whole row goes, or only these fields stay (one bit a field). */
export type RowFate = 'stays' | 'goes' | Buffer

/** Whether the field at this position stays in a row. */
export function stays(fate: RowFate, position: number): boolean {
  return fate === 'stays' || (fate !== 'goes' && isSet(fate, position))
}

/** Whether a bit is set (field 0 = lowest bit of byte 0). */
export function isSet(bitmap: Uint8Array, position: number): boolean {
  return (((bitmap[position >> 3] ?? 0) >> (position & 7)) & 1) === 1
}

/** The positions of the bits that are set. */
export function positionsOf(bitmap: Uint8Array): number[] {
  return Array.from({ length: bitmap.length * 8 }, (_, position) => position).filter((position) => isSet(bitmap, position))
}
