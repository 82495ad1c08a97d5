// SPDX-License-Identifier: Apache-2.0
import { emptyRoot, logEntry, paddingEntry } from '@handover/proof'
import { assert } from '../kit/assert.ts'
import type { Tx } from '../store/index.ts'
import type { MatterScope } from './events.store.ts'
import { Failure } from '../kit/failure.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import type { MatterLog } from './recover-log.ts'
import { rootAfter } from './log-files.ts'
import { paddingSalt } from './log-padding.ts'
import { insertPadding, lockHead, lockSequencer, moveHead, placeEvents, streamPlaced, takeToken, waitingEvents, type LogHead } from './log.store.ts'

/** The right to publish a log, held by one process at a time. */
export interface Sequencer {
  scope: MatterScope
  /** Runs a part in a transaction that holds the head; refuses (LOG_TAKEN_OVER) when another process has taken a newer token. */
  guarded<T>(part: (tx: Tx, head: LogHead) => Promise<T>): Promise<T>
}

/** Events come in batches of a multiple of this, so that an outsider cannot count them. */
const BATCH_ENTRIES = 16
const EVENTS_A_BATCH = 4096

/**
 * Runs the work as the only sequencer of this log. Two guards: a lock that ends with the process (no lease to wait for after a kill -9),
 * and a fencing token for a process that lost its lock without knowing. Refuses with LOG_BUSY when another one does not finish.
 */
export async function withSequencer<T>(room: LedgerRoom, scope: MatterScope, work: (sequencer: Sequencer) => Promise<T>): Promise<T> {
  return room.db.transaction(async (lock) => {
    await waitForTurn(room, lock, scope)
    const { token } = await takeToken(room.db, scope, emptyRoot())
    room.at('token-taken')
    return work({
      scope,
      guarded: (part) => room.db.transaction(async (tx) => {
        const head = await lockHead(tx, scope, token)
        if (head === undefined) throw ledgerFailures.LOG_TAKEN_OVER()
        return part(tx, head)
      }),
    })
  })
}

/**
 * 编序. Gives waiting events their places, in order, padded to a multiple of 16 with entries that look the same (CONTRACTS §6): one batch in
 * one transaction with the new head. The tiles up to the present head must be on disk. Returns the head before and after; equal when nothing waits.
 */
export async function sequenceBatch(room: LedgerRoom, sequencer: Sequencer, log: Pick<MatterLog, 'folder' | 'signer'>): Promise<{ before: LogHead; after: LogHead }> {
  const moved = await sequencer.guarded(async (tx, before) => ({ before, after: await placeWaiting(tx, sequencer.scope, { log, before }) }))
  if (moved.after.size > moved.before.size) room.at('sequenced')
  return moved
}

/** The entries from `first` up to `size` as the database has them; refuses a gap. */
export async function placedEntries(room: LedgerRoom, scope: MatterScope, first: number, size: number): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = []
  for await (const batch of streamPlaced(room.db, scope, first, size)) {
    for (const placed of batch) {
      if (placed.index !== first + entries.length) throw ledgerFailures.LOG_ENTRIES_DAMAGED({ index: first + entries.length, why: 'an entry is missing or doubled' })
      entries.push(logEntry(placed.commitment))
    }
  }
  if (entries.length !== size - first) throw ledgerFailures.LOG_ENTRIES_DAMAGED({ index: first + entries.length, why: 'entries are missing' })
  return entries
}

async function placeWaiting(tx: Tx, scope: MatterScope, at: { log: Pick<MatterLog, 'folder' | 'signer'>; before: LogHead }): Promise<LogHead> {
  const { log, before } = at
  const events = await waitingEvents(tx, scope, EVENTS_A_BATCH)
  if (events.length === 0) return before
  const paddingCount = (BATCH_ENTRIES - (events.length % BATCH_ENTRIES)) % BATCH_ENTRIES
  const padding = Array.from({ length: paddingCount }, (_, n) => before.size + events.length + n).map((index) => ({ index, entry: paddingEntry(paddingSalt(log.signer, index)) }))
  const entries = [...events.map((event) => logEntry(event.commitment)), ...padding.map((each) => each.entry)]
  const root = Buffer.from(await rootAfter(log.folder, before.size, entries))
  const placed = await placeEvents(tx, scope, events.map((event, n) => ({ seq: event.seq, index: before.size + n })))
  assert(placed === events.length, 'an event got its place twice')
  if (padding.length > 0) await insertPadding(tx, scope, padding)
  const size = before.size + entries.length
  if (!(await moveHead(tx, scope, before, { size, root }))) throw ledgerFailures.LOG_TAKEN_OVER()
  return { size, root, token: before.token }
}

async function waitForTurn(room: LedgerRoom, lock: Tx, scope: MatterScope): Promise<void> {
  try {
    await lockSequencer(lock, scope, room.busyTimeoutMs)
  } catch (error) {
    if (error instanceof Failure && error.code === 'STATEMENT_TIMEOUT') throw ledgerFailures.LOG_BUSY({ seconds: Math.ceil(room.busyTimeoutMs / 1000) }, { cause: error })
    throw error
  }
}
