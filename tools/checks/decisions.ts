// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './source-file.ts'

/** A page of docs/decisions: its file name and its first lines. */
export interface DecisionPage {
  name: string
  text: string
}

/** Decisions are numbered from 0001 without gap or repetition, carry their number in the heading, and say their status below it (STYLE §7). */
export function decisionFindings(pages: readonly DecisionPage[]): Finding[] {
  return pages.toSorted((a, b) => a.name.localeCompare(b.name)).flatMap(({ name, text }, index) => {
    const number = String(index + 1).padStart(4, '0')
    const [heading = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '')
    const at = (line: number, why: string): Finding => ({ file: `docs/decisions/${name}`, line, why })
    return [
      ...(name.startsWith(`${number}-`) ? [] : [at(1, `decisions are numbered without gaps: ${number} is expected here`)]),
      ...(heading.startsWith(`# ${name.slice(0, 4)} `) ? [] : [at(1, 'the heading does not carry the number of the file')]),
      ...(/^Status: (proposed|accepted|superseded)\b/.test(rest[0] ?? '') ? [] : [at(2, 'the line below the heading does not say the status')]),
    ]
  })
}
