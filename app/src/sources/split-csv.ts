// SPDX-License-Identifier: Apache-2.0

/** How a field stands in the file. `odd`: text follows a closing quote, so the field is taken as written, quotes included. */
export const fieldForm = { plain: 0, quoted: 1, escaped: 2, odd: 3 } as const

/** What splits a CSV file, in code units of its encoding. */
export interface CsvDialect {
  delimiter: number
  /** GB18030: a trail byte may equal the delimiter `|`, so characters are stepped over by their lead byte. */
  isGb18030: boolean
}

/** Spans of the fields of one record: start, end and form, three numbers a field. Reused from record to record. */
export class RecordSpans {
  spans = new Int32Array(3 * 64)
  fields = 0
  start = 0
  end = 0

  begin(start: number): void {
    this.fields = 0
    this.start = start
  }

  push(start: number, end: number, form: number): void {
    const at = this.fields * 3
    if (at === this.spans.length) {
      const wider = new Int32Array(this.spans.length * 2)
      wider.set(this.spans)
      this.spans = wider
    }
    this.spans[at] = start
    this.spans[at + 1] = end
    this.spans[at + 2] = form
    this.fields++
  }
}

/** Why a record could not be finished in the units at hand. */
export type SplitResult = 'record' | 'incomplete' | 'unclosed-quote'

const QUOTE = 0x22
const CR = 0x0d
const LF = 0x0a

/** The code units at hand; `isLast` says that nothing follows them. */
export interface UnitWindow {
  units: ArrayLike<number>
  isLast: boolean
}

/** Finds the fields of the record that begins at `from` (RFC 4180, and CR or LF alone as line ends). */
export function splitRecord(window: UnitWindow, from: number, dialect: CsvDialect, record: RecordSpans): SplitResult {
  const { units, isLast } = window
  const { length } = units
  record.begin(from)
  let at = from
  for (;;) {
    const start = at
    let form: number = fieldForm.plain
    if (at < length && units[at] === QUOTE) {
      const close = closingQuote(units, at + 1, length, isLast)
      if (close.at < 0) return close.at === -1 ? 'incomplete' : 'unclosed-quote'
      form = close.hasEscapes ? fieldForm.escaped : fieldForm.quoted
      at = close.at + 1
    }
    const stop = endOfPlain(units, at, length, dialect)
    if (stop > at && form !== fieldForm.plain) form = fieldForm.odd
    if (stop === length && !isLast) return 'incomplete'
    if (stop < length && units[stop] === CR && stop + 1 === length && !isLast) return 'incomplete' // an LF may follow
    record.push(start, stop, form)
    if (stop === length) {
      record.end = length
      return 'record'
    }
    if (units[stop] === dialect.delimiter) {
      at = stop + 1
      continue
    }
    record.end = units[stop] === CR && stop + 1 < length && units[stop + 1] === LF ? stop + 2 : stop + 1
    return 'record'
  }
}

/** The first delimiter or line end from `at` on. */
function endOfPlain(units: ArrayLike<number>, from: number, length: number, dialect: CsvDialect): number {
  const { delimiter, isGb18030 } = dialect
  let at = from
  while (at < length) {
    const unit = units[at] ?? 0
    if (unit === delimiter || unit === LF || unit === CR) return at
    if (isGb18030 && unit > 0x80) {
      const second = units[at + 1] ?? 0
      at += second >= 0x30 && second <= 0x39 ? 4 : second >= 0x40 ? 2 : 1
    } else at++
  }
  return length
}

// A quote byte is never the trail of a GB18030 character, so quoted text needs no stepping.
function closingQuote(units: ArrayLike<number>, from: number, length: number, isLast: boolean): { at: number; hasEscapes: boolean } {
  let hasEscapes = false
  for (let at = from; at < length; at++) {
    if (units[at] !== QUOTE) continue
    if (at + 1 === length && !isLast) return { at: -1, hasEscapes }
    if (at + 1 < length && units[at + 1] === QUOTE) {
      hasEscapes = true
      at++
      continue
    }
    return { at, hasEscapes }
  }
  return { at: isLast ? -2 : -1, hasEscapes }
}
