// SPDX-License-Identifier: Apache-2.0
import { workerData } from 'node:worker_threads'
import { startEarly } from './scan-csv-threads.ts'
import type { FileToScan } from './scan-files.ts'
import type { ScanSetting } from './scan-one-source.ts'

// Started by our own code with plain data of its own making, nothing of it comes from a file.
const isInput = (value: unknown): value is { files: FileToScan[]; options: ScanSetting } => typeof value === 'object' && value !== null && 'files' in value && Array.isArray(value.files) && 'options' in value
const input: unknown = workerData
if (!isInput(input)) throw new Error('not a worker')
const { files, options } = input
if (files[0] !== undefined) startEarly(files[0].path, options.limits?.heapMegabytesMax)
const { scanAll } = await import('./count-or-scan.ts') // loaded while the second thread loads
await scanAll(files, options)
