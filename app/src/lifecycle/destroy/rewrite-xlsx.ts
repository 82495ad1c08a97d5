// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync } from 'node:fs'
import { basename, posix } from 'node:path'
import { attribute, openZip, partsOfSheets, readEntry, usualLimits, ZipTooLarge, ZipWriter, type ZipArchive, type ZipEntry } from '../../sources/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { behindLast, eachUsedString, editWindow, keepStrings, newSheetState, type RowFates, type SheetState } from './edit-sheet.rules.ts'
import { titleMark, type ComparedFile, type FoundSet } from './original-file.ts'
import { createBeside, digestOfFile } from './replace-file.ts'
import type { RowFate } from './row-fate.rules.ts'

/** A part that is neither a sheet nor the list of strings is small; a larger one is not rewritten blindly. */
const smallPartBytesMax = 16 * 1024 * 1024
/** A row of a sheet is at most 16,384 cells; a window that does not end is no sheet. */
const windowCharsMax = 64 * 1024 * 1024

/**
 * 改写 XLSX. Writes the workbook anew beside the old one without the rows and cells that go, and without shared strings that nothing shows any more; other parts are copied as they are packed. Sheets are
 * passed over twice, in windows of rows: first to see which strings and formulas are left, then to write. Returns the digest of the new file.
 */
export async function rewriteXlsx(path: string, compared: ComparedFile, orderId: string): Promise<string> {
  refuseIfChanged(path, compared)
  const from = openSync(path, 'r')
  const to = createBeside(path, orderId)
  try {
    const zip = openZip(from, basename(path), usualLimits)
    const work = await lookThrough(path, zip, compared.sets)
    const writer = new ZipWriter(to.handle)
    for (const entry of zip.entries.values()) await writeEntry(writer, work, entry)
    writer.end()
  } catch (error) {
    if (error instanceof ZipTooLarge) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '超过 4 GiB / larger than 4 GiB' }, { cause: error })
    throw error
  } finally {
    closeSync(from)
    closeSync(to.handle)
  }
  refuseIfChanged(path, compared)
  return digestOfFile(to.file).toString('hex')
}

/** Passes over the workbook once and writes nothing; refuses what `rewriteXlsx` would refuse, except that the new file could be larger than 4 GiB. */
export async function tryXlsx(path: string, compared: ComparedFile): Promise<void> {
  const from = openSync(path, 'r')
  try {
    const zip = openZip(from, basename(path), usualLimits)
    const work = await lookThrough(path, zip, compared.sets)
    for (const entry of zip.entries.values()) if (!work.sheets.has(entry.name) && changeOfSmallPart(work, entry.name) !== null) refuseLargePart(work, entry)
  } finally {
    closeSync(from)
  }
}

function refuseIfChanged(path: string, compared: ComparedFile): void {
  if (digestOfFile(path).toString('hex') !== compared.source.sha256) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: basename(path), why: 'it changed meanwhile' })
}

/** What the first passage found. */
interface Work {
  path: string
  zip: ZipArchive
  /** By part: what happens to its rows, and what its first passage found. */
  sheets: Map<string, { fates: RowFates; seen: SheetState }>
  used: UsedStrings
  losesFormulas: boolean
}

async function lookThrough(path: string, zip: ZipArchive, sets: readonly FoundSet[]): Promise<Work> {
  const partByName = await partsOfSheets(zip)
  const fatesByPart = new Map<string, RowFates>()
  for (const [name, fates] of fatesBySheet(path, sets)) {
    const part = partByName.get(name)
    if (part === undefined || !zip.entries.has(part)) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '工作表文件缺失 / sheet part missing' })
    fatesByPart.set(part, fates)
  }
  const work: Work = { path, zip, sheets: new Map(), used: new UsedStrings(), losesFormulas: false }
  for (const entry of zip.entries.values()) {
    if (!isSheet(entry.name)) continue
    const fates = fatesByPart.get(entry.name)
    const seen = newSheetState()
    for await (const window of windowsOf(work, entry, 'row')) {
      const xml = fates === undefined ? window : edited(work, window, fates, seen)
      eachUsedString(xml, (index) => work.used.add(index))
    }
    if (fates !== undefined) work.sheets.set(entry.name, { fates, seen })
    work.losesFormulas ||= seen.losesFormulas
  }
  return work
}

async function writeEntry(writer: ZipWriter, work: Work, entry: ZipEntry): Promise<void> {
  const { name } = entry
  const sheet = work.sheets.get(name)
  if (sheet !== undefined) return writer.write(name, encoded(editedWindows(work, entry, sheet)))
  if (work.sheets.size > 0 && /(^|\/)sharedStrings\d*\.xml$/.test(name)) return writer.write(name, encoded(stringWindows(work, entry)))
  if (work.losesFormulas && /(^|\/)calcChain\.xml$/.test(name)) return // programs rebuild it; one that names cells without formulas makes them report damage
  const change = changeOfSmallPart(work, name)
  return change === null ? writer.copy(work.zip, entry) : writer.write(name, encoded(changed(work, entry, change)))
}

async function* editedWindows(work: Work, entry: ZipEntry, sheet: { fates: RowFates; seen: SheetState }): AsyncGenerator<string, void, undefined> {
  const state = newSheetState(sheet.seen.goneFormulas)
  for await (const window of windowsOf(work, entry, 'row')) yield edited(work, window, sheet.fates, state)
}

