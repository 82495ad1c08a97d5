// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import type { Context } from '../context.ts'
import { allBackups, type Backup } from './backups.store.ts'
import { placeOf, settleUnfinished } from './create-backup.ts'

/** A backup with where its file was put, and whether it is still there. */
export interface ListedBackup extends Backup {
  /** Null when the place is not known (no matter was open). */
  file: string | null
  isThere: boolean
  isExpired: boolean
}

/** 备份清单. All backups of this home, oldest first; what a killed run left unfinished is ended first. */
export async function listBackups(ctx: Context): Promise<ListedBackup[]> {
  await settleUnfinished(ctx)
  const listed: ListedBackup[] = []
  for (const backup of await allBackups(ctx.db, ctx.tenant)) {
    const file = await placeOf(ctx, backup)
    listed.push({ ...backup, file, isThere: file !== null && existsSync(file), isExpired: new Date(backup.expires) < new Date(ctx.now()) })
  }
  return listed
}
