// SPDX-License-Identifier: Apache-2.0
// Snapshots of everything that a backup, a thief or a restore could hold: both databases, key files with slots and key backup, objects with log and tombstones.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openDatabases, type Databases } from '../app/src/store/index.ts'
import type { DatabaseServers } from '../app/src/store/database-servers.ts'
import { copyDatabase, stealCipher, stealKeys, type StolenCipher, type StolenKeys } from './restore-matrix.store.ts'
import type { StolenSlots } from './restore-matrix-thief.ts'

/** What a certificate said at the moment of a snapshot. */
export type CertificateState = 'none' | 'pending' | 'final'

/** Everything at one moment: database copies by name, files in a folder, and what a thief takes from them. */
export interface Snapshot {
  name: string
  at: number
  certificate: CertificateState
  main: string
  keys: string
  folder: string
  loot: { cipher: StolenCipher[]; keys: StolenKeys; slots: StolenSlots; keyBackup: StolenKeys }
}

/** The home that is snapped. */
export interface SnappedHome {
  path: string
  tenant: string
  matterId: string
  servers: DatabaseServers
  scratch: string
}

/** Copies everything; nobody else may be connected. */
export async function takeSnapshot(home: SnappedHome, given: { name: string; at: number; certificate: CertificateState }): Promise<Snapshot> {
  const databases = await openDatabases({ homeDir: home.path, tenant: home.tenant })
  const cipher = await stealCipher(databases.main, home.matterId)
  const keyRows = await stealKeys(databases.keys, home.matterId)
  await databases.close()
  const folder = join(home.scratch, `snapshot-${given.at}`)
  mkdirSync(folder, { recursive: true })
  for (const part of ['home.json', 'keys', 'objects']) cpSync(join(home.path, part), join(folder, part), { recursive: true })
  const { owner } = home.servers.main
  await copyDatabase(owner, home.servers.main.name, `s${given.at}_main`)
  await copyDatabase(owner, home.servers.keys.name, `s${given.at}_keys`)
  const loot = { cipher, keys: keyRows, slots: slotsIn(folder, home.matterId), keyBackup: keyBackupIn(folder, home.matterId) }
  return { ...given, main: `s${given.at}_main`, keys: `s${given.at}_keys`, folder, loot }
}

const kekFile = z.looseObject({ key: z.string() })
const slotFile = z.looseObject({ epoch: z.int(), wrapped: z.string() })

function slotsIn(folder: string, matterId: string): StolenSlots {
  const base = join(folder, 'keys', 'epoch-slots', matterId)
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wrapped'))
  const wrapped = files.map((name) => slotFile.parse(JSON.parse(readFileSync(join(base, name), 'utf8')))).map(({ epoch, wrapped: bytes }) => ({ epoch, bytes: Buffer.from(bytes, 'base64') }))
  return { kek: Buffer.from(kekFile.parse(JSON.parse(readFileSync(join(folder, 'keys', 'kek.key'), 'utf8'))).key, 'base64'), wrapped }
}

const backupList = z.looseObject({ directories: z.array(z.object({ dir: z.int(), epoch: z.int(), wrapped: z.string() })) })

/** All lists and page files in the key backup, old ones too if they were there. */
function keyBackupIn(folder: string, matterId: string): StolenKeys {
  const base = join(folder, 'keys', 'key-backup', matterId)
  const names = existsSync(base) ? readdirSync(base) : []
  const directories = names.filter((name) => name.endsWith('.json')).flatMap((name) => backupList.parse(JSON.parse(readFileSync(join(base, name), 'utf8'))).directories)
  const pages = names.filter((name) => name.endsWith('.bin')).flatMap((name) => pagesIn(readFileSync(join(base, name))))
  return { directories: directories.map((row) => ({ ...row, wrapped: Buffer.from(row.wrapped, 'base64') })), pages }
}

function pagesIn(bytes: Buffer): StolenKeys['pages'] {
  const pages: StolenKeys['pages'] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at + 8)
    pages.push({ page: bytes.readUInt32BE(at), version: bytes.readUInt32BE(at + 4), wrapped: bytes.subarray(at + 12, end) })
    at = end
  }
  return pages
}

/** Opens copies of two databases, bound to the tenant as the app would be. */
export async function openCopies(home: SnappedHome, names: { main: string; keys: string }): Promise<Databases> {
  const url = (name: string): string => {
    const { host, port, user, password } = home.servers.main.owner(name)
    if (typeof password !== 'string') throw new Error('the embedded server has a password')
    return `postgresql://${user ?? ''}:${encodeURIComponent(password)}@localhost:${port ?? 5432}/${name}?host=${encodeURIComponent(host ?? '')}`
  }
  return openDatabases({ homeDir: home.path, tenant: home.tenant, settings: { DATABASE_URL: url(names.main), KEYSTORE_URL: url(names.keys) } })
}
