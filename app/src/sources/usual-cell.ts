// SPDX-License-Identifier: Apache-2.0

/** Whether a text has these characters at a place; faster than the platform's `startsWith` for the few that a cell is made of. */
export function standsAt(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (text.charCodeAt(at + i) !== word.charCodeAt(i)) return false
  return true
}

/** Where plain text ends that begins at `from`: at the next tag, if no reference or carriage return stands before it; -1 else. */
export function plainEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x3c) return at
    if (unit === 0x26 || unit === 0x0d) return -1
  }
  return -1
}

const AFTER_VALUE = '</v></c>'

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
  read(text: string, at: number): boolean {
    if (!standsAt(text, at, '<c r="')) return false
    this.readColumn(text, at + 6)
    this.row = this.number(text, 7)
    this.style = 0
    this.type = 'n'
    if (this.column < 0 || this.row < 0) return false
    if (standsAt(text, this.next, '" s="')) {
      this.next += 5
      this.style = this.number(text, 6)
      if (this.style < 0) return false
    }
    if (standsAt(text, this.next, '" t="') && !this.readType(text)) return false
    if (!standsAt(text, this.next, '"><v>')) return false
    this.from = this.next + 5
    this.to = plainEnd(text, this.from)
    this.end = this.to + AFTER_VALUE.length
    return this.to > this.from && standsAt(text, this.to, AFTER_VALUE)
  }

  /** The value as a number of digits alone; -1 when it is none. */
  index(text: string): number {
    this.next = this.from
    const number = this.number(text, 9)
    return this.next === this.to ? number : -1
  }

  private readColumn(text: string, from: number): void {
    let column = 0
    let at = from
    for (let letter = text.charCodeAt(at) & ~0x20; letter >= 0x41 && letter <= 0x5a && at - from <= 4; letter = text.charCodeAt(++at) & ~0x20) column = column * 26 + letter - 0x40
    this.column = at === from || at - from > 4 ? -1 : column - 1
    this.next = at
  }

  private number(text: string, digitsMax: number): number {
    let number = 0
    const from = this.next
    let at = from
    for (let unit = text.charCodeAt(at); unit >= 0x30 && unit <= 0x39 && at - from <= digitsMax; unit = text.charCodeAt(++at)) number = number * 10 + unit - 0x30
    this.next = at
    return at === from || at - from > digitsMax ? -1 : number
  }

  private readType(text: string): boolean {
    const from = this.next + 5
    if (text.charCodeAt(from + 1) === 0x22) {
      this.next = from + 1
      this.type = text.charCodeAt(from) === 0x73 ? 's' : text.charAt(from)
      return true
    }
    const end = text.indexOf('"', from)
    if (end < 0 || end - from > 9) return false
    this.next = end
    this.type = text.slice(from, end)
    return this.type !== 'inlineStr'
  }
}
