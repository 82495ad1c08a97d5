// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path'
import { Failure } from '../../kit/failure.ts'
import { innerOf } from '../archives/read-zip.ts'
import { notReadReasons } from '../find-unread-parts.ts'
import type { ZipArchive } from '../open-zip.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { SheetRow } from '../read-sheet.ts'
import { relationsOf, scanPart } from '../read-workbook.ts'
import type { Relation } from '../read-workbook.ts'
import type { ReadEvent, WhyNotRead } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { tableDataSets } from '../table-data-sets.ts'
import { propertyPieces } from './read-properties.ts'
import { documentDataSet, textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { WordText } from './word-text.ts'
import type { WordTable } from './word-text.ts'

/** Parts beside the body that hold text, by the type of their relation. */
const sideParts = new Map([['header', 'header'], ['footer', 'footer'], ['comments', 'comments'], ['footnotes', 'footnotes'], ['endnotes', 'endnotes']])
const pictures = new Set(['image'])
const notRead = new Map<string, WhyNotRead | null>([['chart', notReadReasons.chart], ['oleObject', notReadReasons.embedded], ['package', notReadReasons.embedded], ['vbaProject', notReadReasons.macro], ['aFChunk', notReadReasons.otherPart], ['diagramData', notReadReasons.otherPart], ['customXml', null], ['attachedTemplate', notReadReasons.external]])

/** Reads a DOCX: paragraphs, tables (nested ones too), page headers and footers, comments, notes, text boxes, deleted and hidden text, link targets that name somebody, properties, and the pictures in it by recognition. Lists what it does not read. */
export async function* readDocx(at: ReadPlace, zip: ZipArchive, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  try {
    yield* allParts(at, zip, setting)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
    throw sourceFailures.DOCUMENT_CORRUPT({ where: String(error.facts['where'] ?? at.place), why: String(error.facts['why'] ?? '') }, { cause: error })
  }
}

async function* allParts(at: ReadPlace, zip: ZipArchive, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const main = (await relationsOf(zip, '')).find(({ type }) => type === 'officeDocument')?.target ?? 'word/document.xml'
  const body = await wordText(zip, main, setting)
  if (body === null) throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: '缺少正文 / no document part' })
  const relations = await relationsOf(zip, main)
  const isWhole = setting.documents === 'whole'
  const sides: string[] = []
  let tables = body.tables
  for (const relation of relations.filter(({ type, isExternal }) => !isExternal && sideParts.has(type))) {
    const side = await wordText(zip, relation.target, setting)
    if (side === null) continue
    const mark = sideParts.get(relation.type) ?? ''
    for (const text of [...side.paragraphs, ...side.deleted]) if (text.trim() !== '') sides.push(isWhole ? text : `[${mark}] ${text}`)
    tables = [...tables, ...side.tables]
  }
  const links = relations.flatMap((relation) => (relation.isExternal && /^(mailto|tel|sms):/i.test(relation.target) ? [relation.target] : []))
  const extras = [...body.deleted.map((text) => (isWhole ? text : `[deleted] ${text}`)), ...links, ...(await propertyPieces(zip)).map(({ text }) => text)]
  const pieces = body.paragraphs.map((text, i): TextPiece => ({ place: i + 1, text }))
  const read = { at, setting, name: at.name, kind: 'docx', unit: 'paragraph' } as const
  const beside = [...sides, ...extras]
  let next = yield* documentDataSet(read, at.firstDataSet, pieces, beside)
  if (!isWhole) next = yield* textDataSet({ ...read, name: `${at.name}#beside`, unit: 'part' }, next, beside.map((text, i) => ({ place: i + 1, text })))
  for (const [i, table] of tables.entries()) {
    next = yield* tableDataSets({ at, name: `${at.name}#table${i + 1}`, kind: 'docx', hidden: false, extras: { mergedRanges: table.merged }, setting }, rowsOf(table), next)
  }
  yield* besideText(at, zip, relations)
}

async function wordText(zip: ZipArchive, part: string, setting: ReadSetting): Promise<WordText | null> {
  const text = new WordText(setting.limits.fieldsMax)
  return (await scanPart(zip, part, text, () => setting.alive())) ? text : null
}

async function* rowsOf(table: WordTable): AsyncGenerator<SheetRow> {
  for (const [i, row] of table.rows.entries()) yield { row: i + 1, cells: row.map(textCell) }
}

/** What the document carries beside text: pictures are read as files of their own, the rest is listed. */
async function* besideText(at: ReadPlace, zip: ZipArchive, relations: readonly Relation[]): AsyncGenerator<ReadEvent> {
  const told = new Set<string>()
  const all = [...relations]
  for (const relation of relations) if (!relation.isExternal && sideParts.has(relation.type)) all.push(...(await relationsOf(zip, relation.target)))
  for (const relation of all) {
    if (relation.isExternal || told.has(relation.target)) continue
    told.add(relation.target)
    const entry = zip.entries.get(relation.target)
    const why = notRead.get(relation.type)
    if (why !== undefined && why !== null) yield { kind: 'notRead', where: `${at.place}!${posix.basename(relation.target)}`, why }
    else if (pictures.has(relation.type) && entry !== undefined && at.nest !== undefined) yield* at.nest(innerOf(zip, entry))
  }
}
