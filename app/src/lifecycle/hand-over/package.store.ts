// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** 移交包状态. */
export type PackageStatus = 'building' | 'issued' | 'accepted' | 'reconciled' | 'refused'

/** A package as stored at the transferor; the content root is never stored, since it is not salted (CONTRACTS §7). */
export interface PackageRow {
  id: string
  sequence: number
  toParty: string
  purpose: 'transfer' | 'custody'
  planId: string
  status: PackageStatus
  outerDigest: Buffer | null
  manifestDigest: Buffer | null
  records: number | null
  values: number | null
  issuedSeq: number | null
  acceptance: unknown
  reconciliation: unknown
}

const columns = `id, sequence, to_party as "toParty", purpose, plan_id as "planId", status, outer_digest as "outerDigest", manifest_digest as "manifestDigest", records,
  field_values as "values", issued_seq as "issuedSeq", acceptance, reconciliation`

type PackageSqlRow = PackageRow & Record<string, unknown>

/** Which package: of which plan, to whom, for what. */
export type WantedPackage = Pick<PackageRow, 'planId' | 'toParty' | 'purpose'>

/** The package of this plan to this party that was not withdrawn, locked; null when none was begun. */
export async function lockPackageOf(tx: Tx, { tenant, matterId }: Scope, order: WantedPackage): Promise<PackageRow | null> {
  const [row] = await tx.query<PackageSqlRow>(
    `select ${columns} from package where tenant = $1 and matter_id = $2 and plan_id = $3 and to_party = $4 and purpose = $5 and status <> 'refused' order by sequence desc limit 1 for update`,
    [tenant, matterId, order.planId, order.toParty, order.purpose],
  )
  return row ?? null
}

/** A package by its id, or null. */
export async function packageById(db: Queryable, { tenant, matterId }: Scope, id: string): Promise<PackageRow | null> {
  const [row] = await db.query<PackageSqlRow>(`select ${columns} from package where tenant = $1 and matter_id = $2 and id = $3`, [tenant, matterId, id])
  return row ?? null
}

/** All packages of a matter in sequence. */
export async function allPackages(db: Queryable, { tenant, matterId }: Scope): Promise<PackageRow[]> {
  return db.query<PackageSqlRow>(`select ${columns} from package where tenant = $1 and matter_id = $2 order by sequence`, [tenant, matterId])
}

/** Begins a package; the sequence counts packages of the matter from 1. */
export async function insertPackage(tx: Tx, { tenant, matterId }: Scope, row: Pick<PackageRow, 'id' | 'toParty' | 'purpose' | 'planId'>): Promise<void> {
  await tx.execute(
    `insert into package (tenant, matter_id, id, sequence, to_party, purpose, plan_id, status)
     select $1, $2, $3, coalesce(max(sequence), 0) + 1, $4, $5, $6, 'building' from package where tenant = $1 and matter_id = $2`,
    [tenant, matterId, row.id, row.toParty, row.purpose, row.planId],
  )
}

/** Takes a package away that was never issued; its number is given again. */
export async function deleteUnissued(tx: Tx, { tenant, matterId }: Scope, id: string): Promise<void> {
  await tx.execute(`delete from package where tenant = $1 and matter_id = $2 and id = $3 and status = 'building'`, [tenant, matterId, id])
}

/** The number of the matter's last event: whatever changes an outcome books one. */
export async function lastEventSeq(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ seq: number }>('select coalesce(max(seq), 0)::bigint as seq from event where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.seq ?? 0
}

/** A segment whose file is whole on disk. */
export interface SegmentRow {
  position: number
  firstRecord: number
  records: number
  sha256: string
  bytes: number
}

/** The segments of an issued package in order. */
export async function loadSegments(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<SegmentRow[]> {
  const rows = await db.query<Omit<SegmentRow, 'sha256'> & { sha256: Buffer }>(
    'select position, first_record as "firstRecord", records, sha256, bytes from package_segment where tenant = $1 and matter_id = $2 and package_id = $3 order by position',
    [tenant, matterId, packageId],
  )
  return rows.map((row) => ({ ...row, sha256: row.sha256.toString('hex') }))
}

/** Stores the segments of a package, when it is issued. */
export async function insertSegments(tx: Tx, { tenant, matterId }: Scope, packageId: string, built: { segments: readonly SegmentRow[]; at: string }): Promise<void> {
  await tx.insertRows(
    'package_segment', ['tenant', 'matter_id', 'package_id', 'position', 'first_record', 'records', 'sha256', 'bytes', 'committed_at'],
    built.segments.map((one) => [tenant, matterId, packageId, one.position, one.firstRecord, one.records, Buffer.from(one.sha256, 'hex'), one.bytes, built.at]),
  )
}

/** What was sent of one record: the root of the version sent and which fields (one bit a field). */
export interface SentRecord {
  recordId: Buffer
  sentRoot: Buffer
  fields: Buffer
}

/** Stores what a package sends, when it is issued. */
export async function insertSentRecords(tx: Tx, { tenant, matterId }: Scope, packageId: string, records: readonly SentRecord[]): Promise<void> {
  await tx.insertRows('package_record', ['tenant', 'matter_id', 'package_id', 'record_id', 'sent_root', 'fields'], records.map((one) => [tenant, matterId, packageId, one.recordId, one.sentRoot, one.fields]))
}

/** What a package sent, by record id. */
export async function* streamSentRecords(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<SentRecord[], void, undefined> {
  const rows = db.stream<{ record_id: Buffer; sent_root: Buffer; fields: Buffer }>(
    'select record_id, sent_root, fields from package_record where tenant = $1 and matter_id = $2 and package_id = $3 order by record_id', [tenant, matterId, packageId], 5000)
  for await (const batch of rows) yield batch.map((row) => ({ recordId: row.record_id, sentRoot: row.sent_root, fields: row.fields }))
}

/** Marks a package as issued. */
export async function markIssued(tx: Tx, { tenant, matterId }: Scope, issued: { id: string; outer: string; manifest: string; records: number; values: number; seq: number }): Promise<void> {
  await tx.execute(
    `update package set status = 'issued', outer_digest = $4, manifest_digest = $5, records = $6, field_values = $7, issued_seq = $8 where tenant = $1 and matter_id = $2 and id = $3`,
    [tenant, matterId, issued.id, Buffer.from(issued.outer, 'hex'), Buffer.from(issued.manifest, 'hex'), issued.records, issued.values, issued.seq],
  )
}
