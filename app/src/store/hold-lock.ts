// SPDX-License-Identifier: Apache-2.0
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const sqliteBusy = 5
const pollMs = 20

/** Runs the work while no other process on this machine holds the lock of this file; undefined when it stays taken for so long.
 *  The kernel drops the lock with its process, so a kill -9 leaves nothing stale (SQLite's exclusive file lock; nothing is written). */
export async function holdLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<{ done: T } | undefined> {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    if (!(await isTaken(lock, Date.now() + waitMs))) return undefined
    return { done: await work() }
  } finally {
    lock.close()
  }
}

async function isTaken(lock: DatabaseSync, deadline: number): Promise<boolean> {
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return true
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy)) throw error
      if (Date.now() >= deadline) return false
      await sleep(pollMs)
    }
  }
}
