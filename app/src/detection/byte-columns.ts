// SPDX-License-Identifier: Apache-2.0
import { complexByte, precisionLostBit } from './byte-classes.ts'
import type { CellBlock } from './byte-classes.ts'
import { CellMemo } from './cell-memo.ts'
import { examineText, notTextOutcome, outcomeNumber, outcomeOf } from './cell-outcome.ts'
import { addOutcome, addPending, addToSketch, inspectedChars, inspectPending, mayInspect, noCounts, noSketchLimit, sketchSize } from './column-scan.ts'
import type { ColumnCounts, SeenValue } from './column-scan.ts'
import { CellHash, hashBytes } from './hash-cell.ts'
import type { KernelColumn } from './kernel/counting-kernel.ts'
import { listedNumbers } from './kernel/kernel-layout.ts'
import { chars, plainText } from './normalise-text.ts'
import { emailOnly, readCode, readEmail, readLetters, readNumeric } from './read-ascii.rules.ts'
import { readChinese } from './read-chinese.rules.ts'
import { readDashed } from './read-dashed.rules.ts'
import { readDigits } from './read-digits.rules.ts'
import type { CheckOptions } from './recogniser.ts'
import { detectionWork } from './work-counter.ts'

const SEEN_MAX = 3
/** So many rows the kernel takes at first: what is learnt from those it lists saves listing the next. */
const FIRST_ROWS = 16

/** 列计数(按字节). Counts the cells of one column as spans of bytes, with the same counts as `ColumnScan`: frequent forms are checked on bytes, repeated values are remembered, the rest is decoded and goes through the recognisers. */
export class ByteColumn {
  private counts: ColumnCounts = noCounts()
  private readonly options: CheckOptions
  private readonly today: number
  private readonly memo: CellMemo
  private readonly rare: CellMemo
  private readonly hash = new CellHash()
  private times = new Uint32Array(64)
  /** By outcome: 1 for texts of words. */
  private isWordsBy = new Uint8Array(64)
  private readonly seenBy = new Map<number, SeenValue[]>()
  private sketchMax = 2 ** 32
  private sketchLimit = 2 ** 32
  private sketch = 0
  private rowsAtOnce = FIRST_ROWS
  private own: KernelColumn | null

  /** `own`: the column's part of a kernel, which counts blocks that stand in its memory. */
  constructor(options: CheckOptions, memoSlots: number, own: KernelColumn | null = null) {
    this.options = options
    this.own = own
    this.today = todayNumber(options)
    this.memo = new CellMemo(memoSlots)
    this.rare = new CellMemo(Math.min(64, memoSlots))
    own?.wantHashesBelow(this.sketchMax)
  }

  /** From now on a kernel counts the blocks that stand in its memory. */
  countWith(own: KernelColumn | null): void {
    this.own = own
    own?.wantHashesBelow(this.sketchMax)
  }

  /** Hashes from `limit` on need not be kept: 256 smaller ones are known of the same column (`sketchLimit`). */
  limitSketch(limit: number): void {
    this.sketchLimit = limit === noSketchLimit ? 2 ** 32 : limit
    this.sketchMax = Math.min(this.sketchMax, this.sketchLimit)
    this.own?.wantHashesBelow(this.sketchMax)
  }

  /** Takes the cells of this column out of a block. */
  take(block: CellBlock, column: number): void {
    if (this.own !== null && block.starts === this.own.kernel.starts) {
      this.takeListed(this.own, block, column)
      return
    }
    const { starts, metas, width, view, rows } = block
    const { counts, today } = this
    let { times, sketchMax } = this
    let values = 0
    let empty = 0
    let looked = 0
    for (let row = 0, at = column; row < rows; row++, at += width) {
      const start = starts[at] ?? -1
      const meta = metas[at] ?? 0
      const length = meta >>> 8
      if (start < 0 || length === 0) {
        if (start !== -2 || column < block.namedWidth) empty++
        continue
      }
      values++
      looked += length
      let sketch = hashBytes(view, start, length)
      let outcome: number
      if ((meta & 0xff) === chars.digit) outcome = readDigits(view, start, length, today)
      else {
        outcome = this.readCell(block, start, meta, sketch)
        sketch = this.sketch
        if (outcome === notTextOutcome) {
          counts.notText++
          continue
        }
      }
      if (sketch >>> 0 < sketchMax) {
        this.addSketch(sketch >>> 0)
        sketchMax = this.sketchMax
      }
      if (outcome >= times.length) times = this.widen(outcome)
      const seen = (times[outcome] ?? 0) + 1
      times[outcome] = seen
      if (seen <= SEEN_MAX || (this.isWordsBy[outcome] === 1 && mayInspect(counts))) this.see(block, at, { place: block.places[row] ?? 0, outcome, times: seen })
    }
    counts.values += values
    counts.empty += empty
    detectionWork.steps += looked
  }

