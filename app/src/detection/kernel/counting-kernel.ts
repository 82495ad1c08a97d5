// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CellBlock } from '../byte-classes.ts'
import { RowHashes } from '../hash-cell.ts'
import { at, blockCells, blockRows, columnAt, control, domainBytes, formLooks, formSlots, listedNumbers, memoSlot, outcomesMax, windowBytes, windowMargin } from './kernel-layout.ts'
import { writeTables } from './kernel-tables.ts'

const pageBytes = 65_536
/** Tables with more columns are counted without a kernel. */
export const kernelColumnsMax = 256
const memosTogether = 8192

/** What a split goes on from, and counts up. */
export interface SplitState {
  next: number
  row: number
  widest: number
  readonly counts: { rows: number; blankRows: number; shortRows: number; longRows: number }
}

/** Where a split puts what it finds. */
export interface SplitBlock {
  rows: number
  readonly capacity: number
  readonly widthCells: number
  readonly namedWidth: number
}

/**
 * 计数内核. Splits and counts the usual cells of a table in WebAssembly, in memory of its own into which the file is read (PERFORMANCE.md §3.1); for each form it says only which values have the same outcome, the outcomes themselves come from the recognisers. One for each thread.
 */
export class CountingKernel {
  /** Bytes are read into here. */
  readonly window: Buffer
  private readonly view: DataView
  readonly starts: Int32Array
  readonly metas: Int32Array
  readonly places: Int32Array
  readonly rowHashes: RowHashes
  /** The numbers of each cell that was listed (`listedNumbers`). */
  readonly listed: Int32Array
  private readonly bytes: Uint8Array
  private readonly words: Int32Array
  private readonly numbers: Int32Array
  private readonly columnBytes: number
  private readonly memoSlots: number
  readonly columns: number
  readonly today: number
  private readonly splitRecords: () => void
  private readonly takeCells: TakeCells

  /** A kernel for so many columns; `today` as yyyymmdd. */
  constructor(columns: number, today: number) {
    this.columns = Math.min(columns, kernelColumnsMax)
    this.today = today
    this.memoSlots = Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(memosTogether / Math.max(1, columns)))))
    this.columnBytes = columnAt.memo + this.memoSlots * memoSlot.bytes
    const memory = new WebAssembly.Memory({ initial: Math.ceil((at.columns + this.columns * this.columnBytes) / pageBytes) })
    const { split, take } = new WebAssembly.Instance(kernelModule(), { own: { memory } }).exports
    if (!isSplit(split) || !isTake(take)) throw new Error('assertion failed: the kernel has its functions')
    this.splitRecords = split
    this.takeCells = take
    const { buffer } = memory
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
    writeTables(this.bytes)
    this.words[at.found >>> 2] = today
    this.numbers = new Int32Array(buffer, at.control, 16)
    this.window = Buffer.from(buffer, at.window, windowBytes + windowMargin)
    this.view = new DataView(buffer, at.window, windowBytes + windowMargin)
    this.starts = new Int32Array(buffer, at.starts, blockCells)
    this.metas = new Int32Array(buffer, at.metas, blockCells)
    this.places = new Int32Array(buffer, at.places, blockRows)
    this.listed = new Int32Array(buffer, at.listed, listedNumbers * blockRows)
    this.rowHashes = new RowHashes(blockRows, { low: new Int32Array(buffer, at.rowLow, blockRows), high: new Int32Array(buffer, at.rowHigh, blockRows) })
  }

  /** Splits records of the window until the block is full, or a record is not usual. */
  split(state: SplitState, block: SplitBlock, piece: { length: number; last: number; delimiter: number }): void {
    const { numbers } = this
    numbers.set([at.window + piece.length, at.window + piece.last, at.window + state.next, block.rows, block.capacity, block.widthCells, block.namedWidth, at.window, state.row, state.widest, 0, 0, 0, 0, piece.delimiter])
    this.splitRecords()
    state.next = (numbers[control.next] ?? 0) - at.window
    state.row = numbers[control.row] ?? 0
    state.widest = numbers[control.widest] ?? 0
    state.counts.rows += numbers[control.counted] ?? 0
    state.counts.blankRows += numbers[control.blank] ?? 0
    state.counts.shortRows += numbers[control.short] ?? 0
    state.counts.longRows += numbers[control.long] ?? 0
    block.rows = numbers[control.rows] ?? 0
  }

  /** The part of the kernel that counts a column; null for one beyond those it was made for. */
  column(index: number, isNamed: boolean): KernelColumn | null {
    if (index >= this.columns) return null
    const place = at.columns + index * this.columnBytes
    this.words[(place + columnAt.memoMask) >>> 2] = this.memoSlots - 1
    this.words[(place + columnAt.isNamed) >>> 2] = isNamed ? 1 : 0
    return new KernelColumn(this, this.bytes, place)
  }

  /** Whether so many cells with so many bytes find room. */
  holds(cells: number, bytes: number): boolean {
    return cells <= blockCells && bytes <= windowBytes
  }

  /** A block in the kernel's memory; null when it does not fit there. */
  copy(block: CellBlock): CellBlock | null {
    const cells = block.rows * block.width
    if (block.rows > blockRows || !this.holds(cells, block.bytes.length)) return null
    block.bytes.copy(this.window)
    this.starts.set(block.starts.subarray(0, cells))
    this.metas.set(block.metas.subarray(0, cells))
    return { ...block, bytes: this.window, view: this.view, starts: this.starts, metas: this.metas }
  }

  /** Counts the cells of a column in some rows of the block; how many are listed. */
  take(place: number, column: number, { block, from, to }: { block: { width: number }; from: number; to: number }): number {
    const width = Math.max(1, block.width)
    return this.takeCells(place, (from * width + column) * 4, width * 4, from, to, at.window) / (4 * listedNumbers)
  }

  /** Values with this key have this outcome. */
  remember(key: number, outcome: number): void {
    const { words } = this
    const slot = Math.imul(key, 0x9e3779b1) >>> (32 - Math.log2(formSlots))
    const keys = at.formKeys >>> 2
    let free = slot
    for (let look = formLooks - 1; look >= 0; look--) {
      const known = words[keys + slot + look]
      if (known === key) return
      if (known === 0) free = slot + look
    }
    words[keys + free] = key
    words[(at.formOutcomes >>> 2) + free] = outcome
  }

  /** A domain with its @, which passed; places are of the window. */
  rememberDomain(from: number, end: number): void {
    const length = end - from
    if (length > domainBytes || length < 5) return
    const { window } = this
    const slot = at.domains + (Math.imul(window.readInt32LE(from + 1) ^ length, 0x9e3779b1) >>> 26) * 80
    this.words[slot >>> 2] = length
    this.bytes.copyWithin(slot + 16, at.window + from, at.window + end)
  }

  /** Keeps what became of a value of a column, in the place of another. */
  keep(column: number, value: { start: number; length: number; hash: number }, found: { outcome: number; sketch: number }): void {
    const { start, length, hash } = value
    if (length > memoSlot.longest) return
    const slot = column + columnAt.memo + (hash & (this.memoSlots - 1)) * memoSlot.bytes
    const word = slot >>> 2
    this.words[word] = hash
    this.words[word + 1] = length
    this.words[word + 2] = found.outcome
    this.words[word + 3] = found.sketch
    this.bytes.copyWithin(slot + 16, at.window + start, at.window + start + length)
  }
}

