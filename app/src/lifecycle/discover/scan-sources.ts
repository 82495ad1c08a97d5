// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs'
import { Failure } from '../../kit/failure.ts'
import { runLimitedWorker, spoolStdin, usualLimits, whyOf, type ReadOptions } from '../../sources/index.ts'
import type { ScanEvent } from './scan-one-source.ts'
import type { ScannedSource, ScanReport } from './scan-report.ts'

export type { ScannedDataSet, ScannedField, ScannedSource, ScanReport } from './scan-report.ts'

/** How files are read, and by which grading rule set fields are graded. */
export type ScanOptions = ReadOptions & { ruleSet?: string }

/**
 * 清查. Reads and classifies files, folders or standard input (`-`), each in a limited worker, without any database (个人信息保护法 第五十一条; PRODUCT.md §5).
 * A file that cannot be read is listed in `notRead`; when it is all there was to read, its failure is thrown instead.
 */
export async function scanSources(paths: readonly string[], options: ScanOptions = {}, progress: (rows: number, total: number | null) => void = () => {}): Promise<ScanReport> {
  const started = performance.now()
  const report: ScanReport = { sources: [], notRead: [], elapsedMs: 0 }
  let rows = 0
  for (const path of paths) {
    const found: ScannedSource[] = []
    try {
      for await (const event of scanInWorker(path, options)) {
        if (event.kind === 'source') found.push(event.source)
        else if (event.kind === 'notRead') report.notRead.push(event.entry)
        else progress((rows += event.rows), null)
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'SOURCE_NOT_FOUND' || (paths.length === 1 && !isFolder(path))) throw error
      const why = whyOf(error)
      report.notRead.push({ where: path, why: why.zh, whyEn: why.en, code: why.code })
      if (!isFolder(path)) continue
    }
    report.sources.push(...found)
  }
  report.elapsedMs = Math.round(performance.now() - started)
  return report
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

async function* scanInWorker(path: string, options: ScanOptions): AsyncGenerator<ScanEvent> {
  const spooled = path === '-' ? await spoolStdin(process.stdin) : null
  try {
    yield* runLimitedWorker<ScanEvent>({
      program: new URL('./scan-worker.ts', import.meta.url),
      input: { path: spooled?.path ?? path, options: spooled === null ? options : { shownAs: '-', ...options } },
      where: path,
      limits: { ...usualLimits, ...options.limits },
    })
  } finally {
    spooled?.remove()
  }
}
