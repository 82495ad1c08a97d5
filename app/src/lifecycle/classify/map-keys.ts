// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path'
import { Failure } from '../../kit/failure.ts'
import { listFiles, readDatabase, readSource, statOf, whyOf, type ReadEvent, type SourceRow } from '../../sources/index.ts'
import { scanSources, type ScannedDataSet, type ScannedSource, type ScanOptions, type ScanReport } from '../discover/index.ts'
import { isUnique, keyEdges, waysToCustomers, type Inclusion, type KeyColumn, type KeyEdge } from './key-graph.rules.ts'
import { mayBeKey } from './key-names.rules.ts'
import { inclusionOf, KeyFilter, keySetOf, KeySketch, RunHash } from './key-sketch.ts'

/** 键关系图. Tables, and which column of which holds keys of which other; counts and shares only, no value (issue 4, Inventory). */
export interface KeyMap {
  tables: { id: number; source: string; name: string; rows: number; isPersons: boolean; keys: { index: number; column: string; type: string }[]; toCustomers: { edges: number[] } | null }[]
  edges: { from: KeyEnd; to: KeyEnd; inclusion: number; compared: number; isExact: boolean; by: KeyEdge['by']; cardinality: KeyEdge['cardinality'] }[]
  notRead: ScanReport['notRead']
}

/** A column as an end of an edge. */
export interface KeyEnd {
  table: number
  index: number
  column: string
}

interface Measured extends KeyColumn {
  sketch: KeySketch
  filter: KeyFilter | null
  least: number
  most: number
  numbers: number
}

/** Reads files and databases twice, first to see what their columns are, then to compare the values of those that may be keys by hashes of this run, and tells which column points to which table and how customers are reached. Memory grows with the number of such columns, hardly with rows. */
export async function mapKeys(paths: readonly string[], options: ScanOptions = {}, progress: (rows: number) => void = () => {}): Promise<KeyMap> {
  const report = await scanSources(paths, options, ({ rows }) => progress(rows))
  const sets = report.sources.flatMap((source) => source.dataSets.map((set, at) => ({ source: source.source, set, key: keyOf(source, set.name, at) })))
  const bySet = new Map(sets.map(({ set, key }, at) => [key, columnsOf(set, at)]))
  const notRead = [...report.notRead]
  const run: Measuring = { bySet, hash: new RunHash(), progress, rows: 0 }
  for (const { place, events, isDatabase } of readingsOf(paths, options)) {
    try {
      await measure(events(), { place, isDatabase }, run)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const why = whyOf(error) // the scan has said so as well, unless it happened since
      if (!notRead.some(({ where }) => where === place)) notRead.push({ where: place, why: why.zh, whyEn: why.en, code: why.code })
    }
  }
  return graphOf(sets, [...bySet.values()].flat(), notRead)
}

/** The same data set in both readings: tables of a database by name, since one that was refused is left out of the scan; sheets and the like by their place, since names may repeat. */
function keyOf({ source, server }: Pick<ScannedSource, 'source' | 'server'>, name: string, at: number): string {
  return `${source}\0${server === undefined ? at : name}`
}

function columnsOf(set: ScannedDataSet, at: number): Measured[] {
  return set.fields.filter(({ type, name, values }) => values > 0 && mayBeKey(type, name)).map((field): Measured => ({
    set: at, table: set.name, index: field.index, title: field.name, type: field.type, values: field.values, distinct: field.distinct, isCounter: false, sketch: new KeySketch(),
    filter: isUnique({ values: field.values, distinct: field.distinct * 1.1 }) ? new KeyFilter(field.values) : null, least: Number.MAX_SAFE_INTEGER, most: 0, numbers: 0,
  }))
}

/** One file or database, to be read. */
interface Reading {
  place: string
  isDatabase: boolean
  events: () => AsyncIterable<ReadEvent>
}

function readingsOf(paths: readonly string[], options: ScanOptions): Reading[] {
  const { databases, ...reading } = options
  return paths.flatMap((path): Reading[] => {
    const login = databases?.get(path)
    if (login !== undefined) return [{ place: login.place, isDatabase: true, events: () => readDatabase(login) }]
    const isFolder = statOf(path.replace(/^sqlite:/, ''), path).isDirectory()
    const files = isFolder ? listFiles(path).filter(({ why }) => why === null) : [{ path, place: basename(path) }]
    return files.map(({ path: file, place }) => ({ place, isDatabase: false, events: () => readSource(file, { ...reading, shownAs: place }) }))
  })
}

