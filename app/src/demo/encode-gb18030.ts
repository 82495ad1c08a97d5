// SPDX-License-Identifier: Apache-2.0

let table: Map<string, Uint8Array> | undefined

/** Encodes text as GB18030 (the platform only decodes it): one- and two-byte forms by inverting the decoder, four-byte forms by search in the decoder's ranges; refuses what the standard cannot hold. */
export function encodeGb18030(text: string): Uint8Array {
  table ??= invertDecoder()
  const parts: Uint8Array[] = []
  for (const character of text) {
    const bytes = character < '\u0080' ? Uint8Array.of(character.charCodeAt(0)) : (table.get(character) ?? fourBytes(character))
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

function invertDecoder(): Map<string, Uint8Array> {
  const decoder = new TextDecoder('gb18030')
  const inverse = new Map<string, Uint8Array>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      const bytes = Uint8Array.of(lead, trail)
      const character = decoder.decode(bytes)
      if ([...character].length === 1 && character !== '\ufffd' && !inverse.has(character)) inverse.set(character, bytes)
    }
  }
  return inverse
}

/** GB 18030-2022 four-byte area: supplementary planes are linear from 0x90308130; the BMP remainder is found by decoding. */
function fourBytes(character: string): Uint8Array {
  const point = character.codePointAt(0) ?? 0
  if (point >= 0x10000) return linear(point - 0x10000 + 189_000)
  const decoder = new TextDecoder('gb18030')
  for (let index = 0; index < 39_420; index++) {
    const bytes = linear(index)
    if (decoder.decode(bytes) === character) return bytes
  }
  throw new RangeError('a character has no GB18030 form')
}

function linear(index: number): Uint8Array {
  return Uint8Array.of(0x81 + Math.floor(index / 12_600), 0x30 + (Math.floor(index / 1260) % 10), 0x81 + (Math.floor(index / 10) % 126), 0x30 + (index % 10))
}
