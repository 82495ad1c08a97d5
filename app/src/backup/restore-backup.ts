// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { restoreMark } from '../home.ts'
import { Failure, type Words } from '../kit/failure.ts'
import { writeDurable } from '../ledger/index.ts'
import { loadMatters, readSigningKey } from '../matter/index.ts'
import { loadTables, type DatabasePlace } from '../store/index.ts'
import { backupFailures } from './backup-failures.ts'
import type { BackupManifest } from './backup-file.ts'
import { noteComplete } from './backups.store.ts'
import { isBackedUpName } from './home-files.ts'
import { takeNewerEvidence } from './newer-evidence.ts'
import { openContainer, openManifest, readMembers, type OpenContainer } from './read-container.ts'
import { readRecoveryKey } from './recovery-key.ts'
import { refuseUnapprovedRestore, type UnwitnessedWish } from './unwitnessed-restore.ts'

/** What to restore from, and where to. */
export interface RestoreWish {
  file: string
  /** The new home: a folder that does not exist or is empty. */
  home: string
  recoveryFile: string
  /** The keys folder of the former home or a copy of it: party keys, key-encryption key, epoch slots, log keys. */
  keys: string
  /** Folder with the key backups of the matters, when it is not `key-backup` in the keys folder. */
  keyBackup: string | null
  /** A newer `objects` folder (of the damaged home, or a copy): tombstones and log that came after the backup. */
  evidence: string | null
  /** The witnesses are gone for good: compare with our own newest checkpoint only, if two people approved it; null = wait for them. */
  witnessesGone: UnwitnessedWish | null
  settings?: DatabasePlace['settings']
  migrationsFolder?: string
  progress(label: Words, done: number, total: number | null): void
  /** Opens the restored home before it may be used otherwise: `openContext` with `isRestoring`. */
  open(home: string): Promise<Context>
}

/** One matter after the restore. */
export interface RestoredMatter {
  id: string
  code: string
  records: number
  events: number
  /** Where its keys came from: the key backup, a key store that was there, or nowhere (its values cannot be opened). */
  keys: 'backup' | 'present' | 'missing'
  comparedWith: 'witnesses' | 'own-checkpoint' | 'nobody'
}

/** A home that was restored and compared. */
export interface RestoredHome {
  home: string
  backup: string
  madeAt: string
  rows: number
  files: number
  matters: RestoredMatter[]
}

/** `restore` names this one restore: two people's word for opening without witnesses is bound to it. */
const markSchema = z.strictObject({ backup: z.string(), outerSha256: z.string(), restore: z.string().regex(/^[0-9a-f]{32}$/) })

/**
 * 从备份恢复. Restores a home into an empty folder: rows in one transaction, files, keys from their own place. The home stays closed until the tombstones were replayed against the newest witnessed list, the key store is there, the
 * books balance and the log was compared with the witnesses (CONTRACTS §§6, 10). Interrupted anywhere, the same command starts clean or goes on. Refuses a filled folder, a backup of another party, a damaged or newer one.
 */
export async function restoreBackup(wish: RestoreWish): Promise<RestoredHome> {
  const home = resolve(wish.home)
  const signing = join(wish.keys, 'party-signing.key')
  if (!existsSync(signing)) throw backupFailures.RESTORE_KEYS_MISSING({ keys: wish.keys })
  const container = await openContainer(wish.file, readSigningKey(signing).vkey)
  const identity = await readRecoveryKey(wish.recoveryFile)
  const manifest = await openManifest(container, identity, wish.recoveryFile)
  const { isResumed, restore } = claimHome(home, container)
  if (!existsSync(join(home, 'home.json'))) await loadEverything(home, { wish, container, manifest, identity, isResumed })
  if (wish.evidence !== null) takeNewerEvidence(wish.evidence, join(home, 'objects'))
  const ctx = await wish.open(home) // replays the tombstones, and refuses a list that is not the newest
  try {
    const matters = await compareMatters(ctx, wish, { container, restore })
    await noteComplete(ctx.db, ctx.tenant, { id: container.outer.backup, outerSha256: container.outerSha256, bytes: container.bytes })
    rmSync(join(home, restoreMark))
    const tables = manifest.members.filter((member) => member.kind === 'table')
    return { home, backup: container.outer.backup, madeAt: container.outer.madeAt, rows: tables.reduce((sum, table) => sum + table.rows, 0), files: manifest.members.length - tables.length, matters }
  } finally {
    await ctx.close()
  }
}

/** Puts the mark into an empty folder, or finds the mark of this very backup there; returns whether it was there, and the name of this restore. */
function claimHome(home: string, container: OpenContainer): { isResumed: boolean; restore: string } {
  const mark = join(home, restoreMark)
  const wanted = { backup: container.outer.backup, outerSha256: container.outerSha256 }
  if (existsSync(mark)) {
    const found = markSchema.safeParse(JSON.parse(readFileSync(mark, 'utf8')))
    if (found.data?.outerSha256 === wanted.outerSha256) return { isResumed: true, restore: found.data.restore }
    throw backupFailures.RESTORE_NOT_EMPTY({ home })
  }
  if (existsSync(home) && readdirSync(home).length > 0) throw backupFailures.RESTORE_NOT_EMPTY({ home })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const restore = randomBytes(16).toString('hex')
  writeDurable(mark, Buffer.from(JSON.stringify({ ...wanted, restore })), 0o600)
  return { isResumed: false, restore }
}

