// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path'
import { Failure } from '../../kit/failure.ts'
import { innerOf } from '../archives/read-zip.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ZipArchive } from '../open-zip.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { SheetRow } from '../read-sheet.ts'
import { relationsOf, scanPart } from '../read-workbook.ts'
import type { Relation } from '../read-workbook.ts'
import type { ReadEvent, WhyNotRead } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { tableDataSets } from '../table-data-sets.ts'
import { propertyParts, propertyPieces } from './read-properties.ts'
import { documentDataSet, textCell, textDataSet } from './text-data-sets.ts'
import type { TextPiece } from './text-data-sets.ts'
import { WordText } from './word-text.ts'
import type { WordTable } from './word-text.ts'

/** Parts beside the body that hold text, by the type of their relation, and the mark that it is shown with. */
const sideParts = new Map([['header', 'header'], ['footer', 'footer'], ['comments', 'comments'], ['footnotes', 'footnotes'], ['endnotes', 'endnotes'], ['settings', 'settings'], ['people', 'people'], ['glossaryDocument', 'glossary']])
const notRead = new Map<string, WhyNotRead>([['chart', notReadReasons.chart], ['oleObject', notReadReasons.embedded], ['package', notReadReasons.embedded], ['vbaProject', notReadReasons.macro], ['aFChunk', notReadReasons.otherPart], ['diagramData', notReadReasons.otherPart]])
/** Parts that hold layout, numbers or identifiers only; anything else that nobody refers to is listed. */
const harmless = /^(?:\[Content_Types\]\.xml|(?:.*\/)?_rels\/[^/]*\.rels|docMetadata\/LabelInfo\.xml|customXml\/itemProps\d*\.xml|word\/(?:glossary\/)?(?:styles|stylesWithEffects|webSettings|fontTable|numbering|commentsExtended|commentsIds|commentsExtensible)\.xml|word\/(?:theme|fonts|printerSettings)\/.*|word\/diagrams\/(?:layout|colors|quickStyle|drawing)\d*\.xml|word\/charts\/(?:style|colors)\d*\.xml|word\/glossary\/settings\.xml)$/i

/** Reads a DOCX: paragraphs, tables (nested ones too), page headers and footers, comments, notes, text boxes, deleted and hidden text, authors of changes, choices of fields, variables, building blocks, link targets that name somebody, properties, and the pictures in it by recognition. Lists what it does not read, and every part that it does not know. */
export async function* readDocx(at: ReadPlace, zip: ZipArchive, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  try {
    yield* allParts(at, zip, setting)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
    throw sourceFailures.DOCUMENT_CORRUPT({ where: error.factText('where') ?? at.place, why: error.factText('why') ?? '' }, { cause: error })
  }
}

async function* allParts(at: ReadPlace, zip: ZipArchive, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const main = (await relationsOf(zip, '')).find(({ type }) => type === 'officeDocument')?.target ?? 'word/document.xml'
  const body = await wordText(zip, main, setting)
  if (body === null) throw sourceFailures.DOCUMENT_CORRUPT({ where: at.place, why: '缺少正文 / no document part' })
  const relations = await relationsOf(zip, main)
  const visited = new Set([main, ...propertyParts])
  const isWhole = setting.documents === 'whole'
  const marked = (mark: string, text: string): string => (isWhole ? text : `[${mark}] ${text}`)
  const sides: string[] = []
  let tables = body.tables
  const all = [...relations]
  for (const relation of relations.filter(({ type, isExternal }) => !isExternal && sideParts.has(type))) {
    const side = await wordText(zip, relation.target, setting)
    if (side === null) continue
    visited.add(relation.target)
    all.push(...(await relationsOf(zip, relation.target)))
    const mark = sideParts.get(relation.type) ?? ''
    for (const text of [...side.paragraphs, ...side.deleted, ...side.beside]) if (text.trim() !== '') sides.push(marked(mark, text))
    tables = [...tables, ...side.tables]
  }
  const extras = [...body.deleted.map((text) => marked('deleted', text)), ...[...body.beside].map((text) => marked('beside', text)), ...targetsOf(all), ...(await propertyPieces(zip)).map(({ text }) => text)]
  const custom = yield* customTexts(at, zip, visited)
  const pieces = body.paragraphs.map((text, i): TextPiece => ({ place: i + 1, text }))
  const read = { at, setting, name: at.name, kind: 'docx', unit: 'paragraph' } as const
  const beside = [...sides, ...extras, ...custom.map((text) => marked('data', text))]
  let next = yield* documentDataSet(read, at.firstDataSet, pieces, beside)
  if (!isWhole) next = yield* textDataSet({ ...read, name: `${at.name}#beside`, unit: 'part' }, next, beside.map((text, i) => ({ place: i + 1, text })))
  for (const [i, table] of tables.entries()) {
    next = yield* tableDataSets({ at, name: `${at.name}#table${i + 1}`, kind: 'docx', hidden: false, extras: { mergedRanges: table.merged }, setting }, rowsOf(table), next)
  }
  yield* besideText(at, zip, { relations: all, visited })
}

