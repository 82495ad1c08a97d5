// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import PostalMime, { addressParser } from 'postal-mime'
import type { Address, Email } from 'postal-mime'
import { z } from 'zod'
import { digestOf } from '../digest-file.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import { noRows } from '../source-events.ts'
import type { ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { decodeHeader, decodeMail } from './decode-mail.ts'
import { embeddedPictures, htmlLines } from './html-text.ts'
import { documentDataSet, textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

const PARSE_MS = 20_000
const MIME_DEPTH_MAX = 32
const ADDRESSES_MAX = 100_000
/** Headers that hold addresses, and what a person in them is. */
const roles = new Map([['from', '发件人'], ['sender', '代发人'], ['reply-to', '回复至'], ['to', '收件人'], ['cc', '抄送'], ['bcc', '密送']])
/** Headers that say how the mail is packed, or number it. */
const technical = new Set(['content-type', 'content-transfer-encoding', 'mime-version', 'message-id', 'in-reply-to', 'references', 'content-disposition', 'dkim-signature'])

/** Reads a mail (RFC 5322, MIME): its addresses as a table, the other headers and the body as text, attachments and attached mails as files of their own. Lists parts whose character set is not known. Refuses MIME nested or headed beyond the limits. */
export async function* readEml(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const { mail, parts, epilogue } = await parse(at, setting)
  yield { kind: 'source', source: digestOf(at, 'eml', setting) }
  const { people, isCut } = peopleOf(mail)
  const isWhole = setting.documents === 'whole'
  const headers = mail.headers.filter(({ key }) => !roles.has(key) && !technical.has(key)).map(({ originalKey, value }) => `${originalKey}: ${decodeHeader(value).text}`)
  const body = bodyOf(parts, epilogue)
  const read = { at, setting, name: at.name, kind: 'eml', unit: 'line' } as const
  let next = at.firstDataSet
  if (isWhole) {
    const lines = [...people.map(({ role, name, address }) => `${role}: ${name} ${address}`), ...headers, ...body.lines]
    yield* documentDataSet(read, next, pieces(lines))
  } else {
    if (people.length > 0) yield* addressSet(at, next++, people)
    next = yield* textDataSet({ ...read, name: `${at.name}#headers` }, next, pieces(headers))
    yield* textDataSet(read, next, pieces(body.lines))
  }
  if (isCut) yield { kind: 'notRead', where: at.place, why: notReadReasons.addresses }
  if (mail.headers.some(({ value }) => value.includes('\ufffd') || !decodeHeader(value).isSure)) yield { kind: 'notRead', where: `${at.place}!headers`, why: notReadReasons.mailText }
  for (const number of body.unsure) yield { kind: 'notRead', where: `${at.place}!part${number}`, why: notReadReasons.mailText }
  if (at.nest !== undefined) for (const file of filesOf(mail, body.pictures)) yield* at.nest(file)
}

const pieces = (lines: readonly string[]): TextPiece[] => lines.map((text, i) => ({ place: i + 1, text }))

/** A part of the mail as the parser has it; it tells the text of all parts as one, decoded leniently, so that we decode each part ourselves. */
interface MimePart {
  contentType: { parsed: { value: string; params: Record<string, string> }; multipart: string | false }
  contentDisposition: { parsed: { value: string } }
  content: ArrayBuffer | null
  childNodes: MimePart[]
}

const mimePart: z.ZodType<MimePart> = z.object({
  contentType: z.object({ parsed: z.object({ value: z.string(), params: z.record(z.string(), z.string()) }), multipart: z.union([z.string(), z.literal(false)]) }),
  contentDisposition: z.object({ parsed: z.object({ value: z.string() }) }),
  content: z.instanceof(ArrayBuffer).nullable(),
  get childNodes() {
    return z.array(mimePart)
  },
})

async function parse(at: ReadPlace, setting: ReadSetting): Promise<{ mail: Email; parts: MimePart[]; epilogue: Buffer }> {
  const bytes = withReadableHeaders(wholeFile(at, setting))
  setting.alive(PARSE_MS)
  const parser = new PostalMime({ attachmentEncoding: 'arraybuffer', forceRfc822Attachments: true, maxNestingDepth: MIME_DEPTH_MAX })
  let mail: Email
  try {
    mail = await parser.parse(bytes)
  } catch (error) {
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: error instanceof Error && /nesting/.test(error.message) ? `MIME 嵌套超过 ${MIME_DEPTH_MAX} 层 / nested too deep` : 'MIME' }, { cause: error })
  }
  if (!mail.headers.some(({ key }) => ['from', 'to', 'subject', 'date', 'received', 'content-type', 'message-id'].includes(key))) throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: '缺少邮件头 / no mail headers' })
  const parts = flat(mimePart.parse(Reflect.get(parser, 'root')))
  return { mail, parts, epilogue: epilogueOf(bytes, parts[0]?.contentType.parsed.params['boundary']) }
}

