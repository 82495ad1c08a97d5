// SPDX-License-Identifier: Apache-2.0
import { workerData } from 'node:worker_threads'
import { answerParent } from './limited-worker.ts'
import { readInput } from './read-input.ts'
import { readSourceHere } from './read-source.ts'

const input = readInput.parse(workerData)
await answerParent((alive) => readSourceHere(input.path, input.options, alive))
