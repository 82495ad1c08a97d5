// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import { loadDataSets } from '../discover/index.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { commitReason, type CommittedReason } from './override-reason.ts'
import { insertOverride } from './plan.store.ts'
import type { PlanOverride } from './plan-override.rules.ts'

/** What named people decide: fields of a data set by number (none = all), how they end, and why. */
export interface NewOverride {
  dataSetId: string
  positions: readonly number[]
  outcome: string
  reason: string
}

/** What the people sign: the reason only by its commitment, since people write names into reasons. */
export async function overrideParameters(ctx: Context, matter: Matter, override: NewOverride): Promise<JsonObject> {
  return parametersWith(override, await reasonOf(ctx, matter, override))
}

function parametersWith({ dataSetId, positions, outcome }: NewOverride, { digest }: CommittedReason): JsonObject {
  return { dataSet: dataSetId, positions: [...positions], outcome, reason: digest }
}

function reasonOf(ctx: Context, matter: Matter, { dataSetId, positions, outcome, reason }: NewOverride): Promise<CommittedReason> {
  return commitReason(ctx, matter, { about: `plan-override/${dataSetId}/${positions.join(',')}/${outcome}`, reason })
}

/** Everything that can be wrong with an override itself; asked before anybody signs a request for it, and again when it takes effect. Refuses an outcome that would move values, and unknown data sets and fields. */
export async function checkOverride(ctx: Context, matter: Matter, given: NewOverride): Promise<{ outcome: PlanOverride['outcome']; values: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const outcome = readOutcome(given.outcome)
  const dataSet = (await loadDataSets(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).find((one) => one.id === given.dataSetId)
  if (dataSet === undefined) throw handOverFailures.FIELD_NOT_FOUND({ field: given.dataSetId.slice(0, 40) })
  const unknown = given.positions.find((position) => dataSet.fields[position] === undefined)
  if (unknown !== undefined) throw handOverFailures.FIELD_NOT_FOUND({ field: Number.isNaN(unknown) ? '?' : unknown + 1 })
  return { outcome, values: dataSet.rows * (given.positions.length === 0 ? dataSet.fields.length : new Set(given.positions).size) }
}

/** 改判. Records that fields of a data set end otherwise than the table says, under a two-person approval; it takes effect at the next computing and stays visible for ever. Refuses an override that would move values, and signers who were not told apart (PLAN_OVERRIDE_IDENTITIES). */
export async function overridePlan(ctx: Context, matter: Matter, given: NewOverride): Promise<{ id: string; approval: string }> {
  const { outcome, values } = await checkOverride(ctx, matter, given)
  const id = idText('fct', ctx.ids.bytes('fct'))
  const reason = await reasonOf(ctx, matter, given)
  const reasonSealed = await ctx.vault.sealText(matter.id, `plan-override/${id}`, reason.toSeal)
  return ctx.db.transaction(async (tx) => {
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'gate-override', digest: parametersDigest(matter.id, 'gate-override', parametersWith(given, reason)) })
    // Keys that were used in one home may all be one person's, and an override decides what is kept or erased (CONTRACTS §11).
    if (!approval.identitiesVerified) throw handOverFailures.PLAN_OVERRIDE_IDENTITIES()
    await insertOverride(tx, { tenant: ctx.tenant, matterId: matter.id }, { id, dataSetId: given.dataSetId, positions: [...given.positions], outcome, reasonSealed, approvalId: approval.requestId, at: ctx.now() })
    await ctx.ledger.append(tx, matter.id, { type: 'PlanOverridden', body: { override: id, ds: given.dataSetId, values, outcome, approval: approval.requestId } }, `override/${id}`)
    return { id, approval: approval.requestId }
  })
}

function readOutcome(text: string): PlanOverride['outcome'] {
  if (text === 'kept' || text === 'sealed' || text === 'destroyed') return text
  throw handOverFailures.OVERRIDE_CANNOT_TRANSFER()
}
