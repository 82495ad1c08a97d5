// SPDX-License-Identifier: Apache-2.0
// Prints words-icu-frequent.txt: frequent words of two characters and usual words of three and four, of GB 2312 level 1, in ICU's dictionary of this Node.
// First character, then what follows it, separated by spaces. No names: what begins with a surname and goes on as given names do, transliterations, Japanese places.
// node tools/text/list-frequent-words.ts > tools/text/words-icu-frequent.txt   (the list depends on the version of ICU, so it is kept)
import { knownFacts } from './known-facts.ts'
import { readIcuDictionary } from './read-icu-dictionary.ts'
import { japaneseEnd, readWords } from './read-words.ts'

/** Costs up to which words of a length count as usual: beyond, the dictionary is mostly Japanese. */
const usual: readonly number[] = [0, 0, 113, 134, 142]

const decoder = new TextDecoder('gb18030')
const levelOne = new Set<string>()
for (let lead = 0xb0; lead <= 0xd7; lead++) for (let trail = 0xa1; trail <= 0xfe; trail++) levelOne.add(decoder.decode(Uint8Array.of(lead, trail)))

const words = readWords()
const characters = (...kinds: string[]): Set<string> => new Set(kinds.flatMap((kind) => words.get(kind) ?? []))
const given = characters('男尾', '女尾', '名首')
const foreign = characters('译字')
const japanese = words.get('日姓') ?? []

function isNameLike(word: string): boolean {
  const all = [...word]
  if (all.every((one) => foreign.has(one))) return true
  const surname = knownFacts.compoundSurnames.has(word.slice(0, 2)) ? 2 : knownFacts.surnames.has(word[0] ?? '') ? 1 : 0
  return surname > 0 && word.length - surname <= 2 && word.length > surname && all.slice(surname).every((one) => given.has(one))
}

const lines = new Map<string, string[]>()
for (const [word, cost] of readIcuDictionary()) {
  if (cost > (usual[word.length] ?? 0) || ![...word].every((one) => levelOne.has(one)) || japaneseEnd.test(word)) continue
  if (word.length > 2 && (isNameLike(word) || japanese.some((name) => word.startsWith(name)))) continue
  const first = word[0] ?? ''
  lines.set(first, [...(lines.get(first) ?? []), word.slice(1)])
}
for (const [first, rests] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1))) process.stdout.write(`${first} ${rests.sort().join(' ')}\n`)
