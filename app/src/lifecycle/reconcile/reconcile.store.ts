// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** A signed statement about a package, as it was received or concluded. */
export interface PackageStatementRow {
  packageId: string
  digest: Buffer
  kind: 'acceptance' | 'reconciliation'
  /** Text of the envelope (JSON, not canonical). */
  envelope: string
}

/** What is kept in `package.acceptance`: the newest one, and whether it found differences. */
export interface StoredAcceptance {
  status: 'complete' | 'differences'
  digest: string
}

/** Keeps a statement; with more signatures it takes its own place. */
export async function putStatement(tx: Tx, { tenant, matterId }: Scope, row: PackageStatementRow & { at: string }): Promise<void> {
  await tx.execute(
    `insert into package_statement (tenant, matter_id, package_id, digest, kind, envelope, recorded_at) values ($1, $2, $3, $4, $5, $6::jsonb, $7)
     on conflict (tenant, matter_id, package_id, digest) do update set envelope = excluded.envelope`,
    [tenant, matterId, row.packageId, row.digest, row.kind, row.envelope, row.at],
  )
}

/** All statements about packages of a matter in the order in which they came, for the bundle. */
export async function packageStatements(db: Queryable, { tenant, matterId }: Scope): Promise<PackageStatementRow[]> {
  return db.query<PackageStatementRow & Record<string, unknown>>(
    `select package_id as "packageId", digest, kind, envelope::text as envelope from package_statement where tenant = $1 and matter_id = $2 order by recorded_at, kind, digest`, [tenant, matterId])
}

/** Holds the row of a package until the transaction ends; returns its status, or null. */
export async function lockPackage(tx: Tx, { tenant, matterId }: Scope, id: string): Promise<string | null> {
  const [row] = await tx.query<{ status: string }>('select status from package where tenant = $1 and matter_id = $2 and id = $3 for update', [tenant, matterId, id])
  return row?.status ?? null
}

/** Notes the newest acceptance; a reconciled package keeps its state. */
export async function markAccepted(tx: Tx, { tenant, matterId }: Scope, accepted: { id: string; stored: StoredAcceptance }): Promise<void> {
  await tx.execute(
    `update package set acceptance = $4::jsonb, status = case when status = 'issued' then 'accepted' else status end where tenant = $1 and matter_id = $2 and id = $3`,
    [tenant, matterId, accepted.id, JSON.stringify(accepted.stored)],
  )
}

/** Notes the reconciliation that this side signed and proposes: its digest. */
export async function markProposed(tx: Tx, { tenant, matterId }: Scope, proposed: { id: string; digest: string }): Promise<void> {
  await tx.execute(`update package set reconciliation = $4::jsonb where tenant = $1 and matter_id = $2 and id = $3`, [tenant, matterId, proposed.id, JSON.stringify({ digest: proposed.digest })])
}

/** Ends a package as reconciled or as withdrawn (`refused`). */
export async function endPackage(tx: Tx, { tenant, matterId }: Scope, ended: { id: string; status: 'reconciled' | 'refused' }): Promise<void> {
  await tx.execute('update package set status = $4 where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, ended.id, ended.status])
}

/** A record of a package in its order there, with the data set's width in `fields` (one bit a field). */
export interface PackedRecordRow {
  recordId: Buffer
  dataSetId: string
  fields: Buffer
}

/** The records of a package in the order of the package: data set id, record id. */
export async function* streamPacked(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<PackedRecordRow[], void, undefined> {
  yield* db.stream<PackedRecordRow & Record<string, unknown>>(
    `select p.record_id as "recordId", r.data_set_id as "dataSetId", p.fields from package_record p
       join record r on r.tenant = p.tenant and r.matter_id = p.matter_id and r.id = p.record_id
      where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3 order by r.data_set_id collate "C", p.record_id`, [tenant, matterId, packageId], 1000)
}

/** Until when the fields that a package carried into custody are sealed: the latest day of their reasons; null where one of them is open-ended. */
export async function latestSealOf(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<string | null> {
  const [row] = await db.query<{ until: string | null; open: number }>(
    `select max(v.sealed_until) as until, count(*) filter (where v.sealed_until is null)::bigint as open from package_record p
       join package k on k.tenant = p.tenant and k.matter_id = p.matter_id and k.id = p.package_id
       join plan_verdict v on v.tenant = p.tenant and v.matter_id = p.matter_id and v.plan_id = k.plan_id and v.record_id = p.record_id
      where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3`, [tenant, matterId, packageId])
  return row === undefined || row.open > 0 ? null : row.until
}
