// SPDX-License-Identifier: Apache-2.0
import { disarmed } from '../../kit/formula-cell.rules.ts'

/** A landed cell as a person may open it in a spreadsheet: an apostrophe before what could be a formula, bytes marked as such, nothing for null (SECURITY P24). The exact value stands in the exact file. */
export function cellForPeople(kind: string, text: string | null): string {
  if (text === null) return ''
  if (kind === 'b') return `hex:${text}`
  const plain = kind === 'x' ? Buffer.from(text, 'hex').toString('utf8').replaceAll('\0', '\u2400') : text
  return disarmed(plain)
}

/** A CSV line; every cell is quoted, so that no separator guess can split one. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`
}
