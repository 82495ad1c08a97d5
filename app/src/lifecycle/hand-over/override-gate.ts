// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { addYears, type Day } from '../../kit/time.ts'
import { countObstacles, findArticle, gateFor, guardedSteps, mostOf, readCitations, type CoveredCounts, type MatterState, type ObstacleCode, type Rule } from '../../law/index.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { approvalFor, findPerson, lawRoles, loadPersons, parametersDigest, type Approval, type PersonRole } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { insertGateOverride } from './deal-state.store.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { loadMatterState } from './load-matter-state.ts'
import { commitReason, type CommittedReason } from './override-reason.ts'

/** What named people decide about one rule: on counsel's written opinion, for which article, until which day, and why in their own words. */
export interface NewGateOverride {
  rule: string
  opinionFile: string
  article: string
  until: Day
  reason: string
}

/** A gate override that may be signed: the obstacles it covers are those that stand today. */
export interface CheckedGateOverride {
  rule: string
  codes: readonly ObstacleCode[]
  /** In what numbers these stand today. */
  counts: CoveredCounts
  opinion: string
  article: string
  severity: Rule['sev']
  until: Day
  reason: CommittedReason
}

/** An opinion cannot be valid for longer than the law is likely to stand still; whoever needs more asks again. */
const longestYears = 1

/** Everything that can be wrong with a gate override, asked before anybody signs and again when it takes effect. Refuses a rule that nothing stands against, a day that is over or too far away, an article without form, and an opinion on file that objects or ended. */
export async function checkGateOverride(ctx: Context, matter: Matter, given: NewGateOverride): Promise<CheckedGateOverride> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  if (given.until < ctx.today() || given.until > addYears(ctx.today(), longestYears)) throw handOverFailures.GATE_OVERRIDE_DAY({ until: given.until, today: ctx.today(), last: addYears(ctx.today(), longestYears) })
  const state = await loadMatterState(ctx, matter)
  if (!state.law.ruleById.has(given.rule)) throw handOverFailures.GATE_RULE_UNKNOWN({ rule: given.rule.slice(0, 20) })
  const article = findArticle(given.article, state.law)?.id
  if (article === undefined) throw handOverFailures.GATE_OVERRIDE_ARTICLE({ article: given.article.slice(0, 40) })
  const { codes, counts } = openObstacles(state, given.rule)
  if (codes.length === 0) throw handOverFailures.GATE_NOTHING_TO_OVERRIDE({ rule: given.rule })
  const opinion = await digestOf(given.opinionFile)
  await refuseOpinion(ctx, matter, state, { opinion, rule: given.rule, article, until: given.until })
  const reason = await commitReason(ctx, matter, { about: `gate-override/${given.rule}/${article}/${opinion}/${given.until}`, reason: given.reason })
  return { rule: given.rule, codes, counts, opinion, article, severity: state.law.ruleById.get(given.rule)?.sev ?? 'BLOCK', until: given.until, reason }
}

/** What the people sign: the obstacles by code and number, the opinion by its digest and the reason by its commitment (people write names into reasons). */
export function gateOverrideParameters({ rule, codes, counts, opinion, article, until, reason }: CheckedGateOverride): JsonObject {
  return { rule, codes: [...codes], counts: plainCounts(counts), opinion, article, until, reason: reason.digest }
}

function plainCounts(counts: CoveredCounts): Record<string, Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([line, numbers]) => [line, { ...numbers }]))
}

/**
 * 改判关卡. Lets one rule's obstacles of today pass until a day, under the signatures of the requester and two more people and on counsel's opinion (register §9); it stays visible for ever. A rule of severity BLOCK needs
 * somebody of the law and somebody who answers for data among the signers. Refuses what `checkGateOverride` refuses, and obstacles that changed in kind or number since people signed.
 */
