// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { inNamedFile } from '../../ledger/index.ts'

/** Gives a file another name only if nobody has it, durably; false when somebody has. A link refuses what a rename would overwrite. */
export function renameNew(from: string, to: string): boolean {
  try {
    linkSync(from, to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error
    // A memory stick without links: two writers of one name at the same moment are not told apart there.
    if (existsSync(to)) return false
    renameSync(from, to)
  }
  rmSync(from, { force: true })
  if (process.platform === 'win32') return true // folders cannot be opened there; NTFS journals the rename
  inNamedFile(to, () => {
    const folder = openSync(dirname(to), 'r')
    fsyncSync(folder)
    closeSync(folder)
  })
  return true
}
