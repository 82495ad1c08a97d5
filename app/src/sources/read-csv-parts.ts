// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import { fieldForm, RecordSpans, splitRecord } from './split-csv.ts'
import { Gb18030Window } from './gb18030-window.ts'
import { ByteSplitter, RowBlock, splitTables, type SplitRoom, type SplitTables } from './split-bytes.ts'

/** A CSV file whose rows are taken as bytes, in parts of fixed size that begin and end between records; plain data, so that any thread can take a part. */
export interface CsvParts {
  fd: number
  bytes: number
  bodyStart: number
  partBytes: number
  delimiter: number
  namedWidth: number
  fieldsMax: number
  recordBytesMax: number
  /** The bytes are GB18030: they are turned into UTF-8 window by window. */
  isGb18030: boolean
}

/** What the splitting of one part told. `start` and `end` are where its first record begins and its last ends; `problem` says that the record after `end` needs the reader that explains. */
export interface PartEnd {
  part: number
  start: number
  end: number
  /** Records, blank ones too. */
  records: number
  /** The most cells of a row. */
  width: number
  counts: { rows: number; blankRows: number; shortRows: number; longRows: number; oddCells: number }
  problem: boolean
}

interface Piece {
  bytes: Buffer
  length: number
  limit: number
  isLast: boolean
}

const WINDOW = 1024 * 1024
/** Two bytes of GB18030 are three of UTF-8: so many become a window of that at most. */
const GB18030_WINDOW = 680 * 1000
/** A hash and a kernel read a little behind a value. */
const MARGIN = 64

/** How many parts a file has. */
export function partCount(parts: CsvParts): number {
  return Math.max(1, Math.ceil((parts.bytes - parts.bodyStart) / parts.partBytes))
}

/** Splits parts of a file; one for each thread, its buffers are used again. */
export class CsvPartReader {
  private readonly parts: CsvParts
  private readonly tables: SplitTables
  private window: Buffer
  private readonly room: SplitRoom | null
  private readonly usualWindow: Buffer
  private block: RowBlock
  private readonly gb18030: Gb18030Window | null

  /** `classes`: what each byte says about its cell. `room`: of a kernel that splits for us, as long as records fit in its window. */
  constructor(parts: CsvParts, classes: Readonly<Uint8Array>, room: SplitRoom | null = null) {
    this.parts = parts
    this.tables = splitTables(parts.delimiter, classes)
    this.room = room
    this.usualWindow = parts.isGb18030 ? Buffer.allocUnsafe(GB18030_WINDOW + MARGIN) : (room?.window ?? Buffer.allocUnsafe(WINDOW + MARGIN))
    this.window = this.usualWindow
    this.block = this.blockOf(parts.namedWidth, room)
    this.gb18030 = parts.isGb18030 ? new Gb18030Window(room?.window) : null
  }

  /** Splits one part and hands on its rows block by block. Where it begins is told, or guessed at a line end; the caller compares it with the end of the part before. */
  read(part: number, told: number | null, take: (block: RowBlock, widest: number) => void): PartEnd {
    const { bodyStart, partBytes, bytes } = this.parts
    this.window = this.usualWindow // a record that was longer is behind us
    const nominal = bodyStart + part * partBytes
    const limit = Math.min(bytes, nominal + partBytes)
    const start = told ?? (part === 0 ? bodyStart : this.guessStart(nominal))
    const splitter = new ByteSplitter(this.tables, this.parts.fieldsMax)
    const end = start < 0 ? { at: start, problem: false } : this.splitFrom(start, limit, splitter, take)
    return { part, start, end: end.at, records: splitter.row, width: splitter.widest, counts: splitter.counts, problem: end.problem }
  }

  private splitFrom(start: number, limit: number, splitter: ByteSplitter, take: (block: RowBlock, widest: number) => void): { at: number; problem: boolean } {
    const { bytes, recordBytesMax } = this.parts
    let offset = start
    while (offset < limit) {
      const filled = this.fill(offset)
      const isLast = offset + filled >= bytes
      const piece = this.pieceOf(filled, limit - offset, isLast)
      if (piece === null) return { at: offset, problem: true }
      const split = this.splitPiece(piece, splitter, take)
      if (split.isProblem) return { at: offset, problem: true }
      if (split.next === 0) {
        if (this.window.length - MARGIN >= recordBytesMax) return { at: offset, problem: true }
        this.window = Buffer.allocUnsafe((this.window.length - MARGIN) * 2 + MARGIN)
      }
      offset += this.gb18030 === null ? split.next : this.gb18030.sourceOf(split.next)
    }
    return { at: offset, problem: false }
  }

  /** The window as UTF-8; null when it is not what the encoding says. */
  private pieceOf(filled: number, limit: number, isLast: boolean): Piece | null {
    if (this.gb18030 === null) return { bytes: this.window, length: filled, limit, isLast }
    return this.gb18030.take(this.window.subarray(0, filled), limit, isLast) ? { bytes: this.gb18030.bytes, length: this.gb18030.length, limit: this.gb18030.limit, isLast } : null
  }

  // A row has to find room in the kernel's memory.
  private blockOf(width: number, room: SplitRoom | null): RowBlock {
    return new RowBlock(width, this.parts.namedWidth, room !== null && width <= room.starts.length ? room : null)
  }

  private splitPiece(piece: Piece, splitter: ByteSplitter, take: (block: RowBlock, widest: number) => void): { next: number; isProblem: boolean } {
    let next = 0
    const room = piece.bytes === this.room?.window ? this.room : null // a longer window is outside the kernel's memory
    if (room !== this.block.room) this.block = this.blockOf(this.block.widthCells, room)
    for (;;) {
      this.block.over(piece.bytes)
      const state = splitter.split(this.block, next, piece)
      if (this.block.rows > 0) take(this.block, splitter.widest)
      next = splitter.next
      if (state === 'wider') this.block = this.blockOf(Math.min(this.block.widthCells * 2, this.parts.fieldsMax), room)
      else if (state !== 'full') return { next, isProblem: state === 'unclosed-quote' || state === 'too-many-fields' }
    }
  }

  private fill(offset: number): number {
    const size = this.window.length - MARGIN
    let filled = 0
    while (filled < size) {
      const n = readSync(this.parts.fd, this.window, filled, size - filled, offset + filled)
      if (n === 0) break
      filled += n
    }
    return filled
  }

  // The first line end from here on after which two records of the usual width follow; else the first line end; -1 when there is none near.
  private guessStart(nominal: number): number {
    const length = this.fill(nominal - 1)
    const units = this.window.subarray(0, length)
    const first = units.indexOf(0x0a)
    for (let at = first, tries = 0; at >= 0 && tries < 32; at = units.indexOf(0x0a, at + 1), tries++) if (this.looksRight(units, at + 1)) return nominal + at
    return first < 0 ? -1 : nominal + first
  }

  private looksRight(units: Buffer, from: number): boolean {
    const record = new RecordSpans()
    let at = from
    for (let i = 0; i < 2; i++) {
      const result = splitRecord({ units, isLast: false }, at, { delimiter: this.parts.delimiter, isGb18030: this.parts.isGb18030 }, record)
      if (result !== 'record' || record.fields !== this.parts.namedWidth || record.spans[2] === fieldForm.odd) return false
      at = record.end
    }
    return true
  }
}