  /** The same for a block in the kernel's memory: what the kernel lists has to be read, noted or remembered here. */
  private takeListed(own: KernelColumn, block: CellBlock, column: number): void {
    for (let from = 0; from < block.rows; ) {
      const to = Math.min(block.rows, from + this.rowsAtOnce)
      const cells = own.kernel.take(own.place, column, { block, from, to })
      for (let at = 0; at < cells * listedNumbers; at += listedNumbers) this.takeOne(own, block, column, at)
      if (cells * 4 < to - from) this.rowsAtOnce *= 4 // few are listed: from now on more at once
      from = to
    }
  }

  private takeOne(own: KernelColumn, block: CellBlock, column: number, listedAt: number): void {
    const { times } = own
    const { listed } = own.kernel
    const { counts } = this
    const row = listed[listedAt] ?? 0
    const at = row * block.width + column
    let outcome = listed[listedAt + 3] ?? -1
    if (outcome < 0) outcome = this.readListed(own, block, { start: block.starts[at] ?? 0, meta: block.metas[at] ?? 0, key: listed[listedAt + 1] ?? 0, hash: listed[listedAt + 2] ?? 0 })
    else this.sketch = listed[listedAt + 4] ?? 0
    if (outcome === notTextOutcome) {
      counts.notText++
      return
    }
    const hash = this.sketch >>> 0
    if (hash < this.sketchMax) {
      this.addSketch(hash)
      own.knowHash(hash)
      own.wantHashesBelow(this.sketchMax)
    }
    if (outcome >= this.times.length) this.times = this.widen(outcome)
    const counted = outcome < times.length ? times : this.times
    const seen = (counted[outcome] ?? 0) + 1
    counted[outcome] = seen
    if (seen <= SEEN_MAX || (this.isWordsBy[outcome] === 1 && mayInspect(counts))) this.see(block, at, { place: block.places[row] ?? 0, outcome, times: seen })
    if (seen >= SEEN_MAX && (this.isWordsBy[outcome] !== 1 || !mayInspect(counts))) own.settle(outcome)
  }

  /** The outcome of a value that the kernel listed; a value without a key of its form is remembered. */
  private readListed(own: KernelColumn, block: CellBlock, cell: { start: number; meta: number; key: number; hash: number }): number {
    const { view, bytes } = block
    const { start, meta, key, hash } = cell
    const length = meta >>> 8
    const bits = meta & 0xff
    this.sketch = hash
    if (bits === chars.digit) {
      const outcome = readDigits(view, start, length, this.today)
      if (key !== 0) own.kernel.remember(key, outcome)
      return outcome
    }
    if (bits === 0) return notTextOutcome
    if ((bits & precisionLostBit) !== 0) {
      this.counts.precisionLost++
      return this.readSlowly(bytes, start, length, true)
    }
    let outcome = this.readForm(block, start, length, bits)
    if (outcome >= 0 && key !== 0) {
      own.kernel.remember(key, outcome)
      return outcome
    }
    if (outcome === emailOnly) own.kernel.rememberDomain(bytes.lastIndexOf(0x40, start + length - 1), start + length)
    if (outcome < 0) outcome = this.readSlowly(bytes, start, length, false)
    own.kernel.keep(own.place, { start, length, hash }, { outcome, sketch: this.sketch })
    return outcome
  }

  /** Takes one text that is too long for a block. */
  takeText(value: string, place: number): void {
    const { counts } = this
    counts.values++
    const text = plainText(value)
    const hash = this.hash.ofText(text) >>> 0
    if (hash < this.sketchMax) this.addSketch(hash)
    if (counts.seen.length < SEEN_MAX) counts.seen.push({ place, text: text.slice(0, 200) })
    const outcome = examineText(text, false, this.options)
    addOutcome(counts, outcome, 1, [{ place, text }])
    if (outcome.isWords) addPending(counts, { place, text: text.slice(0, inspectedChars), holds: outcome.holdsIdentifier })
  }

  /** Takes one value of bytes that are no text and too long for a block. */
  takeBytes(): void {
    this.counts.values++
    this.counts.notText++
  }

