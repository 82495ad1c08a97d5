// SPDX-License-Identifier: Apache-2.0
import { isTest, takeApart, type Finding, type SourceFile } from './source-file.ts'

/** A code word of a table of the law or the books. */
interface Word {
  word: string
  file: string
  line: number
}

/** The tables whose every word needs a row: nouns, facts, legal positions and obstacles of the law, and the events of the books. */
const tableFiles = /^app\/src\/(law\/(nouns|facts|(deal|standing)-(facts|obstacles)|legal-positions|obstacle-table)|ledger\/events)\.ts$/
const lists = /^export const \w+ = \[([\s\S]*?)\] as const/gm
const records = /^export const \w*(?:Labels|Table|Kinds|Types|Positions)\b[^=]*= \{([\s\S]*?)^\}/gm

/** The words of law/ and of the events that have no row in GLOSSARY.md (STYLE §4). */
export function glossaryFindings(files: SourceFile[], glossary: string): Finding[] {
  const known = glossaryWords(glossary)
  return files
    .filter((file) => tableFiles.test(file.path) && !isTest(file.path))
    .flatMap(wordsOf)
    .filter(({ word }) => !known.has(word))
    .map(({ word, file, line }) => ({ file, line, why: `${word} has no row in GLOSSARY.md` }))
}

/** Every code word of the glossary: what stands in backticks in the first cell of a table row. */
export function glossaryWords(glossary: string): Set<string> {
  const cells = glossary.split('\n').flatMap((row) => /^\|([^|]+)\|/.exec(row)?.[1] ?? [])
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? [])))
}

function wordsOf(file: SourceFile): Word[] {
  const text = file.lines.join('\n')
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length
  const inLists = [...text.matchAll(lists)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/'([A-Za-z][\w-]*)'/g)].map((word) => ({ word: word[1] ?? '', file: file.path, line: lineAt(match.index + match[0].indexOf(word[0])) })),
  )
  const inRecords = [...text.matchAll(records)].flatMap((match) =>
    topKeys(match[1] ?? '').map((word) => ({ word, file: file.path, line: lineAt(match.index + match[0].search(new RegExp(`(^|[\\s{,'"])${word}['"]?:`, 'm'))) })),
  )
  return [...inLists, ...inRecords]
}

/** The keys of an object's first level. */
function topKeys(body: string): string[] {
  const code = takeApart('table.ts', body.replace(/^(\s*)'([\w-]+)':/gm, '$1$2:').replace(/(,\s*)'([\w-]+)':/g, '$1$2:')).code.join('\n')
  const keys: string[] = []
  let depth = 0
  let word = ''
  for (const character of code) {
    if ('{[('.includes(character)) depth++
    if ('}])'.includes(character)) depth--
    if (depth === 0 && /[\w-]/.test(character)) word += character
    else {
      if (depth === 0 && character === ':' && word !== '') keys.push(word)
      word = ''
    }
  }
  return keys
}
