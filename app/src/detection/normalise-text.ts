// SPDX-License-Identifier: Apache-2.0

/** Detection's own view of a value (CONTRACTS §1): full-width forms made plain, invisible characters and outer spaces dropped. Never used for commitments. */
export function plainText(text: string): string {
  let isPlain = true
  for (let i = 0; i < text.length && isPlain; i++) {
    const unit = text.charCodeAt(i)
    isPlain = unit < 0x80 || (unit >= 0x4e00 && unit <= 0x9fff)
  }
  const folded = isPlain ? text : text.normalize('NFKC').replace(/[\u200B-\u200F\u2060\uFEFF\u00AD]/g, '').replace(/[‐‑‒–—―−]/g, '-')
  return folded.trim()
}

const dashes = new Set(Array.from('‐‑‒–—−', (dash) => dash.charCodeAt(0)))

/** The plain form of a full-width letter, digit or sign, of a full-width space and of a dash; any other unit as it is. */
export function plainUnit(unit: number): number {
  if (unit >= 0xff01 && unit <= 0xff5e) return unit - 0xfee0
  if (unit === 0x3000) return 0x20
  return dashes.has(unit) ? 0x2d : unit
}

/** The same length in UTF-16 units, full-width characters made plain; for spans in free text, whose offsets must stay true. */
export function foldWidth(text: string): string {
  let folded = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x2010 || (unit > 0x3000 && unit < 0xff01) || (unit > 0x2212 && unit < 0x3000)) continue
    const plain = plainUnit(unit)
    if (plain === unit) continue
    folded += text.slice(from, at) + String.fromCharCode(plain)
    from = at + 1
  }
  return from === 0 ? text : folded + text.slice(from)
}

/** Classes of characters in a text, as bits: what a recogniser needs or never holds is decided before its pattern runs. */
export const chars = { digit: 1, latin: 2, han: 4, at: 8, star: 16, other: 32 } as const

/** The classes that occur in a text. */
export function charsIn(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x30 && unit <= 0x39) bits |= chars.digit
    else if ((unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)) bits |= chars.latin
    else if ((unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xd800 && unit <= 0xdfff)) bits |= chars.han
    else if (unit === 0x40) bits |= chars.at
    else if (unit === 0x2a || unit === 0x78d0) bits |= chars.star
    else bits |= chars.other
  }
  return bits
}