/** What the kernel counts of one column. */
export class KernelColumn {
  readonly kernel: CountingKernel
  readonly place: number
  readonly times: Uint32Array
  private readonly head: Uint32Array
  private readonly filter: Uint32Array
  private readonly settled: Uint8Array

  constructor(kernel: CountingKernel, memory: Uint8Array, place: number) {
    this.kernel = kernel
    this.place = place
    const { buffer } = memory
    this.head = new Uint32Array(buffer, place, 16)
    this.filter = new Uint32Array(buffer, place + columnAt.filter, 256)
    this.settled = new Uint8Array(buffer, place + columnAt.settled, outcomesMax)
    this.times = new Uint32Array(buffer, place + columnAt.times, outcomesMax)
    this.begin()
  }

  /** Begins to count anew. */
  begin(): void {
    this.head.fill(0, 1, 4)
    this.settled.fill(0)
    this.times.fill(0)
    for (let i = 0; i < 256; i++) this.filter[i] = i ^ 1 // no hash that belongs there
  }

  /** Hashes from here on are not wanted; `2 ** 32` wants all. */
  wantHashesBelow(limit: number): void {
    this.head[columnAt.sketchMax >>> 2] = Math.min(limit, 0xffffffff)
  }

  /** A hash is known: it is not wanted again. */
  knowHash(hash: number): void {
    this.filter[hash & 255] = hash
  }

  /** Nothing more than its number is wanted of an outcome. */
  settle(outcome: number): void {
    if (outcome < outcomesMax) this.settled[outcome] = 1
  }

  get values(): number {
    return this.head[columnAt.values >>> 2] ?? 0
  }

  get empty(): number {
    return this.head[columnAt.empty >>> 2] ?? 0
  }

  get looked(): number {
    return this.head[columnAt.looked >>> 2] ?? 0
  }
}

const columnsAtLeast = 32
const keptMax = 2
/** Kernels that nobody uses: what they learnt of forms and values stays true, and memory of WebAssembly is dear. */
const unused: CountingKernel[] = []

/** A kernel for so many columns, if need be one that another table is done with. */
export function borrowKernel(columns: number, today: number): CountingKernel {
  const at = unused.findIndex((kernel) => kernel.columns >= columns && kernel.today === today)
  return (at < 0 ? undefined : unused.splice(at, 1)[0]) ?? new CountingKernel(Math.max(columns, columnsAtLeast), today)
}

/** Gives a kernel back that no column counts with any more. */
export function returnKernel(kernel: CountingKernel): void {
  if (unused.length < keptMax) unused.push(kernel)
}

let compiled: object | null = null

// Compiled by compile-kernel.ts from the sources beside it (write-kernel.ts; a test compares): compiling takes longer than counting a small file.
function kernelModule(): object {
  compiled ??= new WebAssembly.Module(readFileSync(join(import.meta.dirname, 'kernel.wasm')))
  return compiled
}

const isSplit = (value: unknown): value is () => void => typeof value === 'function'
// oxlint-disable-next-line max-params -- numbers are all that a kernel takes
type TakeCells = (column: number, cells: number, stride: number, row: number, rows: number, base: number) => number
const isTake = (value: unknown): value is TakeCells => typeof value === 'function'
