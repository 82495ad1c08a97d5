// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { idText } from '../kit/ids.ts'
import type { CopyEnd, CopyKind } from '../law/nouns.ts'
import type { Tx } from '../store/index.ts'
import { appendEvent, type Appended } from './append-event.ts'
import { lockEvents } from './events.store.ts'
import { endCopyRow, insertCopy, lockCopy, type CopyEnding } from './copies.store.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'

/** A copy to be opened: who holds how many values where. */
export interface NewCopy {
  kind: CopyKind
  holder: string
  dataSetId: string | null
  sourceId: string | null
  values: number
}

/** How a copy ends. `proof` is the hexadecimal SHA-256 of a signed statement; `details` holds codes and ids, never a value. */
export interface EndOfCopy {
  copy: string
  how: CopyEnd
  proof: string | null
  until: string | null
  details?: Record<string, string | number>
}

/** What must be known before a copy counts as ended this way (CONTRACTS §4: handed over, kept (basis), destroyed (proof), sealed (until), attested). */
const neededToEnd = {
  'handed-over': ['proof'], kept: [], destroyed: ['proof'], sealed: ['until'], attested: ['proof'], 'out-of-reach': [],
} as const satisfies Record<CopyEnd, readonly ('proof' | 'until')[]>

/** 登记副本. Opens a line of the copies book with its event in the caller's transaction; the id follows from the effect, so repeating it gives the same copy. */
export async function openCopy(room: LedgerRoom, tx: Tx, matterId: string, act: { copy: NewCopy; effect: string }): Promise<Appended & { copy: string }> {
  const { copy, effect } = act
  const id = idText('cpy', createHash('sha256').update(`handover/copy/${matterId}/${effect}`).digest().subarray(0, 16))
  const event = { type: 'CopyOpened', body: { copy: id, kind: copy.kind, holder: copy.holder, ds: copy.dataSetId, values: copy.values } } as const
  const appended = await appendEvent(room, tx, matterId, { event, effect })
  if (!appended.repeated) await insertCopy(tx, { tenant: room.tenant, matterId }, { id, ...copy, openedSeq: appended.seq })
  return { ...appended, copy: id }
}

/** 了结副本. Ends a line with its event in the caller's transaction. Refuses an unknown copy, one that ended otherwise, and an end without its proof or date. */
export async function endCopy(room: LedgerRoom, tx: Tx, matterId: string, act: { end: EndOfCopy; effect: string }): Promise<Appended> {
  const { end, effect } = act
  const scope = { tenant: room.tenant, matterId }
  const missing = neededToEnd[end.how].filter((name) => end[name] === null)
  if (missing.length > 0) throw ledgerFailures.COPY_END_INCOMPLETE({ copy: end.copy, how: end.how, missing: missing.join(', ') })
  await lockEvents(tx, scope) // before any row, so that two acts cannot wait for each other
  const known = await lockCopy(tx, scope, end.copy)
  if (known === undefined) throw ledgerFailures.COPY_UNKNOWN({ copy: end.copy })
  const event = { type: 'CopyEnded', body: { copy: end.copy, how: end.how, proof: end.proof, until: end.until } } as const
  const appended = await appendEvent(room, tx, matterId, { event, effect })
  if (appended.repeated) return appended
  if (known.endedHow !== null) throw ledgerFailures.COPY_ALREADY_ENDED({ copy: end.copy, how: known.endedHow })
  const ended: CopyEnding = { proof: end.proof, until: end.until, details: end.details ?? {} }
  await endCopyRow(tx, scope, { id: end.copy, how: end.how, seq: appended.seq, ended })
  return appended
}
