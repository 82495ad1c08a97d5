// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, eventCommitment, isJsonObject, mayMove, parseJsonStrict, type JsonObject, type JsonValue } from '@handover/proof'
import { randomBytes } from 'node:crypto'
import { assert } from '../kit/assert.ts'
import { instantOf, type Instant } from '../kit/time.ts'
import type { Tx } from '../store/index.ts'
import { sumPostings, type PostingSum } from './books.store.ts'
import type { EventType, NewEvent, Posting } from './events.ts'
import { eventByEffect, insertEvent, insertPostings, lastEvent, lockEvents, type EventRow, type MatterScope } from './events.store.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { afterPostings, differencesOfLines, placeOf, problemsOfLines, problemsOfPostings, type BookProblem, type MainBookLine } from './main-book.rules.ts'

/** What became of an append: the number of the event; `repeated` when the same act had been booked before and nothing was written. */
export interface Appended {
  seq: number
  repeated: boolean
}

/** A committed event is published only as 32 bytes, so its size is bounded by what a verifier should have to read, not by the log: five postings for each of the 10,000 fields that a matter may have fit. */
const EVENT_BYTES_MAX = 8 * 1024 * 1024
/** Clocks are corrected by small steps; a larger step back is a wrong clock. */
const CLOCK_STEP_MS = 5 * 60_000
/** What stands around the body in the committed JSON (FORMATS §9). */
const envelopeKeys = ['v', 't', 'm', 's', 'ts']

/**
 * 入账. Books one event in the caller's transaction (CONTRACTS §§4, 6): number, commitment, postings, and the balance asserted before
 * writing and on reading back. The effect is the key of the act: booking it again gives the first result, or is refused
 * (EFFECT_REUSED) when it says something else. Refuses postings that do not balance or come after the close, and a clock that went back.
 */
export async function appendEvent(room: LedgerRoom, tx: Tx, matterId: string, act: { event: NewEvent; effect: string }): Promise<Appended> {
  const scope = { tenant: room.tenant, matterId }
  const body = plainBody(act.event)
  assert(isPlainText(act.effect, 300), 'the key of an act is plain ASCII')
  // In this order: what is read is read under the lock.
  const [, earlier, last] = await Promise.all([lockEvents(tx, scope), eventByEffect(tx, scope, act.effect), lastEvent(tx, scope)])
  if (earlier !== undefined) return repeatOf(earlier, act.event.type, body)

  const seq = (last?.seq ?? 0) + 1
  const at = monotonic(room.now(), last)
  const json = canonicalJson({ v: 1, t: act.event.type, m: matterId, s: seq, ts: at, ...body })
  const bytes = Buffer.byteLength(json)
  if (bytes > EVENT_BYTES_MAX) throw ledgerFailures.EVENT_TOO_LARGE({ type: act.event.type, bytes, max: EVENT_BYTES_MAX })
  // The salt hides guessable content for ever, so it is random even where ids follow from a seed.
  const salt = randomBytes(32)
  await insertEvent(tx, scope, { seq, type: act.event.type, json, salt, commitment: Buffer.from(eventCommitment(json, salt)), at, effect: act.effect })
  await bookPostings(tx, scope, seq, act.event)
  return { seq, repeated: false }
}

/** The postings that an event carries; most carry none. */
export function postingsOf(event: NewEvent): readonly Posting[] {
  return 'postings' in event.body ? event.body.postings : []
}

/** What an event says, without the envelope around it. */
export function bodyOfEvent(json: string): JsonObject {
  const event = parseJsonStrict(json)
  assert(isJsonObject(event), 'an event is a JSON object')
  return Object.fromEntries(Object.entries(event).filter(([key]) => !envelopeKeys.includes(key)))
}

/** The lines of the main book that a list of postings adds up to. */
export function linesOfPostings(sums: readonly PostingSum[]): MainBookLine[] {
  return afterPostings([], sums)
}

