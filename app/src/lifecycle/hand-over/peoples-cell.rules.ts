// SPDX-License-Identifier: Apache-2.0

/** What a spreadsheet could take for a formula or a command: = + - @ TAB CR LF, also in full width, also behind spaces. */
const formulaLike = /^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u

/** A landed cell as a person may open it in a spreadsheet: an apostrophe before what could be a formula, bytes marked as such, nothing for null (SECURITY P24). The exact value stands in the exact file. */
export function cellForPeople(kind: string, text: string | null): string {
  if (text === null) return ''
  if (kind === 'b') return `hex:${text}`
  const plain = kind === 'x' ? Buffer.from(text, 'hex').toString('utf8').replaceAll('\0', '\u2400') : text
  return formulaLike.test(plain) ? `'${plain}` : plain
}

/** A CSV line; every cell is quoted, so that no separator guess can split one. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`
}
