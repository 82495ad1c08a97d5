// SPDX-License-Identifier: Apache-2.0
// Putting other texts into single cells of a workbook (ECMA-376 part 1, 18.3.1) while every other cell, and every other part byte for byte, stays as it is.
import { closeSync, openSync } from 'node:fs'
import { basename } from 'node:path'
import { inNamedFile } from '../../ledger/index.ts'
import { attribute, openZip, partsOfSheets, readEntry, usualLimits, ZipTooLarge, ZipWriter, type ZipArchive, type ZipEntry } from '../../sources/index.ts'
import { qualityFailures } from './quality-failures.ts'

/** A cell of a sheet and the text that it shall hold; rows count from 1, columns from 0. */
export interface CellCorrection {
  sheet: string
  row: number
  column: number
  text: string
}

/** A sheet is held as a whole while cells of it change. */
const sheetBytesMax = 256 * 1024 * 1024

type Texts = Map<number, Map<number, string>>

/** 更正工作簿. Writes the workbook anew with these cells as texts; corrected cells keep their style. Refuses cells with formulas, a sheet with comments in its XML or larger than 256 MiB, and a workbook that would need ZIP64. */
export async function correctWorkbook(source: string, target: string, corrections: readonly CellCorrection[]): Promise<void> {
  const from = inNamedFile(source, () => openSync(source, 'r'))
  const to = inNamedFile(target, () => openSync(target, 'wx', 0o600))
  const where = basename(source)
  try {
    const zip = openZip(from, where, usualLimits)
    const parts = await partsOfSheets(zip)
    const byPart = new Map<string, Texts>()
    for (const { sheet, row, column, text } of corrections) {
      const part = parts.get(sheet) ?? ''
      const rows = byPart.get(part) ?? new Map<number, Map<number, string>>()
      byPart.set(part, rows)
      rows.set(row, (rows.get(row) ?? new Map<number, string>()).set(column, text))
    }
    const writer = new ZipWriter(to)
    for (const entry of zip.entries.values()) {
      const texts = byPart.get(entry.name)
      byPart.delete(entry.name)
      if (texts === undefined) writer.copy(zip, entry)
      else await writer.write(entry.name, oneBuffer(correctSheet(await textOf(zip, entry, where), texts, where)))
    }
    if (byPart.size > 0) throw refused(where, '工作表文件缺失 / sheet part missing')
    writer.end()
  } catch (error) {
    throw error instanceof ZipTooLarge ? refused(where, '> 4 GiB') : error
  } finally {
    closeSync(from)
    closeSync(to)
  }
}

function refused(where: string, why: string): Error {
  return qualityFailures.CORRECTION_SHEET({ where, why })
}

async function* oneBuffer(text: string): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from(text, 'utf8')
}

async function textOf(zip: ZipArchive, entry: ZipEntry, where: string): Promise<string> {
  if (entry.bytes > sheetBytesMax) throw refused(where, '工作表超过 256 MiB / the sheet is larger than 256 MiB')
  const pieces: Buffer[] = []
  for await (const piece of readEntry(zip, entry)) pieces.push(piece)
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces))
  if (text.includes('<!--') || text.includes('<![CDATA[') || text.includes('<!DOCTYPE')) throw refused(where, 'XML 含注释或 CDATA / comments or CDATA in the XML')
  return text
}

// Markup cannot stand in values, so what looks like a tag is one; quoted values of attributes may hold a '>'.
const rowTag = /<((?:\w+:)?)row(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g
const cellTag = /<((?:\w+:)?)c(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g

function correctSheet(xml: string, texts: Texts, where: string): string {
  const parts: string[] = []
  let [at, last] = [0, 0]
  for (const match of xml.matchAll(rowTag)) {
    const [tag, prefix = '', attributes = '', closed = ''] = match
    const given = attribute(attributes, 'r')
    last = given === null ? last + 1 : Number(given)
    const cells = texts.get(last)
    if (cells === undefined) continue
    texts.delete(last)
    const start = match.index + tag.length
    const end = closed === '/' ? start : xml.indexOf(`</${prefix}row`, start)
    const head = closed === '/' ? `<${prefix}row${attributes}>` : tag
    parts.push(xml.slice(at, match.index), head, correctRow(xml.slice(start, end), { prefix, row: last, cells, where }), ...(closed === '/' ? [`</${prefix}row>`] : []))
    at = end
  }
  if (texts.size > 0) throw refused(where, '行不存在 / a row is missing')
  return parts.join('') + xml.slice(at)
}

interface RowToCorrect {
  prefix: string
  row: number
  cells: ReadonlyMap<number, string>
  where: string
}

/** The cells of a row; what is missing is put in at its place, for cells stand in order. */
function correctRow(inner: string, { prefix, row, cells, where }: RowToCorrect): string {
  const waiting = [...cells].toSorted(([a], [b]) => a - b)
  const parts: string[] = []
  let [at, column] = [0, -1]
  for (const match of inner.matchAll(cellTag)) {
    const [tag, cellPrefix = '', attributes = '', closed = ''] = match
    const reference = attribute(attributes, 'r')
    column = reference === null ? column + 1 : columnOf(reference)
    const start = match.index + tag.length
    const end = closed === '/' ? start : inner.indexOf('>', inner.indexOf(`</${cellPrefix}c`, start)) + 1
    parts.push(inner.slice(at, match.index))
    at = match.index
    for (let next = waiting[0]; next !== undefined && next[0] <= column; next = waiting[0]) {
      waiting.shift()
      if (next[0] === column) {
        if (/<(?:\w+:)?f[\s>/]/.test(inner.slice(start, end))) throw refused(where, `${nameOf(column)}${row} 是公式 / holds a formula`)
        at = end
      }
      parts.push(cellOf(prefix, { name: `${nameOf(next[0])}${row}`, style: next[0] === column ? attribute(attributes, 's') : null, text: next[1] }))
    }
  }
  return `${parts.join('')}${inner.slice(at)}${waiting.map(([missing, text]) => cellOf(prefix, { name: `${nameOf(missing)}${row}`, style: null, text })).join('')}`
}

/** Text that stands in the cell itself: shared strings belong to other cells too. */
function cellOf(prefix: string, { name, style, text }: { name: string; style: string | null; text: string }): string {
  const escaped = text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replaceAll('\r', '_x000D_').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<${prefix}c r="${name}"${style === null ? '' : ` s="${style}"`} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escaped}</${prefix}t></${prefix}is></${prefix}c>`
}

function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]+/i.exec(reference)?.[0] ?? '') column = column * 26 + (letter.charCodeAt(0) & ~0x20) - 0x40
  return column - 1
}

function nameOf(column: number): string {
  let name = ''
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) name = String.fromCharCode(0x41 + ((left - 1) % 26)) + name
  return name
}
