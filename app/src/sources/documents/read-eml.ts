// SPDX-License-Identifier: Apache-2.0
import PostalMime from 'postal-mime'
import type { Address, Email } from 'postal-mime'
import { digestOf } from '../digest-file.ts'
import type { ReadPlace } from '../read-csv.ts'
import { noRows } from '../source-events.ts'
import type { ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { documentDataSet, textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

const PARSE_MS = 20_000
const MIME_DEPTH_MAX = 32
const ADDRESSES_MAX = 100_000
/** Headers that the table of addresses tells already. */
const addressHeaders = new Set(['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'content-type', 'content-transfer-encoding', 'mime-version', 'message-id', 'in-reply-to', 'references', 'content-disposition', 'dkim-signature'])

/** Reads a mail (RFC 5322, MIME): its addresses as a table, the other headers and the body as text, attachments and attached mails as files of their own. Refuses MIME nested or headed beyond the limits. */
export async function* readEml(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const mail = await parse(at, setting)
  yield { kind: 'source', source: digestOf(at, 'eml', setting) }
  const people = peopleOf(mail)
  const isWhole = setting.documents === 'whole'
  const headers = mail.headers.flatMap(({ key, originalKey, value }) => (addressHeaders.has(key) ? [] : [`${originalKey}: ${key === 'subject' ? (mail.subject ?? value) : value}`]))
  const read = { at, setting, name: at.name, kind: 'eml', unit: 'line' } as const
  let next = at.firstDataSet
  if (isWhole) {
    const lines = [...people.map(({ role, name, address }) => `${role}: ${name} ${address}`), ...headers, ...bodyLines(mail)]
    yield* documentDataSet(read, next, pieces(lines))
  } else {
    if (people.length > 0) yield* addressSet(at, next++, people)
    next = yield* textDataSet({ ...read, name: `${at.name}#headers` }, next, pieces(headers))
    yield* textDataSet(read, next, pieces(bodyLines(mail)))
  }
  for (const [i, { filename, mimeType, content }] of mail.attachments.entries()) {
    if (at.nest !== undefined) yield* at.nest({ name: safeName(filename) ?? `attachment-${i + 1}${mimeType === 'message/rfc822' ? '.eml' : endingOf(mimeType)}`, pieces: () => [typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)] })
  }
}

const pieces = (lines: readonly string[]): TextPiece[] => lines.map((text, i) => ({ place: i + 1, text }))

async function parse(at: ReadPlace, setting: ReadSetting): Promise<Email> {
  const bytes = wholeFile(at, setting)
  setting.alive(PARSE_MS)
  let mail: Email
  try {
    mail = await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer', forceRfc822Attachments: true, maxNestingDepth: MIME_DEPTH_MAX })
  } catch (error) {
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: error instanceof Error && /nesting/.test(error.message) ? `MIME 嵌套超过 ${MIME_DEPTH_MAX} 层 / nested too deep` : 'MIME' }, { cause: error })
  }
  if (!mail.headers.some(({ key }) => ['from', 'to', 'subject', 'date', 'received', 'content-type', 'message-id'].includes(key))) throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: '缺少邮件头 / no mail headers' })
  return mail
}

interface Person {
  role: string
  name: string
  address: string
}

function peopleOf(mail: Email): Person[] {
  const people: Person[] = []
  const add = (role: string, given: Address | undefined): void => {
    if (given === undefined || people.length >= ADDRESSES_MAX) return
    if (given.group === undefined) people.push({ role, name: given.name, address: given.address })
    else for (const one of given.group) people.push({ role, name: one.name, address: one.address })
  }
  add('发件人', mail.from)
  add('代发人', mail.sender)
  for (const [role, list] of [['回复至', mail.replyTo], ['收件人', mail.to], ['抄送', mail.cc], ['密送', mail.bcc]] as const) for (const one of list ?? []) add(role, one)
  return people
}

function* addressSet(at: ReadPlace, index: number, people: readonly Person[]): Generator<ReadEvent> {
  const fields = ['角色', '姓名', '邮箱'].map((name, i) => ({ name, index: i }))
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name: `${at.name}#addresses`, kind: 'eml', hidden: false, fields, headerRow: 1, blankHeaders: 0, duplicateHeaders: 0 } }
  yield { kind: 'rows', dataSet: index, rows: people.map(({ role, name, address }, i) => ({ ordinal: i, place: i + 1, cells: [textCell(role), textCell(name), textCell(address)] })) }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...noRows(), rows: people.length } }
}

/** The text of the mail, and what only its HTML says. */
function bodyLines(mail: Email): string[] {
  const lines = (mail.text ?? '').split(/\r\n|[\r\n]/)
  const known = new Set(lines.map((line) => line.replace(/\s+/g, '')))
  return [...lines, ...htmlLines(mail.html ?? '').filter((line) => !known.has(line.replace(/\s+/g, '')))]
}

const blocks = /<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table|\/td|\/th)\b[^<>]{0,500}>/gi
const entities = new Map([['nbsp', ' '], ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"']])

/** Text of HTML for searching, not for showing: no scripts or styles, blocks as lines. */
function htmlLines(html: string): string[] {
  const plain = html.replace(/<(script|style|head)\b/gi, '\u0000$1').split('\u0000').map(withoutHidden).join('').replace(blocks, '\n').replace(/<[^<>]{0,5000}>/g, '')
  const text = plain.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities.get(name.toLowerCase()) ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all
  })
  return text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '')
}

function withoutHidden(part: string, at: number): string {
  if (at === 0) return part
  const name = /^(script|style|head)/i.exec(part)?.[1]?.toLowerCase() ?? ''
  const end = part.toLowerCase().indexOf(`</${name}`)
  return end < 0 ? '' : part.slice(part.indexOf('>', end) + 1)
}

/** A name as a file in a folder has one; it is shown, never written to. */
function safeName(name: string | null): string | null {
  const last = name?.replaceAll('\\', '/').split('/').at(-1)?.trim() ?? ''
  return last === '' || last === '.' || last === '..' ? null : last.slice(0, 255)
}

const endings = new Map([['text/plain', '.txt'], ['text/csv', '.csv'], ['application/pdf', '.pdf'], ['image/png', '.png'], ['image/jpeg', '.jpg'], ['application/json', '.json'], ['application/zip', '.zip']])

const endingOf = (mimeType: string): string => endings.get(mimeType) ?? '.bin'
