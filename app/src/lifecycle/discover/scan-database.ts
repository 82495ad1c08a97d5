// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../kit/failure.ts'
import { databaseFailures, digestOfTables, runLimitedWorker, usualLimits, type DatabaseLogin, type SourceKind } from '../../sources/index.ts'
import type { FileOutcome, FileToScan } from './scan-files.ts'
import type { ScannedDataSet, ScannedSource, ScanReport } from './scan-report.ts'
import type { ScanWork } from './scan-work.ts'

/** What a worker does with a database: scan its tables, or only recognise them again. */
export interface DatabaseWork {
  login: DatabaseLogin
  task: 'scan' | 'recognise'
  /** Names of the tables to read; null: all. */
  only: readonly string[] | null
  /** Finished tables are kept for a later run, so their fingerprints are needed. */
  isKept: boolean
  ruleSet: string | undefined
}

/** What one table came to. */
export interface TableOutcome {
  bytes: number
  sha256: string
  dataSet: ScannedDataSet | null
  notRead: ScanReport['notRead']
}

/** A table that is about to be read: how many bytes and rows, by the server's estimate and within our limits. */
export interface ExpectedTable {
  name: string
  bytes: number
  rows: number
}

/** What a scan of a database tells: what is there, rows as they come, and each table when it is finished. */
export type DatabaseEvent =
  | { kind: 'opened'; of: { kind: SourceKind; server: string; asOf: string }; tables: ExpectedTable[]; notRead: ScanReport['notRead'] }
  | { kind: 'fingerprint'; table: string; fingerprint: string }
  | { kind: 'rows'; table: string; rows: number }
  | { kind: 'table'; table: string; fingerprint: string; outcome: TableOutcome }

/** Silence after the time that the server itself has for a statement. */
const GRACE_MS = 30_000

/** Runs a task over a database in a limited worker: what a foreign server sends can end that worker and nothing else (SECURITY.md P25). */
function runDatabaseWork(work: DatabaseWork): AsyncGenerator<DatabaseEvent> {
  const { limits } = work.login
  return runLimitedWorker<DatabaseEvent>({
    program: new URL('./scan-database-worker.ts', import.meta.url), input: work, where: work.login.place,
    limits: { ...usualLimits, silenceMsMax: limits.statementSeconds * 1000 + 2 * limits.connectMs + GRACE_MS },
  })
}

/** The fingerprints of all tables now, to find those again that an earlier run finished. */
async function fingerprintsOf(work: Omit<DatabaseWork, 'task' | 'only' | 'isKept'>): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const event of runDatabaseWork({ ...work, task: 'recognise', only: null, isKept: true })) if (event.kind === 'fingerprint') found.set(event.table, event.fingerprint)
  return found
}

/** What is seen while a database is scanned; the last tells all of it. */
export type DatabaseProgress =
  | { kind: 'expect'; tables: number; bytes: number }
  | { kind: 'rows'; rows: number; partOfTable: number }
  | { kind: 'table'; bytes: number }
  | { kind: 'database'; source: ScannedSource; notRead: ScanReport['notRead'] }

/** Scans a database table by table; tables that an earlier run finished and that did not change are not read again. Refuses as `openDatabase` does, and when the connection is lost on the way. */
export async function* scanDatabase(login: DatabaseLogin, how: { ruleSet: string | undefined; work: ScanWork | null }): AsyncGenerator<DatabaseProgress> {
  const before = how.work?.isKnown === true ? await fingerprintsOf({ login, ruleSet: how.ruleSet }) : new Map<string, string>()
  const outcomes = new Map<string, TableOutcome>()
  for (const [name, fingerprint] of before) {
    const kept = how.work?.recallPart(partOf(login, name), Buffer.from(fingerprint, 'hex'))
    if (kept !== null && kept !== undefined) outcomes.set(name, outcomeOf(kept))
  }
  const only = outcomes.size === 0 ? null : [...before.keys()].filter((name) => !outcomes.has(name))
  const run: DatabaseRun = { login, work: how.work, outcomes, expected: new Map(), done: 0, opened: null }
  try {
    for await (const event of runDatabaseWork({ login, task: 'scan', only, isKept: how.work !== null, ruleSet: how.ruleSet })) yield* taken(run, event)
  } catch (error) {
    if (!(error instanceof Failure) || run.opened === null) throw error
    throw databaseFailures.CONNECTOR_LOST({ where: login.place, why: [error.code, error.factText('why') ?? error.factText('kind') ?? ''].join(' ').trim(), done: outcomes.size, total: run.expected.size }, { cause: error })
  }
  if (run.opened === null) return
  const inOrder = new Map([...run.expected.keys()].flatMap((name) => (outcomes.has(name) ? [[name, outcomes.get(name) ?? noOutcome] as const] : [])))
  const notRead = [...run.opened.notRead, ...[...inOrder.values()].flatMap((one) => one.notRead)]
  yield { kind: 'database', source: sourceOfTables(login, run.opened.of, inOrder), notRead }
}

