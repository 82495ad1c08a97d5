// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, parseVkey, sha256, verifyEnvelope, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayInChina, instantOf } from '../../kit/time.ts'
import { factKind, isFactName, type FactName, type FactsByName } from '../../law/index.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { loadPersons } from '../../stewardship/access/index.ts'
import type { Queryable } from '../../store/index.ts'
import { assessFailures } from './assess-failures.ts'
import { factPredicate, factPredicateType, factsOfActs, isFactOfAct, type FactRecord } from './fact.ts'
import { loadFactRows, type FactRow } from './facts.store.ts'

/** All facts of a matter, superseded ones too, the oldest first. Each is read from its signed bytes; one that does not fit its signature is refused. */
export async function loadFacts(ctx: Context, matter: Pick<Matter, 'id'>, db: Queryable = ctx.db): Promise<FactRecord[]> {
  const vkeyById = new Map((await loadPersons(db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  return (await loadFactRows(db, ctx.tenant, matter.id)).map((row) => factOfRow(row, matter.id, vkeyById))
}

/** The valid facts by name, as the gates take them; one that only an act records counts when the act's event names it and its report (rules D01, M05). */
export async function factsByName(ctx: Context, matter: Pick<Matter, 'id'>): Promise<FactsByName> {
  const unsupported = await unsupportedFacts(ctx, matter)
  const valid = (await loadFacts(ctx, matter)).filter((fact) => fact.supersededBy === null && !unsupported(fact))
  const grouped = Object.fromEntries([...Map.groupBy(valid, (fact) => fact.name)].map(([name, facts]) => [name, facts.map(signedFact)]))
  if (!areFactsByName(grouped)) throw new Error('assertion failed: every fact was checked against its own schema')
  return grouped
}

const actBody = z.looseObject({ fact: z.string(), report: z.string() })

/** Which facts nobody's act stands behind: typed by hand, as earlier versions took them. */
async function unsupportedFacts(ctx: Context, matter: Pick<Matter, 'id'>): Promise<(fact: FactRecord) => boolean> {
  const named = new Map<FactName, Set<string>>()
  for (const [name, { event }] of Object.entries(factsOfActs)) {
    if (!isFactOfAct(name)) continue
    named.set(name, new Set((await ctx.ledger.eventsOfType(matter.id, event)).map(({ json }) => actBody.parse(bodyOfEvent(json))).map(({ fact, report }) => `${fact}/${report}`)))
  }
  return ({ id, name, value }) => named.get(name)?.has(`${id}/${typeof value['report'] === 'string' ? value['report'] : ''}`) === false
}

function signedFact(fact: FactRecord) {
  return { id: fact.id, name: fact.name, value: fact.value, signerRole: fact.signerRole, recordedOn: dayInChina(fact.recordedAt), hasEvidence: fact.evidence !== null }
}

/** Each list holds facts of its own name whose values fit that name's schema. */
function areFactsByName(grouped: Record<string, { name: FactName; value: JsonObject }[]>): grouped is Record<string, { name: FactName; value: JsonObject }[]> & FactsByName {
  return Object.entries(grouped).every(([name, facts]) => isFactName(name) && facts.every((fact) => fact.name === name && factKind(name).value.safeParse(fact.value).success))
}

function factOfRow(row: FactRow, matterId: string, vkeyById: ReadonlyMap<string, string>): FactRecord {
  const vkey = vkeyById.get(row.signedBy)
  if (vkey === undefined) throw assessFailures.FACT_DAMAGED({ fact: row.id })
  try {
    const { statement, payload } = verifyEnvelope(row.envelope, [parseVkey(vkey)], 1)
    const said = factPredicate.parse(statement.predicate)
    const isIts = said.fact === row.id && said.matter === matterId && said.name === row.name && said.signedBy === row.signedBy && statement.predicateType === factPredicateType
    if (!isIts || !row.digest.equals(sha256(payload)) || !isJsonObject(said.value) || !isFactName(said.name)) throw new RangeError('row and statement differ')
    if (!factKind(said.name).value.safeParse(said.value).success) throw new RangeError('the value does not fit its schema')
    return { ...said, name: said.name, value: said.value, id: said.fact, recordedAt: instantOf(said.recordedAt), digest: row.digest, supersededBy: row.supersededBy }
  } catch (error) {
    throw assessFailures.FACT_DAMAGED({ fact: row.id }, { cause: error })
  }
}
