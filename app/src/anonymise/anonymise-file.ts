// SPDX-License-Identifier: Apache-2.0
import { existsSync, linkSync, rmSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Words } from '../kit/failure.ts'
import type { ReadOptions } from '../sources/index.ts'
import { anonymiseFailures } from './anonymise-failures.ts'
import { anonymiseRows } from './anonymise-rows.ts'
import { makeReport, type AnonymisationReport } from './anonymisation-report.ts'
import { codeTable, readFirst, type FirstReading } from './code-table.ts'
import type { Classes, Demands } from './coded-table.ts'
import { refuseDirectIdentifiers, settleRoles, type Column, type FoundColumn, type NamedColumns } from './column-roles.ts'
import { readHierarchies, type ReadHierarchy } from './read-hierarchy.ts'
import type { TableSource } from './read-table.ts'
import { verifyCopy, type CopyFigures } from './verify-copy.ts'
import { writeCopy } from './write-copy.ts'

/** Which source becomes which copy, under which demands; `fields` and `found` are what the scan of the source says about its columns. */
export interface AnonymisationOrder {
  source: string
  /** The source is delimited text (CSV). */
  isDelimited: boolean
  copy: string
  fields: readonly { name: string }[]
  found: readonly FoundColumn[]
  named: NamedColumns
  demands: Demands
  hierarchies: string | null
  isReordered: boolean
  options: ReadOptions
}

/** Told while the work goes on: what is being done and how many rows are through. */
export type AnonymisationProgress = (label: Words, done: number, total: number | null) => void

/**
 * 匿名化副本. Writes a k-anonymous copy of one table (个人信息保护法 第四条、第七十三条第四项; GB/T 37964): quasi-identifiers made coarser class by class, nothing suppressed, everything else as it is.
 * The copy stands under its name only after it was read again and its classes counted. Refuses directly identifying columns that were not dealt with, what cannot reach the demands, and to overwrite; then nothing is left behind.
 */
export async function anonymiseFile(order: AnonymisationOrder, progress: AnonymisationProgress): Promise<AnonymisationReport> {
  const started = performance.now()
  const where = basename(order.source)
  const { copy, demands } = order
  if (existsSync(copy) || isSameFile(order.source, copy)) throw anonymiseFailures.ANONYMISE_FILE_EXISTS({ where: copy })
  const named = settleRoles(order.fields, order.found, order.named, where)
  const files = order.hierarchies === null ? new Map<string, ReadHierarchy>() : readHierarchies(order.hierarchies, named.flatMap(({ role, name }) => (role === 'quasi' ? [name.trim()] : [])))
  const first = await readFirst(tableOf(order, where), { columns: named, done: (rows) => progress(steps.reading, rows, null) })
  const columns = withCounters(named, first, order.isReordered)
  refuseDirectIdentifiers(columns, (index) => isNumbering(order.found[index], first, index), where)
  refuseUnreachable(columns, first, demands, where)
  const { table, used } = codeTable(first, files, where)
  const kernel = performance.now()
  const classes = anonymiseRows(table, demands, (rows) => progress(steps.grouping, rows, table.rows))
  if (classes === null) throw anonymiseFailures.ANONYMISE_NOT_REACHED({ why: 'classes' })
  const kernelMs = performance.now() - kernel
  const figures = await writeVerified(order, { columns, first, classes, where, progress })
  return makeReport({ order, columns, first, used, classes, figures, kernelMs, elapsedMs: performance.now() - started })
}

const tableOf = ({ source, isDelimited, options }: AnonymisationOrder, where: string): TableSource => ({ path: source, where, isDelimited, options })

const steps = {
  reading: { zh: '读取', en: 'Reading' },
  grouping: { zh: '划分等价类', en: 'Making classes' },
  writing: { zh: '写出副本', en: 'Writing the copy' },
  checking: { zh: '重新读取核对', en: 'Reading the copy again' },
} as const satisfies Record<string, Words>