interface Measuring {
  bySet: ReadonlyMap<string, Measured[]>
  hash: RunHash
  progress: (rows: number) => void
  rows: number
}

async function measure(events: AsyncIterable<ReadEvent>, of: Pick<Reading, 'place' | 'isDatabase'>, run: Measuring): Promise<void> {
  let source = of.place
  let seen = -1
  let columns = new Map<number, Measured[]>()
  for await (const event of events) {
    if (event.kind === 'source') {
      source = event.source.place
      seen = -1
      columns = new Map()
    } else if (event.kind === 'dataSet') columns.set(event.dataSet.index, run.bySet.get(`${source}\0${of.isDatabase ? event.dataSet.name : (seen += 1)}`) ?? [])
    else if (event.kind === 'rows') {
      const wanted = columns.get(event.dataSet) ?? []
      if (wanted.length > 0) for (const row of event.rows) takeRow(row, wanted, run.hash)
      run.progress((run.rows += event.rows.length))
    }
  }
}

function takeRow(row: SourceRow, columns: readonly Measured[], hash: RunHash): void {
  for (const column of columns) {
    const value = row.cells[column.index]?.value
    if (typeof value !== 'string' || value.trim() === '') continue
    hash.take(value)
    column.sketch.add(hash.low, hash.high)
    column.filter?.add(hash.low, hash.high)
    if (!/^\d{1,15}$/.test(value)) continue
    const number = Number(value)
    column.numbers++
    column.least = Math.min(column.least, number)
    column.most = Math.max(column.most, number)
  }
}

function graphOf(sets: readonly { source: string; set: ScannedDataSet }[], measured: readonly Measured[], notRead: KeyMap['notRead']): KeyMap {
  const sketches = measured.map(({ sketch }) => sketch.values())
  const known = measured.map(({ filter }, at) => (filter === null ? null : keySetOf(sketches[at] ?? { hashes: new Float64Array(), isAll: false }, filter)))
  const columns = measured.map((column, at): KeyColumn => {
    const distinct = sketches[at]?.distinct ?? 0
    return { set: column.set, table: column.table, index: column.index, title: column.title, type: column.type, values: column.values, distinct, isCounter: column.numbers >= column.values * 0.99 && column.most - column.least < distinct * 4 + 100 }
  })
  const inclusions = columns.flatMap((child, from): Inclusion[] => columns.flatMap((parent, to): Inclusion[] => {
    const [other, isOtherAll] = [known[to], sketches[to]?.isAll === true]
    const sample = sketches[from]
    if (from === to || other === null || other === undefined || sample === undefined || !isUnique(parent) || (child.type !== parent.type && child.type !== 'none' && parent.type !== 'none')) return []
    return [{ child: from, parent: to, share: inclusionOf(sample.hashes, other), sampled: sample.hashes.length, isExact: sample.isAll && isOtherAll }]
  }))
  const edges = keyEdges(columns, inclusions)
  const tables = sets.map(({ set }) => ({ isPersons: isOfPersons(set) }))
  const ways = waysToCustomers(tables, edges, columns)
  const endOf = (at: number): KeyEnd => ({ table: columns[at]?.set ?? -1, index: columns[at]?.index ?? -1, column: columns[at]?.title ?? '' })
  return {
    tables: sets.map(({ source, set }, id) => ({
      id, source, name: set.name, rows: set.rows, isPersons: tables[id]?.isPersons ?? false, toCustomers: ways[id] === null || ways[id] === undefined ? null : { edges: ways[id] },
      keys: columns.filter((column) => column.set === id && isUnique(column)).map(({ index, title, type }) => ({ index, column: title, type })),
    })),
    edges: edges.map(({ from, to, inclusion, ...edge }) => ({ from: endOf(from), to: endOf(to), inclusion: Math.round(inclusion * 10_000) / 10_000, ...edge })),
    notRead,
  }
}

/** A table of customers: people's names, and a key that is theirs. */
function isOfPersons(set: ScannedDataSet): boolean {
  const has = (types: readonly string[]): boolean => set.fields.some(({ type, values }) => values > 0 && types.includes(type))
  const own = set.fields.some((field) => ['customer-id', 'resident-id', 'mobile', 'email', 'user-name', 'none'].includes(field.type) && mayBeKey(field.type, field.name) && isUnique({ values: field.values, distinct: field.distinct * 1.1 }))
  return has(['person-name']) && has(['customer-id', 'resident-id', 'mobile', 'email', 'landline', 'address']) && own
}
