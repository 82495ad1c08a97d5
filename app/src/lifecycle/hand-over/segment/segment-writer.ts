// SPDX-License-Identifier: Apache-2.0
// Opened records → lines of a segment, as bytes: no value becomes a string on the way (FORMATS §13; PERFORMANCE §3).
import { hash } from 'node:crypto'
import type { OpenedRow } from '../../../vault/sealed-batch/index.ts'

/** Which fields of a record go: ascending positions. */
export interface SentShape {
  /** The data set's id, 16 bytes. */
  dataSetId: Uint8Array
  /** The ids of all its fields in order, 16 bytes each. */
  fieldIds: Uint8Array
  positions: readonly number[]
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')
const base64Digits = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')
const [quote, backslash, comma, closing] = Buffer.from('"\\,]', 'latin1')
const absent = 255
/** A control character becomes six bytes (\u0001); base64 less. */
const growthMax = 6
const lineHeadMax = 256
const fieldHeadMax = 96

/** Collects the records of one segment: their lines, their leaves under the content root, and how many values they carry. */
export class SegmentWriter {
  private bytes = Buffer.alloc(1 << 20)
  private at = 0
  private content = Buffer.alloc(1 << 14)
  private readonly leafParts: Buffer[] = []
  private rootParts: Buffer[] = []
  values = 0

  /** Adds one record; false when a field that goes is not in its ciphertext. */
  add(row: OpenedRow, shape: SentShape): boolean {
    if (shape.positions.some((position) => row.tag[position] === absent)) return false
    const valueBytes = shape.positions.reduce((sum, position) => sum + (row.length[position] ?? 0), 0)
    this.reserve(lineHeadMax + row.width * fieldHeadMax + valueBytes * growthMax)
    this.writeLine(row, shape)
    this.leafParts.push(this.contentLeaf(row, shape, valueBytes))
    this.rootParts.push(Buffer.from(row.root))
    for (const position of shape.positions) if (row.tag[position] !== 0 && (row.length[position] ?? 0) > 0) this.values += 1
    return true
  }

  /** The lines so far, the content leaves and the roots (32 bytes a record each); the writer is empty afterwards. */
  take(): { lines: Buffer; leaves: Buffer; roots: Buffer; values: number } {
    const taken = { lines: Buffer.from(this.bytes.subarray(0, this.at)), leaves: Buffer.concat(this.leafParts), roots: Buffer.concat(this.rootParts), values: this.values }
    this.bytes.fill(0, 0, this.at)
    this.at = 0
    this.leafParts.length = 0
    this.rootParts = []
    this.values = 0
    return taken
  }

  private writeLine(row: OpenedRow, shape: SentShape): void {
    this.text('{"d":"')
    this.hex(shape.dataSetId)
    this.text('","r":"')
    this.hex(row.recordId)
    this.text(`","v":${row.version},"root":"`)
    this.hex(row.root)
    this.text('","f":[')
    let next = 0
    for (const [order, position] of shape.positions.entries()) {
      if (order > 0) this.bytes[this.at++] = comma ?? 0
      this.writeField(row, position)
    }
    this.text('],"l":[')
    let isFirst = true
    for (let position = 0; position < row.width; position += 1) {
      if (shape.positions[next] === position) {
        next += 1
        continue
      }
      this.text(`${isFirst ? '' : ','}[${position},"`)
      this.base64(row.leaves, position * 32, position * 32 + 32)
      this.text('"]')
      isFirst = false
    }
    this.text(']}\n')
  }

  private writeField(row: OpenedRow, position: number): void {
    const tag = row.tag[position]
    const start = row.start[position] ?? 0
    const end = start + (row.length[position] ?? 0)
    if (tag === 0) this.text(`[${position},"n",null,"`)
    else {
      this.text(`[${position},"${tag === 1 ? 't' : 'b'}","`)
      if (tag === 1) this.escaped(row.plain, start, end)
      else this.base64(row.plain, start, end)
      this.text('","')
    }
    this.base64(row.salts, position * 16, position * 16 + 16)
    this.bytes[this.at++] = quote ?? 0
    this.bytes[this.at++] = closing ?? 0
  }

  /** SHA-256(0x00 ‖ record ‖ for each field that goes: field ‖ tag ‖ u64 length ‖ bytes) (CONTRACTS §7). */
  private contentLeaf(row: OpenedRow, shape: SentShape, valueBytes: number): Buffer {
    const size = 17 + shape.positions.length * 25 + valueBytes
    if (this.content.length < size) this.content = Buffer.alloc(size * 2)
    const text = this.content
    text[0] = 0
    row.recordId.copy(text, 1)
    let at = 17
    for (const position of shape.positions) {
      const start = row.start[position] ?? 0
      const length = row.length[position] ?? 0
      text.set(shape.fieldIds.subarray(position * 16, position * 16 + 16), at)
      text[at + 16] = row.tag[position] ?? 0
      text.writeUInt32BE(0, at + 17)
      text.writeUInt32BE(length, at + 21)
      row.plain.copy(text, at + 25, start, start + length)
      at += 25 + length
    }
    const leaf = Buffer.from(hash('sha256', text.subarray(0, at), 'binary'), 'latin1')
    text.fill(0, 0, at)
    return leaf
  }

  private reserve(bytes: number): void {
    if (this.bytes.length - this.at >= bytes) return
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.at + bytes))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes.fill(0)
    this.bytes = larger
  }

  /** Short ASCII: a call into the runtime for each costs more than the loop. */
  private text(ascii: string): void {
    const { bytes } = this
    let { at } = this
    for (let place = 0; place < ascii.length; place += 1) bytes[at++] = ascii.charCodeAt(place)
    this.at = at
  }

  private hex(from: Uint8Array): void {
    const { bytes } = this
    let { at } = this
    for (let place = 0; place < from.length; place += 1) {
      const byte = from[place] ?? 0
      bytes[at++] = hexDigits[byte >> 4] ?? 0
      bytes[at++] = hexDigits[byte & 15] ?? 0
    }
    this.at = at
  }

  private base64(from: Buffer, start: number, end: number): void {
    const { bytes } = this
    let { at } = this
    let place = start
    for (; place + 3 <= end; place += 3) {
      const bits = ((from[place] ?? 0) << 16) | ((from[place + 1] ?? 0) << 8) | (from[place + 2] ?? 0)
      bytes[at++] = base64Digits[bits >> 18] ?? 0
      bytes[at++] = base64Digits[(bits >> 12) & 63] ?? 0
      bytes[at++] = base64Digits[(bits >> 6) & 63] ?? 0
      bytes[at++] = base64Digits[bits & 63] ?? 0
    }
    this.at = at
    const left = end - place
    if (left === 0) return
    const bits = ((from[place] ?? 0) << 16) | (left === 2 ? (from[place + 1] ?? 0) << 8 : 0)
    for (let sextet = 0; sextet <= left; sextet += 1) bytes[this.at++] = base64Digits[(bits >> (18 - sextet * 6)) & 63] ?? 0
    this.text(left === 2 ? '=' : '==')
  }

  /** UTF-8 as it is, with what JSON must escape escaped as `JSON.stringify` does. */
  private escaped(from: Buffer, start: number, end: number): void {
    const { bytes } = this
    for (let place = start; place < end; place += 1) {
      const byte = from[place] ?? 0
      if (byte >= 0x20 && byte !== quote && byte !== backslash) bytes[this.at++] = byte
      else this.text(JSON.stringify(String.fromCharCode(byte)).slice(1, -1))
    }
  }
}
