// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import type { PlannedMoves } from '../assess/index.ts'
import { currentPlan } from './plan.store.ts'

const treatedBody = z.looseObject({ ds: z.string(), digest: z.string() })

/**
 * 方案所移交. What the newest plan moves, as an impact assessment is bound to it: by data set and row, with the digest of each data set's treatment as the ledger has it; null without a plan.
 * `may-move` takes along what is still pending, because an assessment is made before the conditions of the move are met.
 */
export async function plannedMoves(ctx: Context, matter: Pick<Matter, 'id'>, which: 'may-move' | 'moves'): Promise<PlannedMoves | null> {
  const plan = await currentPlan(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  if (plan === null) return null
  const lines = plan.lines.filter(({ outcome }) => outcome === 'transferred' || (which === 'may-move' && outcome === 'pending'))
  const moved = new Set(lines.map(({ ds }) => ds))
  const treated = (await ctx.ledger.eventsOfType(matter.id, 'DataSetTreated')).map(({ json }) => treatedBody.parse(bodyOfEvent(json)))
  return { plan: plan.id, moves: lines.map(({ ds, rule }) => `${ds}/${rule}`), treatments: Object.fromEntries(treated.filter(({ ds }) => moved.has(ds)).map(({ ds, digest }) => [ds, digest])) }
}
