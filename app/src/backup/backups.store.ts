// SPDX-License-Identifier: Apache-2.0
// SQL of the list of backups.
import type { Instant } from '../kit/time.ts'
import type { Queryable, Tx } from '../store/index.ts'

/** 备份状态. `writing` is announced and not whole; `abandoned` never became whole. */
export const backupStatuses = ['writing', 'complete', 'abandoned', 'deleting', 'deleted'] as const
export type BackupStatus = (typeof backupStatuses)[number]

/** 备份. One encrypted copy of this home's data, with the lines of the copies books that it is. */
export interface Backup {
  id: string
  madeAt: Instant
  expires: Instant
  recipients: string[]
  status: BackupStatus
  /** Digest of its signed list (hexadecimal); null until it is whole. */
  outerSha256: string | null
  bytes: number | null
  records: number
  endedAt: Instant | null
  /** SHA-256 (hexadecimal) of the approval under which it was deleted. */
  deletionProof: string | null
  copies: { matterId: string; copy: string }[]
}

const columns = `b.id, b.made_at as "madeAt", b.expires, b.recipients, b.status, encode(b.outer_sha256, 'hex') as "outerSha256", b.bytes, b.records, b.ended_at as "endedAt", b.deletion_proof as "deletionProof",
  coalesce((select jsonb_agg(jsonb_build_object('matterId', c.matter_id, 'copy', c.copy_id) order by c.matter_id) from backup_copy c where c.tenant = b.tenant and c.backup_id = b.id), '[]') as copies`

/** All backups, oldest first. */
export async function allBackups(db: Queryable, tenant: string): Promise<Backup[]> {
  return db.query<Backup & Record<string, unknown>>(`select ${columns} from backup b where b.tenant = $1 order by b.position`, [tenant])
}

/** One backup, locked until the transaction ends; undefined when it is not in the list. */
export async function lockBackup(tx: Tx, tenant: string, id: string): Promise<Backup | undefined> {
  return (await tx.query<Backup & Record<string, unknown>>(`select ${columns} from backup b where b.tenant = $1 and b.id = $2 for update`, [tenant, id]))[0]
}

/** Announces a backup. */
export async function insertBackup(tx: Tx, tenant: string, backup: Pick<Backup, 'id' | 'madeAt' | 'expires' | 'recipients' | 'records'>): Promise<void> {
  await tx.execute(
    `insert into backup (tenant, id, made_at, expires, recipients, status, records) values ($1, $2, $3, $4, $5, 'writing', $6)`,
    [tenant, backup.id, backup.madeAt, backup.expires, backup.recipients, backup.records],
  )
}

/** Notes which line of a matter's copies book a backup is. */
export async function insertBackupCopy(tx: Tx, tenant: string, copy: { backup: string; matterId: string; copy: string }): Promise<void> {
  await tx.execute('insert into backup_copy (tenant, backup_id, matter_id, copy_id) values ($1, $2, $3, $4)', [tenant, copy.backup, copy.matterId, copy.copy])
}

/** Notes that a backup is whole: the digest of its signed list and its size. */
export async function noteComplete(db: Queryable, tenant: string, whole: { id: string; outerSha256: string; bytes: number }): Promise<void> {
  await db.execute(`update backup set status = 'complete', outer_sha256 = decode($3, 'hex'), bytes = $4 where tenant = $1 and id = $2 and status = 'writing'`, [tenant, whole.id, whole.outerSha256, whole.bytes])
}

/** Moves a backup to its next status; a last one gets its time. */
export async function moveBackup(tx: Tx, tenant: string, move: { id: string; to: BackupStatus; endedAt: Instant | null; deletionProof?: string }): Promise<void> {
  await tx.execute('update backup set status = $3, ended_at = $4, deletion_proof = coalesce($5, deletion_proof) where tenant = $1 and id = $2', [tenant, move.id, move.to, move.endedAt, move.deletionProof ?? null])
}
