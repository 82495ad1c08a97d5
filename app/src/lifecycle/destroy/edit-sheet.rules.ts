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

/** The sheet without these rows and cells; says why when its XML is of a kind that cannot be cut safely. Rows that go leave a gap, so references stay true. */
export function editSheet(xml: string, fates: ReadonlyMap<number, RowFate>): SheetChange | string {
  if (xml.includes('<!--') || xml.includes('<![CDATA[') || xml.includes('<!DOCTYPE')) return 'XML 含注释或 CDATA / comments or CDATA in the XML'
  const parts: string[] = []
  const goneFormulas = new Set<string>()
  let losesFormulas = false
  let at = 0
  let last = 0
  for (const row of elements(xml, 'row', 0, xml.length)) {
    const given = attribute(row.attributes, 'r')
    last = given === null ? last + 1 : Number(given)
    const fate = fates.get(last) ?? 'stays'
    if (fate === 'stays') continue
    parts.push(xml.slice(at, row.start))
    at = row.end
    if (fate !== 'goes') parts.push(withoutCells(xml, row, fate, goneFormulas))
    else noteFormulas(xml.slice(row.start, row.end), goneFormulas)
    losesFormulas ||= /<(?:\w+:)?f[\s>/]/.test(xml.slice(row.start, row.end))
  }
  parts.push(xml.slice(at))
  const cut = withoutOrphans(parts.join(''), goneFormulas)
  return { ...withoutLinks(cut, fates), losesFormulas }
}

/** Indexes of the shared strings that the cells of a sheet show. */
export function usedStrings(xml: string): number[] {
  const used: number[] = []
  for (const cell of elements(xml, 'c', 0, xml.length)) {
    if (attribute(cell.attributes, 't') !== 's') continue
    const value = /<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d+)\s*</.exec(xml.slice(cell.innerStart, cell.innerEnd))?.[1]
    if (value !== undefined) used.push(Number(value))
  }
  return used
}

/** The list of shared strings with all but these emptied. */
export function keepStrings(xml: string, used: ReadonlySet<number>): string {
  const parts: string[] = []
  let at = 0
  let index = 0
  for (const item of elements(xml, 'si', 0, xml.length)) {
    if (!used.has(index)) {
      const prefix = /^<(\w+:)?si/.exec(xml.slice(item.start, item.start + 40))?.[1] ?? ''
      parts.push(xml.slice(at, item.start), `<${prefix}si><${prefix}t/></${prefix}si>`)
      at = item.end
    }
    index += 1
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

function withoutLinks(xml: string, fates: ReadonlyMap<number, RowFate>): { xml: string; droppedRelations: string[] } {
  const dropped: string[] = []
  const left = xml.replace(/<(?:\w+:)?hyperlink\b[^>]*\/>/g, (tag) => {
    const match = /^([A-Z]+)(\d+)/i.exec(attribute(tag.slice(tag.search(/\s/)), 'ref') ?? '')
    const fate = match?.[2] === undefined ? 'stays' : (fates.get(Number(match[2])) ?? 'stays')
    if (match?.[1] === undefined || stays(fate, columnOf(match[1]))) return tag
    const id = attribute(tag.slice(tag.search(/\s/)), 'id')
    if (id !== null && /^\w{1,40}$/.test(id)) dropped.push(id)
    return ''
  })
  return { xml: left.replace(/<(\w+:)?hyperlinks\s*>\s*<\/(\w+:)?hyperlinks>/g, ''), droppedRelations: dropped }
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