async function* stringWindows(work: Work, entry: ZipEntry): AsyncGenerator<string, void, undefined> {
  const state = { index: 0 }
  for await (const window of windowsOf(work, entry, 'si')) yield keepStrings(window, (index) => work.used.has(index), state)
}

function edited({ path }: Work, window: string, fates: RowFates, state: SheetState): string {
  const { xml, why } = editWindow(window, fates, state)
  if (why !== null) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why })
  return xml
}

/** Links of cells that are gone point nowhere any more (their targets can be addresses of people), and a chain of calculation that was left out is not announced. */
function changeOfSmallPart(work: Work, name: string): ((text: string) => string) | null {
  const owner = [...work.sheets].find(([part]) => name === posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`))
  const ids = owner?.[1].seen.droppedRelations ?? []
  if (ids.length > 0) return (text) => text.replace(/<(?:\w+:)?Relationship\b[^>]*\/>/g, (tag) => (ids.includes(attribute(tag.slice(tag.search(/\s/)), 'Id') ?? '') ? '' : tag))
  if (!work.losesFormulas) return null
  if (name === '[Content_Types].xml') return (text) => text.replace(/<(?:\w+:)?Override\b[^>]*calcChain\.xml[^>]*\/>/g, '')
  if (/(^|\/)workbook\d*\.xml\.rels$/.test(name)) return (text) => text.replace(/<(?:\w+:)?Relationship\b[^>]*calcChain[^>]*\/>/g, '')
  return null
}

async function* changed(work: Work, entry: ZipEntry, change: (text: string) => string): AsyncGenerator<string, void, undefined> {
  refuseLargePart(work, entry)
  const pieces: Buffer[] = []
  for await (const piece of readEntry(work.zip, entry)) pieces.push(piece)
  yield change(Buffer.concat(pieces).toString('utf8'))
}

function refuseLargePart(work: Work, entry: ZipEntry): void {
  if (entry.bytes > smallPartBytesMax) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(work.path), why: `${entry.name} > 16 MiB` })
}

/** The text of a part in windows that end behind an element of this name; the last one holds the rest. */
async function* windowsOf({ path, zip }: Work, entry: ZipEntry, element: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let waiting = ''
  let hopeless = 0
  for await (const piece of readEntry(zip, entry)) {
    waiting += decoder.decode(piece, { stream: true })
    if (waiting.length < hopeless) continue
    const end = behindLast(waiting, element)
    if (waiting.length - end > windowCharsMax) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: `${entry.name}: > 64 M` })
    hopeless = end === 0 ? waiting.length * 2 : 0 // a search that found nothing is not repeated for every piece
    if (end === 0) continue
    yield waiting.slice(0, end)
    waiting = waiting.slice(end)
  }
  yield waiting + decoder.decode()
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void, undefined> {
  for await (const text of texts) if (text !== '') yield Buffer.from(text, 'utf8')
}

/** All sheet parts, also of chart sheets and others that the workbook does not list as tables: they show shared strings too. */
function isSheet(name: string): boolean {
  return name.endsWith('.xml') && /sheets\//.test(name)
}

/** Fates by sheet and row number; title rows belong to the sheet whose table follows them, one record a cell. */
function fatesBySheet(path: string, sets: readonly FoundSet[]): Map<string, FatesOfRows> {
  const bySheet = new Map<string, FatesOfRows>()
  for (const [at, set] of sets.entries()) {
    if (!set.edits.changes) continue
    const table = sets[at + 1]?.name
    const isTitle = table !== undefined && set.name === `${table}${titleMark}` && set.fields.length === 1
    const name = isTitle ? table : set.name
    const fates = bySheet.get(name) ?? new FatesOfRows()
    bySheet.set(name, fates)
    const seen = new Map<number, RowFate>()
    for (const edit of set.edits) {
      if (isTitle && seen.has(edit.place) && seen.get(edit.place) !== edit.fate) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '标题行只有一部分要销毁 / only a part of a title row goes' })
      if (isTitle) seen.set(edit.place, edit.fate)
      if (edit.fate !== 'stays') fates.set(edit.place, edit.fate)
    }
  }
  return bySheet
}

/** What happens to the rows of a sheet, two bytes a row. */
class FatesOfRows implements RowFates {
  #numbers = new Uint16Array(1024)
  readonly #fates: RowFate[] = ['stays']

  get(row: number): RowFate | undefined {
    return this.#fates[this.#numbers[row] ?? 0]
  }

  set(row: number, fate: RowFate): void {
    while (row >= this.#numbers.length) {
      const larger = new Uint16Array(this.#numbers.length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    const known = this.#fates.indexOf(fate)
    const number = known < 0 ? this.#fates.push(fate) - 1 : known
    if (number > 0xffff) throw new Error('assertion failed: a sheet has few different fates')
    this.#numbers[row] = number
  }
}

/** Which shared strings are still shown, one bit each. */
class UsedStrings {
  #bits = new Uint8Array(1024)

  add(index: number): void {
    const at = index >>> 3
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)))
      larger.set(this.#bits)
      this.#bits = larger
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (index & 7))
  }

  has(index: number): boolean {
    return (((this.#bits[index >>> 3] ?? 0) >> (index & 7)) & 1) === 1
  }
}
