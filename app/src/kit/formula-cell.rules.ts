// SPDX-License-Identifier: Apache-2.0

/** What a spreadsheet could take for a formula or a command: = + - @ TAB CR LF, also in full width or small form, also behind spaces and what cannot be seen. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const formulaLike = /^[\s\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|^[\t\r\n]/u
// eslint-disable-next-line no-control-regex -- what XML cannot carry
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
/** Excel holds 32,767 UTF-16 units a cell; some are kept for the apostrophe and the mark of a cut. */
const cellMax = 32_000

/** A text as a cell that people open: an apostrophe before what a spreadsheet could calculate or run (SECURITY P24). */
export function disarmed(text: string): string {
  return formulaLike.test(text) ? `'${text}` : text
}

/** The text that was meant by a cell that came back: without the apostrophe that disarmed it. */
export function rearmed(text: string): string {
  return text.startsWith("'") && formulaLike.test(text.slice(1)) ? text.slice(1) : text
}

/** A disarmed text that a workbook can hold: characters that XML cannot carry shown as ·, and no longer than a cell holds. */
export function workbookCell(text: string): string {
  const plain = text.replace(unwritable, '·')
  return disarmed(plain.length > cellMax ? `${plain.slice(0, cellMax).replace(/[\ud800-\udbff]$/, '')}…` : plain)
}
