// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'
import { Failure } from '../../kit/failure.ts'
import { digestOf } from '../digest-file.ts'
import { notReadReasons } from '../find-unread-parts.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { whyOf } from '../why-of.ts'
import { recogniseText } from './recognise-text.ts'
import { repairRadicals } from './repair-radicals.rules.ts'
import { documentDataSet, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>
type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>

/** A page with fewer letters than this and a picture on it is a scan. */
const LETTERS_OF_A_SCAN = 10
const PAGE_MS = 20_000

/** Reads a PDF: the text of each page, with radicals repaired; scanned pages by recognition of their pictures; notes, form fields, properties; attachments as files of their own. Lists pages on which nothing can be read. Refuses encrypted and broken files. */
export async function* readPdf(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const source = digestOf(at, 'pdf', setting)
  const document = await openPdf(at, setting)
  try {
    yield { kind: 'source', source }
    const pages: TextPiece[] = []
    const scanned: TextPiece[] = []
    const beside = await propertiesOf(document)
    if (document.numPages === 0) yield { kind: 'notRead', where: at.place, why: notReadReasons.pageWithoutText }
    let chars = 0
    for (let number = 1; number <= document.numPages; number++) {
      const page = yield* readPage(at, document, { number, setting })
      const target = page.isScan ? scanned : pages
      if (page.text.trim() !== '') target.push({ place: number, text: page.text })
      beside.push(...page.notes.map((text): TextPiece => ({ place: number, text })))
      chars += page.text.length
      if (chars > setting.limits.cellCharsMax * 8) throw sourceFailures.CELL_TOO_LONG({ where: at.place, row: number, limit: setting.limits.cellCharsMax * 8 })
      if (document.numPages > 1) yield { kind: 'pages', done: number, total: document.numPages }
    }
    yield* dataSets(at, setting, { pages, scanned, beside })
    yield* attachments(at, document)
  } finally {
    await document.loadingTask.destroy()
  }
}

async function* dataSets(at: ReadPlace, setting: ReadSetting, text: { pages: TextPiece[]; scanned: TextPiece[]; beside: TextPiece[] }): AsyncGenerator<ReadEvent> {
  const read = { at, setting, name: at.name, kind: 'pdf', unit: 'page' } as const
  if (setting.documents === 'whole') {
    yield* documentDataSet(read, at.firstDataSet, [...text.pages, ...text.scanned].sort((a, b) => a.place - b.place).concat(text.beside))
    return
  }
  let next = yield* textDataSet(read, at.firstDataSet, text.pages)
  next = yield* textDataSet({ ...read, name: `${at.name}#scanned`, isPicture: true }, next, text.scanned)
  yield* textDataSet({ ...read, name: `${at.name}#beside` }, next, text.beside)
}

async function openPdf(at: ReadPlace, setting: ReadSetting): Promise<PdfDocument> {
  const bytes = wholeFile(at, setting)
  setting.alive(PAGE_MS)
  try {
    // No evaluation, no fonts or maps from elsewhere: what is not in the file is not fetched.
    return await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), { useSystemFonts: false, disableFontFace: true, useWorkerFetch: false, stopAtErrors: false, maxImageSize: setting.limits.pixelsMax, verbosity: 0 })
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw sourceFailures.ENCRYPTED_FILE({ where: at.place }, { cause: error })
    throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: `PDF ${error instanceof Error ? error.name : ''}` }, { cause: error })
  }
}

interface ReadPage {
  text: string
  isScan: boolean
  notes: string[]
}

async function* readPage(at: ReadPlace, document: PdfDocument, how: { number: number; setting: ReadSetting }): AsyncGenerator<ReadEvent, ReadPage> {
  const { number, setting } = how
  setting.alive(PAGE_MS)
  const where = `${at.place}!p${number}`
  try {
    const page = await document.getPage(number)
    const text = repairRadicals(await textOf(page))
    const notes = (await notesOf(page)).map(repairRadicals)
    if ([...text.matchAll(/[\p{L}\p{N}]/gu)].length >= LETTERS_OF_A_SCAN) return { text, isScan: false, notes }
    const recognised: string[] = []
    for await (const picture of picturesOf(page, setting)) {
      const found = await recogniseText(picture, where, setting)
      if (found !== '') recognised.push(found)
    }
    page.cleanup()
    if (recognised.length === 0 && text.trim() === '') yield { kind: 'notRead', where, why: notReadReasons.pageWithoutText }
    return recognised.length === 0 ? { text, isScan: false, notes } : { text: [text.trim(), ...recognised].filter((one) => one !== '').join('\n'), isScan: true, notes }
  } catch (error) {
    // The other pages stand by themselves; this one is listed with its reason.
    const failure = error instanceof Failure ? error : sourceFailures.DOCUMENT_CORRUPT({ where, why: `PDF ${error instanceof Error ? error.name : ''}` }, { cause: error })
    yield { kind: 'notRead', where, why: whyOf(failure) }
    return { text: '', isScan: false, notes: [] }
  }
}

