// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { usualLimits, workerEnvironment } from '../../sources/limits/index.ts'

/** From so many bytes on a second thread pays for its start. */
const HELPER_PAYS_BYTES = 64 * 1024 * 1024

/** A second thread that was started before it is known what it shall do: its start is a good part of the time of a scan. */
interface EarlyHelper {
  worker: Worker
  error: Error | null
}

let early: EarlyHelper | null = null

/** How many threads count a file of so many bytes. */
export function threadsFor(bytes: number): number {
  return bytes >= HELPER_PAYS_BYTES && availableParallelism() > 1 ? 2 : 1
}

/** Starts a second thread when a file looks as if one were wanted for it: it is large, and its first bytes are text. */
export function startEarly(path: string, heapMegabytesMax = usualLimits.heapMegabytesMax): void {
  if (early !== null || !looksWanted(path)) return
  const helper: EarlyHelper = { worker: newHelper(heapMegabytesMax), error: null }
  helper.worker.on('error', (error: Error) => (helper.error = error))
  early = helper
}

/** A second thread for counting, which waits to be told its work: the one that was started early, or another. */
export function takeHelper(heapMegabytesMax: number, failed: (error: unknown) => void): Worker {
  const taken = early ?? { worker: newHelper(heapMegabytesMax), error: null }
  early = null
  taken.worker.removeAllListeners('error')
  taken.worker.on('error', failed)
  if (taken.error !== null) failed(taken.error)
  return taken.worker
}

/** Ends the thread that was started early, if nobody took it. */
export async function endEarly(): Promise<void> {
  const unused = early
  early = null
  await unused?.worker.terminate()
}

function newHelper(heapMegabytesMax: number): Worker {
  return new Worker(new URL('./scan-csv-helper.ts', import.meta.url), { env: workerEnvironment(), resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: 8 } })
}

function looksWanted(path: string): boolean {
  try {
    const stat = statSync(path)
    return stat.isFile() && threadsFor(stat.size) > 1 && beginsWithText(path)
  } catch {
    return false // the reader meets it again, and says so
  }
}

// Archives, databases, pictures and UTF-16 begin with a byte that no line of text has among its first.
function beginsWithText(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(16)
    readSync(fd, head, 0, head.length, 0)
    return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  } finally {
    closeSync(fd)
  }
}
