// SPDX-License-Identifier: Apache-2.0
import { statementDigest } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayOf } from '../../kit/time.ts'
import { authorityStateOf, foundPromisesSchema, lostPromises, opinionConclusions, personsByVersion, privacyFacets, type AuthorityLetter, type CustodyState, type FactsByName, type FiledVersion, type OpinionState, type PromiseState, type RequestState, type StandingState } from '../../law/index.ts'
import { choices } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import type { Scope } from '../discover/index.ts'
import { handOverFailures } from './hand-over-failures.ts'
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
  const filed = await filedVersions(ctx, scope)
  const replaced = new Set(filed.map(({ replaces }) => replaces))
  const valid = filed.filter(({ id }) => !replaced.has(id))
  if (valid.length === 0) return null
  const rows = await countAccepted(ctx.db, scope, privacyFacets)
  const { persons, without } = personsByVersion(rows, valid)
  const decided = (facts['promises-reviewed'] ?? []).filter(({ value }) => value.decidedOn <= ctx.today()).map(({ value }) => value)
  const reviewed = new Set(decided.filter(({ decision }) => decision !== 'all-versions-on-file' && decision !== 'nothing-in-the-way').map(({ version }) => version))
  const read = new Set(decided.map(({ version }) => version))
  const versions = valid.map((version) => {
    const { version: _name, replaces: _replaces, ...said } = version
    const lost = lostPromises(version, filed, { rows, others: valid.filter(({ id }) => id !== version.id), reviewed })
    return { ...said, persons: persons.get(version.id) ?? 0, lost, reviewed: reviewed.has(version.id), read: read.has(version.id) }
  })
  const unknownDecided = decided.some(({ version, decision }) => version === 'unknown' && (decision === 'all-versions-on-file' || decision === 'covered-by-consent' || decision === 'opinion-allows'))
  return { versions, personsWithoutVersion: without, unknownDecided }
}

async function requestState(ctx: Context, scope: Scope): Promise<RequestState> {
  const open = (await countOpenRequests(ctx.db, scope)).flatMap((row) => {
    const choice = choices.find((each) => each === row.choice)
    return choice === undefined ? [] : [{ choice, receivedOn: dayOf(row.day), persons: row.persons }]
  })
  return { open, ...(await countAnsweredRequests(ctx.db, scope)), correctedAfterLeaving: await countCorrectedAfterLeaving(ctx.db, scope) }
}

const letterBody = z.looseObject({ letter: z.string(), direction: z.enum(['in', 'out']), authority: z.string(), subject: z.string(), dated: z.string(), due: z.string().nullable(), answers: z.string().nullable(), document: z.string().nullable() })
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

/** Every filing that the ledger has, read from the signed bytes that its event names: whoever can write to the database adds and takes away none. Refuses a filing whose bytes are not there (PRIVACY_NOTICE_LOST). */
async function filedVersions(ctx: Context, scope: Scope): Promise<FiledVersion[]> {
  const filed = (await ctx.ledger.eventsOfType(scope.matterId, 'PrivacyNoticeFiled')).map(({ json }) => filedBody.parse(JSON.parse(json)))
  const statements = new Map((await loadPrivacyStatements(ctx.db, scope)).map((envelope) => [statementDigest(envelope), envelope]))
  return filed.map(({ notice, statement, replaces }) => {
    const envelope = statements.get(statement)
    if (envelope === undefined) throw handOverFailures.PRIVACY_NOTICE_LOST({ notice })
    const { predicate } = privacyStatement.parse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')))
    return { id: predicate.notice, version: predicate.version, from: dayOf(predicate.from), until: predicate.until === null ? null : dayOf(predicate.until), promises: predicate.promises, replaces }
  })
}

/** What stands in the copies book as sealed with a custodian; a seal without a last day is booked as `permanent`. */
async function custodyState(ctx: Context, matter: Matter): Promise<CustodyState> {
  const sealed = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'custodian' && copy.endedHow === 'sealed')
  const ends = sealed.map((copy) => copy.ended?.until ?? 'permanent')
  const days = ends.filter((until) => until !== 'permanent').map(dayOf).toSorted()
  return { sets: sealed.length, values: sealed.reduce((sum, copy) => sum + copy.values, 0), until: days.at(-1) ?? null, endless: ends.includes('permanent') }
}
