// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto'

/** A proof that does not hold, or bytes that are not what they must be; `code` is symbolic and stable (UX §5). */
export class ProofError extends Error {
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.name = 'ProofError'
    this.code = code
  }
}

/** Lower-case hexadecimal of bytes. */
export function toHex(bytes: Uint8Array): string {
  return view(bytes).toString('hex')
}

/** Bytes of lower-case hexadecimal; refuses upper case, odd length and anything else. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new ProofError('BAD_HEX', 'not lower-case hexadecimal')
  return Buffer.from(text, 'hex')
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return view(bytes).toString('base64')
}

/** Bytes of standard base64; refuses everything that does not encode back to the same text (FORMATS, notation). */
export function fromBase64Strict(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node skips junk silently, so the only safe test is the way back.
  if (bytes.toString('base64') !== text) throw new ProofError('BAD_BASE64', 'not canonical base64')
  return bytes
}

/** SHA-256 over the parts, one after the other. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const only = parts.length === 1 ? parts[0] : undefined
  return digestOf(only ?? concat(...parts))
}

/** SHA-256 of one array. Node hands a short text over three times faster than a new buffer. */
export function digestOf(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'binary')
}

/** All parts in one array. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

/** Whether two byte strings are equal. Everything compared here is public, so no constant time is claimed. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && view(a).equals(b)
}

/** Order of two byte strings, as for sorting. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b)
}

/** UTF-8 of a text; refuses lone surrogates, which UTF-8 cannot carry (CONTRACTS §1). */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new ProofError('LONE_SURROGATE', 'text has a lone surrogate')
  return Buffer.from(text, 'utf8')
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of UTF-8 bytes; refuses malformed sequences and keeps a byte order mark as a character. */
export function decodeUtf8Strict(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    throw new ProofError('BAD_UTF8', 'not valid UTF-8')
  }
}

/** Two bytes, big-endian; refuses what does not fit. */
export function u16be(n: number): Uint8Array {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(n)
  return bytes
}

/** Four bytes, big-endian; refuses what does not fit. */
export function u32be(n: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

/** Eight bytes, big-endian; refuses what does not fit. */
export function u64be(n: bigint | number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(n))
  return bytes
}

/** The same memory as a Buffer, for its readers and encoders; copies nothing. */
export function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
