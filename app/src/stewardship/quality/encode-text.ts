// SPDX-License-Identifier: Apache-2.0
import type { TextEncoding } from '../../sources/index.ts'
import { gbkPairs } from './garbled-text.ts'
import { qualityFailures } from './quality-failures.ts'

/** The bytes of a text in the encoding of its file. Refuses characters that the encoding, or our table of it (GBK, two bytes), does not have. */
export function encodeText(text: string, encoding: TextEncoding, where: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8')
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (encoding === 'latin1' && code <= 0xff) bytes.push(code)
    else {
      const pair = encoding === 'gb18030' ? gbkPairs().get(code) : undefined
      if (pair === undefined) throw qualityFailures.CORRECTION_ENCODING({ where, encoding, character: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` })
      bytes.push(pair >> 8, pair & 0xff)
    }
  }
  return Buffer.from(bytes)
}
