// SPDX-License-Identifier: Apache-2.0
import { numberCell } from './excel-number.rules.ts'
import type { ZipArchive } from './open-zip.ts'
import { attribute } from './scan-xml.ts'
import type { XmlHandler } from './scan-xml.ts'
import type { Cell } from './source-events.ts'
import type { SourceLimits } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'
import { isPlainString, scanPartStepwise, StringCollector, withoutEscapes } from './read-workbook.ts'
import type { SheetPart, Workbook } from './read-workbook.ts'
import { UsualCell } from './usual-cell.ts'

/** One row of a sheet: its number and its cells by column, gaps as null. */
export interface SheetRow {
  row: number
  cells: Cell[]
}

/** What stands in a sheet beside its cells. */
export interface SheetExtras {
  mergedRanges: number
  hiddenRows: number
  hiddenColumns: number
  /** Texts in page headers and footers, without the codes of Excel. */
  headerFooter: string[]
}

const ROWS_MAX = 1_048_576

/** Streams the rows of one sheet, some at a time; `extras` is filled at the end. Refuses a string index that does not exist and rows out of order, since either would lose values. */
export async function* sheetRows(zip: ZipArchive, sheet: SheetPart, book: Workbook, read: { limits: SourceLimits; extras: SheetExtras }): AsyncGenerator<SheetRow[]> {
  if (!zip.entries.has(sheet.part)) throw sourceFailures.XLSX_CORRUPT({ where: `${zip.where}!${sheet.name}`, why: '工作表文件缺失 / sheet part missing' })
  const reader = new SheetReader(`${zip.where}!${sheet.name}`, book, read.limits, read.extras)
  for await (const _ of scanPartStepwise(zip, sheet.part, reader)) {
    void _
    const rows = reader.takeRows()
    if (rows.length > 0) yield rows
  }
}

/** Turns the marks of a sheet's XML into rows (ECMA-376 part 1, 18.3.1). */
class SheetReader implements XmlHandler {
  private readonly where: string
  private readonly book: Workbook
  private readonly limits: SourceLimits
  private readonly extras: SheetExtras
  private ready: SheetRow[] = []
  private current: SheetRow | null = null
  /** Controls and embedded objects have rows and columns of their own, outside the data. */
  private isData = false
  private isCell = false
  private lastRow = 0
  private column = -1
  private type = 'n'
  private style = 0
  private hasFormula = false
  private value: string | null = null
  private reading: 'value' | 'footer' | null = null
  private readonly inline = new StringCollector()
  private readonly usual = new UsualCell()

  constructor(where: string, book: Workbook, limits: SourceLimits, extras: SheetExtras) {
    this.where = where
    this.book = book
    this.limits = limits
    this.extras = extras
  }

  takeRows(): SheetRow[] {
    const rows = this.ready
    this.ready = []
    return rows
  }

  open(name: string, attributes: string): void {
    if (name === 'sheetData') this.isData = true
    else if (!this.isData) this.openBeside(name, attributes)
    else if (name === 'row') this.openRow(attributes)
    else if (name === 'c') this.openCell(attributes)
    else if (name === 'v') this.openValue()
    else if (name === 'f') this.hasFormula = true
    else this.inline.open(name)
  }

  private openBeside(name: string, attributes: string): void {
    if (name === 'mergeCell') this.extras.mergedRanges++
    else if (name === 'col' && isTrue(attribute(attributes, 'hidden'))) this.extras.hiddenColumns += Math.max(1, Number(attribute(attributes, 'max') ?? 1) - Number(attribute(attributes, 'min') ?? 1) + 1)
    else if (/^(odd|even|first)(Header|Footer)$/.test(name)) this.reading = 'footer'
  }

  /** Takes a cell in its usual form; what is wrong with one is said where its parts are read. */
  take(text: string, units: Uint16Array, at: number): number {
    const { usual, current } = this
    if (!this.isData || current === null || this.isCell || this.reading !== null || !usual.read(units, at)) return -1
    if (usual.row !== this.lastRow || usual.column <= this.column || usual.column >= this.limits.fieldsMax) return -1
    let cell: Cell | null
    if (usual.type === 's') {
      const index = usual.index(units)
      const value = this.book.sharedStrings[index]
      if (value === undefined) return -1
      cell = this.book.oddStrings.has(index) ? textCell(value) : { value }
    } else {
      this.type = usual.type
      this.style = usual.style
      this.value = text.slice(usual.from, usual.to)
      cell = this.cell()
    }
    this.column = usual.column
    if (cell === null) return usual.end
    while (current.cells.length < usual.column) current.cells.push({ value: null })
    current.cells.push(cell)
    return usual.end
  }

  close(name: string): void {
    if (name === 'sheetData') this.isData = false
    else if (!this.isData) this.reading = null
    else if (name === 'c') this.closeCell()
    else if (name === 'row' && this.current !== null) {
      this.ready.push(this.current)
      this.current = null
    } else if (name === 'v') this.reading = null
    else this.inline.close(name)
  }

