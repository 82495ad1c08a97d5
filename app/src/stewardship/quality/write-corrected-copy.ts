// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { inNamedFile } from '../../ledger/index.ts'
import { readSource, RecordSpans, splitRecord, type ReadOptions, type SourceFile, type SourceRow } from '../../sources/index.ts'
import { correctWorkbook } from './correct-workbook.ts'
import { encodeText } from './encode-text.ts'
import type { CorrectionPreview } from './preview-corrections.ts'
import { previewCorrections } from './preview-corrections.ts'
import { qualityFailures } from './quality-failures.ts'
import { isTable } from './quality-report.ts'

/** Which list is applied to which source, and where the copy goes. */
export interface CorrectionOrder {
  list: string
  source: string
  copy: string
  /** Takes what can be taken although other lines are refused. */
  isPartial?: boolean
  options?: ReadOptions
}

/** What was written. */
export interface CorrectedCopy {
  preview: CorrectionPreview
  copy: string
  changed: number
  sha256: string
}

/**
 * 更正副本. Writes a copy of a CSV or XLSX source with the corrections of a work list; every other byte (of a workbook: every other cell and part) stays as it is. The copy stands under its name only after it was read back and every cell compared with what was meant.
 * Refuses the original as target, another kind of file, a source that changed since the list was made, refused lines (unless `isPartial`), and a list without changes.
 */
export async function writeCorrectedCopy(order: CorrectionOrder): Promise<CorrectedCopy> {
  if (isSameFile(order.source, order.copy)) throw qualityFailures.CORRECTION_ORIGINAL({ where: order.source })
  if (existsSync(order.copy)) throw qualityFailures.QUALITY_FILE_EXISTS({ where: order.copy })
  const preview = await previewCorrections(order)
  const { source, corrections } = preview
  if (source.kind !== 'csv' && source.kind !== 'xlsx') throw qualityFailures.CORRECTION_KIND({ where: source.place, kind: source.kind })
  if (!preview.isSame) throw qualityFailures.WORK_LIST_SOURCE_CHANGED({ where: source.place })
  const refused = corrections.filter(({ refusal }) => refusal !== null).length
  const taken = corrections.filter(({ refusal }) => refusal === null)
  if (refused > 0 && order.isPartial !== true) throw qualityFailures.WORK_LIST_REFUSED({ refused, changes: taken.length })
  if (taken.length === 0) throw qualityFailures.WORK_LIST_NO_CHANGE()
  const textByCell = new Map(taken.flatMap(({ cell, text }) => (cell.field === null ? [] : [[`${cell.dataSet} ${cell.ordinal} ${cell.field}`, text] as const])))
  const partial = `${order.copy}.${process.pid}.part.${source.kind}`
  try {
    if (source.kind === 'csv') await writeCopy(order, { source, textByCell, partial })
    else await correctWorkbook(order.source, partial, taken.flatMap(({ dataSetName, place, cell, text }) => (cell.field === null ? [] : [{ sheet: dataSetName, row: place, column: cell.field, text }])))
    const sha256 = await compareCopy(order, { source, textByCell, partial })
    inNamedFile(order.copy, () => linkSync(partial, order.copy))
    return { preview, copy: order.copy, changed: taken.length, sha256 }
  } finally {
    rmSync(partial, { force: true })
  }
}

function isSameFile(a: string, b: string): boolean {
  if (resolve(a) === resolve(b)) return true
  const [first, second] = [statSync(a, { throwIfNoEntry: false }), statSync(b, { throwIfNoEntry: false })]
  return first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev
}

interface Copying {
  source: SourceFile
  textByCell: ReadonlyMap<string, string>
  partial: string
}

/** The corrected cells of a row; none is the usual case. */
function correctionsOf(texts: ReadonlyMap<string, string>, dataSet: number, row: SourceRow): Map<number, string> {
  const found = new Map<number, string>()
  for (const field of row.cells.keys()) {
    const text = texts.get(`${dataSet} ${row.ordinal} ${field}`)
    if (text !== undefined) found.set(field, text)
  }
  return found
}

async function writeCopy(order: CorrectionOrder, { source, textByCell, partial }: Copying): Promise<void> {
  const [from, to] = [inNamedFile(order.source, () => openSync(order.source, 'r')), inNamedFile(partial, () => openSync(partial, 'wx', 0o600))]
  try {
    let at = 0
    for await (const { dataSet, row } of rowsOf(order.source, order.options ?? {})) {
      const corrected = correctionsOf(textByCell, dataSet, row)
      if (corrected.size === 0 || row.range === undefined) continue
      copyBytes(from, to, at, row.range.start)
      inNamedFile(partial, () => writeAll(to, correctedRow(bytesOf(from, row.range ?? { start: 0, end: 0 }), corrected, source)))
      at = row.range.end
    }
    copyBytes(from, to, at, source.bytes)
    inNamedFile(partial, () => fsyncSync(to))
  } finally {
    closeSync(from)
    closeSync(to)
  }
}

