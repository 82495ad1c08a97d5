// SPDX-License-Identifier: Apache-2.0
import { databaseFailures } from './databases/database-failures.ts'
import { isDatabaseAddress } from './databases/database-address.ts'
import { runLimitedWorker } from './limited-worker.ts'
import type { ReadEvent } from './source-events.ts'
import { usualLimits } from './source-limits.ts'
import type { ReadOptions } from './source-limits.ts'
import { spoolStdin } from './spool-stdin.ts'

/** Reads a source from outside (file, folder, `sqlite:FILE`, or `-` for CSV on standard input) in a limited worker, as the books know it: a document is one record, what stands beside the cells of a workbook and inside other files is listed (the scan, which reads that too, has a worker of its own). Refuses with a `sourceFailures` code that names place, reason and remedy. */
export async function* readSource(path: string, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  if (isDatabaseAddress(path)) throw databaseFailures.DATABASE_NOT_HERE({ where: path })
  const given: ReadOptions = { documents: 'whole', ...options, limits: { nestingMax: 0, ...options.limits } }
  const spooled = path === '-' ? await spoolStdin(process.stdin) : null
  try {
    yield* runLimitedWorker<ReadEvent>({
      program: new URL('./source-worker.ts', import.meta.url),
      input: { path: spooled?.path ?? path, options: spooled === null ? given : { shownAs: '-', ...given } },
      where: path,
      limits: { ...usualLimits, ...options.limits },
    })
  } finally {
    spooled?.remove()
  }
}
