// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { cliFailures } from './cli-failures.ts'

/** Writes a file that a command was asked for; refuses to overwrite one that says something else, so that a repeated command does no harm. */
export function writeNewFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', flush: true })
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? cliFailures.FILE_EXISTS({ file }, { cause: error }) : error
  }
}
