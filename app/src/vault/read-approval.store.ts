// SPDX-License-Identifier: Apache-2.0
// SQL of the main database: what a grant says it was approved by.
import type { Queryable } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'

/** What was found under the id that a grant names. */
export interface FoundApproval {
  kind: 'request' | 'plan' | 'package'
  /** The act of a request; empty otherwise. */
  act: string
  /** Whether it is in force: a request approved or used, a plan approved by a request, any package. */
  isInForce: boolean
}

/** The request, plan or package with this id in the matter; null when there is none. */
export async function findApproval(db: Queryable, scope: KeyScope, id: string): Promise<FoundApproval | null> {
  const [row] = await db.query<FoundApproval & Record<string, unknown>>(
    `select 'request' as kind, act, status in ('approved', 'used') as "isInForce" from approval_request where tenant = $1 and matter_id = $2 and id = $3
     union all select 'plan', '', approved_seq is not null and approval_id is not null from plan where tenant = $1 and matter_id = $2 and id = $3
     union all select 'package', '', true from package where tenant = $1 and matter_id = $2 and id = $3 limit 1`,
    [scope.tenant, scope.matterId, id],
  )
  return row ?? null
}
