// SPDX-License-Identifier: Apache-2.0
import { statementDigest } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { authorityStateOf, foundPromisesSchema, opinionConclusions, personsByVersion, privacyFacets, type AuthorityLetter, type CustodyState, type FactsByName, type FoundPromise, type OpinionState, type PromiseState, type RequestState, type StandingState } from '../../law/index.ts'
import { choices } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import type { Scope } from '../discover/index.ts'
import { countAccepted, countAnsweredRequests, countCorrectedAfterLeaving, countOpenRequests, loadPrivacyStatements } from './standing-state.store.ts'

/** 常年状态. What the rules H–M look at beside the plan: requests and their clocks, custody, letters of authorities, opinions, promises. */
export async function loadStandingState(ctx: Context, matter: Matter, facts: FactsByName): Promise<StandingState> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return {
    requests: await requestState(ctx, scope), custody: await custodyState(ctx, matter), authorities: authorityStateOf(await letters(ctx, matter), ctx.today()),
    opinions: await opinions(ctx, matter), promises: await promiseState(ctx, scope, facts),
  }
}

/** Versions of the privacy notice with their promises, the persons who accepted each, and whether somebody decided on it. */
async function promiseState(ctx: Context, scope: Scope, facts: FactsByName): Promise<PromiseState | null> {
  const rows = await privacyVersions(ctx, scope)
  if (rows.length === 0) return null
  const { persons, without } = personsByVersion(await countAccepted(ctx.db, scope, privacyFacets), rows)
  const reviewed = new Set((facts['promises-reviewed'] ?? []).filter(({ value }) => value.decidedOn <= ctx.today()).map(({ value }) => value.version))
  return { versions: rows.map(({ version: _name, ...row }) => ({ ...row, persons: persons.get(row.id) ?? 0, reviewed: reviewed.has(row.id) })), personsWithoutVersion: without }
}

async function requestState(ctx: Context, scope: Scope): Promise<RequestState> {
  const open = (await countOpenRequests(ctx.db, scope)).flatMap((row) => {
    const choice = choices.find((each) => each === row.choice)
    return choice === undefined ? [] : [{ choice, receivedOn: dayOf(row.day), persons: row.persons }]
  })
  return { open, ...(await countAnsweredRequests(ctx.db, scope)), correctedAfterLeaving: await countCorrectedAfterLeaving(ctx.db, scope) }
}

const letterBody = z.looseObject({ letter: z.string(), direction: z.enum(['in', 'out']), authority: z.string(), subject: z.string(), dated: z.string(), due: z.string().nullable(), answers: z.string().nullable() })
const opinionBody = z.looseObject({
  opinion: z.string(), document: z.string(), articles: z.array(z.string()), rules: z.array(z.string()), rows: z.array(z.string()), positions: z.array(z.string()), conclusion: z.enum(opinionConclusions), givenOn: z.string(), until: z.string().nullable(),
})

/** Letters of authorities as the ledger has them. */
async function letters(ctx: Context, matter: Matter): Promise<AuthorityLetter[]> {
  return (await ctx.ledger.eventsOfType(matter.id, 'LetterRecorded')).map(({ json }) => letterBody.parse(JSON.parse(json))).map((body) => ({ ...body, dated: dayOf(body.dated), due: body.due === null ? null : dayOf(body.due) }))
}

/** Counsel's opinions as the ledger has them. */
async function opinions(ctx: Context, matter: Matter): Promise<OpinionState[]> {
  return (await ctx.ledger.eventsOfType(matter.id, 'OpinionFiled')).map(({ json }) => opinionBody.parse(JSON.parse(json))).map(({ opinion, document, articles, rules, rows, positions, conclusion, givenOn, until }) => ({
    id: opinion, digest: document, covers: { articles, rules, rows, positions }, conclusion, givenOn: dayOf(givenOn), until: until === null ? null : dayOf(until),
  }))
}

const filedBody = z.looseObject({ notice: z.string(), statement: z.string(), replaces: z.string().nullable() })
const privacyStatement = z.looseObject({ predicate: z.looseObject({ notice: z.string(), version: z.string(), from: z.string(), until: z.string().nullable(), promises: foundPromisesSchema }) })

/** The versions that the ledger has and no later one replaced, read from the signed bytes that its events name: whoever can write to the database adds and takes away none. */
async function privacyVersions(ctx: Context, scope: Scope): Promise<{ id: string; version: string; from: Day; until: Day | null; promises: readonly FoundPromise[] }[]> {
  const filed = (await ctx.ledger.eventsOfType(scope.matterId, 'PrivacyNoticeFiled')).map(({ json }) => filedBody.parse(JSON.parse(json)))
  const replaced = new Set(filed.map(({ replaces }) => replaces))
  const statements = new Map((await loadPrivacyStatements(ctx.db, scope)).map((envelope) => [statementDigest(envelope), envelope]))
  return filed.filter(({ notice }) => !replaced.has(notice)).flatMap(({ statement }) => {
    const envelope = statements.get(statement)
    if (envelope === undefined) return []
    const { predicate } = privacyStatement.parse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')))
    return [{ id: predicate.notice, version: predicate.version, from: dayOf(predicate.from), until: predicate.until === null ? null : dayOf(predicate.until), promises: predicate.promises }]
  })
}

/** What stands in the copies book as sealed with a custodian; a seal without a last day is booked as `permanent`. */
async function custodyState(ctx: Context, matter: Matter): Promise<CustodyState> {
  const sealed = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'custodian' && copy.endedHow === 'sealed')
  const ends = sealed.map((copy) => copy.ended?.until ?? 'permanent')
  const days = ends.filter((until) => until !== 'permanent').map(dayOf).toSorted()
  return { sets: sealed.length, until: days.at(-1) ?? null, endless: ends.includes('permanent') }
}