async function wordText(zip: ZipArchive, part: string, setting: ReadSetting): Promise<WordText | null> {
  const text = new WordText(setting.limits.fieldsMax)
  return (await scanPart(zip, part, text, () => setting.alive())) ? text : null
}

/** Outside targets that name somebody: addresses, and paths of a template or a data source (they hold names of users); not pages of the web. */
function targetsOf(relations: readonly Relation[]): string[] {
  return [...new Set(relations.flatMap(({ type, target, isExternal }) => (isExternal && (type === 'hyperlink' ? /^(mailto|tel|sms):/i.test(target) : !/^https?:/i.test(target)) ? [target] : [])))]
}

/** Texts in data that a document carries for its controls (ECMA-376 part 1, 15.2.5); what is no plain XML is listed. */
async function* customTexts(at: ReadPlace, zip: ZipArchive, visited: Set<string>): AsyncGenerator<ReadEvent, string[]> {
  const texts: string[] = []
  for (const name of zip.entries.keys()) {
    if (!/^customXml\/(?!itemProps)[^/]+\.xml$/i.test(name)) continue
    visited.add(name)
    try {
      await scanPart(zip, name, { open: () => {}, close: () => {}, text: (text) => void (text.trim() !== '' && texts.push(text.trim())) })
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
      yield { kind: 'notRead', where: `${at.place}!${name}`, why: notReadReasons.otherPart }
    }
  }
  return texts
}

async function* rowsOf(table: WordTable): AsyncGenerator<SheetRow> {
  for (const [i, row] of table.rows.entries()) yield { row: i + 1, cells: row.map(textCell) }
}

/** What the document carries beside text: pictures are read as files of their own, the rest is listed; and so is what no relation leads to. */
async function* besideText(at: ReadPlace, zip: ZipArchive, how: { relations: readonly Relation[]; visited: Set<string> }): AsyncGenerator<ReadEvent> {
  const { relations, visited } = how
  for (const { type, target, isExternal } of relations) {
    const entry = zip.entries.get(target)
    const why = notRead.get(type)
    if (isExternal || entry === undefined || visited.has(target) || (why === undefined && type !== 'image')) continue
    visited.add(target)
    if (why !== undefined) yield { kind: 'notRead', where: `${at.place}!${posix.basename(target)}`, why }
    else if (at.nest !== undefined) yield* at.nest(innerOf(zip, entry))
  }
  for (const entry of zip.entries.values()) {
    if (entry.bytes === 0 || visited.has(entry.name) || harmless.test(entry.name)) continue
    if (/\.(png|jpe?g)$/i.test(entry.name) && at.nest !== undefined) yield* at.nest(innerOf(zip, entry))
    else yield { kind: 'notRead', where: `${at.place}!${entry.name}`, why: /(^|\/)embeddings\//.test(entry.name) ? notReadReasons.embedded : notReadReasons.otherPart }
  }
}
