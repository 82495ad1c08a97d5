// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { envelopeText, ID_PREFIX, signStatement, statement } from '@handover/proof'
import type { Context } from '../context.ts'
import { Failure, type Words } from '../kit/failure.ts'
import { idText } from '../kit/ids.ts'
import { addDays, dayInChina, instantOf, type Instant } from '../kit/time.ts'
import { loadMatters, ownParty, type Matter } from '../matter/index.ts'
import type { Tx } from '../store/index.ts'
import { backupFailures } from './backup-failures.ts'
import { allBackups, insertBackup, insertBackupCopy, lockBackup, moveBackup, noteComplete, type Backup } from './backups.store.ts'
import { backedUpFiles, readFileOf } from './home-files.ts'
import { openContainer } from './read-container.ts'
import { knownRecipients, makeRecoveryKey } from './recovery-key.ts'
import { copyOutTable, countCipheredRecords, estimatedBytes, logHeads, schemaHistory, tablesOf } from './snapshot.store.ts'
import { unfinishedName, writeContainer, type MemberSource } from './write-container.ts'

/** What a backup is made with. */
export interface BackupWish {
  file: string
  /** Further age recipients beside the home's own recovery keys. */
  to: readonly string[]
  /** Make a recovery key and write it here. */
  newRecovery: string | null
  /** When the backup must be gone; the matter's own limit for left-over copies unless given. */
  expires: Instant | null
  /** The program's version, for the content list. */
  program: string
  /** Plain bytes of a segment; for tests. */
  segmentBytes?: number
}

/** A backup that is whole. */
export interface CreatedBackup {
  backup: Backup
  file: string
  tables: number
  rows: number
  files: number
  /** The log could not be published before; the witnesses then know less than the backup. */
  unpublished: Words[]
}

/** Label under which the place of a backup's file is kept, encrypted. */
export const backupPlaceLabel = 'backup-place'

/**
 * 制作数据备份. Writes everything that was acknowledged before into one encrypted file (CONTRACTS §10; SECURITY P05): all tables from one snapshot, log, tombstones and other files, never a key. The copies book knows it before the
 * first byte is written; the log is published before, so that the newest backup is as new as the witnesses. When it is stopped, no file stays and its line ends; killed, the next backup ends it. Refuses to overwrite.
 */
export async function createBackup(ctx: Context, wish: BackupWish): Promise<CreatedBackup> {
  const file = resolve(wish.file)
  if (existsSync(file)) throw backupFailures.BACKUP_EXISTS({ file })
  await settleUnfinished(ctx)
  if (wish.newRecovery !== null) await makeRecoveryKey(ctx.home, wish.newRecovery)
  const recipients = [...new Set([...knownRecipients(ctx.home), ...wish.to])]
  if (recipients.length === 0) throw backupFailures.BACKUP_NO_RECIPIENT()
  const matters = (await loadMatters(ctx.db, ctx.tenant)).filter((matter) => matter.keepsBooks && matter.status === 'open')
  const backup = await announce(ctx, { ...wish, file, recipients, matters })
  const unpublished = await publishAll(ctx, matters)
  try {
    const written = await ctx.db.transaction(
      async (tx) => writeContainer(file, {
        outer: { format: 'handover-backup/v1', backup: backup.id, party: ctx.signer.vkey.text, madeAt: backup.madeAt, recipients },
        manifest: { format: 'handover-backup/v1', backup: backup.id, tenant: ctx.tenant, madeAt: backup.madeAt, program: wish.program, schema: await schemaHistory(tx), matters: await logHeads(tx, ctx.tenant) },
        members: membersOf(ctx, tx), signer: ctx.signer.noteSigner, progress: await progressOf(ctx, tx), ...(wish.segmentBytes === undefined ? {} : { segmentBytes: wish.segmentBytes }),
      }),
      { isolation: 'repeatable read', readOnly: true },
    )
    await noteComplete(ctx.db, ctx.tenant, { id: backup.id, outerSha256: written.outerSha256, bytes: written.bytes })
    // Keys were there before their ciphertext, so a key backup that is made after the rows were read holds all that these rows need.
    for (const matter of matters) if ((await ctx.vault.epochs(matter.id)).length > 0) await ctx.vault.backUpKeys(matter.id)
    const tables = written.members.filter((member) => member.kind === 'table')
    return {
      backup: { ...backup, status: 'complete', outerSha256: written.outerSha256, bytes: written.bytes }, file, unpublished,
      tables: tables.length, rows: tables.reduce((sum, table) => sum + table.rows, 0), files: written.members.length - tables.length,
    }
  } catch (error) {
    await abandon(ctx, backup)
    throw error
  }
}

/** Ends what a killed run left: its unfinished file, and its line in the copies books; one that had become whole is completed. */
export async function settleUnfinished(ctx: Context): Promise<void> {
  for (const backup of (await allBackups(ctx.db, ctx.tenant)).filter((each) => each.status === 'writing')) {
    const place = await placeOf(ctx, backup)
    const whole = place === null || !existsSync(place) ? null : await openContainer(place, ctx.signer.vkey).catch(() => null)
    if (whole !== null && whole.outer.backup === backup.id) await noteComplete(ctx.db, ctx.tenant, { id: backup.id, outerSha256: whole.outerSha256, bytes: whole.bytes })
    else {
      if (place !== null) rmSync(unfinishedName(place), { force: true })
      await abandon(ctx, backup)
    }
  }
}

