// SPDX-License-Identifier: Apache-2.0
import { formatTlogProof, leafHash, logEntry, ProofError, verifyInclusion } from '@handover/proof'
import { eventBySeq, type EventRow } from './events.store.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { readPart, tilePathsOf, treeOf } from './log-files.ts'
import { lastCheckpoint } from './log.store.ts'
import { acceptedBy, openMatterLog, type PublishedCheckpoint } from './publish-log.ts'
import type { MatterLog } from './recover-log.ts'

/** The newest published checkpoint, or null when there is none that the policy in force accepts. */
export async function latestCheckpoint(room: LedgerRoom, matterId: string): Promise<PublishedCheckpoint | null> {
  return (await newestAccepted(room, matterId))?.checkpoint ?? null
}

/**
 * 存证. The tlog-proof of an event (FORMATS §6) under the newest published checkpoint, verified before it is given away; refuses an event that is not
 * published yet, and one that its entry and the tiles on disk do not lead to (LOG_FILES_DAMAGED; `log publish` makes the public files anew from the ledger).
 */
export async function proofOf(room: LedgerRoom, matterId: string, seq: number): Promise<string> {
  const event = await eventWithSeq(room, matterId, seq)
  const newest = await newestAccepted(room, matterId)
  if (newest === null || event.leafIndex === null || event.leafIndex >= newest.size) throw ledgerFailures.NOT_PUBLISHED_YET({ seq })
  const path = await verifiedPath(newest, event.leafIndex, event.commitment)
  return formatTlogProof({ extra: null, index: BigInt(event.leafIndex), path, checkpoint: newest.checkpoint.text })
}

async function verifiedPath({ log, size, checkpoint }: NewestAccepted, index: number, commitment: Uint8Array): Promise<Uint8Array[]> {
  try {
    const path = await treeOf(log.folder, size).inclusionPath(index)
    verifyInclusion({ index: BigInt(index), size: checkpoint.checkpoint.size, leafHash: leafHash(logEntry(commitment)), path, root: checkpoint.checkpoint.root })
    return path
  } catch (error) {
    if (error instanceof ProofError) throw ledgerFailures.LOG_FILES_DAMAGED({ file: 'objects/log/…/tile', size }, { cause: error })
    throw error
  }
}

/** The public files of the log under its newest published checkpoint, in a fixed order: `checkpoint`, then tiles, then entry bundles (CONTRACTS §12). */
export async function* logFiles(room: LedgerRoom, matterId: string): AsyncGenerator<{ path: string; bytes: Buffer }, void, undefined> {
  const newest = await newestAccepted(room, matterId)
  if (newest === null) throw ledgerFailures.NOT_PUBLISHED_YET({ seq: 1 })
  yield { path: 'checkpoint', bytes: Buffer.from(newest.checkpoint.text) }
  for (const path of tilePathsOf(newest.size)) yield { path, bytes: readPart(newest.log.folder, path) }
}

/** An event with its number, or a refusal. */
export async function eventWithSeq(room: LedgerRoom, matterId: string, seq: number): Promise<EventRow> {
  const event = await eventBySeq(room.db, { tenant: room.tenant, matterId }, seq)
  if (event === undefined) throw ledgerFailures.EVENT_UNKNOWN({ seq })
  return event
}

interface NewestAccepted {
  log: MatterLog
  size: number
  checkpoint: PublishedCheckpoint
}

async function newestAccepted(room: LedgerRoom, matterId: string): Promise<NewestAccepted | null> {
  const last = await lastCheckpoint(room.db, { tenant: room.tenant, matterId }, true)
  if (last === undefined || last.cosigned === null) return null
  const log = await openMatterLog(room, matterId)
  const checkpoint = acceptedBy(log, last.cosigned)
  return checkpoint === null ? null : { log, size: last.size, checkpoint }
}
