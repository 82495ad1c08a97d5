// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { defaultRuleSetId } from '../../detection/index.ts'
import type { Grade } from '../../law/nouns.ts'
import { isDatabaseAddress, type DatabaseLogin, type ReadOptions } from '../../sources/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { regradeReport, type DecisionFinder } from './grade-report.ts'
import { scanSources, type ScanReport } from './scan-sources.ts'

/** A source as the scan found it, ready to be entered in the books. */
export interface SourcePlan {
  path: string
  name: string
  kind: string
  bytes: number
  sha256: string
  notRead: { where: string; why: string; code: string }[]
  dataSets: DataSetPlan[]
}

/** A data set as the scan found it. */
export interface DataSetPlan {
  name: string
  rows: number
  hidden: boolean
  kind: string
  /** Databases: columns by which the server tells rows apart. */
  key?: readonly number[]
  fields: { name: string; type: string; grade: Grade; gradeRule: string; confidence: number }[]
}

/** About 200 bytes of the `InventoryCommitted` event for each field, of which an event has 1 MiB. */
const fieldsMax = 5000

/** Two scans at a time: each has a worker of its own, and the machine may have two cores only. */
const scansAtOnce = 2

/** How sources are read, and how to log in to the databases among them. */
export type SourceOptions = ReadOptions & { databases?: ReadonlyMap<string, DatabaseLogin> }

/** How what is found is graded: by which rule set, and what people decided before (`grade override`). */
export interface HowGraded {
  ruleSet?: string
  decisionOf?: DecisionFinder
}

/** Scans files and folders and says for each file what would be entered. Refuses standard input, which cannot be read twice. */
export async function planSources(ctx: Context, paths: readonly string[], options: SourceOptions, how: HowGraded = {}): Promise<{ sources: SourcePlan[]; notRead: ScanReport['notRead'] }> {
  for (const path of paths) if (path === '-') throw discoverFailures.INGEST_NEEDS_FILE({ where: path })
  const reports = new Map<string, ScanReport>()
  const rows = new Map<string, number>()
  const queue = [...new Set(paths)]
  const scanNext = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const mine = path
      const report = await scanSources([mine], entering(options), (seen) => {
        rows.set(mine, seen.rows)
        ctx.progress({ zh: '清查', en: 'Scanning' }, rows.values().reduce((sum, n) => sum + n, 0), null)
      })
      reports.set(mine, regradeReport(report, how.ruleSet ?? defaultRuleSetId, how.decisionOf))
    }
  }
  await Promise.all(Array.from({ length: scansAtOnce }, scanNext))
  const planned = [...new Set(paths)].map((path) => plansOf(path, reports.get(path) ?? { sources: [], notRead: [], elapsedMs: 0 }))
  for (const source of planned.flatMap((one) => one.sources)) refuseTooWide(source)
  return { sources: planned.flatMap((one) => one.sources), notRead: planned.flatMap((one) => one.notRead) }
}

/** How `readSource` reads, and so the scan before it: how sources are read that are entered in the books: a document is one record, and files inside files are listed, since the books know a value by the file that it stands in. */
function entering(options: SourceOptions): SourceOptions {
  return { ...options, documents: 'whole', limits: { ...options.limits, nestingMax: 0 } }
}

/** Refuses a table with more fields than one event of the books can hold: told before anything is written, not after hours of sealing. */
export function refuseTooWide(source: SourcePlan): void {
  for (const { fields } of source.dataSets) if (fields.length > fieldsMax) throw discoverFailures.INGEST_TOO_WIDE({ where: source.name, fields: fields.length, max: fieldsMax })
}

function plansOf(path: string, report: ScanReport): { sources: SourcePlan[]; notRead: ScanReport['notRead'] } {
  if (isDatabaseAddress(path)) return { sources: report.sources.map((source) => planOf(source, source.source, report.notRead)), notRead: report.sources.length > 0 ? [] : report.notRead }
  const root = resolve(path.replace(/^sqlite:/, ''))
  const isFolder = statSync(root).isDirectory()
  return {
    sources: report.sources.map((source) => planOf(source, isFolder ? join(root, source.source) : root, report.notRead)),
    notRead: report.notRead.filter((one) => !report.sources.some((source) => isPartOf(one.where, source.source))),
  }
}

function isPartOf(where: string, source: string): boolean {
  return where === source || where.startsWith(`${source}!`)
}

function planOf(source: ScanReport['sources'][number], path: string, notRead: ScanReport['notRead']): SourcePlan {
  return {
    path, name: source.source, kind: source.kind, bytes: source.bytes, sha256: source.sha256,
    notRead: notRead.filter((one) => isPartOf(one.where, source.source)),
    dataSets: source.dataSets.map((set) => ({
      name: set.name, rows: set.rows, hidden: set.hidden, kind: source.kind, ...(set.key === undefined ? {} : { key: set.key }),
      fields: set.fields.map((field) => ({ name: field.name, type: field.type, grade: field.grade, gradeRule: field.gradeRule, confidence: field.confidence })),
    })),
  }
}
