// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { Failure } from '../../kit/failure.ts'
import { digestOf } from '../digest-file.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent, WhyNotRead } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { whyOf } from '../why-of.ts'
import { openPdf } from './open-pdf.ts'
import type { PdfDocument, PdfPage } from './open-pdf.ts'
import { attachments, documentTexts, notesOf } from './pdf-beside.ts'
import type { PdfAttachment } from './pdf-beside.ts'
import { contentOf } from './pdf-operators.ts'
import type { PaintedPicture } from './pdf-operators.ts'
import { DocumentPictures } from './pdf-picture-spool.ts'
import { recogniseText } from './recognise-text.ts'
import { repairRadicals } from './repair-radicals.rules.ts'
import { documentDataSet, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { wholeFile } from './whole-file.ts'

/** A page with fewer letters than this and a picture on it is a scan. */
const LETTERS_OF_A_SCAN = 10
const PAGE_MS = 20_000
/** A picture so thin holds no letter by itself, but it may be a strip of one; below so many pixels it is a dot. */
const THIN_SIDE = 8
const DOT_PIXELS = 64
/** Part of the characters of a page, from which on its font says nothing about what is written. */
const UNDECODED_SHARE = 0.2
/** Characters that are searched for the lines of a page; what is not searched for counts as missing, so that nothing is lost. */
const SEARCHED_MAX = 200_000_000

/** Reads a PDF: the text of each page, with radicals repaired; the pictures on it by recognition; notes, form fields, outline, properties; attachments as files of their own. Lists pages and pictures on which nothing can be read. Refuses encrypted and broken files. */
export async function* readPdf(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const source = digestOf(at, 'pdf', setting)
  const bytes = wholeFile(at, setting)
  const tooLarge = picturesBeyond(bytes, setting.limits.pixelsMax)
  const document = await openPdf(at, bytes, setting)
  const pictures = new DocumentPictures(() => setting.alive(PAGE_MS))
  try {
    yield { kind: 'source', source }
    if (document.numPages === 0) yield { kind: 'notRead', where: at.place, why: notReadReasons.pageWithoutText }
    if (tooLarge > 0) yield { kind: 'notRead', where: at.place, why: whyOf(sourceFailures.IMAGE_REFUSED({ where: at.place, why: `${tooLarge} 张超过 ${setting.limits.pixelsMax} 像素 / pixels` })) }
    const texts: PdfTexts = { pages: [], scanned: [], beside: [] }
    const described: string[] = []
    yield* documentTexts(at, document, described)
    texts.beside.push(...described.map((text): TextPiece => ({ place: 1, text })))
    const attached = yield* readPages(at, document, { texts, setting, pictures })
    yield* dataSets(at, setting, texts)
    yield* attachments(at, document, attached)
  } finally {
    pictures.close()
    await document.loadingTask.destroy()
  }
}

interface PdfTexts {
  pages: TextPiece[]
  scanned: TextPiece[]
  beside: TextPiece[]
}

async function* readPages(at: ReadPlace, document: PdfDocument, how: { texts: PdfTexts; setting: ReadSetting; pictures: DocumentPictures }): AsyncGenerator<ReadEvent, PdfAttachment[]> {
  const { texts, setting, pictures } = how
  const attached: PdfAttachment[] = []
  const known = new Map<string, string>()
  const limit = setting.limits.cellCharsMax * 8
  let chars = 0
  for (let number = 1; number <= document.numPages; number++) {
    const page = yield* readPage(at, document, { number, setting, known, pictures })
    const put = (pieces: TextPiece[], text: string): void => {
      if (text.trim() !== '') pieces.push({ place: number, text })
      chars += text.length
    }
    put(texts.pages, page.text)
    put(texts.scanned, page.recognised)
    for (const note of page.notes) put(texts.beside, note)
    attached.push(...page.attached)
    if (chars > limit) throw sourceFailures.CELL_TOO_LONG({ where: at.place, row: number, limit })
    if (document.numPages > 1) yield { kind: 'pages', done: number, total: document.numPages }
  }
  return attached
}

async function* dataSets(at: ReadPlace, setting: ReadSetting, text: PdfTexts): AsyncGenerator<ReadEvent> {
  const read = { at, setting, name: at.name, kind: 'pdf', unit: 'page' } as const
  if (setting.documents === 'whole') {
    yield* documentDataSet(read, at.firstDataSet, [...text.pages, ...text.scanned].sort((a, b) => a.place - b.place).concat(text.beside))
    return
  }
  let next = yield* textDataSet(read, at.firstDataSet, text.pages)
  next = yield* textDataSet({ ...read, name: `${at.name}#scanned`, isPicture: true }, next, text.scanned)
  yield* textDataSet({ ...read, name: `${at.name}#beside` }, next, text.beside)
}

interface ReadPage {
  text: string
  /** What was recognised in its pictures. */
  recognised: string
  notes: string[]
  attached: PdfAttachment[]
}

interface PageRead {
  number: number
  setting: ReadSetting
  /** What was recognised in pictures of earlier pages: a letterhead stands on each of them. */
  known: Map<string, string>
  pictures: DocumentPictures
}

async function* readPage(at: ReadPlace, document: PdfDocument, how: PageRead): AsyncGenerator<ReadEvent, ReadPage> {
  const where = `${at.place}!p${how.number}`
  how.setting.alive(PAGE_MS)
  const read: ReadPage = { text: '', recognised: '', notes: [], attached: [] }
  try {
    const page = await document.getPage(how.number)
    read.text = repairRadicals(await textOf(page))
    Object.assign(read, await notesOf(page))
    const content = await contentOf(page, how.pictures)
    page.cleanup()
    read.notes.push(...content.shown.map(repairRadicals).filter((text) => !read.notes.includes(text)), ...outsideOf(read.text, content.lines.map(repairRadicals)))
    if (content.isFontBroken || isUndecoded(read.text)) yield { kind: 'notRead', where, why: notReadReasons.pageFont }
    const { texts, unread } = await recogniseAll(content.pictures, where, how)
    const hasText = texts.length > 0 || read.text.trim() !== ''
    if (!hasText) yield { kind: 'notRead', where, why: notReadReasons.pageWithoutText }
    for (const one of unread) if (hasText || one.why.code !== notReadReasons.pictureWithoutText.code) yield { kind: 'notRead', ...one }
    if (texts.length > 0 && lettersIn(read.text) < LETTERS_OF_A_SCAN) {
      texts.unshift(...[read.text.trim()].filter((text) => text !== ''))
      read.text = ''
    }
    read.recognised = texts.join('\n')
  } catch (error) {
    // The other pages stand by themselves, and so does what of this one was read; it is listed with its reason.
    const failure = error instanceof Failure ? error : sourceFailures.DOCUMENT_CORRUPT({ where, why: `PDF ${error instanceof Error ? error.name : ''}` }, { cause: error })
    yield { kind: 'notRead', where, why: whyOf(failure) }
  }
  return read
}

const lettersIn = (text: string): number => [...text.matchAll(/[\p{L}\p{N}]/gu)].length

/** A font without a map to characters gives private, replaced or control characters in place of what is written. */
function isUndecoded(text: string): boolean {
  const written = text.replace(/\s/g, '')
  return (written.match(/[\u0000-\u001f\ue000-\uf8ff\ufffd]/g) ?? []).length > written.length * UNDECODED_SHARE
}

/** Lines that a page shows and that its text lacks: they lie wholly or in part outside its borders, and stand in the file all the same. */
function outsideOf(text: string, lines: readonly string[]): string[] {
  const plain = (given: string): string => given.normalize('NFKC').replace(/[\s\u00ad]/g, '')
  const known = plain(text)
  let at = 0
  let work = 0
  return lines.filter((line) => {
    const wanted = plain(line)
    const next = known.indexOf(wanted, at) // most often they come in the same order
    const found = next >= 0 ? next : work > SEARCHED_MAX ? -1 : known.indexOf(wanted)
    work += next >= 0 ? next - at : 2 * known.length
    if (found >= 0) at = found
    return found < 0
  })
}

async function textOf(page: PdfPage): Promise<string> {
  const content = await page.getTextContent()
  return content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
}

/** The text in the pictures of a page, and each picture in which none was found. */
async function recogniseAll(pictures: readonly PaintedPicture[], where: string, { setting, known }: PageRead): Promise<{ texts: string[]; unread: { where: string; why: WhyNotRead }[] }> {
  const texts: string[] = []
  const unread: { where: string; why: WhyNotRead }[] = []
  const thin = new Set(pictures.filter(({ isDecoded, width, height }) => isDecoded && Math.min(width, height) < THIN_SIDE))
  if ([...thin].reduce((sum, { width, height }) => sum + width * height, 0) >= DOT_PIXELS) unread.push({ where, why: notReadReasons.thinPicture })
  for (const [i, painted] of pictures.entries()) {
    if (thin.has(painted)) continue
    const place = `${where}/picture${i + 1}`
    const picture = painted.pixels()
    if (picture === null) unread.push({ where: place, why: notReadReasons.pictureUndecoded })
    else {
      const text = await recogniseOnce(picture, place, { setting, known })
      if (text instanceof Failure) unread.push({ where: place, why: whyOf(text) })
      else if (text === '') unread.push({ where: place, why: notReadReasons.pictureWithoutText })
      else texts.push(text)
    }
  }
  return { texts, unread }
}

async function recogniseOnce(pixels: Buffer, place: string, { setting, known }: Pick<PageRead, 'setting' | 'known'>): Promise<string | Failure> {
  const key = createHash('sha256').update(pixels).digest('hex')
  try {
    const text = known.get(key) ?? (await recogniseText(pixels, place, setting))
    known.set(key, text)
    return text
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

/** How many pictures say that they have more pixels than the limit: pdf.js leaves them out without a word. Their dictionaries stand in the file as they are. */
function picturesBeyond(bytes: Buffer, pixelsMax: number): number {
  const AROUND = 1000
  let found = 0
  for (let at = bytes.indexOf('/Width'); at >= 0; at = bytes.indexOf('/Width', at + 6)) {
    const near = bytes.toString('latin1', Math.max(0, at - AROUND), at + AROUND)
    const middle = Math.min(at, AROUND)
    const begin = Math.max(near.lastIndexOf('obj', middle), 0)
    const end = near.indexOf('stream', middle)
    const dictionary = near.slice(begin, end < 0 ? near.length : end)
    const [width, height] = [/\/Width\s+(\d{1,10})\b(?!\s+\d+\s+R)/.exec(dictionary), /\/Height\s+(\d{1,10})\b(?!\s+\d+\s+R)/.exec(dictionary)].map((match) => Number(match?.[1] ?? 0))
    if (/\/Subtype\s*\/Image\b/.test(dictionary) && (width ?? 0) * (height ?? 0) > pixelsMax) found++
  }
  return found
}
