// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent } from '../source-events.ts'
import type { PdfDocument, PdfPage } from './open-pdf.ts'
import { decodeEntities, XmlScan } from '../scan-xml.ts'
import { repairRadicals } from './repair-radicals.rules.ts'

const STRINGS_MAX = 10_000
const DEPTH_MAX = 16
const words = z.string().optional().catch(undefined)
const said = z.object({ str: words }).optional().catch(undefined)
const choice = z.object({ exportValue: words, displayValue: words })
const annotations = z.array(z.object({
  contentsObj: said, titleObj: said, richText: said, alternativeText: words, overlaidText: words, url: words, unsafeUrl: words, defaultFieldValue: z.unknown().optional(), fieldValue: z.unknown().optional(), actions: z.unknown().optional(), options: z.array(choice).catch([]),
  richMedia: z.object({ fileId: words }).optional().catch(undefined), fileId: words, file: z.object({ filename: words, description: words }).optional().catch(undefined),
}))

/** A file that hangs on a page or on the document, by the name that pdf.js gives its content for. */
export interface PdfAttachment {
  id: string
  filename: string
}

/** What is written on a page beside its text: notes, link targets that name somebody, what a form holds and offers, scripts; and the files that hang on it. */
export async function notesOf(page: PdfPage): Promise<{ notes: string[]; attached: PdfAttachment[] }> {
  const notes = new Set<string>()
  const attached: PdfAttachment[] = []
  for (const one of annotations.parse(await page.getAnnotations())) {
    const offered = one.options.flatMap(({ exportValue, displayValue }) => [exportValue, displayValue])
    const links = [one.url, one.unsafeUrl].filter((url) => url !== undefined && !/^https?:/i.test(url))
    for (const value of [one.contentsObj?.str, one.titleObj?.str, one.richText?.str, one.alternativeText, one.overlaidText, one.file?.description, ...links, ...stringsIn(one.fieldValue), ...stringsIn(one.defaultFieldValue), ...offered, ...stringsIn(one.actions)]) {
      if (value !== undefined && value.trim() !== '') notes.add(repairRadicals(value))
    }
    if (one.richMedia?.fileId !== undefined) attached.push({ id: one.richMedia.fileId, filename: 'media' })
    if (one.fileId !== undefined) attached.push({ id: one.fileId, filename: one.file?.filename ?? 'attachment' })
  }
  return { notes: [...notes], attached }
}

/** All texts in what pdf.js gives, however it nests. */
function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return []
  const inner: unknown[] = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : Object.values(value)
  return inner.slice(0, STRINGS_MAX).flatMap((one) => stringsIn(one, depth + 1))
}

const programKeys = new Set(['PDFFormatVersion', 'Language', 'EncryptFilterName', 'Producer', 'Creator', 'CreationDate', 'ModDate', 'Trapped'])
const metadataForm = z.object({ getRaw: z.custom<() => unknown>((value) => typeof value === 'function') })

/** The properties of a document (its dictionary and its XMP), the titles of its outline, its scripts; what of these cannot be read, and a form in XFA, is listed. */
export async function* documentTexts(at: ReadPlace, document: PdfDocument, texts: string[]): AsyncGenerator<ReadEvent> {
  const list = (why: (typeof notReadReasons)[keyof typeof notReadReasons]): ReadEvent => ({ kind: 'notRead', where: at.place, why })
  try {
    const { info, metadata } = await document.getMetadata()
    const given = new Map<string, unknown>(Object.entries(info))
    for (const [name, value] of given) {
      if (name === 'Custom') texts.push(...Object.entries(value ?? {}).flatMap(([custom, inner]) => stringsIn(inner).map((text) => `${custom}: ${repairRadicals(text)}`)))
      else if (typeof value === 'string' && value.trim() !== '' && !programKeys.has(name)) texts.push(`${name}: ${repairRadicals(value)}`)
    }
    texts.push(...xmpTexts(metadataForm.safeParse(metadata).data?.getRaw.call(metadata), texts))
    if (given.get('IsXFAPresent') === true) yield list(notReadReasons.xfa)
  } catch {
    yield list(notReadReasons.properties)
  }
  try {
    texts.push(...outlineTitles(await document.getOutline()), ...stringsIn(await document.getJSActions()))
  } catch {
    yield list(notReadReasons.outline)
  }
}

