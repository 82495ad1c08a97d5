// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path'
import { defaultRuleSetId } from '../../detection/index.ts'
import { Failure } from '../../kit/failure.ts'
import { databaseFailures, isDatabaseAddress, listFiles, spoolStdin, statOf, usualLimits, whyOf, type DatabaseLogin, type ReadOptions } from '../../sources/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { scanDatabase } from './scan-database.ts'
import { scanFiles, type FileOutcome, type FileToScan } from './scan-files.ts'
import type { ScannedSource, ScanReport } from './scan-report.ts'
import { ScanWork } from './scan-work.ts'

export type { FoundSpans, ScannedDataSet, ScannedField, ScannedSource, ScanReport } from './scan-report.ts'

/** How files are read, by which grading rule set fields are graded, and how to log in to the databases among the sources. */
export type ScanOptions = ReadOptions & { ruleSet?: string; databases?: ReadonlyMap<string, DatabaseLogin> }

/** How far a scan is: rows, files (and tables of databases) and bytes done, and pages of the document under recognition. */
export interface ScanProgress {
  rows: number
  files: number
  filesTotal: number
  bytes: number
  bytesTotal: number
  pages: { done: number; total: number } | null
}

/** Where a scan keeps what it finished, whether it goes on from there, and what pauses it. */
export interface ScanPause {
  workFile?: string
  isResumed?: boolean
  stop?: AbortSignal
}

/** One path as it was given: its files in order, and what is wrong with some of them. */
interface Target {
  path: string
  isFolder: boolean
  files: (FileToScan & { bytes: number; refused: FileOutcome['notRead'][number] | null })[]
  failure: Failure | null
  database: DatabaseLogin | null
  close(): void
}

/**
 * 清查. Reads and classifies files, folders or standard input (`-`), each in a limited worker, without any database (个人信息保护法 第五十一条; PRODUCT.md §5).
 * A file that cannot be read is listed in `notRead`; when it is all there was to read, its failure is thrown instead. Paused, it throws SCAN_PAUSED and keeps what is finished in its work file.
 */
export async function scanSources(paths: readonly string[], options: ScanOptions = {}, progress: (seen: ScanProgress) => void = () => {}, pause: ScanPause = {}): Promise<ScanReport> {
  const started = performance.now()
  const report: ScanReport = { sources: [], ruleSet: options.ruleSet ?? defaultRuleSetId, notRead: [], elapsedMs: 0 }
  const targets: Target[] = []
  try {
    for (const path of paths) targets.push(await targetOf(path, options, paths.length))
    const run = new ScanRun(options, progress, pause)
    run.expect(targets.flatMap(({ files }) => files))
    try {
      for (const target of targets) await scanTarget(run, target, { report, isOnly: paths.length === 1 })
    } catch (error) {
      run.work?.pause()
      throw error
    }
    run.work?.remove()
  } finally {
    for (const target of targets) target.close()
  }
  report.elapsedMs = Math.round(performance.now() - started)
  return report
}

const nothing: Target = { path: '', isFolder: false, files: [], failure: null, database: null, close: () => undefined }

async function targetOf(path: string, options: ScanOptions, targets: number): Promise<Target> {
  const database = options.databases?.get(path)
  if (database !== undefined) return { ...nothing, path: database.place, database }
  if (isDatabaseAddress(path)) throw databaseFailures.DATABASE_NOT_HERE({ where: path }) // nobody has settled where it leads
  if (path === '-') {
    const spooled = await spoolStdin(process.stdin)
    return { ...nothing, path, files: [{ path: spooled.path, place: options.shownAs ?? '-', bytes: 0, refused: null }], close: () => spooled.remove() }
  }
  const target: Target = { ...nothing, path }
  const stat = statOf(path.replace(/^sqlite:/, ''), path)
  if (!stat.isDirectory()) return { ...target, files: [{ path, place: options.shownAs ?? basename(path), bytes: stat.size, refused: null }] }
  try {
    const listed = listFiles(path, path, options.limits?.filesMax ?? usualLimits.filesMax)
    return { ...target, isFolder: true, files: listed.map(({ path: full, place, bytes, why }) => ({ path: full, place, bytes, refused: why === null ? null : { where: place, why: why.zh, whyEn: why.en, code: why.code } })) }
  } catch (error) {
    if (!(error instanceof Failure) || (targets === 1 && error.code === 'SOURCE_NOT_FOUND')) throw error
    return { ...target, isFolder: true, failure: error }
  }
}

async function scanTarget(run: ScanRun, target: Target, into: { report: ScanReport; isOnly: boolean }): Promise<void> {
  const { report } = into
  if (target.database !== null) return scanDatabaseTarget(run, target.database, into)
  if (target.failure !== null) report.notRead.push(entryOf(target.path, target.failure))
  const outcomes = await run.outcomesOf(target.files)
  for (const [i, file] of target.files.entries()) {
    const outcome = outcomes[i]
    if (file.refused !== null) report.notRead.push(file.refused)
    if (outcome === undefined || outcome === null) continue
    if (outcome.failure !== null && !target.isFolder && into.isOnly) throw outcome.failure
    report.sources.push(...outcome.sources)
    report.notRead.push(...outcome.notRead)
    if (outcome.failure !== null) report.notRead.push(entryOf(file.place, outcome.failure))
  }
}

