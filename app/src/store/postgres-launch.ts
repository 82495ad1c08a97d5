// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { folderFailure, isNearlyFull, serverEnvironment, socketFolder, type Cluster, type PreparedCluster } from './postgres-cluster.ts'
import { idsOf } from './postgres-account.ts'
import { stopServer } from './postgres-process.ts'
import { storeFailures } from './store-failures.ts'

const placeFile = z.strictObject({ host: z.string().min(1), port: z.int().positive() })

/** Where a server listens: the folder of its socket, or the loopback address, and its port. */
export type ServerPlace = z.infer<typeof placeFile>

const socketPort = 5432
const loopback = '127.0.0.1'
const startWaitMs = 300_000
const pollMs = 15
const logBytesMax = 10_000_000
const logTailBytes = 20_000

/** Small-machine settings. Durability is never traded, and nothing that a statement carries may reach the log. */
const settings: Readonly<Record<string, string>> = {
  shared_buffers: '128MB', max_connections: '40', work_mem: '16MB', maintenance_work_mem: '128MB',
  // Blind indexes arrive in random order: with rare checkpoints and packed page images a million of them cost a fraction of the log.
  max_wal_size: '2GB', checkpoint_timeout: '15min', wal_compression: 'on',
  // Tables grow from nothing to a million rows within minutes; until they are counted the planner takes them for empty.
  autovacuum_naptime: '15s',
  jit: 'off', max_parallel_workers_per_gather: '1', timezone: 'UTC', log_timezone: 'UTC',
  fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on',
  // Lines of level ERROR and WARNING quote values; DETAIL quotes rows and statements.
  log_min_messages: 'log', log_error_verbosity: 'terse', log_min_error_statement: 'panic', log_statement: 'none',
  log_min_duration_statement: '-1', log_parameter_max_length: '0', log_parameter_max_length_on_error: '0',
  log_destination: 'stderr', logging_collector: 'off', log_checkpoints: 'off',
  unix_socket_permissions: '0700', password_encryption: 'scram-sha-256',
}

/** Where the cluster's server was last told to listen, or undefined before the first start. */
export function serverPlace(cluster: Cluster): ServerPlace | undefined {
  const file = join(cluster.folder, 'server.json')
  if (!existsSync(file)) return undefined
  try {
    return placeFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined // half written at a crash: a server that listens at an unknown place is stopped as a stray
  }
}

/** Starts the server apart from this process, which may die without it, and waits until it accepts (probe); refuses with the reason of its log. */
export async function launchServer<T>(cluster: PreparedCluster, probe: (place: ServerPlace) => Promise<T | undefined>): Promise<T> {
  if (process.platform === 'win32') return launchAt(cluster, await loopbackPlace(), probe)
  try {
    return await launchAt(cluster, { host: socketFolder(cluster), port: socketPort }, probe)
  } catch (error) {
    // Some mounted folders cannot hold sockets (WSL's /mnt, some container volumes).
    if (!(error instanceof NoSocket)) throw error
    return launchAt(cluster, await loopbackPlace(), probe)
  }
}

class NoSocket extends Error {}

async function launchAt<T>(cluster: PreparedCluster, place: ServerPlace, probe: (place: ServerPlace) => Promise<T | undefined>): Promise<T> {
  writePlace(cluster, place)
  removeStaleSocket(place)
  const logStart = logBytes(cluster)
  const server = spawnServer(cluster, place, logStart > logBytesMax ? 'w' : 'a')
  const seen = { ended: false, error: '' }
  server.on('exit', () => (seen.ended = true))
  server.on('error', (error) => Object.assign(seen, { ended: true, error: error.message }))
  try {
    for (const deadline = Date.now() + startWaitMs; Date.now() < deadline && !seen.ended; await sleep(pollMs)) {
      const answer = await probe(place)
      if (answer !== undefined) return answer
    }
  } catch (error) {
    await stopServer(cluster) // it runs, but not for us (e.g. other passwords): leave nothing behind
    throw error
  }
  await stopServer(cluster)
  const log = `${seen.error}\n${logSince(cluster, logStart > logBytesMax ? 0 : logStart)}`
  const failure = startFailure(cluster, log)
  throw failure instanceof NoSocket || !isNearlyFull(cluster.folder) ? failure : storeFailures.PG_DISK_FULL({ folder: cluster.folder }, { cause: failure })
}

function spawnServer(cluster: PreparedCluster, place: ServerPlace, logFlag: 'a' | 'w'): ChildProcess {
  const network = place.host === loopback ? { listen_addresses: loopback, unix_socket_directories: '' } : { listen_addresses: '', unix_socket_directories: place.host }
  const options = Object.entries({ ...settings, ...network, port: String(place.port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = cluster.account.command(cluster.binaries.postgres, ['-D', cluster.dataFolder, ...options])
  const log = openSync(cluster.logFile, logFlag, 0o600)
  try {
    const child = spawn(command.file, command.args, {
      detached: true, stdio: ['ignore', log, log], env: serverEnvironment(), cwd: cluster.folder, windowsHide: true, ...idsOf(command),
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** Before the launch: a process that is killed right after it leaves a server that the next one finds. */
function writePlace(cluster: Cluster, place: ServerPlace): void {
  const file = join(cluster.folder, 'server.json')
  try {
    writeFileSync(`${file}.new`, JSON.stringify(place), { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw folderFailure(cluster.folder, error)
  }
}

/** The socket's lock names a process by its number, which may be a stranger's or a dead one that nobody reaps; the folder is ours alone and nothing answered in it. */
function removeStaleSocket(place: ServerPlace): void {
  if (place.host === loopback) return
  for (const ending of ['', '.lock']) rmSync(join(place.host, `.s.PGSQL.${place.port}${ending}`), { force: true })
}

async function loopbackPlace(): Promise<ServerPlace> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, loopback, resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return { host: loopback, port: typeof address === 'object' && address !== null ? address.port : socketPort }
}

function logBytes(cluster: Cluster): number {
  return existsSync(cluster.logFile) ? statSync(cluster.logFile).size : 0
}

function logSince(cluster: Cluster, start: number): string {
  return readFileSync(cluster.logFile).subarray(start).subarray(-logTailBytes).toString('utf8')
}

/** What the server's last words mean for the user. */
export function startFailure(cluster: Pick<Cluster, 'folder' | 'logFile'>, log: string): Error {
  const { folder, logFile } = cluster
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|error/i.test(line))
  const why = (lines[0] ?? log.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC):\s*/, '').slice(0, 300)
  if (/could not create any Unix-domain sockets|could not (bind|set permissions|lock file).*(socket|Unix)/i.test(log)) return new NoSocket(why)
  if (/No space left on device|Disk quota exceeded/.test(log)) return storeFailures.PG_DISK_FULL({ folder })
  if (/Permission denied|Read-only file system|has wrong ownership|Operation not permitted/.test(why)) return storeFailures.PG_FOLDER_DENIED({ folder, why })
  if (/checkpoint record|PANIC|invalid (page|magic|data)|could not (open|read) file|incorrect checksum|is not a valid data|control file/i.test(log)) {
    return storeFailures.PG_DAMAGED({ folder, why })
  }
  return storeFailures.PG_NO_START({ folder, why: why === '' ? 'timeout' : why, log: logFile })
}
