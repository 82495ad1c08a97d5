// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { LandedRow, LandingTable } from './landing.ts'

const headSchema = z.object({ sha256: z.string() })
const headBytesMax = 4096

interface FileRow {
  table: string
  record: string
  kinds: string
  cells: readonly (string | null | undefined)[]
}

/** The first record id of a table in a file. */
interface Range {
  file: string
  first: string
}

/**
 * 落地文件夹. The files of one package in a folder. A segment is one file and segments follow each other in the order of records, so that normally one file
 * is in memory at a time; where somebody moved rows to other files, those files are held together until their rows are in order.
 */
export class LandedFolder {
  readonly #folder: string
  readonly #names: readonly string[]
  #ranges: Map<string, Range[]> | null = null
  #buffer: Buffer = Buffer.alloc(0)

  constructor(folder: string, names: readonly string[]) {
    this.#folder = folder
    this.#names = names
  }

  /** A segment file is there whole or not at all; its first line says of which ciphertext. One whose first line somebody changed is there as something else. */
  segments(): Map<number, string> {
    return new Map(this.#files().flatMap((name) => {
      const position = /^(\d{5})\.ndjson$/.exec(name)?.[1]
      const head = headSchema.safeParse(parseLine(firstLine(join(this.#folder, name))))
      return position === undefined ? [] : [[Number(position), head.success ? head.data.sha256 : ''] as const]
    }))
  }

  /** The rows of a table in the order of record ids as text. */
  async *rows(table: LandingTable): AsyncGenerator<LandedRow, void, undefined> {
    this.#ranges ??= this.#allRanges()
    const waiting = (this.#ranges.get(table.name) ?? []).toSorted((a, b) => compareText(a.first, b.first))
    let held: LandedRow[] = []
    for (const [at, range] of waiting.entries()) {
      for (const row of this.#rowsOfFile(range.file, table)) held.push(row)
      held.sort(byRecordId)
      const following = waiting[at + 1]
      const end = following === undefined ? held.length : firstFrom(held, following.first)
      for (const row of held.slice(0, end)) yield row
      held = held.slice(end)
    }
  }

  /** The whole of a file in a buffer that the next file takes over: nothing that is given out keeps any of it. */
  #bytesOf(file: string): Buffer {
    const handle = openSync(file, 'r')
    try {
      const size = fstatSync(handle).size
      if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size + (size >> 2))
      let end = 0
      for (let count = -1; end < size && count !== 0; end += count) count = readSync(handle, this.#buffer, end, size - end, end)
      return this.#buffer.subarray(0, end)
    } finally {
      closeSync(handle)
    }
  }

  #files(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).filter((name) => name.endsWith('.ndjson')).sort() : []
  }

  #allRanges(): Map<string, Range[]> {
    const ranges = new Map<string, Range[]>()
    for (const file of this.#files()) {
      const own = new Map<string, Range>()
      for (const { table, recordId } of this.#keysOfFile(file)) {
        const range = own.get(table)
        if (range === undefined) own.set(table, { file, first: recordId })
        else if (compareText(recordId, range.first) < 0) range.first = recordId
      }
      for (const [table, range] of own) ranges.set(table, [...(ranges.get(table) ?? []), range])
    }
    return ranges
  }

  *#keysOfFile(file: string): Generator<{ table: string; recordId: string }, void, undefined> {
    for (const { row, text } of this.#linesOfFile(file)) yield row === null ? { table: this.#names[0] ?? '', recordId: text } : { table: row.table, recordId: row.record }
  }

  /** A line that nobody can read, or of no table, is nobody's record; it is shown once, with the first table. */
  *#rowsOfFile(file: string, { name, dataSet }: LandingTable): Generator<LandedRow, void, undefined> {
    for (const { row, text } of this.#linesOfFile(file)) {
      if (row?.table === name) yield { recordId: row.record, kinds: row.kinds, cells: dataSet.fields.map(({ index }) => row.cells[index]) }
      if (row === null && this.#names[0] === name) yield { recordId: text, kinds: '', cells: [] }
    }
  }

  *#linesOfFile(file: string): Generator<{ row: FileRow | null; text: string }, void, undefined> {
    let at = 0
    for (const line of linesOf(this.#bytesOf(join(this.#folder, file)))) {
      const row = rowOfLine(line)
      const isKnown = row !== null && this.#names.includes(row.table)
      if (isKnown) yield { row, text: '' }
      else if (at > 0 && line.length > 0) yield { row: null, text: line.toString('latin1') }
      at += 1
    }
  }
}

function byRecordId(a: LandedRow, b: LandedRow): number {
  return compareText(a.recordId, b.recordId)
}

/** Text by its bytes. For ASCII, which our ids are, that is the order of text itself. */
function compareText(a: string, b: string): number {
  return isId(a) && isId(b) ? (a < b ? -1 : a > b ? 1 : 0) : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function isId(text: string): boolean {
  return text.length === 32 && /^[0-9a-f]*$/.test(text)
}

/** How many of the sorted rows come before the text. */
function firstFrom(rows: readonly LandedRow[], text: string): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareText(rows[middle]?.recordId ?? '', text) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function firstLine(file: string): string {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(headBytesMax)
    return bytes.toString('utf8', 0, readSync(handle, bytes)).split('\n', 1)[0] ?? ''
  } finally {
    closeSync(handle)
  }
}

/** Lines of a file as bytes, so that damage in one does not hide the others. */
function* linesOf(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    yield bytes.subarray(at, end < 0 ? bytes.length : end)
    at = end < 0 ? bytes.length : end + 1
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** A line as a row. Where bytes are no UTF-8 the structure is still ASCII: the line is parsed byte by byte and only the damaged cells are unreadable. */
function rowOfLine(bytes: Buffer): FileRow | null {
  const text = decoded(bytes)
  const row = rowOf(parseLine(text ?? bytes.toString('latin1')))
  if (row === null || text !== undefined) return row
  return { ...row, cells: row.cells.map((cell) => (typeof cell !== 'string' ? cell : /^[\0-\xff]*$/.test(cell) ? decoded(Buffer.from(cell, 'latin1')) : undefined)) }
}

/** Checked by hand: a schema takes several times as long, and there are a million lines. */
function rowOf(value: unknown): FileRow | null {
  if (typeof value !== 'object' || value === null || !('table' in value && 'record' in value && 'kinds' in value && 'cells' in value)) return null
  const { table, record, kinds, cells } = value
  if (typeof table !== 'string' || typeof record !== 'string' || typeof kinds !== 'string' || !isCells(cells) || Object.keys(value).length !== 4) return null
  return { table, record, kinds, cells }
}

function isCells(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every((cell) => cell === null || typeof cell === 'string')
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
