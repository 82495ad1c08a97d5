// SPDX-License-Identifier: Apache-2.0
import type { Stats } from 'node:fs'
import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { notReadReasons } from './not-read-reasons.ts'
import type { WhyNotRead } from './source-events.ts'
import { usualLimits } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** One file below a folder: its full path, its place in the folder, its size, and why it is not read, if so. */
export interface ListedFile {
  path: string
  place: string
  bytes: number
  why: WhyNotRead | null
}

/** What stands at a path. Refuses what does not exist. */
export function statOf(full: string, shown: string): Stats {
  try {
    return statSync(full)
  } catch (error) {
    throw sourceFailures.SOURCE_NOT_FOUND({ where: shown }, { cause: error })
  }
}

/** All files below a folder in a fixed order; links, pipes, lock files and what cannot be opened carry their reason. Refuses more files than the limit. */
export function listFiles(folder: string, shown: string = folder, limit: number = usualLimits.filesMax): ListedFile[] {
  const root = resolve(folder)
  const found: ListedFile[] = []
  const add = (path: string, bytes: number, why: WhyNotRead | null): void => void found.push({ path, place: relative(root, path), bytes, why })
  const visit = (at: string): void => {
    const names = namesIn(at)
    if (names === null) add(at, 0, notReadReasons.unreadable)
    for (const name of names ?? []) {
      const path = join(at, name)
      const stat = statOrNull(path)
      if (stat === null) add(path, 0, notReadReasons.unreadable) // its name is no UTF-8, or its path too long
      else if (stat.isDirectory()) visit(path)
      else if (isOfDatabase(path)) continue // read with its database
      else add(path, stat.size, stat.isSymbolicLink() ? notReadReasons.symbolicLink : !stat.isFile() ? notReadReasons.notAFile : name.startsWith('~$') ? notReadReasons.lockFile : null)
      if (found.length > limit) throw sourceFailures.TOO_MANY_FILES({ where: shown, limit })
    }
  }
  visit(root)
  return found
}

function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder).sort()
  } catch {
    return null
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}

/** Logs and shared memory of a SQLite file; what is only named like one is read for itself. */
function isOfDatabase(path: string): boolean {
  const database = path.replace(/-(wal|shm|journal)$/, '')
  if (database === path || statOrNull(database)?.isFile() !== true) return false
  try {
    const fd = openSync(database, constants.O_RDONLY | constants.O_NONBLOCK)
    const head = Buffer.alloc(15)
    readSync(fd, head, 0, 15, 0)
    closeSync(fd)
    return head.toString('latin1') === 'SQLite format 3'
  } catch {
    return false
  }
}