async function bookPostings(tx: Tx, scope: MatterScope, seq: number, event: NewEvent): Promise<void> {
  const postings = postingsOf(event)
  refuseProblems(problemsOfMoves(event, postings))
  refuseProblems([...problemsOfPostings(postings, event.type === 'InventoryCommitted' || event.type === 'RecordsRevised', event.type === 'RecordsRevised'), ...problemsOfInventory(event)])
  if (postings.length === 0) return
  // Under the events' lock: an act that began before the close and waited for it must not move what the close has stated.
  if ((await lastEvent(tx, scope, 'MatterClosed')) !== undefined || (await lastEvent(tx, scope, 'MatterAbandoned')) !== undefined) throw ledgerFailures.BOOKS_CLOSED()
  const before = linesOfPostings(await sumPostings(tx, scope, postings))
  const after = afterPostings(before, postings)
  refuseProblems(problemsOfLines(after))
  await insertPostings(tx, scope, seq, postings)
  const readBack = linesOfPostings(await sumPostings(tx, scope, postings))
  refuseProblems([...problemsOfLines(readBack), ...differencesOfLines(after, readBack, ['expected', 'read back'])])
}

/** The verifier would refuse the bundle of a matter in which an event made a move that is not its own, so it is never booked; one table for both. */
function problemsOfMoves(event: NewEvent, postings: readonly Posting[]): BookProblem[] {
  return postings.filter(({ from, to }) => !mayMove(event.type, from, to)).map(({ ds, f, from, to }) => ({ ds, f, account: `${from}→${to}`, why: `${event.type} may not make this move` }))
}

/** An inventory says twice how many values each field has: as numbers and as postings. */
function problemsOfInventory(event: NewEvent): BookProblem[] {
  if (event.type !== 'InventoryCommitted') return []
  const { ds, fields, postings } = event.body
  const discovered = new Map(postings.map((posting) => [placeOf(posting), posting.n]))
  const counted = fields.filter((field) => field.values !== (discovered.get(placeOf({ ds, f: field.f })) ?? 0))
  const listed = new Set(fields.map((field) => placeOf({ ds, f: field.f })))
  return [
    ...counted.map((field) => ({ ds, f: field.f, account: 'discovered', why: `${field.values} values counted, but another number is posted` })),
    ...postings.filter((posting) => !listed.has(placeOf(posting))).map((posting) => ({ ds: posting.ds, f: posting.f, account: 'discovered', why: 'the field is not in the inventory' })),
  ]
}

function refuseProblems(problems: readonly BookProblem[]): void {
  const [first] = problems
  if (first !== undefined) throw ledgerFailures.BOOKS_OUT_OF_BALANCE({ dataSet: first.ds, field: first.f, account: first.account, why: first.why })
}

function repeatOf(earlier: EventRow, type: EventType, body: JsonObject): Appended {
  if (earlier.type !== type || canonicalJson(bodyOfEvent(earlier.json)) !== canonicalJson(body)) {
    throw ledgerFailures.EFFECT_REUSED({ effect: earlier.effect, type: earlier.type })
  }
  return { seq: earlier.seq, repeated: true }
}

/** Time never goes back in the ledger: a small step of the clock is held at the last event, a large one is refused. */
function monotonic(now: Instant, last: EventRow | undefined): Instant {
  if (last === undefined || now >= last.at) return now
  if (Date.parse(last.at) - Date.parse(now) > CLOCK_STEP_MS) throw ledgerFailures.CLOCK_BEHIND_LEDGER({ now, last: last.at })
  return instantOf(last.at)
}

/** The body as plain JSON. Only printable ASCII may stand in an event, so no name and no title can get in by mistake (STYLE maxim 10). */
function plainBody(event: NewEvent): JsonObject {
  const body = parseJsonStrict(JSON.stringify(event.body))
  assert(isJsonObject(body), 'the body of an event is a JSON object')
  assert(Object.keys(body).every((key) => !envelopeKeys.includes(key)), `${event.type} uses a key of the envelope`)
  assert(isPlain(body), `${event.type} holds text that is not plain ASCII`)
  return body
}

function isPlain(value: JsonValue): boolean {
  if (typeof value === 'string') return isPlainText(value, 200)
  if (Array.isArray(value)) return value.every(isPlain)
  return !isJsonObject(value) || Object.entries(value).every(([key, member]) => isPlainText(key, 200) && isPlain(member))
}

function isPlainText(text: string, charactersMax: number): boolean {
  return text.length <= charactersMax && /^[\x20-\x7e]*$/.test(text)
}
