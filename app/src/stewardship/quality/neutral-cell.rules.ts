// SPDX-License-Identifier: Apache-2.0

/** What a spreadsheet could take for a formula or a command, also in full width and behind what cannot be seen (SECURITY P24). */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const formulaLike = /^[\s\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|^[\t\r\n]/u
// eslint-disable-next-line no-control-regex -- XML cannot carry them
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu

/** A text as a cell that people open: an apostrophe before what could be a formula, nothing that a workbook cannot hold. */
export function neutralCell(text: string): string {
  const plain = text.replace(unprintable, '\u2423').slice(0, 32_000)
  return formulaLike.test(plain) ? `'${plain}` : plain
}

/** The text that a person meant in a cell: without the apostrophe that only kept a spreadsheet from calculating. */
export function meantText(cell: string): string {
  const text = cell.trim()
  return text.startsWith("'") && formulaLike.test(text.slice(1)) ? text.slice(1) : text
}
