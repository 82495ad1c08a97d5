// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { holdLock } from './hold-lock.ts'
import { clusterOf, folderFailure, ownerRole, prepareCluster, readCredentials, type Cluster, type Credentials } from './postgres-cluster.ts'
import { launchServer, serverPlace, type ServerPlace } from './postgres-launch.ts'
import { stopServer, stopStrayServer } from './postgres-process.ts'
import { isKnownDead, processMark } from './process-mark.ts'
import { isConnectionError } from './sql-errors.ts'
import { storeFailures } from './store-failures.ts'

/** A running server as one of its users sees it. */
export interface RunningPostgres {
  /** The folder of its socket, or the loopback address. */
  host: string
  port: number
  credentials: Credentials
  /** Gives the server back; the last user stops it. */
  release(): Promise<void>
}

interface Lease {
  place: ServerPlace
  credentials: Credentials
  client: Client
}

const lockWaitMs = 120_000
const recoveryWaitMs = 300_000
const pollMs = 20
const leaseName = 'handover lease '

/** Starts the home's own PostgreSQL, or joins the one that another process has started; refuses with the reason when it cannot serve.
 *  Every user keeps one idle connection as a lease: it ends with its process, so the number of users is right after a kill -9 too. */
export async function startPostgres(homeDir: string): Promise<RunningPostgres> {
  const cluster = clusterOf(homeDir)
  const user = new PostgresUser(cluster, await withStartLock(cluster, () => takeLease(cluster)))
  const { place, credentials } = user.lease
  return { ...place, credentials, release: () => user.release() }
}

/** One user's lease. When the server dies under it (kill -9, out of memory), the lease is taken again, which starts the server anew for all. */
class PostgresUser {
  lease: Lease
  readonly #cluster: Cluster
  #isReleased = false
  #recovery: Promise<void> = Promise.resolve()

  constructor(cluster: Cluster, lease: Lease) {
    this.#cluster = cluster
    this.lease = lease
    this.#watch()
  }

  #watch(): void {
    this.lease.client.once('end', () => {
      if (!this.#isReleased && existsSync(this.#cluster.dataFolder)) this.#recovery = this.#recover()
    })
  }

  /** What hinders the new start reaches whoever asks the database next, as DATABASE_GONE. */
  async #recover(): Promise<void> {
    try {
      this.lease = await withStartLock(this.#cluster, () => takeLease(this.#cluster))
      this.#watch()
    } catch {
      return
    }
  }

  async release(): Promise<void> {
    if (this.#isReleased) return
    this.#isReleased = true
    await this.#recovery
    if (!existsSync(this.#cluster.folder)) return
    await withStartLock(this.#cluster, async () => {
      socketOf(this.lease.client)?.ref() // or a process with nothing else to do would end before the answer
      const isLast = await isOnlyUser(this.lease.client)
      await this.lease.client.end()
      if (isLast) await stopServer(this.#cluster)
    })
  }
}

async function withStartLock<T>(cluster: Cluster, work: () => Promise<T>): Promise<T> {
  try {
    const outcome = await holdLock(cluster.lockFile, lockWaitMs, work)
    if (outcome !== undefined) return outcome.done
  } catch (error) {
    throw folderFailure(cluster.folder, error)
  }
  throw storeFailures.PG_BUSY({ folder: cluster.folder, seconds: lockWaitMs / 1000 })
}

async function takeLease(cluster: Cluster): Promise<Lease> {
  const running = await joinServer(cluster)
  if (running !== undefined) return running
  await stopStrayServer(cluster)
  const prepared = prepareCluster(cluster)
  return launchServer(prepared, async (place) => {
    const client = await connectOwner(prepared, place, prepared.credentials)
    return typeof client === 'string' ? undefined : { place, credentials: prepared.credentials, client }
  })
}

/** The lease of a server that answers, or undefined when none does. One that is starting or stopping is waited for. */
async function joinServer(cluster: Cluster): Promise<Lease | undefined> {
  const place = existsSync(join(cluster.dataFolder, 'PG_VERSION')) ? serverPlace(cluster) : undefined
  if (place === undefined) return undefined
  const credentials = readCredentials(cluster)
  for (const deadline = Date.now() + recoveryWaitMs; Date.now() < deadline; await sleep(pollMs)) {
    const client = await connectOwner(cluster, place, credentials)
    if (client === 'absent') return undefined
    if (client !== 'not yet') return { place, credentials, client }
  }
  return undefined
}

/** A connection of the owner that never keeps the process alive, or why there is none. */
async function connectOwner(cluster: Cluster, place: ServerPlace, credentials: Credentials): Promise<Client | 'absent' | 'not yet'> {
  const client = new Client({ ...place, user: ownerRole, password: credentials.ownerPassword, database: 'postgres', application_name: leaseName + processMark() })
  client.on('error', () => undefined) // 'end' follows and is watched
  try {
    await client.connect()
  } catch (error) {
    if (error instanceof DatabaseError) return notYet(error, place)
    if (isConnectionError(error)) return 'absent'
    throw error
  }
  if (!(await isServerOf(cluster, client))) {
    await client.end()
    return 'absent'
  }
  socketOf(client)?.unref()
  return client
}

/** Whether the server that answers works in this cluster's folder. A copy of a home names the place and the passwords of the home it was copied from, whose server may be running. */
async function isServerOf(cluster: Cluster, client: Client): Promise<boolean> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const folder = rows[0]?.data_directory ?? ''
  if (folder === cluster.dataFolder || !existsSync(folder)) return true // a folder that was moved under its server keeps its old name there
  const [theirs, ours] = [statSync(folder), statSync(cluster.dataFolder)]
  return theirs.dev === ours.dev && theirs.ino === ours.ino
}

function socketOf(client: Client): Socket | undefined {
  return client.connection.stream instanceof Socket ? client.connection.stream : undefined
}

function notYet(error: DatabaseError, place: ServerPlace): 'not yet' {
  const cannotConnectNow = '57P03'
  const wrongPassword = '28P01'
  if (error.code === wrongPassword) throw storeFailures.PG_PASSWORD_LOST({ folder: place.host }, { cause: error })
  if (error.code !== cannotConnectNow && error.code !== '57P01' && error.code !== '53300') throw error
  return 'not yet'
}

/** A lease of a process that was killed a moment ago may still stand in the list; its mark tells. */
async function isOnlyUser(lease: Client): Promise<boolean> {
  try {
    const text = 'SELECT application_name AS name FROM pg_stat_activity WHERE starts_with(application_name, $1) AND pid <> pg_backend_pid()'
    const others = await lease.query<{ name: string }>(text, [leaseName])
    return others.rows.every((other) => isKnownDead(other.name.slice(leaseName.length)))
  } catch {
    return false // the server is gone already; whoever starts it next stops it
  }
}
