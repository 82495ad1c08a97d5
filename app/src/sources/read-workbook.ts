// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path'
import { dateFormat } from './excel-number.rules.ts'
import type { DateFormat } from './excel-number.rules.ts'
import { readEntry } from './open-zip.ts'
import type { ZipArchive } from './open-zip.ts'
import { attribute, XmlRefused, XmlScan } from './scan-xml.ts'
import type { XmlHandler } from './scan-xml.ts'
import { sourceFailures } from './sources-failures.ts'
import { plainEnd, standsAt, unitsOf } from './usual-cell.ts'
import { Utf8Pieces } from './utf8-pieces.ts'

/** A relation from one part of an office file to another (ECMA-376 part 2). */
export interface Relation {
  id: string
  /** The last word of the relation's type, e.g. `worksheet`. */
  type: string
  target: string
  isExternal: boolean
}

/** One sheet as the workbook lists it; `part` is its file in the archive. */
export interface SheetPart {
  name: string
  hidden: boolean
  type: string
  part: string
}

/** What the sheets of a workbook share. */
export interface Workbook {
  sheets: SheetPart[]
  /** Part of the workbook itself, and what it refers to beside sheets, strings and styles. */
  part: string
  others: Relation[]
  sharedStrings: string[]
  /** Those of them that are no well-formed text or hold a NUL, which only an escape can bring in: nearly always none. */
  oddStrings: ReadonlySet<number>
  /** By cell style index: what its number format shows. */
  formats: { date: DateFormat; text: string | undefined }[]
  is1904: boolean
  /** Names for constants and ranges, with their formula as it stands. */
  definedNames: { name: string; formula: string }[]
  /** It has more names than are read. */
  hasMoreNames: boolean
}

/** Scans one part of the archive; does nothing when the part does not exist. Refuses what is not plain XML. */
export async function scanPart(zip: ZipArchive, part: string, handler: XmlHandler, alive: () => void = nothing): Promise<boolean> {
  for await (const _ of scanPartStepwise(zip, part, handler)) alive()
  return zip.entries.has(part)
}

/** The same, giving control back after each piece, so that rows can be handed on while the part is read. */
export async function* scanPartStepwise(zip: ZipArchive, part: string, handler: XmlHandler): AsyncGenerator<void> {
  const entry = zip.entries.get(part)
  if (entry === undefined) return
  const decoder = new Utf8Pieces()
  const scan = new XmlScan(handler)
  try {
    for await (const piece of readEntry(zip, entry)) {
      scan.push(decoder.decode(piece))
      yield
    }
    decoder.end()
    scan.end()
  } catch (error) {
    if (error instanceof XmlRefused) throw sourceFailures.XLSX_CORRUPT({ where: `${zip.where}!${part}`, why: `XML: ${error.message}` }, { cause: error })
    throw error
  }
  yield
}

const nothing = (): void => {}
/** A sheet may have 65,530 links. */
const RELATIONS_MAX = 100_000
const SHEET_NAME_MAX = 255
const DEFINED_NAMES_MAX = 10_000

/** The relations of a part, with targets as full names in the archive. */
export async function relationsOf(zip: ZipArchive, part: string): Promise<Relation[]> {
  const relations: Relation[] = []
  const folder = posix.dirname(part)
  await scanPart(zip, posix.join(folder, '_rels', `${posix.basename(part)}.rels`), {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = attribute(attributes, 'Target') ?? ''
      if (relations.length >= RELATIONS_MAX) throw sourceFailures.XLSX_CORRUPT({ where: zip.where, why: '关系过多 / too many relations' })
      const isExternal = attribute(attributes, 'TargetMode') === 'External'
      relations.push({
        id: attribute(attributes, 'Id') ?? '',
        type: (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? '',
        target: isExternal ? target : target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
        isExternal,
      })
    },
    close: nothing,
    text: nothing,
  })
  return relations
}

