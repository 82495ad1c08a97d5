// SPDX-License-Identifier: Apache-2.0
import { attribute } from '../scan-xml.ts'
import type { XmlHandler } from '../scan-xml.ts'
import { programNames } from './read-properties.ts'

/** A table of a document: its cells as text, row by row. */
export interface WordTable {
  rows: string[][]
  merged: number
}

interface OpenTable extends WordTable {
  cell: string[] | null
}

/** Breaks inside a paragraph. */
const breaks = new Map([['tab', '\t'], ['br', '\n'], ['cr', '\n'], ['noBreakHyphen', '-'], ['ptab', '\t']])
/** Elements that hold text of the document. */
const texts = new Set(['t', 'delText', 'instrText', 'delInstrText'])

/** Attributes that hold what somebody wrote: choices, defaults of form fields, variables, people, descriptions of pictures, titles of controls. */
const namedAttributes = new Map([['listItem', ['displayText', 'value']], ['listEntry', ['val']], ['default', ['val']], ['docVar', ['val']], ['person', ['author']], ['docPr', ['descr', 'title']], ['alias', ['val']], ['helpText', ['val']], ['statusText', ['val']], ['connectString', ['val']], ['query', ['val']], ['textpath', ['string']]])

/** Gathers the text of a part of a Word document (ECMA-376 part 1, 17): paragraphs in order, tables apart, deleted text apart. A text box is drawn twice in the file (choice and fallback); the fallback is passed over. */
export class WordText implements XmlHandler {
  readonly paragraphs: string[] = []
  readonly tables: WordTable[] = []
  readonly deleted: string[] = []
  /** People who commented or changed something, and what fields offer to choose from. */
  readonly beside = new Set<string>()
  private readonly openTables: OpenTable[] = []
  /** Paragraphs that are open: a text box stands inside the paragraph that it hangs on. */
  private readonly lines: { text: string[]; tables: number }[] = []
  /** Open marks of deleted text; an empty one is a property of a row or a paragraph's end. */
  private readonly deletions: boolean[] = []
  private fallback = 0
  private isTabStops = false
  private reading = ''
  private field = ''
  private readonly fieldsMax: number

  constructor(fieldsMax: number) {
    this.fieldsMax = fieldsMax
  }

  open(name: string, attributes: string, isEmpty: boolean): void {
    if (name === 'Fallback') this.fallback++
    if (name === 'tabs') this.isTabStops = true
    if (this.fallback > 0) return
    this.takeAttributes(name, attributes)
    if (texts.has(name)) this.reading = name
    else if (name === 'p') this.lines.push({ text: [], tables: this.openTables.length })
    else if (name === 'tbl') this.openTables.push({ rows: [], merged: 0, cell: null })
    else if (name === 'tr') this.table()?.rows.push([])
    else if (name === 'tc') this.beginCell()
    else if (name === 'gridSpan' || (name === 'vMerge' && !/restart/.test(attributes))) this.countMerged()
    else if (name === 'del' || name === 'moveFrom') this.deletions.push(!isEmpty)
    else if (breaks.has(name) && !this.isTabStops) this.lines.at(-1)?.text.push(breaks.get(name) ?? '')
  }

  close(name: string): void {
    if (name === 'tabs') this.isTabStops = false
    if (name === 'Fallback') this.fallback--
    if (this.fallback > 0 || name === 'Fallback') return
    if (texts.has(name)) {
      if (name === 'instrText') this.endField()
      this.reading = ''
    } else if (name === 'p') this.endParagraph()
    else if (name === 'tc') this.endCell()
    else if (name === 'tbl') this.endTable()
    else if (name === 'del' || name === 'moveFrom') this.deletions.pop()
  }

  text(text: string): void {
    if (this.fallback > 0 || this.reading === '') return
    if (this.reading === 'instrText' || this.reading === 'delInstrText') this.field += text
    else if (this.deletions.includes(true) || this.reading === 'delText') this.deleted.push(text)
    else this.lines.at(-1)?.text.push(text)
  }

  /** Authors of changes and comments stand in attributes, and so do the choices of a drop-down and the code of a simple field. */
  private takeAttributes(name: string, attributes: string): void {
    if (attributes === '') return
    const author = attributes.includes('author') ? attribute(attributes, 'author') : null
    if (author !== null && !programNames.test(author.trim())) this.beside.add(author)
    for (const given of namedAttributes.get(name) ?? []) {
      const value = attribute(attributes, given)
      if (value !== null && value.trim() !== '' && value !== author) this.beside.add(value)
    }
    if (name === 'fldSimple') {
      this.field = attribute(attributes, 'instr') ?? ''
      this.endField()
    }
  }

  // A field code is no text, but a link to a mail address names somebody.
  private endField(): void {
    const target = /(?:mailto|tel|sms):[^"\s\\]+/i.exec(this.field)?.[0]
    if (target !== undefined) this.deleted.push(target)
    this.field = ''
  }

  private table(): OpenTable | undefined {
    return this.openTables.at(-1)
  }

  private beginCell(): void {
    const table = this.table()
    if (table !== undefined && (table.rows.at(-1)?.length ?? 0) < this.fieldsMax) table.cell = []
  }

  private countMerged(): void {
    const table = this.table()
    if (table !== undefined) table.merged++
  }

  private endParagraph(): void {
    const line = this.lines.pop()
    if (line === undefined) return
    const text = line.text.join('')
    const table = this.table()
    // A text box that hangs on a paragraph inside a cell belongs to the cell; one in a paragraph outside is a paragraph.
    if (table?.cell !== undefined && table.cell !== null && line.tables > 0) table.cell.push(text)
    else this.paragraphs.push(text)
  }

  private endCell(): void {
    const table = this.table()
    if (table === undefined || table.cell === null) return
    table.rows.at(-1)?.push(table.cell.join('\n'))
    table.cell = null
  }

  private endTable(): void {
    const table = this.openTables.pop()
    if (table !== undefined && table.rows.some((row) => row.some((cell) => cell !== ''))) this.tables.push({ rows: table.rows, merged: table.merged })
  }
}
