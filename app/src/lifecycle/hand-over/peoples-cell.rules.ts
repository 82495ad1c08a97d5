// SPDX-License-Identifier: Apache-2.0

/** What a spreadsheet could take for a formula or a command: = + - @ TAB CR LF, also in full width or small form, also behind spaces and what cannot be seen. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const formulaLike = /^[\s\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|^[\t\r\n]/u

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
