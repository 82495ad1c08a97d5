// SPDX-License-Identifier: Apache-2.0
import type { BundlePadding, Vkey } from '@handover/proof'
import { refuseHalted } from '../kit/halt.ts'
import type { Home } from '../home.ts'
import type { Instant } from '../kit/time.ts'
import type { Database, Queryable, Tx } from '../store/index.ts'
import { appendEvent, type Appended } from './append-event.ts'
import { endCopy, openCopy, type EndOfCopy, type NewCopy } from './copies-book.ts'
import { allCopies, type Copy } from './copies.store.ts'
import type { EventBodies, EventType, NewEvent, Posting } from './events.ts'
import { eventByEffect, eventsOfType, streamEvents, type EventRow } from './events.store.ts'
import type { LedgerRoom, LogPoint } from './ledger-room.ts'
import { allCheckpoints, type CheckpointRow } from './log.store.ts'
import { logSigner } from './log-key.ts'
import { openPadding } from './log-padding.ts'
import { confirmHead, newestHead, type ConfirmedHead, type NewestHead } from './known-head.ts'
import { closingBalance, mainBook, verifyBooks, type BooksCheck } from './main-book.ts'
import type { MainBookLine } from './main-book.rules.ts'
import { readPolicy, setPolicy, type MatterPolicy, type PolicySetting } from './policy-file.ts'
import { eventWithSeq, latestCheckpoint, logFiles, proofOf } from './prove-event.ts'
import { publishLog, type PublishedCheckpoint } from './publish-log.ts'
import { booksEntries, inventoryEntries, inventoryOf, type InventoryRange } from './record-leaves.ts'
import { setDispositions, type DispositionChange } from './set-dispositions.ts'

export type { Appended } from './append-event.ts'
export { bodyOfEvent } from './append-event.ts'
export type { EndOfCopy, NewCopy } from './copies-book.ts'
export type { Copy, CopyEnding } from './copies.store.ts'
export { inNamedFile, namingFile, readIfThere, writeDurable, writeOnce } from './durable-file.ts'
export { eventLabels } from './events.ts'
export type { ByDisposition, DeltaKey, EventBodies, EventType, NewEvent, Posting } from './events.ts'
export type { EventRow as StoredEvent } from './events.store.ts'
export type { ConfirmedHead, NewestHead } from './known-head.ts'
export { ledgerFailures } from './ledger-failures.ts'
export { logPoints, type LogPoint } from './ledger-room.ts'
export { writeTiles } from './log-files.ts'
export type { CheckpointRow } from './log.store.ts'
export type { BooksCheck } from './main-book.ts'
export { columnOf, sumOfAccounts, totalOfLines, type BookProblem, type MainBookLine } from './main-book.rules.ts'
export { composePolicy, readPolicyText, type MatterPolicy, type PolicyParts, type WitnessPlace } from './policy-file.ts'
export type { PublishedCheckpoint } from './publish-log.ts'
export { rootOfEntries } from './record-leaves.ts'
export type { DispositionChange } from './set-dispositions.ts'

/** 账簿. The books of a home's matters and their transparency logs (CONTRACTS §§3, 4, 6). What takes a `tx` is part of the caller's transaction. */
export interface Ledger {
  /** Books one event; see appendEvent for what it refuses. The effect is the key of the act: again with the same content gives the first result. */
  append(tx: Tx, matterId: string, event: NewEvent, effect: string): Promise<Appended>
  /** Changes disposition vectors and returns the postings for the event of the same transaction. */
  setDispositions(tx: Tx, matterId: string, changes: readonly DispositionChange[]): Promise<Posting[]>
  /** What InventoryCommitted says of a data set whose records are all stored; of a range of it after a delta scan. */
  inventoryOf(tx: Tx, matterId: string, dataSetId: string, range?: InventoryRange): Promise<EventBodies['InventoryCommitted']>
  openCopy(tx: Tx, matterId: string, copy: NewCopy, effect: string): Promise<Appended & { copy: string }>
  endCopy(tx: Tx, matterId: string, end: EndOfCopy, effect: string): Promise<Appended>
  copies(matterId: string, tx?: Tx): Promise<Copy[]>
  mainBook(matterId: string, tx?: Tx): Promise<MainBookLine[]>
  /** The body of MatterClosed for the books as they stand; whether they may close is the gate's question. */
  closingBalance(matterId: string, tx?: Tx): Promise<EventBodies['MatterClosed']>
  /** Recounts vectors, inventory roots and event commitments against the postings. */
  verifyBooks(matterId: string): Promise<BooksCheck>
  events(matterId: string): AsyncIterable<EventRow>
  eventsOfType(matterId: string, type: EventType, tx?: Tx): Promise<EventRow[]>
  event(matterId: string, seq: number): Promise<EventRow>
  eventByEffect(matterId: string, effect: string, tx?: Tx): Promise<EventRow | undefined>
  inventoryEntries(matterId: string, dataSetId?: string, range?: InventoryRange): AsyncIterable<Buffer>
  booksEntries(matterId: string): AsyncIterable<Buffer>
  /** The verifier key of the matter's log; makes the key at the first call. */
  logVkey(matterId: string, tx?: Tx): Promise<Vkey>
  /** Books and stores the trust policy; see setPolicy in policy-file.ts. */
  setPolicy(tx: Tx, matterId: string, text: string, setting: PolicySetting): Promise<Appended>
  policy(matterId: string): Promise<MatterPolicy | null>
  /** Publishes all booked events; see publishLog. Not inside a transaction. */
  publish(matterId: string): Promise<PublishedCheckpoint>
  latestCheckpoint(matterId: string): Promise<PublishedCheckpoint | null>
  /** How large the log is known to be, the witnesses asked; null without policy. */
  newestHead(matterId: string): Promise<NewestHead | null>
  /** Whether the witnesses say now, signed, that they know nothing newer than what is published; see confirmHead. */
  confirmHead(matterId: string, now?: number): Promise<ConfirmedHead | null>
  checkpoints(matterId: string): Promise<CheckpointRow[]>
  /** tlog-proof text of a published event. */
  proofOf(matterId: string, seq: number): Promise<string>
  /** `checkpoint`, tiles and entry bundles of the newest published checkpoint. */
  logFiles(matterId: string): AsyncIterable<{ path: string; bytes: Buffer }>
  /** The padding up to a size with its salts, and how many entries cannot be opened. */
  padding(matterId: string, size: number): Promise<{ padding: BundlePadding[]; unopened: number }>
}

