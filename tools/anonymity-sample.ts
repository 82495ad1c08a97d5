// SPDX-License-Identifier: Apache-2.0
// UCI Adult as a coded table, larger ones made from it, and the table of figures: node tools/anonymity-sample.ts [--shared DIR] prints docs/how-to/anonymise.md's comparison.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { anonymiseRows, columnCosts, readHierarchy, sizeMetrics, writtenSizes, type CodedTable } from '../app/src/anonymise/index.ts'

const shared = process.env['HANDOVER_SHARED'] ?? fileURLToPath(new URL('../../shared', import.meta.url))
const data = join(shared, 'data/anonymise')
/** The eight quasi-identifiers of the published comparison: all columns of Adult but its number and the salary class. */
export const adultColumns = ['sex', 'age', 'race', 'marital-status', 'education', 'native-country', 'workclass', 'occupation'] as const

/** Where Adult and its hierarchies lie; null where they are not. They are not part of the project. */
export function adultFiles(): { table: string; hierarchies: string } | null {
  const table = join(data, 'adult.csv')
  return existsSync(table) ? { table, hierarchies: join(data, 'hierarchies') } : null
}

/** Rows of Adult as texts, of all its columns, repeated until there are enough: from the second time on one value in eight is that of another row (seeded), so that rows are not merely copies. */
export function* adultRows(rows: number): Generator<string[]> {
  const own = readFileSync(join(data, 'adult.csv'), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(';'))
  let state = 1
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let row = 0; row < rows; row++) {
    const cells = own[row % own.length] ?? []
    yield row < own.length ? cells : cells.map((cell, column) => (column === 0 ? String(row) : next(8) === 0 ? own[next(own.length)]?.[column] ?? cell : cell))
  }
}

/** Adult (or a larger table made from it) as leaves of its hierarchies. */
export function adultTable(rows: number): CodedTable {
  const read = adultColumns.map((name) => readHierarchy(join(data, 'hierarchies', `adult_hierarchy_${name}.csv`)))
  const codes = new Int32Array(rows * read.length)
  let at = 0
  for (const cells of adultRows(rows)) for (const [column, { leafOf }] of read.entries()) codes[at++] = leafOf.get(cells[column + 1] ?? '') ?? 0
  return { rows, hierarchies: read.map(({ hierarchy }) => hierarchy), codes, sensitive: null }
}

/** One division of a table and what it costs. */
export function measureDivision(table: CodedTable, k: number): { seconds: number; ncp: number; cavg: number; dm: number; least: number } {
  const started = performance.now()
  const classes = anonymiseRows(table, { k, l: 1, t: 1 })
  const seconds = (performance.now() - started) / 1000
  if (classes === null) throw new Error('the table has fewer rows than k')
  const sizes = writtenSizes(classes)
  return { seconds, ncp: columnCosts(classes).reduce((sum, cost) => sum + cost, 0) / table.hierarchies.length, ...sizeMetrics(sizes, k), least: sizes.reduce((low, size) => Math.min(low, size), table.rows) }
}

function printComparison(): void {
  const table = adultTable(30_162)
  const published = readFileSync(join(data, 'published-metrics-adult.txt'), 'utf8').split('\n').flatMap((line) => {
    const [, method = '', k = '', ncp = '', cavg = '', dm = ''] = /^adult (\w+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+)/.exec(line) ?? []
    return method === '' ? [] : [{ method, k: Number(k), ncp, cavg, dm: Number(dm) }]
  })
  const theirs = (method: string, k: number): string => {
    const row = published.find((one) => one.method === method && one.k === k)
    return row === undefined ? '– | – | –' : `${row.ncp} | ${row.cavg} | ${row.dm.toLocaleString('en')}`
  }
  console.log('| k | ours: NCP | CAVG | DM | s | top-down greedy: NCP | CAVG | DM | basic Mondrian: NCP | CAVG | DM |\n|---|---|---|---|---|---|---|---|---|---|---|')
  for (const k of [2, 5, 10, 20, 50, 100]) {
    const { seconds, ncp, cavg, dm } = measureDivision(table, k)
    console.log(`| ${k} | **${ncp.toFixed(3)}** | **${cavg.toFixed(3)}** | **${dm.toLocaleString('en')}** | ${seconds.toFixed(2)} | ${theirs('topdown', k)} | ${theirs('mondrian', k)} |`)
  }
}

if (process.argv[1] === import.meta.filename) {
  if (adultFiles() === null) process.stderr.write(`UCI Adult is not at ${data} (HANDOVER_SHARED)\n`)
  else printComparison()
}
