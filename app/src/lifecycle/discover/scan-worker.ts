// SPDX-License-Identifier: Apache-2.0
import { workerData } from 'node:worker_threads'
import { answerParent, readInput } from '../../sources/index.ts'
import { scanOneSource } from './scan-one-source.ts'

const input = readInput.parse(workerData)
await answerParent((alive) => scanOneSource(input.path, input.options, alive))
