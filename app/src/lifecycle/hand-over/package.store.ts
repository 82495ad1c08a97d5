// SPDX-License-Identifier: Apache-2.0
import { WireArray, type Queryable, type Tx } from '../../store/index.ts'
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
  /** Digest of the recipient's key to which its segments are encrypted; null before the first one. */
  recipientDigest: Buffer | null
}

const columns = `id, sequence, to_party as "toParty", purpose, plan_id as "planId", status, outer_digest as "outerDigest", manifest_digest as "manifestDigest", records,
  field_values as "values", issued_seq as "issuedSeq", acceptance, reconciliation, recipient_digest as "recipientDigest"`

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
export async function insertPackage(tx: Tx, { tenant, matterId }: Scope, row: Pick<PackageRow, 'id' | 'toParty' | 'purpose' | 'planId'> & Partial<Pick<PackageRow, 'recipientDigest'>>): Promise<void> {
  await tx.execute(
    `insert into package (tenant, matter_id, id, sequence, to_party, purpose, plan_id, status, recipient_digest)
     select $1, $2, $3, coalesce(max(sequence), 0) + 1, $4, $5, $6, 'building', $7::bytea from package where tenant = $1 and matter_id = $2`,
    [tenant, matterId, row.id, row.toParty, row.purpose, row.planId, row.recipientDigest ?? null],
  )
}

/** Takes a package away that was never issued, with what was made of it; its number is given again. */
export async function deleteUnissued(tx: Tx, scope: Scope, id: string): Promise<void> {
  const taken = await tx.execute(`delete from package where tenant = $1 and matter_id = $2 and id = $3 and status = 'building'`, [scope.tenant, scope.matterId, id])
  if (taken > 0) await deleteSegments(tx, scope, id)
}

