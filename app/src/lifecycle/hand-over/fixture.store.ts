// SPDX-License-Identifier: Apache-2.0
// For tests only.
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Lets a package count as reconciled without a recipient. */
export async function pretendReconciled(db: Queryable, { tenant, matterId }: Scope, packageId: string): Promise<void> {
  await db.execute(`update package set status = 'reconciled' where tenant = $1 and matter_id = $2 and id = $3`, [tenant, matterId, packageId])
}
