// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path'
import { Failure } from '../kit/failure.ts'
import { propertyParts, propertyPieces } from './documents/read-properties.ts'
import { notReadReasons } from './not-read-reasons.ts'
import type { ZipArchive } from './open-zip.ts'
import { relationsOf, scanPart } from './read-workbook.ts'
import type { Relation, SheetPart, Workbook } from './read-workbook.ts'
import { attribute } from './scan-xml.ts'
import type { ReadEvent, WhyNotRead } from './source-events.ts'

const reasonByType = new Map<string, WhyNotRead>([
  ['comments', notReadReasons.comments],
  ['threadedComment', notReadReasons.comments],
  ['image', notReadReasons.image],
  ['chart', notReadReasons.chart],
  ['chartEx', notReadReasons.chart],
  ['oleObject', notReadReasons.embedded],
  ['package', notReadReasons.embedded],
  ['vbaProject', notReadReasons.macro],
  ['externalLink', notReadReasons.external],
  ['pivotCacheDefinition', notReadReasons.pivot],
  ['person', notReadReasons.people],
])
// These hold layout, or repeat what the sheet says.
const harmless = new Set(['printerSettings', 'table', 'vmlDrawing', 'pivotTable', 'hyperlink', 'drawing', 'queryTable', 'slicer', 'slicerCache', 'timeline', 'ctrlProp', 'worksheet'])

/** What a sheet carries beside its cells, as `file!sheet/part`. */
export async function* unreadInSheet(zip: ZipArchive, sheet: SheetPart): AsyncGenerator<ReadEvent> {
  const relations = await relationsOf(zip, sheet.part)
  const where = `${zip.where}!${sheet.name}`
  if (relations.some((relation) => relation.type === 'hyperlink' && /^(mailto|tel|sms):/i.test(relation.target))) {
    yield { kind: 'notRead', where, why: notReadReasons.mailLink }
  }
  yield* unreadRelations(where, relations)
  for (const target of new Set(relations.filter((relation) => relation.type === 'drawing').map((relation) => relation.target))) {
    let hasText = false
    await scanPart(zip, target, { open: (name) => void (hasText ||= name === 'txBody'), close: () => {}, text: () => {} })
    if (hasText) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.textBox }
    yield* unreadRelations(where, await relationsOf(zip, target))
  }
  for (const target of new Set(relations.filter(({ type }) => type === 'vmlDrawing').map((relation) => relation.target))) {
    const texts = await drawnTexts(zip, target)
    if (texts === null) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.drawing }
    else if (texts.length > 0) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.textBox }
    yield* unreadRelations(where, await relationsOf(zip, target))
  }
}

/** Texts in the boxes and buttons of an old drawing (VML); null when it is no plain XML, as some programs write it. */
export async function drawnTexts(zip: ZipArchive, part: string): Promise<string[] | null> {
  const texts: string[] = []
  let boxes = 0
  try {
    await scanPart(zip, part, {
      open: (name, attributes) => {
        if (name === 'textbox') boxes++
        const drawn = name === 'textpath' ? attribute(attributes, 'string') : name === 'shape' ? attribute(attributes, 'alt') : null
        if (drawn !== null && drawn.trim() !== '') texts.push(drawn)
      },
      close: (name) => void (boxes -= name === 'textbox' ? 1 : 0),
      text: (text) => void (boxes > 0 && text.trim() !== '' && texts.push(text.trim())),
    })
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
    return null
  }
  return texts
}

function* unreadRelations(where: string, relations: Relation[]): Generator<ReadEvent> {
  const told = new Set<string>()
  for (const relation of relations) {
    if (harmless.has(relation.type) || relation.isExternal || told.has(relation.target)) continue
    told.add(relation.target)
    yield { kind: 'notRead', where: `${where}/${posix.basename(relation.target)}`, why: reasonByType.get(relation.type) ?? notReadReasons.otherPart }
  }
}

/** What the workbook carries beside its sheets: macros, external links, pivot caches, properties that name somebody. */
export async function* unreadInWorkbook(zip: ZipArchive, book: Workbook): AsyncGenerator<ReadEvent> {
  const others = book.others.filter((relation) => !['chartsheet', 'dialogsheet', 'macrosheet', 'xlMacrosheet', 'xlIntlMacrosheet'].includes(relation.type))
  yield* unreadRelations(zip.where, others)
  if (book.hasMoreNames) yield { kind: 'notRead', where: zip.where, why: notReadReasons.names }
  for (const part of propertyParts) if ((await propertyPieces(zip, [part])).length > 0) yield { kind: 'notRead', where: `${zip.where}!${part}`, why: notReadReasons.properties }
}
