// SPDX-License-Identifier: Apache-2.0
// Taking rows and cells out of a sheet's XML (ECMA-376 part 1, 18.3.1) while every other character stays as it is.
import { attribute } from '../../sources/index.ts'
import { stays, type RowFate } from './row-fate.rules.ts'

/** A sheet without what goes. */
export interface SheetChange {
  xml: string
  /** A cell with a formula went. */
  losesFormulas: boolean
  /** Ids of links whose cells went. */
  droppedRelations: string[]
}

interface Element {
  /** Where it begins and ends, with its end tag. */
  start: number
  end: number
  attributes: string
  /** Between the tags; empty for a closed element. */
  innerStart: number
  innerEnd: number
}

/** What is known of a sheet while its windows go by. */
export interface SheetState {
  /** Number of the last row. */
  last: number
  /** Shared formulas whose text stood in what goes. */
  goneFormulas: Set<string>
  losesFormulas: boolean
  droppedRelations: string[]
}

/** What happens to rows by their number. */
export interface RowFates {
  get(row: number): RowFate | undefined
}

/** Before the first window; the second passage over a sheet knows the formulas of the first. */
export function newSheetState(goneFormulas: Iterable<string> = []): SheetState {
  return { last: 0, goneFormulas: new Set(goneFormulas), losesFormulas: false, droppedRelations: [] }
}

/** The sheet without these rows and cells; says why when its XML is of a kind that cannot be cut safely. Rows that go leave a gap, so references stay true. */
export function editSheet(xml: string, fates: RowFates): SheetChange | string {
  const first = newSheetState()
  const refused = editWindow(xml, fates, first)
  if (refused.why !== null) return refused.why
  const state = newSheetState(first.goneFormulas)
  return { xml: editWindow(xml, fates, state).xml, losesFormulas: state.losesFormulas, droppedRelations: state.droppedRelations }
}

/** One window of a sheet that ends behind a row (or is the last one) without what goes. A cell can share a formula that stands in a later window, so a sheet is passed over twice. */
export function editWindow(xml: string, fates: RowFates, state: SheetState): { xml: string; why: string | null } {
  if (xml.includes('<!--') || xml.includes('<![CDATA[') || xml.includes('<!DOCTYPE')) return { xml, why: 'XML 含注释或 CDATA / comments or CDATA in the XML' }
  const parts: string[] = []
  let at = 0
  for (const row of elements(xml, 'row', 0, xml.length)) {
    const given = attribute(row.attributes, 'r')
    state.last = given === null ? state.last + 1 : Number(given)
    const fate = fates.get(state.last) ?? 'stays'
    if (fate === 'stays') continue
    parts.push(xml.slice(at, row.start))
    at = row.end
    if (fate !== 'goes') parts.push(withoutCells(xml, row, fate, state.goneFormulas))
    else noteFormulas(xml.slice(row.start, row.end), state.goneFormulas)
    state.losesFormulas ||= /<(?:\w+:)?f[\s>/]/.test(xml.slice(row.start, row.end))
  }
  parts.push(xml.slice(at))
  return { xml: withoutLinks(withoutOrphans(parts.join(''), state.goneFormulas), fates, state.droppedRelations), why: null }
}

/** Behind the last end of an element of this name in a text; 0 when there is none. Markup cannot stand in values, so what looks like an end is one. */
export function behindLast(xml: string, name: string): number {
  for (let at = xml.lastIndexOf(`${name}>`); at >= 0; at = at === 0 ? -1 : xml.lastIndexOf(`${name}>`, at - 1)) {
    if (/<\/(?:\w+:)?$/.test(xml.slice(Math.max(0, at - 40), at))) return at + name.length + 1
  }
  return 0
}

/** Calls with the index of each shared string that the cells of a sheet show. */
export function eachUsedString(xml: string, take: (index: number) => void): void {
  for (const cell of elements(xml, 'c', 0, xml.length)) {
    if (attribute(cell.attributes, 't') !== 's') continue
    const value = /<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d+)\s*</.exec(xml.slice(cell.innerStart, cell.innerEnd))?.[1]
    if (value !== undefined) take(Number(value))
  }
}

