// SPDX-License-Identifier: Apache-2.0

const marks = /\ufffd|锟斤拷|烫烫烫|屯屯屯|(?:[ÃÂ][\u0080-\u00bf])|(?:[äåæçèé][\u0080-\u00bf\u2018-\u203a]{2})/

/** Whether a text shows that it was once converted by a wrong encoding (乱码): replacement characters, UTF-8 read as Latin, UTF-8 read as GBK. Short Chinese texts may pass: three characters at least are asked for. */
export function isGarbled(text: string): boolean {
  return marks.test(text) || isUtf8TakenForGbk(text)
}

const strict = new TextDecoder('utf-8', { fatal: true })
const han = /[\u4e00-\u9fff]/

/** Its bytes in GBK are whole UTF-8 of Chinese characters: true text practically never is. */
function isUtf8TakenForGbk(text: string): boolean {
  if (text.length < 4 || text.length > 200) return false
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const pair = unit < 0x80 ? unit : (gbkPairs().get(unit) ?? -1)
    if (pair < 0) return false
    // The lead byte of a Chinese character in UTF-8: other text gives up here, at once.
    if (bytes.length === 0 && unit >= 0x80 && ((pair >> 8) < 0xe3 || (pair >> 8) > 0xe9)) return false
    if (pair > 0xff) bytes.push(pair >> 8)
    bytes.push(pair & 0xff)
  }
  try {
    return [...strict.decode(Uint8Array.from(bytes))].filter((character) => han.test(character)).length >= 3
  } catch {
    return false
  }
}

let pairs: Map<number, number> | null = null

/** The two bytes of each character of GBK (GB 18030-2022), made once. */
export function gbkPairs(): Map<number, number> {
  if (pairs !== null) return pairs
  pairs = new Map()
  const decoder = new TextDecoder('gb18030')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      const text = decoder.decode(Uint8Array.of(lead, trail))
      if (text.length === 1 && text !== '\ufffd') pairs.set(text.charCodeAt(0), lead * 256 + trail)
    }
  }
  return pairs
}
