// SPDX-License-Identifier: Apache-2.0
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { namingFile } from '../ledger/index.ts'
import { cliFailures } from './cli-failures.ts'

/** Writes a file that a command was asked for, whole or not at all, so that a command that was killed can be run again; refuses to overwrite another content, the same content again is fine. */
export function writeNewFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.new`
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flush: true })
    linkSync(unfinished, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw namingFile(error, file)
    if (readFileSync(file, 'utf8') !== text) throw cliFailures.FILE_EXISTS({ file }, { cause: error })
  } finally {
    rmSync(unfinished, { force: true })
  }
}
