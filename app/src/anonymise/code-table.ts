// SPDX-License-Identifier: Apache-2.0
import { anonymiseFailures } from './anonymise-failures.ts'
import type { CodedTable } from './coded-table.ts'
import { nameOf, type Column } from './column-roles.ts'
import type { Hierarchy } from './hierarchy.ts'
import { inferHierarchy, type HierarchyOrigin } from './infer-hierarchy.ts'
import type { ReadHierarchy } from './read-hierarchy.ts'
import { readTable, type TableSource } from './read-table.ts'

/** The different values of a column, numbered as they come, each with the row where it stood first. */
class Dictionary {
  readonly texts: string[] = []
  readonly places: number[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(text: string, place: number): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.texts.length
    this.#numbers.set(text, number)
    this.texts.push(text)
    this.places.push(place)
    return number
  }
}

/** Watches a column that would be kept: whether it only counts the rows, and whether its values are decimals or dates, which measure and do not name. */
class Watch {
  #first: number | null = null
  #isCounter = true
  #rows = 0
  isMeasure = false

  see(text: string): void {
    if (this.#rows < 200 && /^[+-]?\d+\.\d+$|^\d{4}[-/年]\d/.test(text)) this.isMeasure = true
    if (this.#isCounter) {
      if (!/^(?:0|[1-9]\d{0,14})$/.test(text)) this.#isCounter = false
      else if (this.#first === null) this.#first = Number(text)
      else if (Number(text) !== this.#first + this.#rows) this.#isCounter = false
    }
    this.#rows++
  }

  /** The number of the first row where the column only counts rows from 0 or 1 on; else null. */
  get counterFrom(): number | null {
    return this.#isCounter && this.#rows > 1 && (this.#first === 0 || this.#first === 1) ? this.#first : null
  }
}

/** What the first reading of a source found: its quasi-identifiers and sensitive values as numbers, with the texts behind them. */
export interface FirstReading {
  rows: number
  blankRows: number
  shortRows: number
  notRead: string[]
  sha256: string
  delimiter: string
  headerRow: number | null
  quasi: readonly Column[]
  /** Numbers of the different values of a column, as they first came. */
  numbers: Int32Array
  dictionaries: readonly Pick<Dictionary, 'texts' | 'places'>[]
  sensitive: Int32Array | null
  sensitiveValues: number
  counterFrom: ReadonlyMap<number, number>
  measures: ReadonlySet<number>
}

/** Reads a source for the first time; `done` is told rows. */
export async function readFirst(source: TableSource, order: { columns: readonly Column[]; done: (rows: number) => void }): Promise<FirstReading> {
  const quasi = order.columns.filter(({ role }) => role === 'quasi')
  const kept = order.columns.flatMap(({ role, index }) => (role === 'kept' ? [{ index, watch: new Watch() }] : []))
  const sensitiveAt = order.columns.find(({ role }) => role === 'sensitive')?.index ?? null
  const dictionaries = quasi.map(() => new Dictionary())
  const values = new Dictionary()
  const numbers = new GrowingNumbers()
  const sensitive = new GrowingNumbers()
  const found: Pick<FirstReading, 'rows' | 'blankRows' | 'shortRows' | 'notRead' | 'sha256' | 'delimiter' | 'headerRow'> = { rows: 0, blankRows: 0, shortRows: 0, notRead: [], sha256: '', delimiter: ',', headerRow: null }
  for await (const part of readTable(source)) {
    if (part.kind === 'head') Object.assign(found, { sha256: part.sha256, delimiter: part.delimiter, headerRow: part.headerRow })
    if (part.kind === 'end') Object.assign(found, { blankRows: part.blankRows, shortRows: part.shortRows, notRead: part.notRead })
    if (part.kind !== 'rows') continue
    for (const { cells, place } of part.rows) {
      quasi.forEach(({ index }, column) => numbers.push(dictionaries[column]?.numberOf((cells[index] ?? '').trim(), place) ?? 0))
      if (sensitiveAt !== null) sensitive.push(values.numberOf(cells[sensitiveAt] ?? '', place))
      for (const { index, watch } of kept) watch.see(cells[index] ?? '')
      found.rows++
    }
    order.done(found.rows)
  }
  return {
    ...found, quasi, dictionaries, numbers: numbers.all(), sensitive: sensitiveAt === null ? null : sensitive.all(), sensitiveValues: values.texts.length,
    counterFrom: new Map(kept.flatMap(({ index, watch }) => (watch.counterFrom === null ? [] : [[index, watch.counterFrom]]))), measures: new Set(kept.flatMap(({ index, watch }) => (watch.isMeasure ? [index] : []))),
  }
}

/** Numbers that come one by one, without a box for each. */
class GrowingNumbers {
  #numbers = new Int32Array(1024)
  #count = 0

  push(number: number): void {
    if (this.#count === this.#numbers.length) {
      const grown = new Int32Array(this.#count * 2)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    this.#numbers[this.#count++] = number
  }

  all(): Int32Array {
    return this.#numbers.slice(0, this.#count)
  }
}

/** The hierarchy of a quasi-identifier and how it was had. */
export interface UsedHierarchy {
  origin: HierarchyOrigin
  hierarchy: Hierarchy
}

/** Turns the numbers of a first reading into leaves of hierarchies, in place: those of files where there are, else made from the values. Refuses a value that its file does not hold. */
export function codeTable(first: FirstReading, files: ReadonlyMap<string, ReadHierarchy>, where: string): { table: CodedTable; used: UsedHierarchy[] } {
  const columns = first.quasi.length
  const codes = first.numbers
  const used = first.quasi.map((column, at): UsedHierarchy => {
    const { texts = [], places = [] } = first.dictionaries[at] ?? {}
    const file = files.get(column.name.trim())
    const { origin, hierarchy, leafOf } = file === undefined ? inferHierarchy(texts, column.type) : { origin: 'file' as const, ...file }
    const missing = texts.flatMap((text, number) => (leafOf.has(text) ? [] : [number]))
    const firstMissing = missing[0]
    if (firstMissing !== undefined) throw anonymiseFailures.HIERARCHY_VALUE_MISSING({ where, column: nameOf(column), row: places[firstMissing] ?? 0, file: file?.file ?? '', values: missing.length })
    const leaves = Int32Array.from(texts, (text) => leafOf.get(text) ?? 0)
    for (let place = at; place < codes.length; place += columns) codes[place] = leaves[codes[place] ?? 0] ?? 0
    return { origin, hierarchy }
  })
  return { used, table: { rows: first.rows, hierarchies: used.map(({ hierarchy }) => hierarchy), codes, sensitive: first.sensitive } }
}
