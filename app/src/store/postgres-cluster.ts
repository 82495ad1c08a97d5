// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { handTo, idsOf, postgresAccount, type PostgresAccount } from './postgres-account.ts'
import { bundledPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { storeFailures } from './store-failures.ts'

/** The owner of the cluster: makes databases and runs migrations; never serves a command. */
export const ownerRole = 'handover_owner'

/** The role of every command: bound by row-level security, owner of nothing. */
export const appRole = 'handover_app'

const credentialsFile = z.strictObject({ ownerPassword: z.string().min(32), appPassword: z.string().min(32) })

/** The generated passwords of a cluster. */
export type Credentials = z.infer<typeof credentialsFile>

/** A party's own PostgreSQL: its folder, programs, account and passwords. */
export interface Cluster {
  /** `<home>/pg`, with every link resolved */
  folder: string
  /** `<home>/pg/data` */
  dataFolder: string
  logFile: string
  lockFile: string
  binaries: PostgresBinaries
}

/** A cluster that is ready to be started. */
export interface PreparedCluster extends Cluster {
  account: PostgresAccount
  credentials: Credentials
}

const socketPathBytesMax = 107
const socketNameBytes = '/.s.PGSQL.5432.lock'.length

/** The paths of a home's cluster; makes the private folder. Refuses a folder that may not be written. */
export function clusterOf(homeDir: string): Cluster {
  const wanted = join(homeDir, 'pg')
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 })
    chmodSync(wanted, 0o700)
  } catch (error) {
    throw folderFailure(wanted, error)
  }
  const folder = realpathSync(wanted)
  return { folder, dataFolder: join(folder, 'data'), logFile: join(folder, 'server.log'), lockFile: join(folder, 'start.lock'), binaries: bundledPostgres() }
}

/** What a file error of the folder means for the user; any other error passes unchanged. */
export function folderFailure(folder: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT' || (code === 'ERR_SQLITE_ERROR' && isNearlyFull(folder))) return storeFailures.PG_DISK_FULL({ folder }, { cause: error })
  // SQLite's own code stands for a lock file that cannot be opened.
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ELOOP|ENAMETOOLONG|ERR_SQLITE_ERROR)$/.test(code)) return storeFailures.PG_FOLDER_DENIED({ folder, why: code }, { cause: error })
  return error instanceof Error ? error : new Error('unknown file error')
}

/** Makes the cluster at the first start, else checks version and passwords; the caller holds the start lock and no server runs. */
export function prepareCluster(cluster: Cluster): PreparedCluster {
  const account = postgresAccount(cluster.folder, cluster.binaries.postgres)
  const isNew = !existsSync(join(cluster.dataFolder, 'PG_VERSION'))
  if (isNew && existsSync(cluster.dataFolder)) throw storeFailures.PG_DAMAGED({ folder: cluster.dataFolder, why: 'PG_VERSION' })
  const credentials = isNew ? makeCredentials(cluster) : readCredentials(cluster)
  const prepared = { ...cluster, account, credentials }
  if (isNew) initialise(prepared)
  refuseOtherVersion(cluster)
  handTo(account, cluster.dataFolder)
  return prepared
}

function refuseOtherVersion(cluster: Cluster): void {
  const found = readFileSync(join(cluster.dataFolder, 'PG_VERSION'), 'utf8').trim()
  if (found !== String(cluster.binaries.major)) {
    throw storeFailures.PG_WRONG_VERSION({ folder: cluster.dataFolder, found: found.slice(0, 10), expected: cluster.binaries.major })
  }
}

/** Reads the passwords that were generated with the cluster; refuses when they are missing or damaged. */
export function readCredentials(cluster: Cluster): Credentials {
  try {
    return credentialsFile.parse(JSON.parse(readFileSync(join(cluster.folder, 'credentials.json'), 'utf8')))
  } catch (error) {
    throw storeFailures.PG_PASSWORD_LOST({ folder: cluster.folder }, { cause: error })
  }
}

function makeCredentials(cluster: Cluster): Credentials {
  const [ownerPassword, appPassword] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
  const credentials = { ownerPassword, appPassword }
  writePrivately(join(cluster.folder, 'credentials.json'), JSON.stringify(credentials))
  return credentials
}

function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** Runs initdb beside the final place and renames: a crash leaves no half-made cluster behind. */
function initialise(cluster: PreparedCluster): void {
  const fresh = join(cluster.folder, 'data.new')
  const passwordFile = join(cluster.folder, 'initdb-password')
  try {
    rmSync(fresh, { recursive: true, force: true })
    writePrivately(passwordFile, cluster.credentials.ownerPassword)
    handTo(cluster.account, passwordFile)
    const args = ['-D', fresh, '-U', ownerRole, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=zh-CN', '--data-checksums']
    const command = cluster.account.command(cluster.binaries.initdb, args)
    const done = spawnSync(command.file, command.args, { encoding: 'utf8', env: serverEnvironment(), cwd: cluster.folder, ...idsOf(command) })
    if (done.status !== 0) throw initFailure(cluster, `${done.stderr}${done.error?.message ?? ''}`)
    renameSync(fresh, cluster.dataFolder)
  } catch (error) {
    throw folderFailure(cluster.folder, error)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function initFailure(cluster: Cluster, output: string): Error {
  if (/No space left|Disk quota/.test(output) || isNearlyFull(cluster.folder)) return storeFailures.PG_DISK_FULL({ folder: cluster.folder })
  if (/Permission denied|Read-only/.test(output)) return storeFailures.PG_FOLDER_DENIED({ folder: cluster.folder, why: 'initdb' })
  const why = output.trim().split('\n').find((line) => line.includes('error:')) ?? output.trim().slice(-200)
  return storeFailures.PG_NO_START({ folder: cluster.folder, why: why.slice(0, 300), log: 'initdb' })
}

const roomToStartBytes = 64 * 1024 * 1024

/** Whether the disk has too little room left for a server to start: its own last words do not always say so (a failed abort panics). */
export function isNearlyFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < roomToStartBytes
}

/** The environment of the server's programs: nothing of the caller's that could steer them. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }) }
}

/** The private folder of the server's socket: in the home, or below /tmp when the home's path is too long for a socket address (107 bytes). */
export function socketFolder(cluster: PreparedCluster): string {
  const inHome = join(cluster.folder, 'socket')
  const isShort = Buffer.byteLength(inHome) + socketNameBytes <= socketPathBytesMax
  const folder = isShort ? inHome : join('/tmp', `handover-${createHash('sha256').update(cluster.folder).digest('hex').slice(0, 24)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder)
  // /tmp is everybody's: a folder that somebody else has put there under our name would let them play our database.
  const isOurs = stat.isDirectory() && (stat.uid === process.getuid?.() || stat.uid === cluster.account.ownerId) && (stat.mode & 0o077) === 0
  if (!isOurs) throw storeFailures.PG_FOLDER_DENIED({ folder, why: 'EOWNER' })
  handTo(cluster.account, folder)
  return folder
}