/** A window of the list of shared strings with all but the used ones emptied; their places stay, so indexes stay true. */
export function keepStrings(xml: string, isUsed: (index: number) => boolean, state: { index: number }): string {
  const parts: string[] = []
  let at = 0
  for (const item of elements(xml, 'si', 0, xml.length)) {
    if (!isUsed(state.index)) {
      const prefix = /^<(\w+:)?si/.exec(xml.slice(item.start, item.start + 40))?.[1] ?? ''
      parts.push(xml.slice(at, item.start), `<${prefix}si><${prefix}t/></${prefix}si>`)
      at = item.end
    }
    state.index += 1
  }
  return `${parts.join('')}${xml.slice(at)}`
}

function withoutCells(xml: string, row: Element, fate: RowFate, goneFormulas: Set<string>): string {
  const parts: string[] = []
  let at = row.start
  let column = -1
  for (const cell of elements(xml, 'c', row.innerStart, row.innerEnd)) {
    const reference = attribute(cell.attributes, 'r')
    column = reference === null ? column + 1 : columnOf(reference)
    if (stays(fate, column)) continue
    const whole = xml.slice(cell.start, cell.end)
    noteFormulas(whole, goneFormulas)
    const name = /^<((?:\w+:)?c)/.exec(whole)?.[1] ?? 'c'
    const style = attribute(cell.attributes, 's')
    parts.push(xml.slice(at, cell.start), `<${name}${reference === null ? '' : ` r="${reference}"`}${style === null ? '' : ` s="${style}"`}/>`)
    at = cell.end
  }
  return parts.join('') + xml.slice(at, row.end)
}

/** Notes the shared formulas whose text stood in what goes. */
function noteFormulas(xml: string, gone: Set<string>): void {
  for (const [tag, id] of xml.matchAll(/<(?:\w+:)?f\b[^>]*\bsi\s*=\s*["'](\d+)["'][^>]*>/g)) if (id !== undefined && !tag.endsWith('/>')) gone.add(id)
}

/** Cells that shared a formula whose text is gone keep the value they show. */
function withoutOrphans(xml: string, gone: ReadonlySet<string>): string {
  if (gone.size === 0) return xml
  return xml.replace(/<(?:\w+:)?f\b[^>]*\bsi\s*=\s*["'](\d+)["'][^>]*\/>/g, (tag, id: string) => (gone.has(id) ? '' : tag))
}

function withoutLinks(xml: string, fates: RowFates, dropped: string[]): string {
  const left = xml.replace(/<(?:\w+:)?hyperlink\b[^>]*\/>/g, (tag) => {
    const match = /^([A-Z]+)(\d+)/i.exec(attribute(tag.slice(tag.search(/\s/)), 'ref') ?? '')
    const fate = match?.[2] === undefined ? 'stays' : (fates.get(Number(match[2])) ?? 'stays')
    if (match?.[1] === undefined || stays(fate, columnOf(match[1]))) return tag
    const id = attribute(tag.slice(tag.search(/\s/)), 'id')
    if (id !== null && /^\w{1,40}$/.test(id)) dropped.push(id)
    return ''
  })
  return left.replace(/<(\w+:)?hyperlinks\s*>\s*<\/(\w+:)?hyperlinks>/g, '')
}

/** The elements of a name between two places, in order; they are never nested in one another in a sheet. */
function* elements(xml: string, name: string, from: number, to: number): Generator<Element> {
  const opening = new RegExp(`<((?:\\w+:)?${name})(?=[\\s/>])`, 'g')
  opening.lastIndex = from
  for (;;) {
    const match = opening.exec(xml)
    if (match === null || match.index >= to || match[1] === undefined) return
    const tagEnd = endOfTag(xml, match.index)
    const isClosed = xml.charCodeAt(tagEnd - 2) === 0x2f
    const attributes = xml.slice(match.index + match[0].length, isClosed ? tagEnd - 2 : tagEnd - 1)
    const innerEnd = isClosed ? tagEnd : xml.indexOf(`</${match[1]}`, tagEnd)
    if (innerEnd < 0) return
    const end = isClosed ? tagEnd : xml.indexOf('>', innerEnd) + 1
    yield { start: match.index, end, attributes, innerStart: tagEnd, innerEnd }
    opening.lastIndex = end
  }
}

function endOfTag(xml: string, start: number): number {
  for (let at = start + 1, quote = 0; at < xml.length; at += 1) {
    const unit = xml.charCodeAt(at)
    if (quote !== 0) quote = unit === quote ? 0 : quote
    else if (unit === 0x22 || unit === 0x27) quote = unit
    else if (unit === 0x3e) return at + 1
  }
  return xml.length
}

function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]+/i.exec(reference)?.[0] ?? '') column = column * 26 + (letter.charCodeAt(0) & ~0x20) - 0x40
  return column - 1
}
