// SPDX-License-Identifier: Apache-2.0
// For tests only.
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** A package that took these first records of the inventory with all their fields, without anybody receiving it. */
export async function pretendSent(db: Queryable, { tenant, matterId }: Scope, sent: { packageId: string; sequence: number; dataSetId: string; records: number }): Promise<void> {
  await db.execute(
    `insert into package (tenant, matter_id, id, sequence, to_party, purpose, plan_id, status) values ($1, $2, $3, $4, 'pty_test', 'transfer', 'pln_test', 'issued')`,
    [tenant, matterId, sent.packageId, sent.sequence],
  )
  await db.execute(
    `insert into package_record (tenant, matter_id, package_id, record_id, sent_root, fields)
     select tenant, matter_id, $3, id, root, presence from record where tenant = $1 and matter_id = $2 and data_set_id = $4 order by inventory_index limit $5`,
    [tenant, matterId, sent.packageId, sent.dataSetId, sent.records],
  )
}

/** Takes the traces of a package's persons away as an erasure does. */
export async function pretendErased(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<void> {
  await db.execute(`delete from record_subject where tenant = $1 and matter_id = $2 and record_id in (select record_id from package_record where tenant = $1 and matter_id = $2 and package_id = $3)`, [tenant, matterId, packageId])
}