const outlineItems = z.array(z.object({ title: words, url: words, unsafeUrl: words, items: z.unknown().optional() })).catch([])

function outlineTitles(outline: unknown, depth = 0): string[] {
  if (depth > DEPTH_MAX) return []
  return outlineItems.parse(outline).flatMap(({ title, unsafeUrl, items }) => {
    const target = unsafeUrl !== undefined && /^(mailto|tel|sms):/i.test(unsafeUrl) ? [unsafeUrl] : []
    return [...(title === undefined || title.trim() === '' ? [] : [repairRadicals(title)]), ...target, ...outlineTitles(items, depth + 1)]
  })
}

/** What programs write into XMP on their own accord: names of programs, identifiers, languages, versions, their history. */
const technical = /^(?:CreatorTool|Producer|DocumentID|InstanceID|OriginalDocumentID|documentID|instanceID|VersionID|RenditionClass|format|language|PDFVersion|NPages|part|conformance|rev|Trapped|\w*Date|History|action|changed|when|parameters|softwareAgent|DerivedFrom|Ingredients|schemas|Thumbnails|about|xmptk|type|GTS_\w*)$/

/** What XMP says in words (ISO 16684-1) that is not known already: texts of elements and attributes. Refuses what is no plain XML. */
function xmpTexts(raw: unknown, known: readonly string[]): string[] {
  if (typeof raw !== 'string') return []
  const texts = new Set<string>()
  const open: string[] = []
  const add = (name: string, text: string): void => {
    const given = text.trim()
    if (given !== '' && ![...open, name].some((one) => technical.test(one)) && !known.some((one) => one.endsWith(given))) texts.add(`XMP: ${repairRadicals(given)}`)
  }
  const scan = new XmlScan({
    open: (name, attributes) => {
      for (const match of attributes.matchAll(/\s(?!xmlns|rdf:|xml:)\w+:(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) add(match[1] ?? '', decodeEntities(match[2] ?? match[3] ?? ''))
      open.push(name)
    },
    close: () => void open.pop(),
    text: (text) => add('', text),
  })
  scan.push(raw.replace(/^\ufeff/, ''))
  scan.end()
  return [...texts]
}

/** Files that hang on the document or its pages, read as files of their own; one whose content does not come is listed. */
export async function* attachments(at: ReadPlace, document: PdfDocument, onPages: readonly PdfAttachment[]): AsyncGenerator<ReadEvent> {
  const all = new Map<string, string>(onPages.map(({ id, filename }) => [id, filename]))
  try {
    for (const [id, filename] of namesOf(await document.getAttachments())) all.set(id, filename)
  } catch {
    yield { kind: 'notRead', where: at.place, why: notReadReasons.embedded }
  }
  const used = new Map<string, number>()
  for (const [id, filename] of all) {
    const times = (used.get(filename) ?? 0) + 1
    used.set(filename, times)
    const name = times === 1 ? filename : `${filename} (${times})`
    const content: unknown = await document.getAttachmentContent(id).catch(() => null)
    if (!(content instanceof Uint8Array)) yield { kind: 'notRead', where: `${at.place}!${name}`, why: notReadReasons.embedded }
    else if (at.nest !== undefined) yield* at.nest({ name, pieces: () => [content] })
  }
}

const named = z.object({ filename: words }).catch({ filename: undefined })

function namesOf(found: unknown): [string, string][] {
  if (typeof found !== 'object' || found === null) return []
  const entries: [unknown, unknown][] = found instanceof Map ? [...found] : Object.entries(found)
  return entries.map(([id, one]) => [String(id), named.parse(one).filename ?? 'attachment'])
}
