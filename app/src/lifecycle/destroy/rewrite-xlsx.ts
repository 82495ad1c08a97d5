// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { basename, posix } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { openWorkbook, openZip, usualLimits } from '../../sources/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { editSheet, keepStrings, usedStrings, type SheetChange } from './edit-sheet.rules.ts'
import type { ComparedFile, FoundSet } from './original-file.ts'
import { createBeside } from './replace-file.ts'
import type { RowFate } from './row-fate.rules.ts'

const titleMark = '#above'

/** 改写 XLSX. Writes the workbook anew beside the old one without the rows and cells that go, and without shared strings that nothing shows any more; other parts keep their content. Returns the digest of the new file. */
export async function rewriteXlsx(path: string, compared: ComparedFile, orderId: string): Promise<string> {
  const bytes = readFileSync(path)
  if (createHash('sha256').update(bytes).digest('hex') !== compared.source.sha256) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: basename(path), why: 'it changed meanwhile' })
  const parts = new Map(Object.entries(unzipSync(bytes)))
  const sheetParts = await partsOfSheets(path)
  let losesFormulas = false
  for (const [name, fates] of fatesBySheet(path, compared.sets)) {
    const part = sheetParts.get(name)
    const xml = part === undefined ? undefined : parts.get(part)
    if (part === undefined || xml === undefined) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '工作表文件缺失 / sheet part missing' })
    const change = edited(path, text(xml), fates)
    parts.set(part, Buffer.from(change.xml, 'utf8'))
    losesFormulas ||= change.losesFormulas
    dropRelations(parts, part, change.droppedRelations)
  }
  purgeStrings(parts)
  if (losesFormulas) dropCalculationChain(parts)
  return writeBeside(path, orderId, zipSync(Object.fromEntries(parts), { level: 6, mtime: new Date('1980-01-01T00:00:00Z') }))
}

function writeBeside(path: string, orderId: string, bytes: Uint8Array): string {
  const { handle } = createBeside(path, orderId)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return createHash('sha256').update(bytes).digest('hex')
}

/** Which part holds which sheet; names are unique in a workbook. */
async function partsOfSheets(path: string): Promise<Map<string, string>> {
  const handle = openSync(path, 'r')
  try {
    return new Map((await openWorkbook(openZip(handle, basename(path), usualLimits))).sheets.map((sheet) => [sheet.name, sheet.part]))
  } finally {
    closeSync(handle)
  }
}

/** Fates by sheet and row number; title rows belong to the sheet whose table follows them, one record a cell. */
function fatesBySheet(path: string, sets: readonly FoundSet[]): Map<string, Map<number, RowFate>> {
  const bySheet = new Map<string, Map<number, RowFate>>()
  for (const [at, set] of sets.entries()) {
    const table = sets[at + 1]?.name
    const isTitle = table !== undefined && set.name === `${table}${titleMark}` && set.fields.length === 1
    const fates = bySheet.get(isTitle ? table : set.name) ?? new Map<number, RowFate>()
    bySheet.set(isTitle ? table : set.name, fates)
    const seen = new Map<number, RowFate>()
    for (const edit of set.edits) {
      if (seen.has(edit.place) && seen.get(edit.place) !== edit.fate) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '标题行只有一部分要销毁 / only a part of a title row goes' })
      seen.set(edit.place, edit.fate)
      if (edit.fate !== 'stays') fates.set(edit.place, edit.fate)
    }
  }
  return new Map([...bySheet].filter(([, fates]) => fates.size > 0))
}

function edited(path: string, xml: string, fates: ReadonlyMap<number, RowFate>): SheetChange {
  const change = editSheet(xml, fates)
  if (typeof change === 'string') throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: change })
  return change
}

/** Shared strings that no cell of any sheet shows are emptied; their places stay, so indexes stay true. */
function purgeStrings(parts: Map<string, Uint8Array>): void {
  const used = new Set<number>()
  for (const [name, bytes] of parts) if (name.endsWith('.xml') && /sheets\//.test(name)) for (const index of usedStrings(text(bytes))) used.add(index)
  for (const [name, bytes] of parts) if (/(^|\/)sharedStrings\d*\.xml$/.test(name)) parts.set(name, Buffer.from(keepStrings(text(bytes), used), 'utf8'))
}

/** Links of cells that are gone point nowhere any more: their targets can be addresses of people. */
function dropRelations(parts: Map<string, Uint8Array>, part: string, ids: readonly string[]): void {
  const name = posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`)
  const bytes = parts.get(name)
  if (bytes === undefined || ids.length === 0) return
  const left = text(bytes).replace(/<(?:\w+:)?Relationship\b[^>]*\/>/g, (tag) => (ids.some((id) => new RegExp(`\\bId\\s*=\\s*["']${id}["']`).test(tag)) ? '' : tag))
  parts.set(name, Buffer.from(left, 'utf8'))
}

/** Programs rebuild the chain of calculation; a chain that names cells without formulas makes them report damage. */
function dropCalculationChain(parts: Map<string, Uint8Array>): void {
  for (const name of parts.keys()) if (/(^|\/)calcChain\.xml$/.test(name)) parts.delete(name)
  for (const [name, bytes] of parts) {
    if (name === '[Content_Types].xml') parts.set(name, Buffer.from(text(bytes).replace(/<(?:\w+:)?Override\b[^>]*calcChain\.xml[^>]*\/>/g, ''), 'utf8'))
    if (/(^|\/)workbook\d*\.xml\.rels$/.test(name)) parts.set(name, Buffer.from(text(bytes).replace(/<(?:\w+:)?Relationship\b[^>]*calcChain[^>]*\/>/g, ''), 'utf8'))
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
