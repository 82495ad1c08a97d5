// SPDX-License-Identifier: Apache-2.0
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { Failure } from '../../kit/failure.ts'
import { answerParent, readInput } from '../../sources/index.ts'
import { scanOneSource } from './scan-one-source.ts'
import type { FileEvent } from './scan-files.ts'

const input = z.object({ files: z.array(z.object({ path: z.string(), place: z.string() })), options: readInput.shape.options }).parse(workerData)
await answerParent(scanAll)

/** One file after the other; a refused one is told, and the next follows. */
async function* scanAll(alive: (msNeeded?: number) => void): AsyncGenerator<FileEvent> {
  for (const { path, place } of input.files) {
    try {
      for await (const event of scanOneSource(path, { ...input.options, shownAs: place }, alive)) yield event
      yield { kind: 'end' }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      yield { kind: 'refused', code: error.code, facts: error.facts }
    }
  }
}
