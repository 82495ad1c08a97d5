// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { isCount, isDigest, isFlag, isInstant, isText, listOf, objectOf, oneOf, orNull, readShape } from '../shape.ts'
import type { Shape, Shaped } from '../shape.ts'
import { parseCanonicalJson } from '../jcs.ts'

const ACCOUNTS = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed', 'pending', 'in-transit'] as const
const isPosting = objectOf({ ds: isText, f: isText, from: oneOf('discovered', ...ACCOUNTS), to: oneOf('discovered', ...ACCOUNTS), n: isCount })
/** 分录. One posting as an event carries it (CONTRACTS §4). */
export type EventPosting = Shaped<typeof isPosting>

const dispositionCounts = { transferred: isCount, kept: isCount, sealed: isCount, anonymised: isCount, destroyed: isCount }
const isByDisposition = objectOf(dispositionCounts)
const isByDispositionMixed = objectOf({ ...dispositionCounts, mixed: isCount })
const isParty = objectOf({ role: isText, party: isText, digest: isDigest })

/** What the verifier reads of each event; other members are let through. */
const bodies = {
  MatterOpened: objectOf({ origin: isText, parties: listOf(isParty), demo: isFlag }),
  PartyJoined: isParty,
  InventoryCommitted: objectOf({ ds: isText, first: isCount, records: isCount, root: isDigest, fields: listOf(objectOf({ f: isText, values: isCount })) }),
  CopyOpened: objectOf({ copy: isText, kind: isText, holder: isText, values: isCount }),
  CopyEnded: objectOf({ copy: isText, how: isText, proof: orNull(isDigest) }),
  FactRecorded: objectOf({ fact: isText, digest: isDigest }),
  ApprovalGranted: objectOf({ request: isText, act: isText, digest: isDigest, by: listOf(isText), identitiesVerified: isFlag }),
  ApprovalWithdrawn: objectOf({ request: isText }),
  SettingsChanged: objectOf({ key: isText, from: isText, to: isText }),
  PlanApproved: objectOf({ plan: isText, digest: isDigest }),
  GateOverridden: objectOf({ override: isText, rule: isText, codes: listOf(isText), article: isText, opinion: isDigest, reason: isDigest, until: isText, approval: isText }),
  PlanOverridden: objectOf({ override: isText, approval: isText }),
  PackageIssued: objectOf({ package: isText, to: isText, purpose: oneOf('transfer', 'custody'), sequence: isCount, outer: isDigest, manifest: isDigest, records: isCount, values: isCount }),
  AcceptanceReceived: objectOf({ package: isText, acceptance: isDigest, status: oneOf('complete', 'differences') }),
  Reconciled: objectOf({ package: isText, statement: isDigest, root: isDigest, matched: isCount }),
  PackageWithdrawn: objectOf({ package: isText }),
  SourceRescanned: objectOf({ scan: isText, changed: isCount, gone: isCount }),
  RecordsRevised: objectOf({ scan: isText, ds: isText, records: isCount, root: isDigest, tombstones: isCount, tombstoneRoot: isDigest }),
  CopyRecounted: objectOf({ copy: isText, values: isCount, scan: isText }),
  WithdrawalProven: objectOf({ package: isText, acceptance: isDigest, records: isCount, root: isDigest }),
  AbandonmentDeclared: objectOf({ reason: isText, request: isText, packages: listOf(isText) }),
  TransferReversed: objectOf({ package: isText, statement: isDigest }),
  MatterAbandoned: objectOf({ reason: isText, booksRoot: isDigest, records: isCount, discovered: isCount, dispositions: isByDisposition, recordsBy: isByDispositionMixed, outOfReach: isCount }),
  DestructionIntended: objectOf({ order: isText, recordSet: isDigest, records: isCount, tombstones: isCount, tombstoneRoot: isDigest }),
  RecordsRewritten: objectOf({ order: isText, records: isCount, root: isDigest }),
  RecordsDestroyed: objectOf({ order: isText, records: isCount, tombstones: isCount, tombstoneRoot: isDigest }),
  EpochTurned: objectOf({ epoch: isCount }),
  CertificateIssued: objectOf({ order: isText, status: oneOf('pending', 'final'), statement: isDigest }),
  MatterClosed: objectOf({ booksRoot: isDigest, records: isCount, discovered: isCount, dispositions: isByDisposition, recordsBy: isByDispositionMixed }),
}
/** Events whose bodies the verifier reads. */
export type KnownEvent = keyof typeof bodies
/** Body of an event that the verifier reads. */
export type BodyOf<E extends KnownEvent> = Bodies[E]
type Bodies = { [E in KnownEvent]: Shaped<(typeof bodies)[E]> }
const shapes: { [E in KnownEvent]: Shape<Bodies[E]> } = bodies

const isEvent = objectOf({ v: isCount, t: isText, m: isText, s: isCount, ts: isInstant })
const hasPostings = objectOf({ postings: listOf(isPosting) })

/** One committed event, read. */
export type MatterEvent = { type: string; matter: string; seq: number; ts: string; postings: EventPosting[]; json: unknown }

/** The event of its committed text; refuses text that is not canonical and another version. */
export function readEvent(text: string): MatterEvent {
  const json = parseCanonicalJson(text)
  const head = readShape(isEvent, json, 'an event')
  if (head.v !== 1) throw new ProofError('BAD_SHAPE', `event ${head.s} is of another version`)
  const carries = typeof json === 'object' && json !== null && Object.hasOwn(json, 'postings')
  const postings = carries ? readShape(hasPostings, json, `the postings of event ${head.s}`).postings : []
  return { type: head.t, matter: head.m, seq: head.s, ts: head.ts, postings, json }
}

/** All events of a type with their bodies, in order; refuses a body that lacks what the verifier reads. */
export function eventsOf<E extends KnownEvent>(events: readonly MatterEvent[], type: E): { seq: number; ts: string; postings: EventPosting[]; body: BodyOf<E> }[] {
  return events.filter((event) => event.type === type).map((event) => ({ seq: event.seq, ts: event.ts, postings: event.postings, body: bodyOf(event, type) }))
}

/** The body of one event; refuses another type or a body that lacks what the verifier reads. */
export function bodyOf<E extends KnownEvent>(event: MatterEvent, type: E): BodyOf<E> {
  if (event.type !== type) throw new ProofError('TYPE_MISSING', `event ${event.seq} is not ${type}`)
  return readShape<Bodies[E]>(shapes[type], event.json, `event ${event.seq} (${type})`)
}
