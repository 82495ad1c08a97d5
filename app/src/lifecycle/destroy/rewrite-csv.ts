// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { RecordSpans, splitRecord, type SourceFile } from '../../sources/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import type { ComparedFile, RowEdit } from './original-file.ts'
import { createBeside } from './replace-file.ts'
import { stays } from './row-fate.rules.ts'

const chunkBytes = 1024 * 1024

/** 改写 CSV. Writes the file anew beside the old one without the rows and cells that go; every other byte is copied as it stands. Returns the digest of the new file. */
export function rewriteCsv(path: string, compared: ComparedFile, orderId: string): string {
  const edits = compared.sets.flatMap((set) => mergeTitles(path, set.edits)).filter((edit) => edit.fate !== 'stays').sort((a, b) => rangeOf(a).start - rangeOf(b).start)
  const from = openSync(path, 'r')
  const to = createBeside(path, orderId)
  const before = createHash('sha256')
  const after = createHash('sha256')
  const write = (bytes: Buffer): void => {
    after.update(bytes)
    for (let at = 0; at < bytes.length; ) at += writeSync(to.handle, bytes, at)
  }
  try {
    let at = 0
    for (const edit of edits) {
      const { start, end } = rangeOf(edit)
      copyRange(from, { start: at, end: start }, (bytes) => (before.update(bytes), write(bytes)))
      const row = readRange(from, start, end)
      before.update(row)
      if (edit.fate !== 'goes') write(withoutCells(row, edit, compared.source))
      at = end
    }
    copyRange(from, { start: at, end: compared.source.bytes }, (bytes) => (before.update(bytes), write(bytes)))
    fsyncSync(to.handle)
  } finally {
    closeSync(from)
    closeSync(to.handle)
  }
  if (before.digest('hex') !== compared.source.sha256) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: basename(path), why: 'it changed meanwhile' })
  return after.digest('hex')
}

function rangeOf(edit: RowEdit): { start: number; end: number } {
  if (edit.range === undefined) throw new Error('assertion failed: a row of a text file has its bytes')
  return edit.range
}

/** Title rows are one record a cell: the row goes when all of them go. */
function mergeTitles(path: string, edits: readonly RowEdit[]): RowEdit[] {
  const byStart = Map.groupBy(edits, (edit) => rangeOf(edit).start)
  return [...byStart.values()].map((same) => {
    const [first] = same
    if (first === undefined || same.some((edit) => edit.fate !== first.fate)) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '标题行只有一部分要销毁 / only a part of a title row goes' })
    return first
  })
}

/** The row without the bytes of the cells that go; separators, quotes of the others and the line end stay as they are. */
function withoutCells(row: Buffer, edit: RowEdit, source: SourceFile): Buffer {
  const isWide = source.encoding === 'utf-16le' || source.encoding === 'utf-16be'
  const unitBytes = isWide ? 2 : 1
  const units = isWide ? Uint16Array.from({ length: row.length >> 1 }, (_, at) => (source.encoding === 'utf-16le' ? row.readUInt16LE(at * 2) : row.readUInt16BE(at * 2))) : row
  const spans = new RecordSpans()
  splitRecord({ units, isLast: true }, 0, { delimiter: (source.delimiter ?? ',').charCodeAt(0), isGb18030: source.encoding === 'gb18030' }, spans)
  const parts: Buffer[] = []
  let at = 0
  for (let field = 0; field < spans.fields; field += 1) {
    if (stays(edit.fate, field)) continue
    const start = (spans.spans[field * 3] ?? 0) * unitBytes
    parts.push(row.subarray(at, start))
    at = (spans.spans[field * 3 + 1] ?? 0) * unitBytes
  }
  return Buffer.concat([...parts, row.subarray(at)])
}

function copyRange(from: number, range: { start: number; end: number }, take: (bytes: Buffer) => void): void {
  for (let at = range.start; at < range.end; at += chunkBytes) take(readRange(from, at, Math.min(at + chunkBytes, range.end)))
}

function readRange(from: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start)
  for (let filled = 0; filled < bytes.length; ) {
    const n = readSync(from, bytes, filled, bytes.length - filled, start + filled)
    if (n === 0) throw new Error('assertion failed: the file is as long as it was')
    filled += n
  }
  return bytes
}