  text(text: string): void {
    if (this.reading === 'value') this.value = (this.value ?? '') + text
    else if (this.reading === 'footer') this.footer(text.replace(/&[A-Z]|&"[^"]*"|&\d+/g, ' ').trim())
    else if (this.isCell) this.inline.text(text)
  }

  private openValue(): void {
    if (!this.isCell || this.value !== null) throw this.corrupt(`第 ${this.lastRow} 行的值位置有误 / misplaced value`)
    this.reading = 'value'
    if (this.type === 'str') this.value = '' // a formula may give empty text, which is not the same as nothing
  }

  private footer(text: string): void {
    if (text !== '') this.extras.headerFooter.push(text)
  }

  private openRow(attributes: string): void {
    const given = attribute(attributes, 'r')
    if (attributes.includes('hidden') && isTrue(attribute(attributes, 'hidden'))) this.extras.hiddenRows++
    if (this.current !== null) throw this.corrupt(`第 ${this.lastRow} 行未结束 / row in a row`)
    const row = given === null ? this.lastRow + 1 : /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
    if (!Number.isInteger(row) || row <= this.lastRow || row > ROWS_MAX) throw this.corrupt(`行号无效 / row number after ${this.lastRow}`)
    this.lastRow = row
    this.current = { row, cells: [] }
    this.column = -1
  }

  private openCell(attributes: string): void {
    if (this.current === null || this.isCell) throw this.corrupt(`第 ${this.lastRow} 行单元格位置有误 / misplaced cell`)
    this.isCell = true
    const reference = attribute(attributes, 'r')
    const column = reference === null ? this.column + 1 : columnOf(reference)
    if (reference !== null && !isReference(reference, this.lastRow)) throw this.corrupt(`第 ${this.lastRow} 行单元格引用无效 / cell reference`)
    if (column <= this.column) throw this.corrupt(`第 ${this.lastRow} 行单元格顺序有误 / cell order`)
    if (column >= this.limits.fieldsMax) throw sourceFailures.TOO_MANY_FIELDS({ where: this.where, row: this.lastRow, limit: this.limits.fieldsMax })
    this.column = column
    this.type = attribute(attributes, 't') ?? 'n'
    this.style = Number(attribute(attributes, 's') ?? 0)
    this.hasFormula = false
    this.value = null
    this.inline.begin()
  }

  private closeCell(): void {
    const cell = this.cell()
    this.isCell = false
    if (cell === null || this.current === null) return
    while (this.current.cells.length < this.column) this.current.cells.push({ value: null })
    this.current.cells.push(cell)
  }

  private cell(): Cell | null {
    if (this.type === 'inlineStr') return textCell(this.inline.value())
    if (this.value === null) return this.hasFormula ? { value: null, extras: { flag: 'formula-without-value' } } : null
    if (this.type === 's') return textCell(this.sharedString(this.value))
    if (this.type === 'str' || this.type === 'd') return textCell(withoutEscapes(this.value))
    if (this.type === 'b') return this.boolean(this.value.trim())
    if (this.type === 'e') return { value: this.value, extras: { cellType: 'error', flag: 'error-value' } }
    const format = this.book.formats[this.style]
    return numberCell(this.value.trim(), format?.date ?? null, format?.text, this.book.is1904)
  }

  private boolean(lexeme: string): Cell {
    const value = new Map([['1', 'TRUE'], ['true', 'TRUE'], ['0', 'FALSE'], ['false', 'FALSE']]).get(lexeme)
    if (value === undefined) throw this.corrupt(`第 ${this.lastRow} 行的逻辑值无效 / boolean`)
    return { value, extras: { cellType: 'boolean', rawSerial: lexeme } }
  }

  // A wrong index must not become an empty cell: the value would be lost without a trace.
  private sharedString(index: string): string {
    const text = /^\s*\d{1,15}\s*$/.test(index) ? this.book.sharedStrings[Number(index)] : undefined
    if (text === undefined) throw this.corrupt(`第 ${this.lastRow} 行引用了不存在的字符串 / string index`)
    return text
  }

  private corrupt(why: string): Error {
    return sourceFailures.XLSX_CORRUPT({ where: this.where, why })
  }
}

const isTrue = (text: string | null): boolean => text === '1' || text === 'true'

// Office files hold UTF-16 escapes too; what is no well-formed text travels as bytes (CONTRACTS §1).
function textCell(text: string): Cell {
  if (isPlainString(text)) return { value: text }
  return { value: new Uint8Array(Buffer.from(text, 'utf16le')), extras: { flag: 'not-text' } }
}

/** A cell stands in the row that it names. */
function isReference(reference: string, row: number): boolean {
  const match = /^[a-z]{1,4}(\d{1,7})$/i.exec(reference)
  return match !== null && Number(match[1]) === row
}

function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~0x20
    if (letter < 0x41 || letter > 0x5a) break
    column = column * 26 + letter - 0x40
    if (column > 1_000_000) break
  }
  return column - 1
}