/** Opens the workbook in an archive: its sheets in order, shared strings and number formats. Refuses an archive without one. */
export async function openWorkbook(zip: ZipArchive, alive: () => void = nothing): Promise<Workbook> {
  const part = (await relationsOf(zip, '')).find((relation) => relation.type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  const relations = await relationsOf(zip, part)
  const relationById = new Map(relations.map((relation) => [relation.id, relation]))
  const sheets: SheetPart[] = []
  const parts = new Set<string>()
  let is1904 = false
  const definedNames: Workbook['definedNames'] = []
  let isDefinition = false
  let hasMoreNames = false
  const found = await scanPart(zip, part, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
      isDefinition = name === 'definedName' && definedNames.length < DEFINED_NAMES_MAX
      hasMoreNames ||= name === 'definedName' && !isDefinition
      if (isDefinition) definedNames.push({ name: attribute(attributes, 'name') ?? '', formula: '' })
      if (name !== 'sheet') return
      const relation = relationById.get(attribute(attributes, 'id') ?? '')
      const sheetName = attribute(attributes, 'name') ?? ''
      // One part under many names would be read, and counted, as often.
      if (sheetName.length > SHEET_NAME_MAX || sheets.length > zip.entries.size || parts.has(relation?.target ?? '')) throw sourceFailures.XLSX_CORRUPT({ where: zip.where, why: '工作表列表无效 / sheet list' })
      if (relation !== undefined) parts.add(relation.target)
      sheets.push({
        name: sheetName,
        hidden: /hidden/i.test(attribute(attributes, 'state') ?? ''),
        type: relation?.type ?? 'missing',
        part: relation?.target ?? '',
      })
    },
    close: () => void (isDefinition = false),
    text(text) {
      const last = definedNames.at(-1)
      if (isDefinition && last !== undefined) last.formula += text
    },
  })
  if (!found || sheets.length === 0) throw sourceFailures.XLSX_CORRUPT({ where: zip.where, why: '缺少工作簿 / no workbook' })
  const strings = relations.find((relation) => relation.type === 'sharedStrings')
  const styles = relations.find((relation) => relation.type === 'styles')
  return {
    sheets, part, is1904, definedNames, hasMoreNames,
    others: relations.filter((relation) => !['worksheet', 'sharedStrings', 'styles', 'theme', 'calcChain', 'sheetMetadata'].includes(relation.type)),
    ...(await readSharedStrings(zip, strings?.target ?? null, alive)),
    formats: styles === undefined ? [] : await readFormats(zip, styles.target),
  }
}

// The form of nearly every string item.
const ITEM = unitsOf('<si><t>')
const ITEM_END = unitsOf('</t></si>')

/** ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold are written _xHHHH_. */
export function withoutEscapes(text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text
}

/** Whether a text can stand in a table as it is: well-formed and without NUL (CONTRACTS §1). */
export function isPlainString(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

async function readSharedStrings(zip: ZipArchive, part: string | null, alive: () => void): Promise<Pick<Workbook, 'sharedStrings' | 'oddStrings'>> {
  const strings: string[] = []
  const odd = new Set<number>()
  const add = (text: string): void => {
    if (!isPlainString(text)) odd.add(strings.length)
    strings.push(text)
  }
  if (part === null) return { sharedStrings: strings, oddStrings: odd }
  const collect = new StringCollector()
  let isItem = false
  await scanPart(zip, part, {
    open(name) {
      if (name === 'si') {
        collect.begin()
        isItem = true
      }
      collect.open(name)
    },
    close(name) {
      collect.close(name)
      if (name !== 'si') return
      add(collect.value())
      isItem = false
    },
    text: (text) => collect.text(text),
    take(text, units, at) {
      if (isItem || !standsAt(units, at, ITEM)) return -1
      const end = plainEnd(units, at + ITEM.length)
      if (end < 0 || !standsAt(units, end, ITEM_END)) return -1
      add(withoutEscapes(text.slice(at + ITEM.length, end)))
      return end + ITEM_END.length
    },
  }, alive)
  return { sharedStrings: strings, oddStrings: odd }
}

/** Gathers the text of a string item: all runs, without the phonetic ones (ECMA-376 part 1, 18.4.8). */
export class StringCollector {
  private parts: string[] = []
  private isText = false
  private isPhonetic = false

  begin(): void {
    this.parts = []
    this.isText = false
    this.isPhonetic = false
  }

  open(name: string): void {
    if (name === 'rPh') this.isPhonetic = true
    if (name === 't') this.isText = !this.isPhonetic
  }

  close(name: string): void {
    if (name === 'rPh') this.isPhonetic = false
    if (name === 't') this.isText = false
  }

  text(text: string): void {
    if (this.isText) this.parts.push(text)
  }

  value(): string {
    return withoutEscapes(this.parts.length === 1 ? (this.parts[0] ?? '') : this.parts.join(''))
  }
}

async function readFormats(zip: ZipArchive, part: string): Promise<Workbook['formats']> {
  const codeById = new Map<number, string>()
  const formats: Workbook['formats'] = []
  let isCellStyles = false
  await scanPart(zip, part, {
    open(name, attributes) {
      if (name === 'numFmt') codeById.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      if (name === 'cellXfs') isCellStyles = true
      if (name !== 'xf' || !isCellStyles) return
      const id = Number(attribute(attributes, 'numFmtId') ?? 0)
      formats.push({ date: dateFormat(id, codeById.get(id)), text: codeById.get(id) ?? (id === 0 ? undefined : `#${id}`) })
    },
    close(name) {
      if (name === 'cellXfs') isCellStyles = false
    },
    text: nothing,
  })
  return formats
}
