// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** A chain of packages: all that go to one party for one purpose; the plan judges what may stay there. */
export interface ChainOf {
  planId: string
  toParty: string
  purpose: 'transfer' | 'custody'
}

/** The packages of a chain in their order. */
export async function chainPackages(db: Queryable, { tenant, matterId }: Scope, of: Pick<ChainOf, 'toParty' | 'purpose'>): Promise<{ id: string; sequence: number; status: string }[]> {
  return db.query<{ id: string; sequence: number; status: string }>(
    `select id, sequence, status from package where tenant = $1 and matter_id = $2 and to_party = $3 and purpose = $4 order by sequence`, [tenant, matterId, of.toParty, of.purpose])
}

/** A record that the recipient still has from a reconciled package. */
export interface ChainRecord {
  id: Buffer
  /** Fields that were sent, one bit a field, by each package that has some of them. */
  fields: Buffer[]
  dispositions: Buffer
  /** By the plan; null when it says nothing of the record any more. */
  outcome: Buffer | null
  /** A delta scan found it changed since it was sent. */
  isRevised: boolean
  /** It goes with the package that is being built. */
  isSent: boolean
}

/** Records that earlier packages of the chain left with the recipient, by id. */
export function streamChainRecords(db: Queryable, { tenant, matterId }: Scope, of: ChainOf & { packageId: string }): AsyncGenerator<ChainRecord[], void, undefined> {
  return db.stream<ChainRecord & Record<string, unknown>>(
    `with chain as (select id, sequence, issued_seq from package where tenant = $1 and matter_id = $2 and to_party = $3 and purpose = $4 and status = 'reconciled'),
          effective as (select p.record_id, max(k.issued_seq) as issued_seq, array_agg(p.fields) as fields
            from package_record p join chain k on k.id = p.package_id
           where p.tenant = $1 and p.matter_id = $2
             and not exists (select 1 from package_change c join chain l on l.id = c.package_id where c.tenant = $1 and c.matter_id = $2 and c.record_id = p.record_id and l.sequence > k.sequence)
           group by p.record_id)
     select e.record_id as id, e.fields, r.dispositions, v.outcome,
            exists (select 1 from revision_leaf l where l.tenant = $1 and l.matter_id = $2 and l.record_id = e.record_id and l.seq > e.issued_seq) as "isRevised",
            exists (select 1 from package_record s where s.tenant = $1 and s.matter_id = $2 and s.package_id = $6 and s.record_id = e.record_id) as "isSent"
       from effective e join record r on r.tenant = $1 and r.matter_id = $2 and r.id = e.record_id
       left join plan_verdict v on v.tenant = $1 and v.matter_id = $2 and v.plan_id = $5 and v.record_id = e.record_id and r.erased_at is null
      order by e.record_id`,
    [tenant, matterId, of.toParty, of.purpose, of.planId, of.packageId], 2000)
}

/** Keeps what a package takes back. */
export async function insertPackageChanges(tx: Tx, { tenant, matterId }: Scope, packageId: string, changes: { kind: 'replaced' | 'withdrawn'; recordIds: readonly Buffer[] }): Promise<void> {
  await tx.insertRows('package_change', ['tenant', 'matter_id', 'package_id', 'record_id', 'kind'], changes.recordIds.map((id) => [tenant, matterId, packageId, id, changes.kind]))
}

/** What is left of a package at its recipient after the packages up to `until`: record ids and the roots that were sent, by id. */
export function streamStanding(db: Queryable, { tenant, matterId }: Scope, of: { packageId: string; until: number }): AsyncGenerator<{ id: Buffer; root: Buffer }[], void, undefined> {
  return db.stream<{ id: Buffer; root: Buffer } & Record<string, unknown>>(
    `select p.record_id as id, p.sent_root as root from package_record p join package k on k.tenant = p.tenant and k.matter_id = p.matter_id and k.id = p.package_id
      where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3
        and not exists (select 1 from package_change c join package l on l.tenant = c.tenant and l.matter_id = c.matter_id and l.id = c.package_id
                         where c.tenant = $1 and c.matter_id = $2 and c.record_id = p.record_id and l.to_party = k.to_party and l.purpose = k.purpose and l.status <> 'refused' and l.sequence > k.sequence and l.sequence <= $4)
      order by p.record_id`,
    [tenant, matterId, of.packageId, of.until], 5000)
}

/** Records that a package withdraws, by id. */
export async function withdrawnBy(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<Buffer[]> {
  const rows = await db.query<{ id: Buffer }>(`select record_id as id from package_change where tenant = $1 and matter_id = $2 and package_id = $3 and kind = 'withdrawn' order by record_id`, [tenant, matterId, packageId])
  return rows.map((row) => row.id)
}

/** Of withdrawn records, the fields that still stand as handed over, by record: whose values come back into the books. */
export async function handedOverFields(tx: Tx, { tenant, matterId }: Scope, recordIds: readonly Buffer[]): Promise<{ id: Buffer; dispositions: Buffer }[]> {
  return tx.query<{ id: Buffer; dispositions: Buffer }>('select id, dispositions from record where tenant = $1 and matter_id = $2 and id = any($3::bytea[]) order by id', [tenant, matterId, recordIds])
}
