// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Verdict } from './verdict.ts'
import { verifySource } from './verify-source.ts'
import type { VerifyOptions } from './verify-source.ts'

export { exitCodeOf, verifySource } from './verify-source.ts'
export type { VerifyOptions } from './verify-source.ts'

const READ_BYTES = 256 * 1024

/** Checks a file on disk as `verifySource` does; throws for one that cannot be read. */
export async function verifyFile(path: string, options: VerifyOptions = {}): Promise<Verdict> {
  if (!(await stat(path)).isFile()) throw new NotAFile(path)
  const source = {
    open: () => createReadStream(path, { highWaterMark: READ_BYTES }),
    slice: (from: number, to: number) => createReadStream(path, { highWaterMark: READ_BYTES, start: from, end: to - 1 }),
  }
  return verifySource(source, options)
}

/** Not a plain file: a folder, a pipe; the command answers as for an unreadable one. */
export class NotAFile extends Error {
  readonly syscall = 'open'
}
