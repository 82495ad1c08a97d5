// SPDX-License-Identifier: Apache-2.0
import { parentPort } from 'node:worker_threads'
import { countParts, type PartsWork } from './scan-csv-work.ts'

// A second thread of one scan: told by our own code with plain data of its own making, nothing of it comes from a file.
const isWork = (value: unknown): value is PartsWork => typeof value === 'object' && value !== null && 'parts' in value && 'control' in value
if (parentPort === null) throw new Error('not a worker')
const port = parentPort
port.once('message', (work: unknown) => {
  if (!isWork(work)) throw new Error('not a worker')
  let told = 0
  countParts(work, (counts) => port.postMessage(counts, [counts.rows.buffer]), () => {
    if (performance.now() - told < 500) return
    told = performance.now()
    port.postMessage('alive')
  })
  port.postMessage('end')
})
