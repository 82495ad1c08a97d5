// SPDX-License-Identifier: Apache-2.0

const blocks = /<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table|\/td|\/th|\/title|\/option|\/script)\b[^<>]{0,500}>/gi
const entities = new Map([['nbsp', ' '], ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"], ['copy', '©'], ['middot', '·'], ['ensp', ' '], ['emsp', ' ']])
const targets = /\b(?:href|action)\s*=\s*(?:"((?:mailto|tel|sms):[^"]{1,2000})"|'((?:mailto|tel|sms):[^']{1,2000})'|((?:mailto|tel|sms):[^\s>"']{1,2000}))/gi
const attributes = /\s(?:alt|title|value|content|placeholder|summary|label|aria-label)\s*=\s*(?:"([^"]{1,20000})"|'([^']{1,20000})')/gi

/** Text of HTML for searching, not for showing: blocks as lines, comments and scripts too (they can hold data), then targets that name somebody and what attributes say. Only styles are left out. */
export function htmlLines(html: string): string[] {
  const plain = withoutStyles(html).replaceAll('<!--', '\n').replaceAll('-->', '\n')
  const said = [...plain.matchAll(targets), ...plain.matchAll(attributes)].map(([, double, single, bare]) => readable(double ?? single ?? bare ?? ''))
  const text = unescaped(plain.replace(blocks, '\n').replace(/<[^<>]{0,5000}>/g, ''))
  return [...text.split(/[\r\n]+/), ...said].map((line) => line.trim()).filter((line) => line !== '')
}

/** A style that is never closed hides nothing: what follows it is read. */
function withoutStyles(html: string): string {
  const parts = html.split(/<style\b/i)
  return parts.map((part, i) => {
    const end = i === 0 ? -1 : part.toLowerCase().indexOf('</style')
    return end < 0 ? part : part.slice(part.indexOf('>', end) + 1)
  }).join('\n')
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities.get(name.toLowerCase()) ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all
  })
}

function readable(value: string): string {
  const text = unescaped(value)
  if (!/^(?:mailto|tel|sms):/i.test(text)) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text // written without escapes
  }
}

/** Pictures that stand in the HTML itself (`data:`), as files. */
export function embeddedPictures(html: string): { ending: string; bytes: Buffer }[] {
  return [...html.matchAll(/data:image\/([a-z+.-]{1,20});base64,([\w+/=\s%-]+)/gi)].map(([, kind = '', body = '']) => ({ ending: kind.toLowerCase().replace('jpeg', 'jpg').replace(/\W.*$/, ''), bytes: Buffer.from(body, 'base64') }))
}
