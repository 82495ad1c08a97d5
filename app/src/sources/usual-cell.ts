// SPDX-License-Identifier: Apache-2.0

/** The UTF-16 units of a word. */
export const unitsOf = (word: string): Uint16Array => Uint16Array.from(word, (_, at) => word.charCodeAt(at))

/** Whether a text has these units at a place; the 0 behind it is in no word. */
export function standsAt(units: Uint16Array, at: number, word: Uint16Array): boolean {
  for (let i = 0; i < word.length; i++) if (units[at + i] !== word[i]) return false
  return true
}

/** Where plain text ends that begins at `from`: at the next tag, if no reference or carriage return stands before it; -1 else. */
export function plainEnd(units: Uint16Array, from: number): number {
  for (let at = from; ; at++) {
    const unit = units[at] ?? 0
    if (unit === 0x3c) return at
    if (unit === 0x26 || unit === 0x0d || unit === 0) return -1
  }
}

const CELL = unitsOf('<c r="')
const STYLE = unitsOf('" s="')
const TYPE = unitsOf('" t="')
const VALUE = unitsOf('"><v>')
const AFTER_VALUE = unitsOf('</v></c>')
const QUOTE = 0x22
const SHARED = 0x73
const TYPE_MAX = 9

/** The cell `<c r="B2" s="1" t="s"><v>12</v></c>`, the form of nearly every cell (ECMA-376 part 1, 18.3.1.4): a reference, then perhaps style and type, then a plain value that is not empty. One object is filled again and again. */
export class UsualCell {
  row = 0
  column = 0
  style = 0
  type = 'n'
  /** Where the value stands in the text. */
  from = 0
  to = 0
  /** Where the cell ends. */
  end = 0
  private next = 0

  /** Reads the cell that begins at `at`; false when it has another form, or is not all there. */
  read(units: Uint16Array, at: number): boolean {
    if (!standsAt(units, at, CELL)) return false
    this.readColumn(units, at + 6)
    this.row = this.number(units, 7)
    this.style = 0
    this.type = 'n'
    if (this.column < 0 || this.row < 0) return false
    if (standsAt(units, this.next, STYLE)) {
      this.next += 5
      this.style = this.number(units, 6)
      if (this.style < 0) return false
    }
    if (standsAt(units, this.next, TYPE) && !this.readType(units)) return false
    if (!standsAt(units, this.next, VALUE)) return false
    this.from = this.next + 5
    this.to = plainEnd(units, this.from)
    this.end = this.to + AFTER_VALUE.length
    return this.to > this.from && standsAt(units, this.to, AFTER_VALUE)
  }

  /** The value as a number of digits alone; -1 when it is none. */
  index(units: Uint16Array): number {
    this.next = this.from
    const number = this.number(units, 9)
    return this.next === this.to ? number : -1
  }

  private readColumn(units: Uint16Array, from: number): void {
    let column = 0
    let at = from
    for (let letter = (units[at] ?? 0) & ~0x20; letter >= 0x41 && letter <= 0x5a && at - from <= 4; letter = (units[++at] ?? 0) & ~0x20) column = column * 26 + letter - 0x40
    this.column = at === from || at - from > 4 ? -1 : column - 1
    this.next = at
  }

  private number(units: Uint16Array, digitsMax: number): number {
    let number = 0
    const from = this.next
    let at = from
    for (let unit = units[at] ?? 0; unit >= 0x30 && unit <= 0x39 && at - from <= digitsMax; unit = units[++at] ?? 0) number = number * 10 + unit - 0x30
    this.next = at
    return at === from || at - from > digitsMax ? -1 : number
  }

  private readType(units: Uint16Array): boolean {
    const from = this.next + 5
    if (units[from] === SHARED && units[from + 1] === QUOTE) {
      this.next = from + 1
      this.type = 's'
      return true
    }
    let end = from
    while (end - from < TYPE_MAX && units[end] !== QUOTE && units[end] !== 0) end++
    if (units[end] !== QUOTE) return false
    this.next = end
    this.type = String.fromCharCode(...units.subarray(from, end))
    return this.type !== 'inlineStr'
  }
}
