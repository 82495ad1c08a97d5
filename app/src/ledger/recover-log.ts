// SPDX-License-Identifier: Apache-2.0
import { checkpointBody, equalBytes, leafHash, MerkleAccumulator, openNote, parseCheckpoint, ProofError, quorumMet, signNote, type Checkpoint, type NoteSigner } from '@handover/proof'
import { join } from 'node:path'
import { readIfThere } from './durable-file.ts'
import type { MatterScope } from './events.store.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { readEntries, writeTiles } from './log-files.ts'
import { checkpointOfSize, insertCheckpoint, insertPadding, lastCheckpoint, moveHead, placeByCommitment, type LogHead } from './log.store.ts'
import type { MatterPolicy } from './policy-file.ts'
import { placedEntries, type Sequencer } from './sequence-events.ts'
import { askHead } from './witness-client.ts'

/** An open log: its signer, its policy and the folder of its public files. */
export interface MatterLog {
  scope: MatterScope
  signer: NoteSigner
  policy: MatterPolicy
  folder: string
}

/** A head that somebody remembers, and who. */
interface KnownHead {
  who: string
  checkpoint: Checkpoint
}

/**
 * Compares the log with everything that remembers it before anything is signed (CONTRACTS §6): the published checkpoint, the newest signed one
 * and the witnesses. Behind (a restored database): takes the missing entries from the tiles. Different: LOG_DIFFERS, and nothing is
 * signed. Afterwards the public files hold exactly the log. Refuses when too few witnesses answer to make the comparison mean something.
 */
export async function recoverLog(room: LedgerRoom, log: MatterLog, sequencer: Sequencer): Promise<void> {
  const head = await sequencer.guarded(async (_, present) => present)
  const known = [...(await ownHeads(room, log)), ...(await witnessHeads(room, log))]
  const largest = known.reduce<KnownHead | null>((found, each) => (found === null || each.checkpoint.size > found.checkpoint.size ? each : found), null)
  const size = Math.max(head.size, Number(largest?.checkpoint.size ?? 0))
  const entries = await placedEntries(room, log.scope, 0, head.size)
  if (largest !== null && size > head.size) entries.push(...missingEntries(log, head, largest))
  refuseDifferences(entries, [{ who: 'database', checkpoint: { origin: '', size: BigInt(head.size), root: head.root } }, ...known])
  await writeTiles(log.folder, 0, entries, () => room.at('tile-written'))
  if (largest !== null && size > head.size) await importEntries(room, log, sequencer, { entries: entries.slice(head.size), checkpoint: largest.checkpoint })
  room.at('recovered')
}

/**
 * The checkpoint file as last published. Null when there is none, and when our key did not sign what stands there: anybody can write or damage such a file, so it
 * vouches for nothing, no more than one that was taken away; database and witnesses do, and the next publication writes it anew.
 */
export function publishedNote(log: MatterLog): { text: string; checkpoint: Checkpoint } | null {
  const text = readIfThere(join(log.folder, 'checkpoint'))?.toString('utf8')
  if (text === undefined) return null
  try {
    return { text, checkpoint: parseCheckpoint(openNote(text, [log.signer.vkey]).body) }
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

async function ownHeads(room: LedgerRoom, log: MatterLog): Promise<KnownHead[]> {
  const published = publishedNote(log)
  const signed = await lastCheckpoint(room.db, log.scope, false)
  return [
    ...(published === null ? [] : [{ who: 'objects/log/…/checkpoint', checkpoint: published.checkpoint }]),
    ...(signed === undefined ? [] : [{ who: 'checkpoint', checkpoint: parseCheckpoint(signed.body) }]),
  ]
}

async function witnessHeads(room: LedgerRoom, log: MatterLog): Promise<KnownHead[]> {
  const asked = log.policy.witnesses.filter((witness) => witness.url !== null)
  const answers = await Promise.all(asked.map((witness) => askHead(witness, log.signer.vkey, room.witnessTimeoutMs)))
  const answered = answers.filter((answer) => answer.kind === 'head')
  if (!quorumMet(log.policy.policy, answered.map((answer) => answer.witness.name))) {
    const reasons = answers.flatMap((answer) => (answer.kind === 'silent' ? [`${answer.witness.name}: ${answer.why}`] : []))
    throw ledgerFailures.QUORUM_NOT_REACHED({ got: answered.length, reasons: reasons.join('; ') })
  }
  return answered.flatMap((answer) => (answer.checkpoint === null ? [] : [{ who: answer.witness.name, checkpoint: answer.checkpoint }]))
}

function missingEntries(log: MatterLog, head: LogHead, largest: KnownHead): Uint8Array[] {
  const entries = readEntries(log.folder, head.size, Number(largest.checkpoint.size))
  if (entries === null) throw ledgerFailures.LOG_BEHIND({ witness: largest.who, seen: String(largest.checkpoint.size), size: head.size })
  return entries
}

function refuseDifferences(entries: readonly Uint8Array[], known: readonly KnownHead[]): void {
  const tree = new MerkleAccumulator()
  const knownBySize = Map.groupBy(known, (each) => Number(each.checkpoint.size))
  for (let size = 0; size <= entries.length; size += 1) {
    for (const { who, checkpoint } of knownBySize.get(size) ?? []) {
      if (!equalBytes(tree.root(), checkpoint.root)) throw ledgerFailures.LOG_DIFFERS({ witness: who, size })
    }
    const next = entries[size]
    if (next !== undefined) tree.push(leafHash(next))
  }
}

/** The database had lost these entries. Those whose event is still there get their event back; the others stay as entries that commit to nothing we have. */
async function importEntries(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, found: { entries: readonly Uint8Array[]; checkpoint: Checkpoint }): Promise<void> {
  const { entries, checkpoint } = found
  await sequencer.guarded(async (tx, head) => {
    const placed = entries.map((entry, at) => ({ index: head.size + at, entry, commitment: entry.subarray(1) }))
    const withEvent = new Set(await placeByCommitment(tx, log.scope, placed))
    await insertPadding(tx, log.scope, placed.filter((each) => !withEvent.has(each.index)))
    const size = Number(checkpoint.size)
    if (!(await moveHead(tx, log.scope, head, { size, root: checkpoint.root }))) throw ledgerFailures.LOG_TAKEN_OVER()
    // Our signature over the same body is the same bytes again, so this makes no second root for the size.
    const body = checkpointBody(checkpoint)
    if ((await checkpointOfSize(tx, log.scope, size)) === undefined) await insertCheckpoint(tx, log.scope, { size, body, signed: signNote(body, [log.signer]) })
  })
  room.at('imported')
}
