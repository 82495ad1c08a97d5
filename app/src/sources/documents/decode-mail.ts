// SPDX-License-Identifier: Apache-2.0
import { isAscii, isUtf8 } from 'node:buffer'

/** Text of a part of a mail, and whether it is surely what was written. */
export interface MailText {
  text: string
  isSure: boolean
}

/** Names of character sets that are one of WHATWG's under another name. */
const aliases = new Map([['cp936', 'gbk'], ['ms936', 'gbk'], ['windows-936', 'gbk'], ['gb_2312-80', 'gbk'], ['x-gb2312', 'gbk'], ['cp950', 'big5'], ['windows-950', 'big5'], ['cp932', 'shift_jis'], ['cp949', 'euc-kr'], ['utf8', 'utf-8'], ['default', ''], ['unknown-8bit', ''], ['x-unknown', ''], ['_autodetect_cn', '']])
/** Sets that hide other characters behind plain bytes: what looks like ASCII is none. */
const shifting = /^(?:hz|utf-?7|iso-?2022|unicode-1-1-utf-7|x-imap4)/
const western = /^(?:us-ascii|ascii|iso-?8859-?1\b|iso-?8859-?15|latin-?1|windows-1252|cp1252)/

/**
 * The text of bytes that say their character set, or do not. What is strictly UTF-8 is that, whatever was declared, when it holds characters that others would hardly give by chance; then what was declared, strictly; then strict GB18030, which mailers of the mainland send without saying so.
 * Not sure where the set is unknown or the bytes do not fit: they are decoded with marks in the gaps, and whoever reads them says so.
 */
export function decodeMail(bytes: Uint8Array, declared: string | undefined): MailText {
  const given = (declared ?? '').trim().toLowerCase()
  const label = aliases.get(given) ?? given
  const isKnown = label === '' || western.test(label) || decoderOf(label) !== null
  if (isAscii(bytes)) return shifting.test(label) ? decodeShifting(bytes, label) : { text: Buffer.from(bytes).toString('latin1'), isSure: isKnown || !/~\{|\u001b/.test(Buffer.from(bytes).toString('latin1')) }
  const asUtf8 = isUtf8(bytes) ? new TextDecoder().decode(bytes) : null
  if (asUtf8 !== null && (label === '' || !isKnown || /^utf-?8$/.test(label) || western.test(label) || /[\u0800-\uffff]/.test(asUtf8))) return { text: asUtf8, isSure: true }
  if (label !== '' && !western.test(label) && !/^utf-?8$/.test(label)) {
    const strict = strictly(bytes, label)
    if (strict !== null) return { text: strict, isSure: true }
  }
  const chinese = strictly(bytes, 'gb18030')
  if (chinese !== null && (!western.test(label) || (chinese.match(/\p{Script=Han}/gu) ?? []).length >= 2)) return { text: chinese, isSure: true }
  if (western.test(label)) return { text: new TextDecoder('windows-1252').decode(bytes), isSure: true }
  return { text: new TextDecoder(isKnown && label !== '' ? label : 'utf-8').decode(bytes), isSure: false }
}

function decodeShifting(bytes: Uint8Array, label: string): MailText {
  const strict = label.startsWith('iso-2022-jp') ? strictly(bytes, 'iso-2022-jp') : null
  return strict === null ? { text: Buffer.from(bytes).toString('latin1'), isSure: false } : { text: strict, isSure: true }
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    return null // no set that is known
  }
}

function strictly(bytes: Uint8Array, label: string): string | null {
  try {
    return decoderOf(label)?.decode(bytes) ?? null
  } catch {
    return null // the bytes are not of this set
  }
}

const encodedWord = /=\?([^?\s]{1,60})\?([bq])\?([^?]{0,100000})\?=/gi

/** A header with its encoded words (RFC 2047) as text; words of one set that follow one another are decoded together, since mailers cut characters in two. */
export function decodeHeader(value: string): MailText {
  let isSure = true
  const joined = value.replace(/(=\?[^?\s]{1,60}\?[bq]\?[^?]{0,100000}\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)/gi, '$1')
  let text = ''
  let end = 0
  let pending: { set: string; bytes: Buffer[] } | null = null
  const flush = (): void => {
    if (pending === null) return
    const decoded = decodeMail(Buffer.concat(pending.bytes), pending.set)
    isSure &&= decoded.isSure
    text += decoded.text
    pending = null
  }
  for (const match of joined.matchAll(encodedWord)) {
    const [whole, named = '', kind = '', body = ''] = match
    const set = named.split('*')[0]?.toLowerCase() ?? ''
    if (match.index > end || (pending !== null && pending.set !== set)) flush()
    text += joined.slice(end, match.index)
    pending ??= { set, bytes: [] }
    pending.bytes.push(kind.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : quotedWord(body))
    end = match.index + whole.length
  }
  flush()
  return { text: text + joined.slice(end), isSure }
}

function quotedWord(body: string): Buffer {
  return Buffer.from(body.replaceAll('_', ' ').replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
}