interface Loading {
  wish: RestoreWish
  container: OpenContainer
  manifest: BackupManifest
  identity: string
  isResumed: boolean
}

/** Keys, rows and files; `home.json` gets its name last, and says with it that all of this is there. */
async function loadEverything(home: string, loading: Loading): Promise<void> {
  const { wish, manifest } = loading
  if (resolve(wish.keys) !== join(home, 'keys')) cpSync(wish.keys, join(home, 'keys'), { recursive: true, preserveTimestamps: true })
  try {
    await loadTables(placeOf(home, loading), { history: manifest.schema, load: (into) => loadMembers(home, loading, into) })
  } catch (error) {
    const isLoaded = loading.isResumed && error instanceof Failure && error.code === 'DATABASE_NOT_EMPTY'
    if (error instanceof Failure && error.code === 'DATABASE_NEWER') throw backupFailures.BACKUP_NEWER({ file: wish.file, why: `schema ${manifest.schema.length}` }, { cause: error })
    if (!isLoaded) {
      // Somebody else's rows: this folder was never ours to fill.
      if (error instanceof Failure && error.code === 'DATABASE_NOT_EMPTY') rmSync(join(home, restoreMark))
      throw error
    }
    // The rows were committed just before the run ended; only the files may be missing.
    await loadMembers(home, loading, async (_, rows) => drained(rows))
  }
  renameSync(join(home, 'home.json.restored'), join(home, 'home.json'))
}

function placeOf(home: string, { wish, manifest }: Loading): DatabasePlace {
  return { homeDir: home, tenant: manifest.tenant, ...(wish.settings === undefined ? {} : { settings: wish.settings }), ...(wish.migrationsFolder === undefined ? {} : { migrationsFolder: wish.migrationsFolder }) }
}

async function loadMembers(home: string, loading: Loading, into: (table: { name: string; columns: readonly string[] }, rows: AsyncIterable<Uint8Array>) => Promise<number>): Promise<void> {
  const { wish, container, manifest, identity } = loading
  const total = manifest.members.reduce((sum, member) => sum + member.bytes, 0)
  const progress = (bytes: number): void => wish.progress({ zh: '恢复(字节)', en: 'restoring (bytes)' }, bytes, total)
  for await (const { member, content } of readMembers(container, manifest, { identity, progress })) {
    if (member.kind === 'file') await writeFile(home, member.name, content, container.file)
    else {
      const rows = await into(member, content)
      if (rows !== member.rows && rows !== -1) throw backupFailures.BACKUP_DAMAGED({ file: container.file, where: member.name, why: `${rows} ≠ ${member.rows}` })
    }
  }
}

/** Reads over rows that are there already, so that their digests are compared once more. */
async function drained(rows: AsyncIterable<Uint8Array>): Promise<number> {
  for await (const part of rows) void part
  return -1
}

async function writeFile(home: string, name: string, content: AsyncIterable<Uint8Array>, backupFile: string): Promise<void> {
  // The list is signed by this party; its names still never lead out of the home.
  if (!isBackedUpName(name)) throw backupFailures.BACKUP_DAMAGED({ file: backupFile, where: 'file', why: 'name' })
  const path = join(home, name === 'home.json' ? 'home.json.restored' : name)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'w', 0o600)
  try {
    for await (const part of content) for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function compareMatters(ctx: Context, wish: RestoreWish, { container, restore }: { container: OpenContainer; restore: string }): Promise<RestoredMatter[]> {
  const matters: RestoredMatter[] = []
  for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
    const keys = await bringKeys(ctx, matter.id, join(wish.keyBackup ?? join(ctx.home.paths.keys, 'key-backup'), matter.id))
    const head = matter.keepsBooks ? await ctx.ledger.newestHead(matter.id) : null
    const confirmed = head === null ? null : await ctx.ledger.confirmHead(matter.id)
    const isUnwitnessed = confirmed !== null && !confirmed.isQuorum
    if (isUnwitnessed && wish.witnessesGone === null) throw backupFailures.RESTORE_UNWITNESSED({ matter: matter.code, reasons: confirmed.missing.join('; ') })
    const check = await ctx.ledger.verifyBooks(matter.id)
    if (!check.balanced) throw backupFailures.RESTORE_BOOKS({ matter: matter.code, problems: check.problems.length })
    // Last: whoever approved it, nothing else may be wrong with what is opened.
    if (isUnwitnessed && head !== null && wish.witnessesGone !== null) await refuseUnapprovedRestore(ctx, { matter, size: head.databaseSize, backup: container.outer.backup, outerSha256: container.outerSha256, restore }, wish.witnessesGone)
    matters.push({ id: matter.id, code: matter.code, records: check.records, events: check.events, keys, comparedWith: confirmed === null || (confirmed.isQuorum && confirmed.confirmedBy.length === 0) ? 'nobody' : confirmed.isQuorum ? 'witnesses' : 'own-checkpoint' })
  }
  return matters
}

/** The key store is never in a data backup: it is there still (a cluster of its own), or comes back from its own backup. */
async function bringKeys(ctx: Context, matterId: string, folder: string): Promise<RestoredMatter['keys']> {
  if ((await ctx.vault.epochs(matterId)).length > 0) return 'present'
  if (!existsSync(folder)) return 'missing'
  await ctx.vault.restoreKeyBackup(matterId, folder)
  return 'backup'
}
