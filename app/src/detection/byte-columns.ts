// SPDX-License-Identifier: Apache-2.0
import { complexByte, precisionLostBit } from './byte-classes.ts'
import type { CellBlock } from './byte-classes.ts'
import { CellMemo } from './cell-memo.ts'
import { examineText, notTextOutcome, outcomeNumber, outcomeOf } from './cell-outcome.ts'
import { addOutcome, addPending, addToSketch, inspectedChars, inspectPending, mayInspect, noCounts, sketchSize } from './column-scan.ts'
import type { ColumnCounts, SeenValue } from './column-scan.ts'
import { CellHash, hashInto, missingCell, RowHashes } from './hash-cell.ts'
import { chars, plainText } from './normalise-text.ts'
import { readCode, readEmail, readLetters, readNumeric } from './read-ascii.rules.ts'
import { readChinese } from './read-chinese.rules.ts'
import { readDashed } from './read-dashed.rules.ts'
import { readDigits } from './read-digits.rules.ts'
import type { CheckOptions } from './recogniser.ts'
import { detectionWork } from './work-counter.ts'

const SEEN_MAX = 3

/** 列计数(按字节). Counts the cells of one column as spans of bytes, with the same counts as `ColumnScan`: frequent forms are checked on bytes, repeated values are remembered, the rest is decoded and goes through the recognisers. */
export class ByteColumn {
  private counts: ColumnCounts = noCounts()
  private readonly options: CheckOptions
  private readonly today: number
  private readonly memo: CellMemo
  private readonly hash = new CellHash()
  private times = new Uint32Array(64)
  /** By outcome: 1 for texts of words. */
  private isWordsBy = new Uint8Array(64)
  private readonly seenBy = new Map<number, SeenValue[]>()
  private sketchMax = 2 ** 32
  private sketch = 0

  constructor(options: CheckOptions, memoSlots: number) {
    this.options = options
    this.today = Number(options.today.replaceAll('-', ''))
    this.memo = new CellMemo(memoSlots)
  }

  /** Takes the cells of this column out of a block, and mixes them into the hashes of their rows. */
  take(block: CellBlock, column: number, rows: RowHashes): void {
    const { starts, metas, width } = block
    if (column < block.namedWidth) {
      hashCells(block, column)
      rows.mixAll(cells, block.rows)
    }
    let values = 0
    for (let row = 0, at = column; row < block.rows; row++, at += width) {
      const start = starts[at] ?? -1
      const meta = metas[at] ?? 0
      if (column >= block.namedWidth) {
        if (start === -2) continue
        if (start === -1) cells.set(row, missingCell.low, missingCell.high)
        else hashInto(block.view, start, meta >>> 8, cells, row)
        rows.mix(row, cells.low[row] ?? 0, cells.high[row] ?? 0)
      }
      if (start < 0 || meta >>> 8 === 0) {
        this.counts.empty++
        continue
      }
      values++
      const isDigits = (meta & 0xff) === chars.digit
      let sketch = cells.low[row] ?? 0
      let outcome = isDigits ? readDigits(block.bytes, start, meta >>> 8, this.today) : -1
      if (outcome < 0) {
        outcome = this.readCell(block.bytes, start, meta, row)
        sketch = this.sketch
      }
      if (outcome === notTextOutcome) {
        this.counts.notText++
        continue
      }
      if (sketch >>> 0 < this.sketchMax) this.addSketch(sketch >>> 0)
      if (outcome >= this.times.length) this.widen(outcome)
      const times = (this.times[outcome] ?? 0) + 1
      this.times[outcome] = times
      if (times <= SEEN_MAX || (this.isWordsBy[outcome] === 1 && mayInspect(this.counts))) this.see(block, at, { place: block.places[row] ?? 0, outcome, times })
    }
    this.counts.values += values
  }

  /** Takes one text that is too long for a block. */
  takeText(value: string, place: number): void {
    const { counts } = this
    counts.values++
    const text = plainText(value)
    this.hash.takeText(text)
    if (this.hash.low >>> 0 < this.sketchMax) this.addSketch(this.hash.low >>> 0)
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
  private readCell(bytes: Buffer, start: number, meta: number, row: number): number {
    const length = meta >>> 8
    const bits = meta & 0xff
    if (bits === 0) return notTextOutcome
    if ((bits & precisionLostBit) !== 0) {
      this.counts.precisionLost++
      return this.readSlowly(bytes, start, length, true)
    }
    const low = cells.low[row] ?? 0
    const high = cells.high[row] ?? 0
    const known = this.memo.find(bytes, start, length, low, high)
    if (known >= 0) {
      this.sketch = this.memo.sketch
      return known
    }
    detectionWork.steps += length
    let outcome = this.readForm(bytes, start, length, bits)
    this.sketch = low
    if (outcome < 0) outcome = this.readSlowly(bytes, start, length, false)
    this.memo.keep(bytes, start, length, { low, high, outcome, sketch: this.sketch })
    return outcome
  }

  /** The frequent forms on bytes; -1 for what has to be decoded. */
  private readForm(bytes: Buffer, start: number, length: number, bits: number): number {
    if ((bits & (complexByte | chars.star)) !== 0 || bytes[start] === 0x20 || bytes[start + length - 1] === 0x20) return -1
    if ((bits & chars.han) !== 0) return (bits & chars.at) === 0 ? readChinese(bytes, start, length, bits) : -1
    if ((bits & chars.at) !== 0) return readEmail(bytes, start, length)
    if (bits === (chars.digit | chars.other)) return readNumeric(bytes, start, length, this.today)
    if (bits === (chars.digit | chars.latin)) return readCode(bytes, start, length, this.today)
    if (bits === (chars.digit | chars.latin | chars.other)) return readDashed(bytes, start, length)
    return bits === chars.latin ? readLetters(bytes, start, length) : -1
  }

  private readSlowly(bytes: Buffer, start: number, length: number, isPrecisionLost: boolean): number {
    const value = bytes.toString('utf8', start, start + length)
    if (value.includes('\0')) return notTextOutcome
    const text = plainText(value)
    this.hash.takeText(text)
    this.sketch = this.hash.low
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
    if (sketch.length === sketchSize) this.sketchMax = sketch[sketchSize - 1] ?? 0
  }

  private widen(outcome: number): void {
    const wider = new Uint32Array(Math.max(outcome + 64, this.times.length * 2))
    wider.set(this.times)
    this.times = wider
    const flags = new Uint8Array(wider.length)
    flags.set(this.isWordsBy)
    this.isWordsBy = flags
  }

  /** Searches the texts that wait for it; only for a column whose earlier rows were all taken. */
  inspect(): void {
    inspectPending(this.counts)
  }

  /** What was counted; the column starts anew, but remembers values. */
  end(): ColumnCounts {
    const { counts } = this
    for (const [outcome, seen] of this.seenBy) addOutcome(counts, outcomeOf(outcome), this.times[outcome] ?? 0, seen)
    this.counts = noCounts()
    this.times.fill(0)
    this.seenBy.clear()
    this.sketchMax = 2 ** 32
    return counts
  }
}

// The hashes of the cells of one column of one block; used by one column at a time.
const cells = new RowHashes(1024)

function hashCells(block: CellBlock, column: number): void {
  const { starts, metas, width, rows } = block
  for (let row = 0, at = column; row < rows; row++, at += width) {
    const start = starts[at] ?? -1
    if (start >= 0) hashInto(block.view, start, (metas[at] ?? 0) >>> 8, cells, row)
    else cells.set(row, missingCell.low, missingCell.high)
  }
}
