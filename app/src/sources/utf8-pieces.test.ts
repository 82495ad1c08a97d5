// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { Utf8Pieces } from './utf8-pieces.ts'

function decodedInPieces(bytes: Buffer, length: number): string {
  const pieces = new Utf8Pieces()
  let text = ''
  for (let at = 0; at < bytes.length; at += length) text += pieces.decode(bytes.subarray(at, at + length))
  pieces.end()
  return text
}

const outcomeOf = (decode: () => string): string => {
  try {
    return decode()
  } catch {
    return 'refused'
  }
}

it('pieces of any length give the text of a strict streaming decoder, or are refused where it refuses', () => {
  const texts = ['', 'a', '姓名,张三𠮷é\u0000<', '\ufeff姓名', '\ufeff\ufeffx', 'x\ufeff'].map((text) => Buffer.from(text))
  const broken = ['c3', 'e5a7', 'f0a0ae', 'c080', 'eda080', 'f4908080', 'ff', '80', '61e5a7', 'e5a761', 'f0a061', 'c3c3a9', 'efbb', 'efbbbf'].map((hex) => Buffer.from(hex, 'hex'))
  for (const bytes of [...texts, ...broken]) {
    const expected = outcomeOf(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    for (const length of [1, 2, 3, 4, 5, 100]) expect(outcomeOf(() => decodedInPieces(bytes, length)), `${bytes.toString('hex')} by ${length}`).toBe(expected)
  }
})

it('every pair and many triples of bytes are taken or refused as a strict decoder does', () => {
  const wrong: string[] = []
  const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff]
  const sequences = [...Array.from({ length: 65_536 }, (_, pair) => Buffer.of(pair >> 8, pair & 255)), ...edges.flatMap((a) => edges.flatMap((b) => edges.map((c) => Buffer.of(a, b, c))))]
  const strict = new TextDecoder('utf-8', { fatal: true })
  for (const bytes of sequences) if (outcomeOf(() => decodedInPieces(bytes, 1)) !== outcomeOf(() => strict.decode(bytes))) wrong.push(bytes.toString('hex'))
  expect(wrong).toEqual([])
})
