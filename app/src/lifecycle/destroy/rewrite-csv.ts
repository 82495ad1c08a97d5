// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { RecordSpans, splitRecord, type SourceFile } from '../../sources/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { titleMark, type ComparedFile, type FoundSet } from './original-file.ts'
import { createBeside } from './replace-file.ts'
import type { RowEdit } from './row-edits.ts'
import { stays } from './row-fate.rules.ts'

const chunkBytes = 1024 * 1024

/** 改写 CSV. Writes the file anew beside the old one without the rows and cells that go; every other byte is copied as it stands. Memory for one chunk. Returns the digest of the new file. */
export function rewriteCsv(path: string, compared: ComparedFile, orderId: string): string {
  const edits = compared.sets.flatMap((set) => (set.edits.changes ? [editsOf(path, set)] : []))
  const from = new Reading(openSync(path, 'r'))
  const to = createBeside(path, orderId)
  const out = new Writing(to.handle)
  try {
    let at = 0
    for (const set of edits) {
      for (const edit of set) {
        const { start, end } = rangeOf(edit)
        if (start < at) throw new Error('assertion failed: rows follow one another in the file')
        from.each({ start: at, end: start }, (bytes) => out.write(bytes))
        const row = from.whole({ start, end })
        if (edit.fate !== 'goes') out.write(withoutCells(row, edit, compared.source))
        at = end
      }
    }
    from.each({ start: at, end: compared.source.bytes }, (bytes) => out.write(bytes))
    out.end()
    fsyncSync(to.handle)
  } finally {
    from.close()
    closeSync(to.handle)
  }
  if (from.digest() !== compared.source.sha256) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: basename(path), why: 'it changed meanwhile' })
  return out.digest()
}

/** Looks through the rows that would change and writes nothing; refuses what `rewriteCsv` would refuse. */
export function tryCsv(path: string, compared: ComparedFile): void {
  for (const set of compared.sets) if (set.edits.changes) for (const edit of editsOf(path, set)) rangeOf(edit)
}

function rangeOf(edit: RowEdit): { start: number; end: number } {
  if (edit.range === undefined) throw new Error('assertion failed: a row of a text file has its bytes')
  return edit.range
}

/** The rows that change. Title rows are one record a cell: the row goes when all of them go. */
function* editsOf(path: string, set: FoundSet): Generator<RowEdit, void, undefined> {
  if (!set.name.endsWith(titleMark)) {
    for (const edit of set.edits) if (edit.fate !== 'stays') yield edit
    return
  }
  const byStart = Map.groupBy([...set.edits], (edit) => rangeOf(edit).start)
  for (const same of byStart.values()) {
    const [first] = same
    if (first === undefined || same.some((edit) => edit.fate !== first.fate)) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '标题行只有一部分要销毁 / only a part of a title row goes' })
    if (first.fate !== 'stays') yield first
  }
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

/** A file read from front to back through one chunk, with the digest of what was read. */
class Reading {
  readonly #handle: number
  readonly #hash = createHash('sha256')
  readonly #chunk = Buffer.alloc(chunkBytes)
  /** Where the chunk begins in the file, and how much of it is filled. */
  #at = 0
  #filled = 0

  constructor(handle: number) {
    this.#handle = handle
  }

  /** Hands on the bytes of a range piece by piece; a piece is good until the next one. */
  each(range: { start: number; end: number }, take: (bytes: Buffer) => void): void {
    for (let at = range.start; at < range.end; ) {
      if (at >= this.#at + this.#filled) this.#next()
      const piece = this.#chunk.subarray(at - this.#at, Math.min(this.#filled, range.end - this.#at))
      take(piece)
      at += piece.length
    }
  }

  whole(range: { start: number; end: number }): Buffer {
    const bytes = Buffer.alloc(range.end - range.start)
    let at = 0
    this.each(range, (piece) => (at += piece.copy(bytes, at)))
    return bytes
  }

  digest(): string {
    return this.#hash.digest('hex')
  }

  close(): void {
    closeSync(this.#handle)
  }

  #next(): void {
    this.#at += this.#filled
    this.#filled = readSync(this.#handle, this.#chunk, 0, chunkBytes, this.#at)
    if (this.#filled === 0) throw new Error('assertion failed: the file is as long as it was')
    this.#hash.update(this.#chunk.subarray(0, this.#filled))
  }
}

/** A file written through one chunk, with the digest of what was written. */
class Writing {
  readonly #handle: number
  readonly #hash = createHash('sha256')
  readonly #chunk = Buffer.alloc(chunkBytes)
  #filled = 0

  constructor(handle: number) {
    this.#handle = handle
  }

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const n = bytes.copy(this.#chunk, this.#filled, at)
      this.#filled += n
      at += n
      if (this.#filled === chunkBytes) this.end()
    }
  }

  /** Writes what is waiting. */
  end(): void {
    this.#hash.update(this.#chunk.subarray(0, this.#filled))
    for (let at = 0; at < this.#filled; ) at += writeSync(this.#handle, this.#chunk, at, this.#filled - at)
    this.#filled = 0
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