/** Columns that count rows: counted anew, or left out where rows change their places. */
function withCounters(named: readonly Column[], first: FirstReading, isReordered: boolean): Column[] {
  return named.map((column) => (column.role === 'kept' && first.counterFrom.has(column.index) ? { ...column, role: isReordered ? ('dropped' as const) : ('counter' as const) } : column))
}

/** Whether nearly every row has another value there, and it does not measure something (an amount, a moment). */
function isNumbering(found: FoundColumn | undefined, first: FirstReading, index: number): boolean {
  if (found === undefined || found.values < 20 || found.values < first.rows * 0.5) return false
  return found.distinct >= found.values * 0.95 && !first.measures.has(index) && found.type !== 'income' && found.type !== 'transaction'
}

function refuseUnreachable(columns: readonly Column[], first: FirstReading, { k, l }: Demands, where: string): void {
  if (first.rows < k) throw anonymiseFailures.ANONYMISE_TOO_FEW_ROWS({ where, rows: first.rows, k })
  const sensitive = columns.find(({ role }) => role === 'sensitive')
  if (sensitive !== undefined && l > first.sensitiveValues) throw anonymiseFailures.ANONYMISE_L_TOO_GREAT({ column: sensitive.name, distinct: first.sensitiveValues, l })
}

/** Writes the copy under another name, reads it again, and gives it its name when it satisfies the demands; takes it away otherwise, whatever happened. */
async function writeVerified(order: AnonymisationOrder, { columns, first, classes, where, progress }: { columns: readonly Column[]; first: FirstReading; classes: Classes; where: string; progress: AnonymisationProgress }): Promise<CopyFigures> {
  const partial = `${order.copy}.${process.pid}.part.csv`
  const hasHeader = first.headerRow !== null
  const remove = (): void => [partial, `${partial}.order`].forEach((file) => rmSync(file, { force: true }))
  process.once('exit', remove) // a second Ctrl-C ends the process at once
  try {
    await writeCopy({
      source: tableOf(order, where), columns, classes, counterFrom: first.counterFrom, delimiter: first.delimiter, hasHeader, sha256: first.sha256, isReordered: order.isReordered,
      done: (rows) => progress(steps.writing, rows, first.rows),
    }, partial)
    const left = columns.filter(({ role }) => role !== 'dropped')
    const sensitive = left.findIndex(({ role }) => role === 'sensitive')
    const figures = await verifyCopy(partial, basename(order.copy), {
      quasi: left.flatMap(({ role }, index) => (role === 'quasi' ? [index] : [])), sensitive: sensitive < 0 ? null : sensitive, delimiter: first.delimiter, hasHeader,
    }, (rows) => progress(steps.checking, rows, first.rows))
    const why = unsatisfied(figures, order.demands, first.rows)
    if (why !== null) throw anonymiseFailures.ANONYMISE_NOT_REACHED({ why })
    linkNew(partial, order.copy)
    return figures
  } finally {
    process.off('exit', remove)
    remove()
  }
}

function unsatisfied({ rows, sizes, diversity }: CopyFigures, { k, l, t }: Demands, expected: number): string | null {
  if (rows !== expected) return `rows ${rows} ≠ ${expected}`
  const least = sizes.reduce((low, size) => Math.min(low, size), Number.POSITIVE_INFINITY)
  if (least < k) return `k ${least} < ${k}`
  if (diversity !== null && diversity.l < l) return `l ${diversity.l} < ${l}`
  return diversity !== null && diversity.t > t + 1e-9 ? `t ${diversity.t.toFixed(3)} > ${t}` : null
}

function linkNew(partial: string, copy: string): void {
  try {
    linkSync(partial, copy)
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? anonymiseFailures.ANONYMISE_FILE_EXISTS({ where: copy }, { cause: error }) : error
  }
}

function isSameFile(a: string, b: string): boolean {
  if (resolve(a) === resolve(b)) return true
  const [first, second] = [statSync(a, { throwIfNoEntry: false }), statSync(b, { throwIfNoEntry: false })]
  return first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev
}