/** What stands after the last part; the parser passes over it. */
function epilogueOf(bytes: Buffer, boundary: string | undefined): Buffer {
  const end = boundary === undefined || boundary === '' ? -1 : bytes.lastIndexOf(`\n--${boundary}--`)
  return end < 0 || boundary === undefined ? Buffer.alloc(0) : bytes.subarray(end + boundary.length + 5)
}

const flat = (part: MimePart): MimePart[] => [part, ...part.childNodes.flatMap(flat)]

/** Headers in bytes of GB18030 (mailers without RFC 2047) as UTF-8, which is what the parser takes them for. */
function withReadableHeaders(bytes: Buffer): Buffer {
  const end = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')].filter((found) => found >= 0).reduce((first, one) => Math.min(first, one), bytes.length)
  const head = bytes.subarray(0, end)
  if (isUtf8(head)) return bytes
  const { text, isSure } = decodeMail(head, undefined)
  return isSure ? Buffer.concat([Buffer.from(text), bytes.subarray(end)]) : bytes
}

interface Person {
  role: string
  name: string
  address: string
}

/** The people in all address headers, those that stand twice too; a group is named before its members. */
function peopleOf(mail: Email): { people: Person[]; isCut: boolean } {
  const people: Person[] = []
  const add = (role: string, given: Address): void => {
    if (given.group === undefined) people.push({ role, name: given.name, address: given.address })
    else {
      if (given.name !== '') people.push({ role, name: given.name, address: '' })
      for (const one of given.group) people.push({ role, name: one.name, address: one.address })
    }
  }
  for (const [key, role] of roles) for (const header of mail.headers) if (header.key === key && people.length <= ADDRESSES_MAX) for (const one of addressParser(readableHeader(header.value))) add(role, one)
  return { people: people.slice(0, ADDRESSES_MAX), isCut: people.length > ADDRESSES_MAX }
}

/** Encoded words as quoted text, so that marks in a name do not split it. */
function readableHeader(value: string): string {
  return value.replace(/(?:=\?[^?\s]{1,60}\?[bq]\?[^?]{0,100000}\?=\s*)+/gi, (words) => `${JSON.stringify(decodeHeader(words.trim()).text)} `)
}

function* addressSet(at: ReadPlace, index: number, people: readonly Person[]): Generator<ReadEvent> {
  const fields = ['角色', '姓名', '邮箱'].map((name, i) => ({ name, index: i }))
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name: `${at.name}#addresses`, kind: 'eml', hidden: false, fields, headerRow: 1, blankHeaders: 0, duplicateHeaders: 0 } }
  yield { kind: 'rows', dataSet: index, rows: people.map(({ role, name, address }, i) => ({ ordinal: i, place: i + 1, cells: [textCell(role), textCell(name), textCell(address)] })) }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...noRows(), rows: people.length } }
}