/** Takes away what was made of a package so far. */
export async function deleteSegments(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<void> {
  await db.execute('delete from package_segment where tenant = $1 and matter_id = $2 and package_id = $3', [tenant, matterId, packageId])
  await db.execute('delete from package_record where tenant = $1 and matter_id = $2 and package_id = $3', [tenant, matterId, packageId])
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

/** A finished segment of a package that is not issued yet, with what the rest of the package needs of it. */
export interface KeptSegment extends SegmentRow {
  values: number
  /** Its leaves under the content root, sealed. */
  contentSealed: Buffer
}

/** The segments of a package in order. */
export async function loadSegments(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<SegmentRow[]> {
  const rows = await db.query<Omit<SegmentRow, 'sha256'> & { sha256: Buffer }>(
    'select position, first_record as "firstRecord", records, sha256, bytes from package_segment where tenant = $1 and matter_id = $2 and package_id = $3 order by position',
    [tenant, matterId, packageId],
  )
  return rows.map((row) => ({ ...row, sha256: row.sha256.toString('hex') }))
}

/** The finished segments of a package that was interrupted, in order. */
export async function* streamKeptSegments(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<KeptSegment, void, undefined> {
  const rows = db.stream<Omit<KeptSegment, 'sha256'> & { sha256: Buffer }>(
    `select position, first_record as "firstRecord", records, sha256, bytes, field_values as "values", content_sealed as "contentSealed" from package_segment
      where tenant = $1 and matter_id = $2 and package_id = $3 and content_sealed is not null order by position`, [tenant, matterId, packageId], 100)
  for await (const batch of rows) for (const row of batch) yield { ...row, sha256: row.sha256.toString('hex') }
}

/** Keeps a segment whose file is on the disk, with what it sends of each record. */
export async function insertSegment(tx: Tx, { tenant, matterId }: Scope, packageId: string, { segment, sent, at }: { segment: KeptSegment; sent: SentRecords; at: string }): Promise<void> {
  await tx.execute(
    `insert into package_segment (tenant, matter_id, package_id, position, first_record, records, sha256, bytes, committed_at, field_values, content_sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [tenant, matterId, packageId, segment.position, segment.firstRecord, segment.records, Buffer.from(segment.sha256, 'hex'), segment.bytes, at, segment.values, segment.contentSealed],
  )
  await tx.execute(
    `insert into package_record (tenant, matter_id, package_id, record_id, sent_root, fields) select $1, $2, $3, * from unnest($4::bytea[], $5::bytea[], $6::bytea[])`,
    [tenant, matterId, packageId, sent.recordIds.end(), sent.roots.end(), sent.fields.end()],
  )
}

/** What a segment sends, one column each. */
export interface SentRecords {
  recordIds: WireArray
  roots: WireArray
  fields: WireArray
}

/** Empty columns for a segment. */
export function noSentRecords(): SentRecords {
  return { recordIds: new WireArray('bytea'), roots: new WireArray('bytea'), fields: new WireArray('bytea') }
}

/** Notes to which key the segments of a package are encrypted. */
export async function noteRecipient(db: Tx, { tenant, matterId }: Scope, packageId: string, digest: Buffer): Promise<void> {
  await db.execute('update package set recipient_digest = $4 where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, packageId, digest])
}

/** The leaves under the content root are kept no longer than they are needed. */
export async function forgetContent(tx: Tx, { tenant, matterId }: Scope, packageId: string): Promise<void> {
  await tx.execute('update package_segment set content_sealed = null where tenant = $1 and matter_id = $2 and package_id = $3', [tenant, matterId, packageId])
}

/** A planned record of which something may go. */
export interface PackableRow {
  recordId: Buffer
  dataSetId: string
  outcome: Buffer
  dispositions: Buffer
  reasonSet: number
  slot: number
  root: Buffer
}

/** The records of a plan with one of these reasons, without erased ones; in the order of a package (data set id, record id) or as they come. */
export function streamPackable(db: Queryable, { tenant, matterId }: Scope, of: { planId: string; reasonSets: readonly number[]; inOrder: boolean }): AsyncGenerator<PackableRow[], void, undefined> {
  return db.stream<PackableRow & Record<string, unknown>>(
    `select v.record_id as "recordId", r.data_set_id as "dataSetId", v.outcome, r.dispositions, v.reason_set as "reasonSet", r.slot, r.root
       from plan_verdict v join record r on r.tenant = v.tenant and r.matter_id = v.matter_id and r.id = v.record_id
      where v.tenant = $1 and v.matter_id = $2 and v.plan_id = $3 and v.reason_set = any($4::int[]) and r.erased_at is null and r.slot is not null
      ${of.inOrder ? 'order by r.data_set_id collate "C", v.record_id' : ''}`,
    [tenant, matterId, of.planId, of.reasonSets],
    2000,
  )
}

/** How many records of a plan have one of these reasons. */
export async function countPlanned(db: Queryable, { tenant, matterId }: Scope, planId: string, reasonSets: readonly number[]): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from plan_verdict where tenant = $1 and matter_id = $2 and plan_id = $3 and reason_set = any($4::int[])', [tenant, matterId, planId, reasonSets])
  return row?.n ?? 0
}

/** What was sent of one record: the root of the version sent and which fields (one bit a field). */
export interface SentRecord {
  recordId: Buffer
  sentRoot: Buffer
  fields: Buffer
}

/** What a package sent, by record id. */
export async function* streamSentRecords(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<SentRecord[], void, undefined> {
  const rows = db.stream<{ record_id: Buffer; sent_root: Buffer; fields: Buffer }>(
    'select record_id, sent_root, fields from package_record where tenant = $1 and matter_id = $2 and package_id = $3 order by record_id', [tenant, matterId, packageId], 5000)
  for await (const batch of rows) yield batch.map((row) => ({ recordId: row.record_id, sentRoot: row.sent_root, fields: row.fields }))
}

/** What a package sends in the order of the package (data set id, record id), as it was encrypted. */
export async function* streamSentInOrder(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<SentRecord[], void, undefined> {
  yield* db.stream<SentRecord & Record<string, unknown>>(
    `select p.record_id as "recordId", p.sent_root as "sentRoot", p.fields from package_record p join record r on r.tenant = p.tenant and r.matter_id = p.matter_id and r.id = p.record_id
      where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3 order by r.data_set_id collate "C", p.record_id`, [tenant, matterId, packageId], 2000)
}

/** Marks a package as issued. */
export async function markIssued(tx: Tx, { tenant, matterId }: Scope, issued: { id: string; outer: string; manifest: string; records: number; values: number; seq: number }): Promise<void> {
  await tx.execute(
    `update package set status = 'issued', outer_digest = $4, manifest_digest = $5, records = $6, field_values = $7, issued_seq = $8 where tenant = $1 and matter_id = $2 and id = $3`,
    [tenant, matterId, issued.id, Buffer.from(issued.outer, 'hex'), Buffer.from(issued.manifest, 'hex'), issued.records, issued.values, issued.seq],
  )
}
