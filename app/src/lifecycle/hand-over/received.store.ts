// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'

/** 收到的移交包. What a recipient's home notes of a package; the statement of acceptance as stored JSON. */
export interface ReceivedPackageRow {
  id: string
  matterId: string
  outerDigest: Buffer
  sequence: number
  sender: string
  purpose: 'transfer' | 'custody'
  destination: string
  status: 'loading' | 'complete' | 'differences' | 'reconciled'
  acceptance: string | null
}

const columns = `id, matter_id as "matterId", outer_digest as "outerDigest", sequence, sender_party as sender, purpose, destination, status, acceptance::text as acceptance`

type Row = ReceivedPackageRow & Record<string, unknown>

/** A received package by its id, or null. */
export async function receivedPackage(db: Queryable, tenant: string, id: string): Promise<ReceivedPackageRow | null> {
  const [row] = await db.query<Row>(`select ${columns} from received_package where tenant = $1 and id = $2`, [tenant, id])
  return row ?? null
}

/** The newest package that came from this sender in the matter, or null. */
export async function newestReceived(db: Queryable, tenant: string, of: { matterId: string; sender: string }): Promise<ReceivedPackageRow | null> {
  const [row] = await db.query<Row>(`select ${columns} from received_package where tenant = $1 and matter_id = $2 and sender_party = $3 order by sequence desc limit 1`, [tenant, of.matterId, of.sender])
  return row ?? null
}

/** All packages that came from this sender in the matter, in the order of issue. */
export async function receivedPackages(db: Queryable, tenant: string, of: { matterId: string; sender: string }): Promise<ReceivedPackageRow[]> {
  return db.query<Row>(`select ${columns} from received_package where tenant = $1 and matter_id = $2 and sender_party = $3 order by sequence`, [tenant, of.matterId, of.sender])
}

/** Declares a package void at its recipient, whether it came or not: it is not received any more (CONTRACTS §18, abandoned matters). */
export async function noteVoid(tx: Tx, tenant: string, of: { matterId: string; packageId: string; at: string }): Promise<void> {
  await tx.execute('insert into void_package (tenant, matter_id, package_id, at) values ($1, $2, $3, $4) on conflict do nothing', [tenant, of.matterId, of.packageId, of.at])
}

/** Whether a package was declared void. */
export async function isVoid(db: Queryable, tenant: string, packageId: string): Promise<boolean> {
  return (await db.query('select 1 from void_package where tenant = $1 and package_id = $2', [tenant, packageId])).length > 0
}

/** Notes a package before anything of it is loaded; keeps what is there. */
export async function noteReceived(tx: Tx, tenant: string, row: Omit<ReceivedPackageRow, 'status' | 'acceptance'> & { contentRoot: Buffer; at: string }): Promise<void> {
  await tx.execute(
    `insert into received_package (tenant, id, matter_id, outer_digest, content_root, destination, status, received_at, sequence, sender_party, purpose)
     values ($1, $2, $3, $4, $5, $6, 'loading', $7, $8, $9, $10) on conflict (tenant, id) do nothing`,
    [tenant, row.id, row.matterId, row.outerDigest, row.contentRoot, row.destination, row.at, row.sequence, row.sender, row.purpose],
  )
}

/** Notes the acceptance that was signed; a later one takes its place, until the package is reconciled. */
export async function noteAcceptance(tx: Tx, tenant: string, accepted: { id: string; destination: string; status: 'complete' | 'differences'; acceptance: string }): Promise<void> {
  await tx.execute(
    `update received_package set acceptance = $3::jsonb, destination = $4, status = case when status = 'reconciled' then status else $5 end where tenant = $1 and id = $2`,
    [tenant, accepted.id, accepted.acceptance, accepted.destination, accepted.status],
  )
}

/** Notes that the recipient countersigned the reconciliation. */
export async function noteCountersigned(tx: Tx, tenant: string, id: string): Promise<void> {
  await tx.execute(`update received_package set status = 'reconciled' where tenant = $1 and id = $2`, [tenant, id])
}
