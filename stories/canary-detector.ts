// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib'
import { encodeGb18030 } from '../app/src/demo/index.ts'

/** A canary in one encoding, as bytes to look for. */
interface Needle {
  canary: string
  encoding: string
  bytes: Buffer
}

/** Where a canary was seen. */
export interface Sighting {
  file: string
  canary: string
  encoding: string
}

/** A detector for these canaries in every encoding that a program is likely to write. */
export function canaryDetector(canaries: readonly string[]): { inFile(file: string): Sighting[]; inBytes(bytes: Buffer, file: string): Sighting[]; needles: number } {
  const needles = canaries.flatMap(needlesOf)
  const inBytes = (bytes: Buffer, file: string): Sighting[] =>
    [bytes, ...unpacked(bytes)].flatMap((part) => needles.filter((needle) => part.includes(needle.bytes)).map(({ canary, encoding }) => ({ file, canary, encoding })))
  return { inFile: (file) => inBytes(readFileSync(file), file), inBytes, needles: needles.length }
}

function needlesOf(canary: string): Needle[] {
  const utf8 = Buffer.from(canary)
  const utf16le = Buffer.from(canary, 'utf16le')
  const encoded: [string, Buffer][] = [['utf-8', utf8], ['utf-16le', utf16le], ['utf-16be', Buffer.from(utf16le).swap16()], ['gb18030', Buffer.from(encodeGb18030(canary))]]
  const texts: [string, string][] = encoded.flatMap(([name, bytes]): [string, string][] => [
    [`${name} hex`, bytes.toString('hex')],
    [`${name} HEX`, bytes.toString('hex').toUpperCase()],
    ...[0, 1, 2].flatMap((shift): [string, string][] => [[`${name} base64 +${shift}`, base64Inside(bytes, shift)], [`${name} base64url +${shift}`, base64Inside(bytes, shift).replaceAll('+', '-').replaceAll('/', '_')]]),
  ])
  const escaped: [string, string][] = [
    ['reversed', [...canary].toReversed().join('')],
    ['percent', encodeURIComponent(canary)],
    ['json escapes', [...canary].map((character) => (character.charCodeAt(0) < 128 ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('')],
    ['octal escapes', [...utf8].map((byte) => (byte < 128 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`)).join('')],
  ]
  const all = [...encoded.map(([encoding, bytes]) => ({ canary, encoding, bytes })), ...[...texts, ...escaped].map(([encoding, text]) => ({ canary, encoding, bytes: Buffer.from(text) }))]
  // Of ASCII several encodings are the same bytes; the first name stands for all.
  return all.filter((needle, at) => all.findIndex(({ bytes }) => bytes.equals(needle.bytes)) === at)
}

/** The part of the base64 text that depends on these bytes alone, when `shift` other bytes stand before them in their group of three. */
function base64Inside(bytes: Buffer, shift: number): string {
  const from = [0, 2, 3][shift] ?? 0
  return Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '').slice(from, -1)
}

/** What lies compressed in a file: gzip, zstd, or the entries of a zip (an XLSX among them). */
function unpacked(bytes: Buffer): Buffer[] {
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32LE(0)
  if (magic === 0x04034b50) return zipEntries(bytes)
  if ((magic & 0xffff) === 0x8b1f) return attempt(() => gunzipSync(bytes))
  return magic === 0xfd2fb528 ? attempt(() => zstdDecompressSync(bytes)) : []
}

function zipEntries(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20))
    found.push(...(bytes.readUInt16LE(at + 10) === 0 ? [packed] : attempt(() => inflateRawSync(packed))))
  }
  return found
}

function attempt(unpack: () => Buffer): Buffer[] {
  try {
    return [unpack()]
  } catch {
    return [] // a file that only begins like a compressed one
  }
}
