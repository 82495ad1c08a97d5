// SPDX-License-Identifier: Apache-2.0
import { parseVkey, sha256, verifyEnvelope } from '@handover/proof'
import type { Context } from '../../context.ts'
import { instantOf } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { loadPersons } from '../../stewardship/access/index.ts'
import type { Queryable } from '../../store/index.ts'
import type { DecisionFinder } from '../discover/index.ts'
import { gradingFailures } from './grading-failures.ts'
import { decisionFinder, overridePredicate, overridePredicateType, type GradingOverride } from './grading-override.ts'
import { loadOverrideRows, type OverrideRow } from './grading-override.store.ts'

/** All decisions on grades of a matter, the oldest first, each read from its signed bytes; one that does not fit its signature is refused. */
export async function loadGradingOverrides(ctx: Context, matter: Pick<Matter, 'id'>, db: Queryable = ctx.db): Promise<GradingOverride[]> {
  const vkeyById = new Map((await loadPersons(db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  return (await loadOverrideRows(db, { tenant: ctx.tenant, matterId: matter.id })).map((row) => overrideOfRow(row, matter.id, vkeyById))
}

function overrideOfRow(row: OverrideRow, matterId: string, vkeyById: ReadonlyMap<string, string>): GradingOverride {
  try {
    const { statement, payload } = verifyEnvelope(row.envelope, [parseVkey(vkeyById.get(row.signedBy) ?? '')], 1)
    const { override: id, at, ...said } = overridePredicate.parse(statement.predicate)
    const isIts = id === row.id && said.matter === matterId && said.signedBy === row.signedBy && statement.predicateType === overridePredicateType
    if (!isIts || !row.digest.equals(sha256(payload))) throw new RangeError('row and statement differ')
    return { ...said, id, number: row.number, at: instantOf(at), envelope: row.envelope, digest: row.digest }
  } catch (error) {
    throw gradingFailures.GRADE_DAMAGED({ id: row.id }, { cause: error })
  }
}

/** The reasons of the decisions, by id; encrypted in the database, for the party's own screen. */
export async function reasonsOfOverrides(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Map<string, string>> {
  const rows = await loadOverrideRows(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  return new Map(await Promise.all(rows.map(async ({ id, reasonSealed }) => [id, await ctx.vault.openText(matter.id, `grade-override/${id}`, reasonSealed)] as const)))
}

/** What people decided before, for the next scan of the same sources (`ingest`). */
export async function matterDecisions(ctx: Context, matter: Pick<Matter, 'id'>): Promise<DecisionFinder> {
  const overrides = await loadGradingOverrides(ctx, matter)
  return decisionFinder(overrides, (at) => overrides[at]?.id ?? '')
}
