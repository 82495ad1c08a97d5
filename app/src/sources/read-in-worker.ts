// SPDX-License-Identifier: Apache-2.0
import { runLimitedWorker } from './limited-worker.ts'
import type { ReadEvent } from './source-events.ts'
import { usualLimits } from './source-limits.ts'
import type { ReadOptions } from './source-limits.ts'
import { spoolStdin } from './spool-stdin.ts'

/** Reads a source from outside (file, folder, `sqlite:FILE`, or `-` for CSV on standard input) in a limited worker. Refuses with a `sourceFailures` code that names place, reason and remedy. */
export async function* readSource(path: string, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const spooled = path === '-' ? await spoolStdin(process.stdin) : null
  try {
    yield* runLimitedWorker<ReadEvent>({
      program: new URL('./source-worker.ts', import.meta.url),
      input: { path: spooled?.path ?? path, options: spooled === null ? options : { shownAs: '-', ...options } },
      where: path,
      limits: { ...usualLimits, ...options.limits },
    })
  } finally {
    spooled?.remove()
  }
}
