// SPDX-License-Identifier: Apache-2.0
import { innerOf } from './archives/read-zip.ts'
import { programNames, propertyPieces } from './documents/read-properties.ts'
import { textDataSet } from './documents/text-data-sets.ts'
import { drawnTexts, unreadInSheet, unreadInWorkbook } from './find-unread-parts.ts'
import { notReadReasons } from './not-read-reasons.ts'
import type { ZipArchive } from './open-zip.ts'
import type { ReadPlace } from './read-csv.ts'
import type { SheetExtras } from './read-sheet.ts'
import { relationsOf, scanPart } from './read-workbook.ts'
import type { SheetPart, Workbook } from './read-workbook.ts'
import { attribute } from './scan-xml.ts'
import type { ReadEvent } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'

/** A workbook whose cells were read: what stands beside them comes now. */
export interface BesideCells {
  at: ReadPlace
  zip: ZipArchive
  book: Workbook
  sheets: readonly { sheet: SheetPart; extras: SheetExtras }[]
}

/** What is read here as text when a workbook is scanned; when it is entered in the books, whose records are rows, it is listed instead. */
const readAsText = new Set<string>([notReadReasons.comments.code, notReadReasons.textBox.code, notReadReasons.mailLink.code, notReadReasons.properties.code, notReadReasons.people.code])

/** Comments, page headers and footers, text boxes, links to people and properties as text data sets, pictures as files of their own; lists the rest (charts, macros, caches …). */
export async function* readBesideCells(beside: BesideCells, setting: ReadSetting, first: number): AsyncGenerator<ReadEvent> {
  const { at, zip, book, sheets } = beside
  const isRead = setting.documents === 'parts'
  let next = first
  for (const { sheet, extras } of sheets) {
    if (isRead) {
      const pieces = [...extras.headerFooter, ...(await textsOfSheet(zip, sheet, setting))].map((text, i) => ({ place: i + 1, text }))
      next = yield* textDataSet({ at, setting, name: `${sheet.name}#beside`, kind: 'xlsx', unit: 'part' }, next, pieces)
    } else if (extras.headerFooter.length > 0) yield { kind: 'notRead', where: `${zip.where}!${sheet.name}`, why: notReadReasons.headerFooter }
  }
  if (isRead) yield* textDataSet({ at, setting, name: `${at.name}#properties`, kind: 'xlsx', unit: 'part' }, next, [...(await propertyPieces(zip)), ...definedTexts(book), ...(await peopleOf(zip, book))])
  for (const { sheet } of sheets) yield* listed(beside, unreadInSheet(zip, sheet), isRead)
  yield* listed(beside, unreadInWorkbook(zip, book), isRead)
}

async function* listed(beside: BesideCells, events: AsyncGenerator<ReadEvent>, isRead: boolean): AsyncGenerator<ReadEvent> {
  const { at, zip } = beside
  for await (const event of events) {
    if (event.kind !== 'notRead' || (isRead && readAsText.has(event.why.code))) continue
    const picture = event.why.code === notReadReasons.image.code ? zip.entries.get(`xl/media/${event.where.split('/').at(-1) ?? ''}`) : undefined
    if (isRead && picture !== undefined && at.nest !== undefined) yield* at.nest(innerOf(zip, picture))
    else yield event
  }
}

/** Constants that a workbook names, such as a list of people behind a drop-down; references to cells say nothing. */
function definedTexts(book: Workbook): { place: number; text: string }[] {
  return book.definedNames.filter(({ formula }) => formula.includes('"')).map(({ name, formula }, i) => ({ place: i + 1, text: `${name}: ${formula}` }))
}

/** Those who commented (MS-XLSX 2.6.205): their names, and the accounts by which they are known. */
async function peopleOf(zip: ZipArchive, book: Workbook): Promise<{ place: number; text: string }[]> {
  const texts: string[] = []
  for (const { target } of book.others.filter(({ type, isExternal }) => type === 'person' && !isExternal)) {
    await scanPart(zip, target, {
      open: (name, attributes) => {
        if (name === 'person') texts.push(...['displayName', 'userId'].map((given) => attribute(attributes, given) ?? '').filter((text) => text !== '' && text !== 'None'))
      },
      close: () => {}, text: () => {},
    })
  }
  return texts.map((text, i) => ({ place: i + 1, text }))
}

async function textsOfSheet(zip: ZipArchive, sheet: SheetPart, setting: ReadSetting): Promise<string[]> {
  const relations = await relationsOf(zip, sheet.part)
  const texts = relations.flatMap(({ type, target }) => (type === 'hyperlink' && /^(mailto|tel|sms):/i.test(target) ? [target] : []))
  for (const part of new Set(relations.filter(({ type }) => ['comments', 'threadedComment', 'drawing'].includes(type)).map(({ target }) => target))) {
    texts.push(...(await blocksOf(zip, part, setting)).filter((text) => !programNames.test(text)))
  }
  for (const part of new Set(relations.filter(({ type }) => type === 'vmlDrawing').map(({ target }) => target))) texts.push(...((await drawnTexts(zip, part)) ?? []))
  return texts
}

const blocks = new Set(['comment', 'threadedComment', 'txBody', 'author', 'displayName'])
const written = new Set(['t', 'text', 'author'])

/** The texts of a part, one for each comment or text box, runs joined. */
async function blocksOf(zip: ZipArchive, part: string, setting: ReadSetting): Promise<string[]> {
  const found: string[] = []
  let current = ''
  let isText = false
  await scanPart(zip, part, {
    open: (name) => void (isText = written.has(name)),
    close(name) {
      isText = false
      if (name === 'p' && current !== '') current += '\n'
      if (!blocks.has(name)) return
      if (current.trim() !== '') found.push(current.trim())
      current = ''
    },
    text: (text) => void (current += isText ? text : ''),
  }, () => setting.alive())
  return found
}
