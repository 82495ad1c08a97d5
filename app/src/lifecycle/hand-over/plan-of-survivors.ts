// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { required } from '../../kit/assert.ts'
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { digestOfReasons, vectorOf } from './plan-draft.ts'
import { countErased } from './matter-state.store.ts'
import { loadPlanReasons, streamSurvivors } from './plan.store.ts'

/** Whether a plan still says the same of the records that are left, once some were erased: their vectors of today against those of the plan. False while nothing was erased, since then the whole digests are compared. */
export async function fitsSurvivors(db: Queryable, scope: Scope, planId: string, vectorsToday: Buffer): Promise<boolean> {
  if ((await countErased(db, scope)) === 0) return false
  const reasons = new Map([...(await loadPlanReasons(db, scope, planId))].map(([set, of]) => [set, digestOfReasons(of)]))
  const vectors = createHash('sha256')
  for await (const batch of streamSurvivors(db, scope, planId)) for (const record of batch) vectors.update(vectorOf(record, required(reasons.get(record.reasonSet), 'a planned record has its reasons')))
  return vectors.digest().equals(vectorsToday)
}
