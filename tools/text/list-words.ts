// SPDX-License-Identifier: Apache-2.0
// Prints words-icu.txt: which pairs of the characters of GB 2312 level 1 the dictionary of ICU in this Node takes as one word; a first character and its followers a line.
// node tools/text/list-words.ts > tools/text/words-icu.txt   (about a minute; the list depends on the version of ICU, so it is kept)

const decoder = new TextDecoder('gb18030')
const characters: string[] = []
for (let lead = 0xb0; lead <= 0xd7; lead++) {
  for (let trail = 0xa1; trail <= 0xfe; trail++) {
    const one = decoder.decode(Uint8Array.of(lead, trail))
    if (one >= '\u4e00' && one <= '\u9fff') characters.push(one)
  }
}
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
for (const first of characters) {
  let followers = ''
  for (let at = 0; at < characters.length; at += 400) {
    const pairs = characters.slice(at, at + 400).map((second) => first + second).join(',')
    for (const { segment } of segmenter.segment(pairs)) if (segment.length === 2) followers += segment[1] ?? ''
  }
  if (followers !== '') process.stdout.write(`${first}${followers}\n`)
}
