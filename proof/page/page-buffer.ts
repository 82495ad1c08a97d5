// SPDX-License-Identifier: Apache-2.0

type Encoding = 'utf8' | 'hex' | 'base64' | 'latin1' | 'binary'

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** What the verifier uses of Node's Buffer, for browsers; the same results byte by byte (checked beside Node's in browser/page-buffer.test.ts). */
export class PageBuffer extends Uint8Array {
  static alloc(size: number, fill = 0): PageBuffer {
    return new PageBuffer(size).fill(fill)
  }

  static allocUnsafe(size: number): PageBuffer {
    return new PageBuffer(size)
  }

  static isBuffer(value: unknown): value is PageBuffer {
    return value instanceof PageBuffer
  }

  static override from(source: string | ArrayLike<number> | Iterable<number> | ArrayBuffer | { valueOf: () => unknown }, encodingOrOffset?: unknown, length?: unknown): PageBuffer {
    if (typeof source === 'string') return bytesOfText(source, isEncoding(encodingOrOffset) ? encodingOrOffset : 'utf8')
    if (source instanceof ArrayBuffer) return new PageBuffer(source, typeof encodingOrOffset === 'number' ? encodingOrOffset : 0, typeof length === 'number' ? length : undefined)
    if (!isNumbers(source)) throw new TypeError('not bytes')
    const numbers = source instanceof Uint8Array ? source : Array.from(source)
    const copy = new PageBuffer(numbers.length)
    copy.set(numbers)
    return copy
  }

  static concat(parts: readonly Uint8Array[]): PageBuffer {
    const all = new PageBuffer(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  static byteLength(text: string): number {
    return encoder.encode(text).length
  }

  static compare(one: Uint8Array, other: Uint8Array): number {
    const length = Math.min(one.length, other.length)
    for (let at = 0; at < length; at += 1) {
      const difference = (one[at] ?? 0) - (other[at] ?? 0)
      if (difference !== 0) return Math.sign(difference)
    }
    return Math.sign(one.length - other.length)
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const part = this.subarray(start, end)
    if (encoding === 'utf8') return decoder.decode(part)
    if (encoding === 'hex') return Array.from(part, (byte) => HEX[byte] ?? '').join('')
    const latin1 = latin1Of(part)
    return encoding === 'base64' ? btoa(latin1) : latin1
  }

  equals(other: Uint8Array): boolean {
    return PageBuffer.compare(this, other) === 0
  }

  /** Start and end in the other, then start and end here, as Node has them. */
  compare(other: Uint8Array, ...[otherStart = 0, otherEnd = other.length, start = 0, end = this.length]: number[]): number {
    return PageBuffer.compare(this.subarray(start, end), other.subarray(otherStart, otherEnd))
  }

  copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart))
    target.set(part, targetStart)
    return part.length
  }

  write(text: string, at = 0, lengthOrEncoding: number | Encoding = 'utf8', encoding: Encoding = 'utf8'): number {
    const isLength = typeof lengthOrEncoding === 'number'
    const whole = bytesOfText(text, isLength ? encoding : lengthOrEncoding)
    const bytes = whole.subarray(0, isLength ? Math.min(lengthOrEncoding, this.length - at) : this.length - at)
    this.set(bytes, at)
    return bytes.length
  }

  readUInt16BE(at = 0): number {
    return this.#view().getUint16(at)
  }

  readUInt32BE(at = 0): number {
    return this.#view().getUint32(at)
  }

  readUInt32LE(at = 0): number {
    return this.#view().getUint32(at, true)
  }

  readBigUInt64BE(at = 0): bigint {
    return this.#view().getBigUint64(at)
  }

  writeUInt16BE(value: number, at = 0): number {
    refuseOutside(value, 0xffff)
    this.#view().setUint16(at, value)
    return at + 2
  }

  writeUInt32BE(value: number, at = 0): number {
    refuseOutside(value, 0xffff_ffff)
    this.#view().setUint32(at, value)
    return at + 4
  }

  writeBigUInt64BE(value: bigint, at = 0): number {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError('out of range')
    this.#view().setBigUint64(at, value)
    return at + 8
  }

  #view(): DataView {
    return new DataView(this.buffer, this.byteOffset, this.byteLength)
  }
}

function isNumbers(source: object): source is ArrayLike<number> | Iterable<number> {
  return 'length' in source || Symbol.iterator in source
}

function bytesOfText(text: string, encoding: Encoding): PageBuffer {
  if (encoding === 'utf8') return PageBuffer.from(encoder.encode(text))
  if (encoding === 'hex') return PageBuffer.from(Array.from({ length: Math.floor(text.length / 2) }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)))
  const latin1 = encoding === 'base64' ? decodeBase64(text) : text
  const bytes = new PageBuffer(latin1.length)
  for (let at = 0; at < latin1.length; at += 1) bytes[at] = latin1.charCodeAt(at)
  return bytes
}

/** Nothing for what is no base64: our strict reader compares the way back and refuses. */
function decodeBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}

function latin1Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

function isEncoding(value: unknown): value is Encoding {
  return value === 'utf8' || value === 'hex' || value === 'base64' || value === 'latin1' || value === 'binary'
}

function refuseOutside(value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError('out of range')
}