/** Rows with the number of their table among those that the list knows. */
async function* rowsOf(path: string, options: ReadOptions): AsyncGenerator<{ dataSet: number; row: SourceRow; sha256: string }> {
  const numbers = new Map<number, number>()
  let sha256 = ''
  for await (const event of readSource(path, options)) {
    if (event.kind === 'source') sha256 = event.source.sha256
    if (event.kind === 'dataSet' && isTable(event.dataSet)) numbers.set(event.dataSet.index, numbers.size)
    if (event.kind === 'rows') for (const row of event.rows) yield { dataSet: numbers.get(event.dataSet) ?? -1, row, sha256 }
  }
}

/** The bytes of a row with other cells in place of some; separators, the line end and all other cells as they stand. */
function correctedRow(row: Buffer, corrected: ReadonlyMap<number, string>, source: SourceFile): Buffer {
  const encoding = source.encoding ?? 'utf-8'
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be'
  const units = isWide ? Uint16Array.from({ length: row.length >> 1 }, (_, i) => (encoding === 'utf-16le' ? row.readUInt16LE(i * 2) : row.readUInt16BE(i * 2))) : row
  const delimiter = source.delimiter ?? ','
  const spans = new RecordSpans()
  splitRecord({ units, isLast: true }, 0, { delimiter: delimiter.charCodeAt(0), isGb18030: encoding === 'gb18030' }, spans)
  const parts: Buffer[] = []
  let at = 0
  for (const [field, text] of corrected) {
    const [start, end, form] = [spans.spans[field * 3] ?? 0, spans.spans[field * 3 + 1] ?? 0, spans.spans[field * 3 + 2] ?? 0]
    const bytes = isWide ? 2 : 1
    const needsQuotes = form !== 0 || text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text)
    parts.push(row.subarray(at, start * bytes), encodeText(needsQuotes ? `"${text.replaceAll('"', '""')}"` : text, encoding, source.place))
    at = end * bytes
  }
  return Buffer.concat([...parts, row.subarray(at)])
}

/** Reads the copy back beside the original: changed cells hold the new text, all others what they held. Gives the digest of the copy. */
async function compareCopy(order: CorrectionOrder, { textByCell, partial, source }: Copying): Promise<string> {
  const fixed = { ...order.options, ...(source.encoding === undefined ? {} : { encoding: source.encoding }), ...(source.delimiter === undefined ? {} : { delimiter: source.delimiter }) }
  const copy = rowsOf(partial, fixed)
  let sha256 = ''
  const differs = (row: number): Error => qualityFailures.CORRECTION_NOT_READ_BACK({ where: order.copy, row })
  for await (const { dataSet, row, sha256: original } of rowsOf(order.source, fixed)) {
    const next = await copy.next()
    if (original !== source.sha256) throw qualityFailures.WORK_LIST_SOURCE_CHANGED({ where: source.place })
    if (next.done === true || next.value.row.cells.length !== row.cells.length) throw differs(row.place)
    sha256 = next.value.sha256
    const corrected = correctionsOf(textByCell, dataSet, row)
    for (const [field, cell] of row.cells.entries()) if (!isSameValue(corrected.get(field) ?? cell.value, next.value.row.cells[field]?.value ?? null)) throw differs(row.place)
  }
  if ((await copy.next()).done !== true) throw differs(0)
  return sha256
}

function isSameValue(a: string | Uint8Array | null, b: string | Uint8Array | null): boolean {
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return a === b
  return Buffer.compare(a, b) === 0
}

const chunkBytes = 1024 * 1024

function copyBytes(from: number, to: number, start: number, end: number): void {
  for (let at = start; at < end; at += chunkBytes) writeAll(to, bytesOf(from, { start: at, end: Math.min(end, at + chunkBytes) }))
}

function bytesOf(from: number, { start, end }: { start: number; end: number }): Buffer {
  const bytes = Buffer.alloc(end - start)
  let filled = 0
  while (filled < bytes.length) {
    const got = readSync(from, bytes, filled, bytes.length - filled, start + filled)
    if (got === 0) break // shorter than it was: the comparison finds it
    filled += got
  }
  return bytes.subarray(0, filled)
}

function writeAll(to: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at, bytes.length - at)
}