  /** The outcome of a value that is not of digits alone; `sketch` holds its hash for counting different ones. */
  private readCell(block: CellBlock, start: number, meta: number, hash: number): number {
    const { view } = block
    const length = meta >>> 8
    const bits = meta & 0xff
    this.sketch = hash
    if (bits === 0) return notTextOutcome
    if ((bits & precisionLostBit) !== 0) {
      this.counts.precisionLost++
      return this.readSlowly(block.bytes, start, length, true)
    }
    const known = this.memo.find(view, start, length, hash)
    if (known >= 0) {
      this.sketch = this.memo.sketch
      return known
    }
    let outcome = this.readForm(block, start, length, bits)
    if (outcome < 0) outcome = this.readRare(block, start, length, hash)
    this.memo.keep(view, start, length, hash, outcome, this.sketch)
    return outcome
  }

  /** A value of no frequent form: decoding it costs so much that such values are remembered apart. */
  private readRare({ view, bytes }: CellBlock, start: number, length: number, hash: number): number {
    const known = this.rare.find(view, start, length, hash)
    if (known >= 0) {
      this.sketch = this.rare.sketch
      return known
    }
    const outcome = this.readSlowly(bytes, start, length, false)
    this.rare.keep(view, start, length, hash, outcome, this.sketch)
    return outcome
  }

  /** The frequent forms on bytes; -1 for what has to be decoded. */
  private readForm({ view, bytes }: CellBlock, start: number, length: number, bits: number): number {
    if ((bits & (complexByte | chars.star)) !== 0 || view.getUint8(start) === 0x20 || view.getUint8(start + length - 1) === 0x20) return -1
    if ((bits & chars.han) !== 0) return (bits & chars.at) === 0 ? readChinese(view, start, length, bits) : -1
    if ((bits & chars.at) !== 0) return readEmail(view, start, length)
    if (bits === (chars.digit | chars.other)) return readNumeric(view, start, length, this.today)
    if (bits === (chars.digit | chars.latin)) return readCode(view, start, length, this.today)
    if (bits === (chars.digit | chars.latin | chars.other)) return readDashed(bytes, start, length)
    return bits === chars.latin ? readLetters(view, start, length) : -1
  }

  private readSlowly(bytes: Buffer, start: number, length: number, isPrecisionLost: boolean): number {
    const value = bytes.toString('utf8', start, start + length)
    if (value.includes('\0')) return notTextOutcome
    const text = plainText(value)
    this.sketch = this.hash.ofText(text)
    return outcomeNumber(examineText(text, isPrecisionLost, this.options))
  }

  private see(block: CellBlock, cell: number, found: { place: number; outcome: number; times: number }): void {
    const { counts } = this
    const { place, outcome, times } = found
    const start = block.starts[cell] ?? 0
    const { isWords, holdsIdentifier } = outcomeOf(outcome)
    if (isWords) this.isWordsBy[outcome] = 1
    const text = plainText(block.bytes.toString('utf8', start, start + ((block.metas[cell] ?? 0) >>> 8)))
    if (counts.seen.length < SEEN_MAX) counts.seen.push({ place, text: text.slice(0, 200) })
    if (times <= SEEN_MAX) {
      const seen = this.seenBy.get(outcome)
      if (seen === undefined) this.seenBy.set(outcome, [{ place, text }])
      else seen.push({ place, text })
    }
    if (isWords) addPending(counts, { place, text: text.slice(0, inspectedChars), holds: holdsIdentifier })
  }

  private addSketch(hash: number): void {
    const { sketch } = this.counts
    addToSketch(sketch, hash)
    if (sketch.length === sketchSize) this.sketchMax = Math.min(this.sketchLimit, sketch[sketchSize - 1] ?? 0)
  }

  private widen(outcome: number): Uint32Array<ArrayBuffer> {
    const wider = new Uint32Array(Math.max(outcome + 64, this.times.length * 2))
    wider.set(this.times)
    this.times = wider
    const flags = new Uint8Array(wider.length)
    flags.set(this.isWordsBy)
    this.isWordsBy = flags
    return wider
  }

  /** Searches the texts that wait for it; only for a column whose earlier rows were all taken. */
  inspect(): void {
    inspectPending(this.counts)
  }

  /** What was counted; the column starts anew, but remembers values. */
  end(): ColumnCounts {
    const { counts, own } = this
    for (const [outcome, seen] of this.seenBy) addOutcome(counts, outcomeOf(outcome), (this.times[outcome] ?? 0) + (own?.times[outcome] ?? 0), seen)
    this.counts = noCounts()
    this.times.fill(0)
    this.seenBy.clear()
    this.sketchMax = this.sketchLimit
    if (own === null) return counts
    counts.values += own.values
    counts.empty += own.empty
    detectionWork.steps += own.looked
    own.begin()
    this.rowsAtOnce = FIRST_ROWS
    own.wantHashesBelow(this.sketchMax)
    return counts
  }
}

/** The day of a check as a number, yyyymmdd. */
export function todayNumber(options: CheckOptions): number {
  return Number(options.today.replaceAll('-', ''))
}