export async function overrideGate(ctx: Context, matter: Matter, given: NewGateOverride): Promise<{ id: string; approval: string; codes: readonly ObstacleCode[] }> {
  const checked = await checkGateOverride(ctx, matter, given)
  const parameters = gateOverrideParameters(checked)
  const id = idText('ovr', ctx.ids.bytes('ovr'))
  const reasonSealed = await ctx.vault.sealText(matter.id, `gate-override/${id}`, checked.reason.toSeal)
  return ctx.db.transaction(async (tx) => {
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'gate-override', digest: parametersDigest(matter.id, 'gate-override', parameters) })
    await refuseWithoutCounsel(ctx, tx, checked, approval)
    const { rule, codes, counts, opinion, article, until, reason } = checked
    const body = { override: id, rule, codes: [...codes], counts: plainCounts(counts), article, opinion, reason: reason.digest, until, approval: approval.requestId }
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'GateOverridden', body }, `gate-override/${id}`)
    await insertGateOverride(tx, { tenant: ctx.tenant, matterId: matter.id }, { id, rule, codes: [...codes], article, opinion: Buffer.from(opinion, 'hex'), reasonSealed, until, approvalId: approval.requestId, seq, at: ctx.now() })
    return { id, approval: approval.requestId, codes }
  })
}

/** The obstacles that the rule raises today before any of its steps, in order, and the greatest number in which each stands. */
function openObstacles(state: MatterState, rule: string): { codes: ObstacleCode[]; counts: CoveredCounts } {
  const results = guardedSteps.flatMap((step) => gateFor(step, state).results).filter((result) => result.rule === rule && result.status === 'unmet')
  return { codes: [...new Set(results.flatMap(({ obstacles }) => obstacles.map(({ code }) => code)))].sort(), counts: mostOf(results.map(({ obstacles }) => countObstacles(obstacles))) }
}

/**
 * An opinion on file has to support, to cover this rule (or the named article, if the rule rests on it), and to outlast the override. One that is not on file yet is refused: nobody could show it later.
 * Of several filings of one document the newest counts, filed by somebody of the law; a document that was ever filed as objecting supports nothing, whoever filed it again.
 */
async function refuseOpinion(ctx: Context, matter: Matter, state: MatterState, { opinion, rule, article, until }: { opinion: string; rule: string; article: string; until: Day }): Promise<void> {
  const filed = state.opinions.filter((one) => one.digest === opinion)
  const newest = filed.at(-1)
  if (newest === undefined) throw handOverFailures.GATE_OPINION_NOT_FILED({ rule })
  const restsOn = readCitations(state.law.ruleById.get(rule)?.src ?? '', state.law).citations.some(({ entry }) => entry?.id === article)
  const supports = newest.conclusion === 'supports' || newest.conclusion === 'supports-with-conditions'
  const fits = supports && (newest.covers.rules.includes(rule) || (restsOn && newest.covers.articles.includes(article))) && (newest.until === null || newest.until >= until)
  if (!fits || filed.some((one) => one.conclusion === 'objects')) throw handOverFailures.GATE_OPINION_DOES_NOT_FIT({ rule, until })
  const filings = (await ctx.ledger.eventsOfType(matter.id, 'OpinionFiled')).map(({ json }) => filedBody.parse(bodyOfEvent(json)))
  const filer = await findPerson(ctx.db, ctx.tenant, filings.find((one) => one.opinion === newest.id)?.by ?? '')
  if (filer === null || !lawRoles.includes(filer.role)) throw handOverFailures.GATE_OPINION_FILER({ rule })
}

const filedBody = z.looseObject({ opinion: z.string(), by: z.string() })

const answersForData: readonly PersonRole[] = ['lead', 'security']

async function refuseWithoutCounsel(ctx: Context, tx: Tx, { rule, severity }: CheckedGateOverride, approval: Approval): Promise<void> {
  if (severity !== 'BLOCK') return
  // Three keys in one home may be one person's: a stop is lifted only by people who signed at places of their own (CONTRACTS §11).
  if (!approval.identitiesVerified) throw handOverFailures.GATE_OVERRIDE_IDENTITIES({ rule })
  const signers = new Set([approval.requestedBy, ...approval.approvedBy])
  const roles = (await loadPersons(tx, ctx.tenant)).filter((person) => signers.has(person.id) && person.endedAt === null).map((person) => person.role)
  const fits = roles.some((role) => lawRoles.includes(role)) && roles.some((role) => answersForData.includes(role))
  if (!fits) throw handOverFailures.GATE_OVERRIDE_COUNSEL({ rule })
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file)) if (Buffer.isBuffer(chunk)) hash.update(chunk)
  } catch (error) {
    throw handOverFailures.GATE_OPINION_UNREADABLE({ file, why: error instanceof Error && 'code' in error ? String(error.code) : 'EIO' }, { cause: error })
  }
  return hash.digest('hex')
}
