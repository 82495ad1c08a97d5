// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './postgres-cluster.ts'

const pollMs = 10
const fastStopMs = 60_000
const orphanWaitMs = 10_000

/** Stops the server that serves this cluster: fast (open transactions roll back), and after a minute at once, which the next start repairs from the log. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const postmaster = postmasterOf(cluster)
  if (postmaster === undefined) return
  signalPostmaster(cluster, postmaster, 'SIGINT')
  if (await isStoppedWithin(cluster, fastStopMs)) return
  signalPostmaster(cluster, postmaster, 'SIGQUIT')
  await isStoppedWithin(cluster, fastStopMs)
}

/** Clears the way for a start when nothing answers: a server without its socket is stopped, orphans of a killed one are waited for, and a
 *  postmaster.pid whose number now belongs to a stranger is removed (PostgreSQL itself would refuse to start because of it). */
export async function stopStrayServer(cluster: Cluster): Promise<void> {
  if (postmasterOf(cluster) !== undefined) await stopServer(cluster)
  const deadline = Date.now() + orphanWaitMs
  while (processesIn(cluster).length > 0 && Date.now() < deadline) await sleep(pollMs)
  const named = namedPostmaster(cluster)
  if (named !== undefined && isAlive(named) && postmasterOf(cluster) === undefined) rmSync(pidFile(cluster), { force: true })
}

/** The process id of the living postmaster of this cluster, never that of a stranger with a used-again number. */
function postmasterOf(cluster: Cluster): number | undefined {
  const named = namedPostmaster(cluster)
  if (named === undefined || !isAlive(named)) return undefined
  return process.platform !== 'linux' || processesIn(cluster).includes(named) ? named : undefined
}

function namedPostmaster(cluster: Cluster): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile(cluster), 'utf8'), 10)
    return pid > 1 ? pid : undefined
  } catch {
    return undefined // it takes the file away when it stops
  }
}

function pidFile(cluster: Cluster): string {
  return join(cluster.dataFolder, 'postmaster.pid')
}

/** All processes that work inside the data folder (Linux; elsewhere nothing is known): the postmaster and its backends have it as working directory. */
function processesIn(cluster: Cluster): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').map(Number).filter((pid) => pid > 1 && workingFolder(pid) === cluster.dataFolder)
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // it has ended, or is somebody else's
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function signalPostmaster(cluster: Cluster, pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  if (process.platform === 'win32') {
    spawnSync(cluster.binaries.pgCtl, ['stop', '-D', cluster.dataFolder, '-m', signal === 'SIGINT' ? 'fast' : 'immediate'], { stdio: 'ignore' })
  } else if (isAlive(pid)) process.kill(pid, signal)
}

/** A stopped server has taken its pid file away; a process that nobody reaps (a container without init) would still look alive. */
async function isStoppedWithin(cluster: Cluster, waitMs: number): Promise<boolean> {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await sleep(pollMs)) {
    if (!existsSync(pidFile(cluster)) || postmasterOf(cluster) === undefined) return true
  }
  return false
}