/** A database that cannot be read is listed, or thrown when it is all there was to read; one that is lost on the way ends the scan, which can go on later. */
async function scanDatabaseTarget(run: ScanRun, login: DatabaseLogin, into: { report: ScanReport; isOnly: boolean }): Promise<void> {
  try {
    const { source, notRead } = await run.databaseOutcome(login)
    into.report.sources.push(source)
    into.report.notRead.push(...notRead)
  } catch (error) {
    if (!(error instanceof Failure) || into.isOnly || ['SCAN_PAUSED', 'CONNECTOR_LOST'].includes(error.code)) throw error
    into.report.notRead.push(entryOf(login.place, error))
  }
}

function entryOf(where: string, failure: Failure): ScanReport['notRead'][number] {
  const why = whyOf(failure)
  return { where, why: why.zh, whyEn: why.en, code: why.code }
}

/** One scan over all its files: what was recalled, what is read now, and how far it is. */
class ScanRun {
  readonly work: ScanWork | null
  private readonly options: ScanOptions
  private readonly progress: (seen: ScanProgress) => void
  private readonly stop: AbortSignal | undefined
  private readonly seen: ScanProgress = { rows: 0, files: 0, filesTotal: 0, bytes: 0, bytesTotal: 0, pages: null }

  constructor(options: ScanOptions, progress: (seen: ScanProgress) => void, pause: ScanPause) {
    const { databases: _, ...reading } = options // passwords stay out of everything that is written or handed on
    this.options = reading
    this.progress = progress
    this.stop = pause.stop
    this.work = pause.workFile === undefined ? null : new ScanWork(pause.workFile, reading, pause.isResumed === true)
  }

  expect(files: Target['files']): void {
    const readable = files.filter(({ refused }) => refused === null)
    this.seen.filesTotal = readable.length
    this.seen.bytesTotal = readable.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Outcomes in the order of the files; null for those that are not read at all. */
  async outcomesOf(files: Target['files']): Promise<(FileOutcome | null)[]> {
    const outcomes: (FileOutcome | null)[] = files.map(() => null)
    const left: { at: number; file: Target['files'][number] }[] = []
    for (const [at, file] of files.entries()) {
      if (file.refused !== null) continue
      const known = (await this.work?.recall(file)) ?? null
      if (known === null) left.push({ at, file })
      else {
        outcomes[at] = known
        this.count(file)
      }
      this.refuseToGoOn()
    }
    let next = 0
    for await (const event of this.untilStopped(scanFiles(left.map(({ file }) => file), this.options))) {
      if (event.kind === 'rows') this.seen.rows += event.rows
      else if (event.kind === 'pages') this.seen.pages = event
      else {
        const done = left[next++]
        if (done === undefined) continue
        outcomes[done.at] = event.outcome
        await this.work?.keep(done.file, event.outcome)
        this.count(done.file)
      }
      this.refuseToGoOn()
      this.progress({ ...this.seen, bytes: this.seen.bytes + this.partOf(left[next]?.file) })
    }
    return outcomes
  }

  /** A database, table by table. Refuses when it has nothing to read. */
  async databaseOutcome(login: DatabaseLogin): Promise<{ source: ScannedSource; notRead: ScanReport['notRead'] }> {
    for await (const event of this.untilStopped(scanDatabase(login, { ruleSet: this.options.ruleSet, work: this.work }))) {
      let part = 0
      if (event.kind === 'database') return event
      if (event.kind === 'expect') {
        this.seen.filesTotal += event.tables
        this.seen.bytesTotal += event.bytes
      } else if (event.kind === 'rows') {
        this.seen.rows += event.rows
        part = event.partOfTable
      } else this.count(event)
      this.progress({ ...this.seen, bytes: this.seen.bytes + part })
    }
    throw databaseFailures.CONNECTOR_TROUBLE({ where: login.place, why: 'nothing' })
  }

  /** The bytes of a document whose pages are being read, as far as it is. */
  private partOf(file: { bytes: number } | undefined): number {
    const { pages } = this.seen
    return file === undefined || pages === null || pages.total === 0 ? 0 : Math.floor((file.bytes * pages.done) / pages.total)
  }

  private count(file: { bytes: number }): void {
    this.seen.files++
    this.seen.bytes += file.bytes
    this.seen.pages = null
  }

  private refuseToGoOn(): void {
    if (this.stop?.aborted === true) throw discoverFailures.SCAN_PAUSED({ done: this.seen.files, total: this.seen.filesTotal })
  }

  /** Recognising a page says nothing for a while; whoever asks to stop is heard meanwhile. */
  private async *untilStopped<T>(events: AsyncGenerator<T>): AsyncGenerator<T> {
    const { stop } = this
    const asked = new Promise<null>((resolve) => stop?.addEventListener('abort', () => resolve(null), { once: true }))
    try {
      for (;;) {
        this.refuseToGoOn()
        const next = await (stop === undefined ? events.next() : Promise.race([events.next(), asked]))
        if (next === null) continue
        if (next.done === true) return
        yield next.value
      }
    } finally {
      void events.return(undefined) // not awaited: it waits for the worker's next word
    }
  }
}
