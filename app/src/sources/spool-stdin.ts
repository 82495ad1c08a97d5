// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { assert } from '../kit/assert.ts'
import { privateFolder } from './private-file.ts'

/** A private file with what came on standard input. */
export interface SpooledInput {
  path: string
  remove(): void
}

/** Keeps standard input in a private file, since detecting its encoding needs two passes. On Linux the file loses its name at once, so that even a killed process leaves nothing behind. */
export async function spoolStdin(input: Readable): Promise<SpooledInput> {
  const folder = privateFolder()
  const path = join(folder, 'stdin.csv')
  const fd = openSync(path, 'wx+', 0o600)
  const isNameless = process.platform === 'linux' && canReopen(fd)
  if (isNameless) {
    unlinkSync(path)
    rmSync(folder, { recursive: true, force: true })
  }
  for await (const piece of input) {
    const bytes = Buffer.from(piece)
    const written = writeSync(fd, bytes)
    assert(written === bytes.length, 'standard input was spooled whole')
  }
  return {
    path: isNameless ? `/proc/self/fd/${fd}` : path,
    remove: () => {
      closeSync(fd)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function canReopen(fd: number): boolean {
  try {
    const again = openSync(`/proc/self/fd/${fd}`, 'r')
    readSync(again, Buffer.alloc(1), 0, 1, 0)
    closeSync(again)
    return true
  } catch {
    return false
  }
}
