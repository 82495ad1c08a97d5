// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { envelopeText, type JsonObject } from '@handover/proof'
import type { Context } from '../context.ts'
import type { Matter } from '../matter/index.ts'
import { approvalFor, parametersDigest, requestApproval } from '../stewardship/access/index.ts'
import { backupFailures } from './backup-failures.ts'
import { allBackups, lockBackup, moveBackup, type Backup } from './backups.store.ts'
import { placeOf } from './create-backup.ts'
import { openContainer } from './read-container.ts'
import { ioFailure, syncFolder } from './write-container.ts'

/** 申请删除备份. Asks two other people to allow deleting exactly this backup (CONTRACTS §18). Refuses an unknown one. */
export async function requestBackupDeletion(ctx: Context, matter: Matter, wish: { backup: string; keyFile: string }): Promise<{ request: string; repeated: boolean }> {
  const backup = await backupOf(ctx, wish.backup)
  const { request, repeated } = await requestApproval(ctx, matter, { act: 'backup-deletion', parameters: approvalParameters(backup), keyFile: wish.keyFile })
  return { request: request.id, repeated }
}

/**
 * 删除备份. Deletes the file of a backup under its approval and ends its lines in the copies books; interrupted, the same command goes on, and done, it gives the result again.
 * Refuses without approval or before the cooling-off ends, and a file that is not this backup's (BACKUP_GONE).
 */
export async function deleteBackup(ctx: Context, matter: Matter, wish: { backup: string; file: string | null }): Promise<{ backup: Backup; repeated: boolean }> {
  const backup = await backupOf(ctx, wish.backup)
  if (backup.status === 'deleted') return { backup, repeated: true }
  const file = wish.file === null ? await placeOf(ctx, backup) : resolve(wish.file)
  if (file === null) throw backupFailures.BACKUP_GONE({ file: '?', backup: backup.id })
  const isThere = existsSync(file)
  // Under way already, a file that is gone was taken away by the run before.
  if (isThere || backup.status !== 'deleting') await refuseOtherFile(ctx, backup, file)
  const proof = await permit(ctx, matter, backup)
  try {
    if (isThere) {
      rmSync(file)
      syncFolder(dirname(file))
    }
  } catch (error) {
    throw ioFailure(file, error)
  }
  await ctx.db.transaction(async (tx) => {
    await moveBackup(tx, ctx.tenant, { id: backup.id, to: 'deleted', endedAt: ctx.now(), deletionProof: proof })
    for (const { matterId, copy } of backup.copies) {
      const line = (await ctx.ledger.copies(matterId, tx)).find((each) => each.id === copy)
      if (line?.endedHow === null) await ctx.ledger.endCopy(tx, matterId, { copy, how: 'destroyed', proof, until: null, details: { method: 'file-deleted' } }, `backup/${backup.id}/deleted`)
    }
  })
  return { backup: await backupOf(ctx, backup.id), repeated: false }
}

/** Uses the approval once, in the transaction that says that the deletion has begun; the digest of what the people signed is the proof. */
async function permit(ctx: Context, matter: Matter, backup: Backup): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const now = await lockBackup(tx, ctx.tenant, backup.id)
    if (now?.status === 'deleting' && now.deletionProof !== null) return now.deletionProof
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'backup-deletion', digest: parametersDigest(matter.id, 'backup-deletion', approvalParameters(backup)) })
    const proof = createHash('sha256').update(envelopeText(approval.envelope)).digest('hex')
    await moveBackup(tx, ctx.tenant, { id: backup.id, to: 'deleting', endedAt: null, deletionProof: proof })
    return proof
  })
}

async function backupOf(ctx: Context, id: string): Promise<Backup> {
  const found = (await allBackups(ctx.db, ctx.tenant)).find((backup) => backup.id === id)
  if (found === undefined || found.status === 'abandoned') throw backupFailures.BACKUP_UNKNOWN({ backup: id.slice(0, 60) })
  return found
}

/** Whatever stands at the place now: only the very file that was made is deleted. */
async function refuseOtherFile(ctx: Context, backup: Backup, file: string): Promise<void> {
  const container = await openContainer(file, ctx.signer.vkey).catch(() => null)
  if (container === null || container.outer.backup !== backup.id || container.outerSha256 !== backup.outerSha256) throw backupFailures.BACKUP_GONE({ file, backup: backup.id })
}

/** What people approve: this backup, by the digest of its signed list. */
function approvalParameters(backup: Backup): JsonObject {
  return { backup: backup.id, outer: backup.outerSha256 ?? '', records: backup.records }
}
