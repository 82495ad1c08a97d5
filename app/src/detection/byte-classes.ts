// SPDX-License-Identifier: Apache-2.0
import { chars } from './normalise-text.ts'

/** A byte that makes detection's view of a value differ from its bytes, or may: controls, and characters outside ASCII and the common Chinese ones. Such values are decoded. */
export const complexByte = 64

/** What each byte of UTF-8 says about its value, as bits of `chars`; bytes inside a character say nothing (PERFORMANCE.md §3.1). Bit 128 is free for the splitter. */
export const byteClasses: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x20 || byte === 0x7f) return complexByte
  if (byte >= 0x30 && byte <= 0x39) return chars.digit
  if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) return chars.latin
  if (byte === 0x40) return chars.at
  if (byte === 0x2a) return chars.star
  if (byte < 0x80) return chars.other
  if (byte < 0xc0) return 0
  return byte >= 0xe4 && byte <= 0xe9 ? chars.han : complexByte
})

/** Bit of a cell that its reader says lost digits (Excel keeps fifteen). */
export const precisionLostBit = 128

/** Cells of some rows of one table, as spans of UTF-8 bytes, row after row. */
export interface CellBlock {
  bytes: Buffer
  view: DataView
  rows: number
  /** Cells a row. */
  width: number
  /** How many columns every row has, if only as missing cells. */
  namedWidth: number
  /** Where a cell begins; -1 for a missing one, -2 where the row is not that wide. */
  starts: Int32Array
  /** Length times 256, and the classes of its bytes; no class at all: bytes that are no text. */
  metas: Int32Array
  /** The row in the file. */
  places: Float64Array | Int32Array
}