/** Where the file of a backup was put; null when no matter kept its label. */
export async function placeOf(ctx: Context, backup: Backup): Promise<string | null> {
  const [first] = backup.copies
  return first === undefined ? null : ctx.vault.openLabel(first.matterId, backup.id, backupPlaceLabel)
}

/** The books know of a copy before it exists: in each open matter whose books we keep, a line and an event. */
async function announce(ctx: Context, plan: BackupWish & { recipients: string[]; matters: readonly Matter[] }): Promise<Backup> {
  const id = idText('bck', ctx.ids.bytes('bck'))
  const madeAt = ctx.now()
  const residualDays = Math.min(30, ...plan.matters.map((matter) => matter.settings.residual_copy_days))
  const expires = plan.expires ?? instantOf(`${addDays(dayInChina(madeAt), residualDays)}T23:59:59+08:00`)
  const recordsByMatter = new Map<string, number>()
  for (const matter of plan.matters) recordsByMatter.set(matter.id, await countCipheredRecords(ctx.db, ctx.tenant, matter.id))
  const records = [...recordsByMatter.values()].reduce((sum, count) => sum + count, 0)
  await ctx.db.transaction(async (tx) => {
    await insertBackup(tx, ctx.tenant, { id, madeAt, expires, recipients: plan.recipients, records })
    for (const [at, matter] of plan.matters.entries()) {
      const values = (await ctx.ledger.mainBook(matter.id, tx)).reduce((sum, line) => sum + line.discovered - line.destroyed, 0)
      const { copy } = await ctx.ledger.openCopy(tx, matter.id, { kind: 'backup', holder: ownParty(matter).id, dataSetId: null, sourceId: null, values }, `backup/${id}/copy`)
      await ctx.ledger.append(tx, matter.id, { type: 'BackupCreated', body: { backup: id, records: recordsByMatter.get(matter.id) ?? 0, expires } }, `backup/${id}`)
      await insertBackupCopy(tx, ctx.tenant, { backup: id, matterId: matter.id, copy })
      if (at === 0) await ctx.vault.sealLabel(matter.id, id, backupPlaceLabel, plan.file, tx)
    }
  })
  return ctx.db.transaction(async (tx) => {
    const backup = await lockBackup(tx, ctx.tenant, id)
    if (backup === undefined) throw new Error('assertion failed: the backup was announced')
    return backup
  })
}

/** Without witnesses, or with silent ones, the backup is made all the same: it then stands on the newest checkpoint that there is. */
async function publishAll(ctx: Context, matters: readonly Matter[]): Promise<Words[]> {
  const said: Words[] = []
  for (const matter of matters) {
    if ((await ctx.ledger.policy(matter.id)) === null) continue
    await ctx.ledger.publish(matter.id).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'QUORUM_NOT_REACHED') throw error
      said.push({ zh: `事项 ${matter.code}:见证方未应答,备份之前未能发布日志`, en: `Matter ${matter.code}: the witnesses did not answer, the log was not published before the backup` })
    })
  }
  return said
}

async function* membersOf(ctx: Context, tx: Tx): AsyncGenerator<MemberSource> {
  for (const table of await tablesOf(tx)) yield { begin: { kind: 'table', name: table.name, columns: table.columns }, content: copyOutTable(tx, table) }
  // After the tables: log and tombstones may be newer than the rows, never older, and a restore takes from them what the rows lack.
  for (const { name } of backedUpFiles(ctx.home)) {
    const content = await readFileOf(ctx.home, name)
    if (content !== null) yield { begin: { kind: 'file', name }, content }
  }
}

async function progressOf(ctx: Context, tx: Tx): Promise<(bytes: number) => void> {
  const total = [...backedUpFiles(ctx.home)].reduce((sum, file) => sum + file.bytes, await estimatedBytes(tx))
  return (bytes) => ctx.progress({ zh: '备份(字节)', en: 'backing up (bytes)' }, Math.min(bytes, total), total)
}

/** The file was taken away again or never was; this party says so with its signature, and that is the proof with which the line ends. */
async function abandon(ctx: Context, backup: Backup): Promise<void> {
  const said = statement({ subject: [{ name: backup.id, digest: { sha256: createHash('sha256').update(backup.id).digest('hex') } }], predicateType: `${ID_PREFIX}attestation/backup-abandoned/v1`, predicate: { backup: backup.id, at: ctx.now() } })
  const proof = createHash('sha256').update(envelopeText(signStatement(said, [ctx.signer.noteSigner]))).digest('hex')
  await ctx.db.transaction(async (tx) => {
    const now = await lockBackup(tx, ctx.tenant, backup.id)
    if (now?.status !== 'writing') return
    await moveBackup(tx, ctx.tenant, { id: backup.id, to: 'abandoned', endedAt: ctx.now() })
    for (const { matterId, copy } of now.copies) await ctx.ledger.endCopy(tx, matterId, { copy, how: 'destroyed', proof, until: null, details: { reason: 'never-whole' } }, `backup/${backup.id}/abandoned`)
  })
}
