// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayInChina, dayOf, instantOf } from '../../kit/time.ts'
import { obstacleTable, type CopyCounts, type CoveredCounts, type GateOverride, type MatterState, type ObstacleCode } from '../../law/index.ts'
import type { Copy } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { countAskedAgain, loadGateOverrides } from './deal-state.store.ts'

/** 交易状态. What the rules A–G look at beside the plan: overrides in force and ended, approved assessments, quality certificates, people asked again too soon. */
export async function loadDealState(ctx: Context, matter: Matter): Promise<Pick<MatterState, 'overrides' | 'quality' | 'askedAgain' | 'assessedOn'>> {
  const assessed = await ctx.ledger.eventsOfType(matter.id, 'ImpactApproved')
  return { assessedOn: assessed.map(({ at }) => dayInChina(instantOf(at))), overrides: await gateOverrides(ctx, matter), quality: await qualityState(ctx, matter), askedAgain: await countAskedAgain(ctx.db, { tenant: ctx.tenant, matterId: matter.id }) }
}

/** Every override of a gate rule that the ledger has, ended ones too; a row without its event counts for nothing: whoever can write to the database still cannot override. */
export async function gateOverrides(ctx: Context, matter: Matter): Promise<GateOverride[]> {
  const booked = new Map((await ctx.ledger.eventsOfType(matter.id, 'GateOverridden')).map(({ json }) => overriddenBody.parse(JSON.parse(json))).map((body) => [body.override, body]))
  return (await loadGateOverrides(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).flatMap(({ id, at }) => {
    const body = booked.get(id)
    if (body === undefined) return []
    return [{ id, rule: body.rule, codes: body.codes.filter(isObstacleCode), counts: countsOf(body), approval: body.approval, on: dayInChina(instantOf(at)), until: dayOf(body.until), opinion: body.opinion, article: body.article }]
  })
}

const overriddenBody = z.looseObject({ override: z.string(), rule: z.string(), codes: z.array(z.string()), opinion: z.string(), article: z.string(), until: z.string(), approval: z.string(), counts: z.record(z.string(), z.record(z.string(), z.int())).optional() })

/** An override of before counts were signed covers what has no number. */
function countsOf({ codes, counts }: z.infer<typeof overriddenBody>): CoveredCounts {
  return counts ?? Object.fromEntries(codes.map((code) => [code, {}]))
}

function isObstacleCode(word: string): word is ObstacleCode {
  return Object.hasOwn(obstacleTable, word)
}

const certifiedBody = z.looseObject({ rowsWithFindings: z.int() })

async function qualityState(ctx: Context, matter: Matter): Promise<MatterState['quality']> {
  const events = await ctx.ledger.eventsOfType(matter.id, 'QualityCertified')
  const newest = events.at(-1)
  return { certificates: events.length, rowsWithFindings: newest === undefined ? 0 : certifiedBody.parse(JSON.parse(newest.json)).rowsWithFindings }
}

/** What the copies book says of data rooms and exports (C06), and of processors (F04). */
export function dealCopies(copies: readonly Copy[]): Pick<CopyCounts, 'diligenceOpen' | 'processors'> {
  const processors = copies.filter(({ kind }) => kind === 'processor')
  const proven: readonly Copy['endedHow'][] = ['handed-over', 'destroyed', 'attested']
  return {
    diligenceOpen: copies.filter(({ kind, endedHow }) => endedHow === null && (kind === 'room' || kind === 'export')).length,
    processors: {
      open: processors.filter(({ endedHow }) => endedHow === null).length,
      ended: processors.filter(({ endedHow }) => endedHow !== null).length,
      withoutProof: processors.filter(({ endedHow }) => endedHow !== null && !proven.includes(endedHow)).length,
      kept: processors.filter(({ endedHow }) => endedHow === 'kept').length,
    },
  }
}