const noOutcome: TableOutcome = { bytes: 0, sha256: '', dataSet: null, notRead: [] }

interface DatabaseRun {
  login: DatabaseLogin
  work: ScanWork | null
  outcomes: Map<string, TableOutcome>
  expected: Map<string, ExpectedTable>
  done: number
  opened: Extract<DatabaseEvent, { kind: 'opened' }> | null
}

function* taken(run: DatabaseRun, event: DatabaseEvent): Generator<DatabaseProgress> {
  if (event.kind === 'opened') {
    run.opened = event
    for (const table of event.tables) run.expected.set(table.name, table)
    yield { kind: 'expect', tables: event.tables.length, bytes: event.tables.reduce((sum, { bytes }) => sum + bytes, 0) }
    for (const name of run.outcomes.keys()) yield { kind: 'table', bytes: run.expected.get(name)?.bytes ?? 0 }
  } else if (event.kind === 'rows') {
    const table = run.expected.get(event.table)
    run.done += event.rows
    yield { kind: 'rows', rows: event.rows, partOfTable: Math.min(table?.bytes ?? 0, ((table?.bytes ?? 0) * run.done) / Math.max(1, table?.rows ?? 1)) }
  } else if (event.kind === 'table') {
    run.done = 0
    run.outcomes.set(event.table, event.outcome)
    keep(run, event)
    yield { kind: 'table', bytes: run.expected.get(event.table)?.bytes ?? 0 }
  }
}

function keep(run: DatabaseRun, event: Extract<DatabaseEvent, { kind: 'table' }>): void {
  const { dataSet, bytes, sha256, notRead } = event.outcome
  if (dataSet === null || event.fingerprint === '') return // what was refused is tried again
  const source = { source: run.login.place, kind: 'table', bytes, sha256, encoding: null, delimiter: null, dataSets: [dataSet] }
  run.work?.keepPart(partOf(run.login, event.table), Buffer.from(event.fingerprint, 'hex'), { sources: [source], notRead, failure: null })
}

/** What a table is called in the work file; read within other limits it is another part. */
function partOf(login: DatabaseLogin, table: string): FileToScan {
  const { tables: _, ...limits } = login.limits
  return { path: `${login.place}!${table}`, place: JSON.stringify(limits) }
}

function outcomeOf({ sources, notRead }: FileOutcome): TableOutcome {
  const [source] = sources
  return { bytes: source?.bytes ?? 0, sha256: source?.sha256 ?? '', dataSet: source?.dataSets[0] ?? null, notRead }
}

/** The tables of a database put together to one source of the report; its digest is over the digests of its tables. */
function sourceOfTables(login: DatabaseLogin, of: { kind: SourceKind; server: string }, outcomes: ReadonlyMap<string, TableOutcome>): ScannedSource {
  return {
    source: login.place, kind: of.kind, bytes: [...outcomes.values()].reduce((sum, one) => sum + one.bytes, 0), sha256: digestOfTables([...outcomes].map(([name, { sha256 }]) => [name, sha256] as const)), encoding: null, delimiter: null, server: of.server,
    dataSets: [...outcomes.values()].flatMap(({ dataSet }) => (dataSet === null ? [] : [dataSet])),
  }
}
