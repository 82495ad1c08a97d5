// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isStopped } from './armed-party.ts'

/** All processes of a home: those that name it on their command line, and the database server's, which work in its data folder. */
export function processesOf(home: string): number[] {
  const dataFolder = join(home, 'pg', 'data')
  return readdirSync('/proc').map(Number).filter((pid) => pid > 1 && pid !== process.pid && (argumentsOf(pid).includes(home) || workingFolder(pid) === dataFolder))
}

/** Stops them all where they are, runs the work, and lets them go on. */
export async function whileFrozen<T>(home: string, work: () => T): Promise<T> {
  const frozen = new Set<number>()
  try {
    // A process that was starting while the first ones were stopped is found in the next round.
    for (let round = 0; round < 5; round += 1) {
      const fresh = processesOf(home).filter((pid) => !frozen.has(pid))
      if (fresh.length === 0 && round > 0) break
      for (const pid of fresh) {
        frozen.add(pid)
        signal(pid, 'SIGSTOP')
      }
      await Promise.all(fresh.map(untilStopped))
    }
    return work()
  } finally {
    for (const pid of frozen) signal(pid, 'SIGCONT')
  }
}

async function untilStopped(pid: number): Promise<void> {
  for (let tries = 0; tries < 200 && !isStopped(pid) && argumentsOf(pid).length > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 5))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter((word) => word !== '')
  } catch {
    return []
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}