interface MailBody {
  lines: string[]
  /** Numbers of parts that are not surely what was written. */
  unsure: number[]
  pictures: { ending: string; bytes: Buffer }[]
}

const preamble = /^\s*(?:this is a (?:multi-?part|cryptographically signed)[^\n]{0,200}|--\S+)?\s*$/i

/** The text of all parts, what only HTML says, and what stands before and after the parts. */
function bodyOf(parts: readonly MimePart[], epilogue: Buffer): MailBody {
  const body: MailBody = { lines: [], unsure: [], pictures: [] }
  const html: string[] = []
  for (const [i, part] of parts.entries()) {
    const isText = part.contentType.multipart !== false || (part.contentDisposition.parsed.value !== 'attachment' && /^text\/(?:plain|html)$/.test(part.contentType.parsed.value))
    if (!isText || part.content === null || part.content.byteLength === 0) continue
    const { charset, format, delsp } = part.contentType.parsed.params
    const decoded = decodeMail(new Uint8Array(part.content), charset)
    if (!decoded.isSure) body.unsure.push(i)
    // RFC 3676: a line that ends with a space goes on in the next.
    const text = format?.toLowerCase() === 'flowed' ? decoded.text.replace(/(?<!^--) \r?\n/gm, delsp?.toLowerCase() === 'yes' ? '' : ' ') : decoded.text
    if (part.contentType.parsed.value === 'text/html') {
      html.push(...htmlLines(text))
      body.pictures.push(...embeddedPictures(text))
    } else if (part.contentType.multipart === false || !preamble.test(text)) body.lines.push(...text.split(/\r\n|[\r\n]/))
  }
  const after = decodeMail(epilogue, undefined)
  if (!after.isSure) body.unsure.push(parts.length)
  body.lines.push(...after.text.split(/\r\n|[\r\n]/))
  const known = new Set(body.lines.map((line) => line.replace(/\s+/g, '')))
  for (const line of html) if (!known.has(line.replace(/\s+/g, ''))) body.lines.push(line)
  return body
}

interface MailFile {
  name: string
  pieces(): Uint8Array[]
}

/** Attachments, attached mails and pictures in the HTML, each with a name of its own; an attached mail is one whatever it is called. */
function filesOf(mail: Email, pictures: MailBody['pictures']): MailFile[] {
  const used = new Map<string, number>()
  const unique = (name: string): string => {
    const times = (used.get(name) ?? 0) + 1
    used.set(name, times)
    return times === 1 ? name : name.replace(/(\.[^.]*)?$/, (ending) => ` (${times})${ending}`)
  }
  const attached = mail.attachments.map(({ filename, mimeType, content }, i): MailFile => {
    const isMail = /^message\/(?:rfc822|global|partial)$/.test(mimeType)
    const given = safeName(filename) ?? `attachment-${i + 1}${isMail ? '' : endingOf(mimeType)}`
    return { name: unique(isMail && !/\.eml$/i.test(given) ? `${given}.eml` : given), pieces: () => [typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)] }
  })
  return [...attached, ...pictures.map(({ ending, bytes }, i): MailFile => ({ name: unique(`picture-${i + 1}.${ending}`), pieces: () => [bytes] }))]
}

/** A name as a file in a folder has one; it is shown, never written to. */
function safeName(name: string | null): string | null {
  const last = name?.replaceAll('\\', '/').split('/').at(-1)?.trim() ?? ''
  return last === '' || last === '.' || last === '..' ? null : last.slice(0, 255)
}

const endings = new Map([['text/plain', '.txt'], ['text/html', '.txt'], ['text/csv', '.csv'], ['text/rfc822-headers', '.txt'], ['message/delivery-status', '.txt'], ['application/pdf', '.pdf'], ['image/png', '.png'], ['image/jpeg', '.jpg'], ['application/json', '.json'], ['application/zip', '.zip']])

const endingOf = (mimeType: string): string => endings.get(mimeType) ?? '.bin'