async function textOf(page: PdfPage): Promise<string> {
  const content = await page.getTextContent()
  return content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
}

const words = z.string().optional().catch(undefined)
const said = z.object({ str: words }).optional().catch(undefined)
const annotations = z.array(z.object({ contentsObj: said, titleObj: said, fieldValue: words, url: words }))
const firstOf = z.array(z.unknown()).catch([])

/** Notes on a page and what is filled into its form. */
async function notesOf(page: PdfPage): Promise<string[]> {
  const notes: string[] = []
  for (const { contentsObj, titleObj, fieldValue, url } of annotations.parse(await page.getAnnotations())) {
    for (const value of [contentsObj?.str, titleObj?.str, fieldValue, url]) if (value !== undefined && value.trim() !== '' && !/^https?:/i.test(value)) notes.push(value)
  }
  return notes
}

/** The pictures that a page paints, as grey or colour pixels. */
async function* picturesOf(page: PdfPage, setting: ReadSetting): AsyncGenerator<Buffer> {
  const { OPS } = await getResolvedPDFJS()
  const operators = await page.getOperatorList()
  const seen = new Set<string>()
  for (const [i, operator] of operators.fnArray.entries()) {
    if (operator !== OPS['paintImageXObject'] && operator !== OPS['paintInlineImageXObject']) continue
    const named = firstOf.parse(operators.argsArray[i])[0]
    if (typeof named === 'string' && seen.has(named)) continue
    if (typeof named === 'string') seen.add(named)
    const image = typeof named === 'string' ? await objectOf(page, named) : named
    setting.alive()
    const picture = pnmOf(image)
    if (picture !== null) yield picture
  }
}

/** A picture that the page has by name; waits until it is decoded. */
async function objectOf(page: PdfPage, name: string): Promise<unknown> {
  return new Promise((resolve) => {
    const objects = name.startsWith('g_') ? page.commonObjs : page.objs
    objects.get(name, (found: unknown) => resolve(found))
  })
}

/** The pixels that pdf.js gives, as a file that the recogniser opens (netpbm P5, P6; bits as grey). */
function pnmOf(image: unknown): Buffer | null {
  if (typeof image !== 'object' || image === null || !('width' in image) || !('height' in image) || !('data' in image)) return null
  const { width, height, data } = image
  if (typeof width !== 'number' || typeof height !== 'number' || !(data instanceof Uint8Array || data instanceof Uint8ClampedArray) || width * height === 0) return null
  const pixels = width * height
  const channels = data.length / pixels
  if (channels === 1 || channels === 3) return Buffer.concat([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), new Uint8Array(data)])
  const grey = Buffer.alloc(pixels)
  if (channels === 4) {
    for (let i = 0; i < pixels; i++) grey[i] = ((data[i * 4] ?? 0) * 3 + (data[i * 4 + 1] ?? 0) * 6 + (data[i * 4 + 2] ?? 0)) / 10
  } else {
    const stride = (width + 7) >> 3
    if (data.length < stride * height) return null
    for (let i = 0; i < pixels; i++) {
      const [row, column] = [Math.floor(i / width), i % width]
      grey[i] = (((data[row * stride + (column >> 3)] ?? 0) >> (7 - (column & 7))) & 1) * 255
    }
  }
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey])
}

const telling = ['Author', 'Title', 'Subject', 'Keywords', 'Company']

async function propertiesOf(document: PdfDocument): Promise<TextPiece[]> {
  const { info } = await document.getMetadata().catch(() => ({ info: null }))
  const given = new Map<string, unknown>(Object.entries(info ?? {}))
  return telling.flatMap((name) => {
    const value = given.get(name)
    return typeof value === 'string' && value.trim() !== '' ? [{ place: 1, text: `${name}: ${repairRadicals(value)}` }] : []
  })
}

async function* attachments(at: ReadPlace, document: PdfDocument): AsyncGenerator<ReadEvent> {
  const found: unknown = await document.getAttachments().catch(() => null)
  if (typeof found !== 'object' || found === null) return
  for (const attached of found instanceof Map ? found.values() : Object.values(found)) {
    const { filename, content } = attachmentOf(attached)
    if (content !== null && at.nest !== undefined) yield* at.nest({ name: filename, pieces: () => [content] })
  }
}

function attachmentOf(attached: unknown): { filename: string; content: Uint8Array | null } {
  if (typeof attached !== 'object' || attached === null || !('content' in attached)) return { filename: '', content: null }
  const filename = 'filename' in attached && typeof attached.filename === 'string' ? attached.filename : 'attachment'
  return { filename, content: attached.content instanceof Uint8Array ? attached.content : null }
}
