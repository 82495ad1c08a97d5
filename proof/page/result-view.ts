// SPDX-License-Identifier: Apache-2.0
import { dispositionOfCode } from '../src/book-leaves.ts'
import { fromHex } from '../src/bytes.ts'
import { parseReceipt } from '../src/receipt-file.ts'
import type { Language, Verdict } from '../src/verify/verdict.ts'
import { checkWords, dispositionWords } from '../src/verify/words.ts'
import { kindWords, pageWords } from './page-words.ts'
import type { SecondLook } from './second-look.ts'

/** A result as it is shown and printed. */
export type Shown = { verdict: Verdict; second: SecondLook; file: string; bytes: number; at: Date; values: readonly ReceiptRow[] }
/** A value that the receipt opens, and what became of it. */
export type ReceiptRow = { record: number; value: string; fate: string }

type PageWord = keyof typeof pageWords

/** What a verified receipt opens; its values match their commitments, or the verdict would be another. */
export function receiptRows(text: string, language: Language): ReceiptRow[] {
  return parseReceipt(text).records.flatMap((record) => {
    const vector = record.vector === null ? null : fromHex(record.vector)
    return record.opened.flatMap(({ field, kind, value }) => (value === null ? [] : [{ record: record.index, value: kind === 't' ? value : `base64 ${value}`, fate: vector === null ? pageWords.open[language] : dispositionWords[dispositionOfCode(vector[field])][language] }]))
  })
}

/** The result: the verdict first and large, then what it rests on. */
export function resultView(shown: Shown, language: Language): HTMLElement[] {
  const { verdict, second } = shown
  const word = (name: PageWord): string => pageWords[name][language]
  const { name, explained } = headline(verdict, second)
  const head = part('div', `verdict ${name}`, [part('strong', '', [`${marks[name]} ${word(name)}`]), part('p', '', [word(explained) === word(name) ? '' : word(explained)])])
  head.setAttribute('role', 'status')
  const facts = table('facts', [[word('file'), `${shown.file} · ${shown.bytes.toLocaleString('en')} B`], [word('kind'), kindWords[verdict.what][language]], [word('at'), timeText(shown.at)]])
  const checks = table('checks', verdict.checks.map(({ name: check, ok, detail }) => [`${ok ? '✔' : '✗'} ${checkWords[check][language]}`, ok ? word('holds') : word('fails'), detail]), [word('check'), word('result'), word('detail')])
  const unchecked = verdict.unchecked.map((line) => part('li', '', [line]))
  const print = part('button', 'print', [word('print')])
  print.setAttribute('type', 'button')
  print.addEventListener('click', () => window.print())
  return [
    head, facts, ...valuesView(shown, language), checks, ...(unchecked.length === 0 ? [] : [part('h2', '', [word('unchecked')]), part('ul', 'unchecked', unchecked)]),
    part('p', 'second', [word(second.kind === 'agrees' ? 'twoLooks' : second.kind === 'missing' ? 'oneLook' : 'disagree')]), print,
  ]
}

const marks = { passed: '✔', selfDeclared: '△', partial: '△', refused: '✗' } as const

function headline(verdict: Verdict, second: SecondLook): { name: keyof typeof marks; explained: PageWord } {
  if (second.kind === 'disagrees') return { name: 'refused', explained: 'disagree' }
  if (!verdict.ok) return { name: 'refused', explained: 'refused' }
  if (verdict.trust === 'self-declared') return { name: 'selfDeclared', explained: 'policyHint' }
  return verdict.partial ? { name: 'partial', explained: 'partial' } : { name: 'passed', explained: 'passed' }
}

function valuesView({ values }: Shown, language: Language): HTMLElement[] {
  if (values.length === 0) return []
  const word = (name: PageWord): string => pageWords[name][language]
  return [part('h2', '', [word('values')]), table('values', values.map(({ record, value, fate }) => [String(record), value, fate]), [word('record'), word('value'), word('fate')])]
}

function table(name: string, rows: readonly (readonly string[])[], titles: readonly string[] = []): HTMLElement {
  const head = titles.length === 0 ? [] : [part('thead', '', [part('tr', '', titles.map((title) => part('th', '', [title])))])]
  return part('table', name, [...head, part('tbody', '', rows.map(([first = '', ...others]) => part('tr', '', [part('th', '', [first]), ...others.map((cell) => part('td', '', [cell]))])))])
}

/** An element with text or elements in it; text is never read as markup. */
function part(tag: string, className: string, content: readonly (string | HTMLElement)[]): HTMLElement {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...content)
  return element
}

function timeText(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}