/** What a ledger is opened with; the last four are for tests. */
export interface LedgerOptions {
  db: Database
  home: Home
  /** The legal clock. */
  now(): Instant
  tickMs?: number
  witnessTimeoutMs?: number
  busyTimeoutMs?: number
  /** Called between two durable writes of the log; a test throws or kills here. */
  at?: (point: LogPoint) => void
}

/** Opens the ledger of a home over its database. */
export function openLedger(options: LedgerOptions): Ledger {
  const { db, home } = options
  const room: LedgerRoom = {
    db, tenant: home.settings.tenant, paths: { objects: home.paths.objects, keys: home.paths.keys }, now: () => options.now(),
    tickMs: options.tickMs ?? 200, witnessTimeoutMs: options.witnessTimeoutMs ?? 10_000, busyTimeoutMs: options.busyTimeoutMs ?? 60_000, at: options.at ?? (() => undefined),
  }
  const scopeOf = (matterId: string) => ({ tenant: room.tenant, matterId })
  const from = (tx: Tx | undefined): Queryable => tx ?? db
  return {
    append: async (tx, matterId, event, effect) => {
      refuseHalted(home) // whichever door an act came by: a home that stopped books nothing
      return appendEvent(room, tx, matterId, { event, effect })
    },
    setDispositions: (tx, matterId, changes) => setDispositions(tx, scopeOf(matterId), changes),
    inventoryOf: (tx, matterId, dataSetId, range) => inventoryOf(tx, scopeOf(matterId), dataSetId, range ?? null),
    openCopy: (tx, matterId, copy, effect) => openCopy(room, tx, matterId, { copy, effect }),
    endCopy: (tx, matterId, end, effect) => endCopy(room, tx, matterId, { end, effect }),
    copies: (matterId, tx) => allCopies(from(tx), scopeOf(matterId)),
    mainBook: (matterId, tx) => mainBook(from(tx), scopeOf(matterId)),
    closingBalance: (matterId, tx) => closingBalance(from(tx), scopeOf(matterId)),
    verifyBooks: (matterId) => db.transaction((tx) => verifyBooks(tx, scopeOf(matterId)), { isolation: 'repeatable read', readOnly: true }),
    events: (matterId) => oneByOne(streamEvents(db, scopeOf(matterId))),
    eventsOfType: (matterId, type, tx) => eventsOfType(from(tx), scopeOf(matterId), type),
    event: (matterId, seq) => eventWithSeq(room, matterId, seq),
    eventByEffect: (matterId, effect, tx) => eventByEffect(from(tx), scopeOf(matterId), effect),
    inventoryEntries: (matterId, dataSetId, range) => inventoryEntries(db, scopeOf(matterId), dataSetId ?? null, range ?? null),
    booksEntries: (matterId) => booksEntries(db, scopeOf(matterId)),
    setPolicy: async (tx, matterId, text, setting) => setPolicy(room, tx, matterId, { ...setting, text, log: (await logSigner(room, scopeOf(matterId), tx)).vkey }),
    policy: (matterId) => readPolicy(room, scopeOf(matterId)),
    ...logOf(room, () => refuseHalted(home)),
  }
}

function logOf(room: LedgerRoom, refuse: () => void): Pick<Ledger, 'logVkey' | 'publish' | 'latestCheckpoint' | 'newestHead' | 'confirmHead' | 'checkpoints' | 'proofOf' | 'logFiles' | 'padding'> {
  const checked = new Set<string>()
  const publishing = new Map<string, Promise<unknown>>()
  return {
    logVkey: async (matterId, tx) => (await logSigner(room, { tenant: room.tenant, matterId }, tx)).vkey,
    // One after the other within a process: each holds one connection and needs a second one.
    publish(matterId) {
      const turn = (publishing.get(matterId) ?? Promise.resolve()).then(() => {
        refuse()
        return publishLog(room, matterId, checked)
      })
      publishing.set(matterId, turn.catch(() => undefined))
      return turn
    },
    latestCheckpoint: (matterId) => latestCheckpoint(room, matterId),
    newestHead: (matterId) => newestHead(room, matterId),
    confirmHead: (matterId, now) => confirmHead(room, matterId, now),
    checkpoints: (matterId) => allCheckpoints(room.db, { tenant: room.tenant, matterId }),
    proofOf: (matterId, seq) => proofOf(room, matterId, seq),
    logFiles: (matterId) => logFiles(room, matterId),
    padding: async (matterId, size) => openPadding(room.db, { tenant: room.tenant, matterId }, { signer: await logSigner(room, { tenant: room.tenant, matterId }), size }),
  }
}

async function* oneByOne<T>(batches: AsyncIterable<T[]>): AsyncGenerator<T, void, undefined> {
  for await (const batch of batches) yield* batch
}
