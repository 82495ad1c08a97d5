// SPDX-License-Identifier: Apache-2.0
import { explainFailure, Failure, type SaidFacts } from '../../kit/failure.ts'
import { runLimitedWorker, sourceFailures, usualLimits } from '../../sources/index.ts'
import type { CountedFile } from './count-or-scan.ts'
import { reportCounted } from './scan-one-source.ts'
import type { ScanEvent } from './scan-one-source.ts'
import type { ScannedSource, ScanReport } from './scan-report.ts'
import type { ScanOptions } from './scan-sources.ts'

/** What a scanning worker tells about the files that it was given, in their order. */
export type FileEvent = ScanEvent | CountedFile | { kind: 'end' } | { kind: 'refused'; code: string; facts: SaidFacts }

/** A file to scan: where it is, and what people are shown. */
export interface FileToScan {
  path: string
  place: string
}

/** What one file came to: its sources (itself and what stands inside), what was not read, or why all of it was refused. */
export interface FileOutcome {
  sources: ScannedSource[]
  notRead: ScanReport['notRead']
  failure: Failure | null
}

/** What is seen while files are scanned. */
export type FileProgress = { kind: 'rows'; rows: number } | { kind: 'pages'; done: number; total: number } | { kind: 'file'; file: FileToScan; outcome: FileOutcome }

/** Scans files one after the other in a limited worker. A file that ends its worker (memory, silence) is refused, and a new worker goes on with the next (SECURITY.md P23). */
export async function* scanFiles(files: readonly FileToScan[], options: ScanOptions): AsyncGenerator<FileProgress> {
  for (let first = 0; first < files.length; ) first = yield* scanUntilLost(files, first, options)
}

/** Returns the number of files that have an outcome. */
async function* scanUntilLost(files: readonly FileToScan[], first: number, options: ScanOptions): AsyncGenerator<FileProgress, number> {
  let at = first
  let outcome = noOutcome()
  const end = function* finish(failure: Failure | null): Generator<FileProgress> {
    const file = files[at++]
    if (file !== undefined) yield { kind: 'file', file, outcome: { ...outcome, failure } }
    outcome = noOutcome()
  }
  const place = files[first]?.place ?? ''
  try {
    const work = { program: new URL('./scan-worker.ts', import.meta.url), input: { files: files.slice(first), options }, where: place, limits: { ...usualLimits, ...options.limits } }
    for await (const event of runLimitedWorker<FileEvent>(work)) {
      if (event.kind === 'source') outcome.sources.push(event.source)
      else if (event.kind === 'countedFile') outcome.sources.push(reportCounted(event, options.ruleSet))
      else if (event.kind === 'notRead') outcome.notRead.push(event.entry)
      else if (event.kind === 'end') yield* end(null)
      else if (event.kind === 'refused') yield* end(rebuilt(event.code, event.facts, files[at]?.place ?? place))
      else yield event
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    yield* end(new Failure(error.code, error.words, { ...error.facts, where: files[at]?.place ?? place }, { cause: error }))
  }
  return at
}

const noOutcome = (): FileOutcome => ({ sources: [], notRead: [], failure: null })

function rebuilt(code: string, facts: SaidFacts, where: string): Failure {
  const words = explainFailure(code)
  return words === undefined ? sourceFailures.READER_FAILED({ where, kind: code }) : new Failure(code, words, facts)
}
