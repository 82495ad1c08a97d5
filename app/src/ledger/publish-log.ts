// SPDX-License-Identifier: Apache-2.0
import { checkpointBody, equalBytes, parseCheckpoint, ProofError, signNote, verifyCosignedCheckpoint, type CosignedCheckpoint } from '@handover/proof'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../kit/failure.ts'
import { writeDurable } from './durable-file.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { isWhole, logFolder, treeOf, writeTiles } from './log-files.ts'
import { logSigner } from './log-key.ts'
import { checkpointOfSize, hasWaitingEvents, insertCheckpoint, lastCheckpoint, notePublished, readHead, storeCosigned, type CheckpointRow, type LogHead } from './log.store.ts'
import { readPolicy } from './policy-file.ts'
import { publishedNote, recoverLog, type MatterLog } from './recover-log.ts'
import { placedEntries, sequenceBatch, withSequencer, type Sequencer } from './sequence-events.ts'
import { askCosignature } from './witness-client.ts'

/** 检查点. A published head of a log with the witnesses' cosignatures; `text` is the file that anybody may keep. */
export interface PublishedCheckpoint extends CosignedCheckpoint {
  text: string
}

const attemptsMax = 3

/**
 * 发布. Publishes all booked events: places → tiles → checkpoint → witnesses → published, in this order, each durable before the next
 * (CONTRACTS §6). May stop anywhere and be run again; when there is nothing new it gives the last result. `isChecked` tells whether this
 * process has compared the log with its witnesses before. Refuses without policy, without quorum (69), and when anything differs (65).
 */
export async function publishLog(room: LedgerRoom, matterId: string, checked: Set<string>): Promise<PublishedCheckpoint> {
  const log = await openMatterLog(room, matterId)
  const present = await nothingNew(room, log)
  if (present !== null) return present
  for (let attempt = 1; ; attempt += 1) {
    try {
      await nextTick(room.tickMs)
      return await withSequencer(room, log.scope, (sequencer) => publishOnce(room, log, sequencer, checked))
    } catch (error) {
      checked.delete(matterId)
      if (attempt === attemptsMax || !(error instanceof Failure) || error.code !== 'LOG_TAKEN_OVER') throw error
    }
  }
}

/** The log of a matter with its key and policy; refuses when no policy was set. */
export async function openMatterLog(room: LedgerRoom, matterId: string): Promise<MatterLog> {
  const scope = { tenant: room.tenant, matterId }
  const signer = await logSigner(room, scope)
  const policy = await readPolicy(room, scope)
  if (policy === null) throw ledgerFailures.NO_POLICY({ matter: matterId })
  return { scope, signer, policy, folder: logFolder(room.paths.objects, signer.vkey.name) }
}

async function publishOnce(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, checked: Set<string>): Promise<PublishedCheckpoint> {
  if (!checked.has(log.scope.matterId)) await recoverLog(room, log, sequencer)
  checked.add(log.scope.matterId)
  const head = await sequenceAll(room, log, sequencer)
  const checkpoint = await signCheckpoint(room, log, sequencer, head)
  const cosigned = await cosignCheckpoint(room, log, sequencer, checkpoint)
  await publishCheckpoint(room, log, sequencer, { size: checkpoint.size, text: cosigned.text })
  return cosigned
}

/** What is published already, when no event waits, the policy still accepts it and the public files are whole; null when there is something to do. */
async function nothingNew(room: LedgerRoom, log: MatterLog): Promise<PublishedCheckpoint | null> {
  const last = await lastCheckpoint(room.db, log.scope, true)
  const head = await readHead(room.db, log.scope)
  if (last?.cosigned === null || last === undefined || head?.size !== last.size || (await hasWaitingEvents(room.db, log.scope))) return null
  if (publishedNote(log)?.text !== last.cosigned) return null
  const accepted = acceptedBy(log, last.cosigned)
  return accepted !== null && (await isWhole(log.folder, accepted.checkpoint)) ? accepted : null
}

async function sequenceAll(room: LedgerRoom, log: MatterLog, sequencer: Sequencer): Promise<LogHead> {
  const signed = await lastCheckpoint(room.db, log.scope, false)
  let from = signed?.size ?? 0
  // The disk may have changed a file under a running process, and what is signed next is computed from tiles and entries.
  if (signed !== undefined && !(await isWhole(log.folder, parseCheckpoint(signed.body)))) await recoverLog(room, log, sequencer)
  for (;;) {
    // First what an earlier run had placed without getting to its tiles.
    const head = await sequencer.guarded(async (_, present) => present)
    await materialise(room, log, { from, head })
    const { before, after } = await sequenceBatch(room, sequencer, log)
    if (after.size === before.size) return after
    from = before.size
  }
}

/** Puts the entries of a range on disk, and makes sure that the tiles lead to the root that the database has. */
async function materialise(room: LedgerRoom, log: MatterLog, range: { from: number; head: LogHead }): Promise<void> {
  const { from, head } = range
  if (from === head.size) return
  await writeTiles(log.folder, from, await placedEntries(room, log.scope, from, head.size), () => room.at('tile-written'))
  if (!equalBytes(await treeOf(log.folder, head.size).root(), head.root)) throw ledgerFailures.LOG_DIFFERS({ witness: 'objects/log/…/tile', size: head.size })
  room.at('tiles-written')
}

/** Signs the head, once for each size: the row is claimed under the head's lock before anybody sees the signature. */
async function signCheckpoint(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, head: LogHead): Promise<CheckpointRow> {
  const body = checkpointBody({ origin: log.signer.vkey.name, size: BigInt(head.size), root: head.root })
  const row = await sequencer.guarded(async (tx) => {
    const known = await checkpointOfSize(tx, log.scope, head.size)
    if (known !== undefined) return known
    const signed = signNote(body, [log.signer])
    await insertCheckpoint(tx, log.scope, { size: head.size, body, signed })
    return { size: head.size, body, signed, cosigned: null, publishedAt: null }
  })
  if (row.body !== body) throw ledgerFailures.LOG_DIFFERS({ witness: 'checkpoint', size: head.size })
  room.at('checkpoint-signed')
  return row
}

/** Collects cosignatures from all witnesses of the policy and refuses without quorum; what was signed stays and is asked for again next time. */
async function cosignCheckpoint(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, row: CheckpointRow): Promise<PublishedCheckpoint> {
  const present = row.cosigned === null ? null : acceptedBy(log, row.cosigned)
  if (present !== null) return present
  const knownSize = (await lastCheckpoint(room.db, log.scope, true))?.size ?? 0
  const request = { size: row.size, body: row.body, signed: row.signed, tree: treeOf(log.folder, row.size), knownSize, timeoutMs: room.witnessTimeoutMs }
  const asked = log.policy.witnesses.filter((witness) => witness.url !== null)
  const answers = await Promise.all(asked.map((witness) => askCosignature(witness, request)))
  room.at('witness-asked')
  // Somebody has seen more, or something else: compare again, which refuses by name, and do not go on with this head if it moved.
  if (answers.some((answer) => answer.kind === 'contradicts')) await compareAgain(room, log, sequencer, row.size)
  const lines = answers.flatMap((answer) => (answer.kind === 'cosigned' ? [answer.line] : []))
  const text = `${row.signed}${lines.join('')}`
  const accepted = acceptedBy(log, text)
  if (accepted === null) {
    const reasons = answers.flatMap((answer) => (answer.kind === 'cosigned' ? [] : [`${answer.witness.name}: ${answer.why}`]))
    throw ledgerFailures.QUORUM_NOT_REACHED({ got: lines.length, reasons: reasons.join('; ') || 'the policy names no reachable witness' })
  }
  await sequencer.guarded((tx) => storeCosigned(tx, log.scope, row.size, text))
  room.at('cosigned-stored')
  return accepted
}

async function compareAgain(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, size: number): Promise<void> {
  await recoverLog(room, log, sequencer)
  const head = await readHead(room.db, log.scope)
  if (head?.size !== size) throw ledgerFailures.LOG_TAKEN_OVER()
}

/** The head's lock is held while the file is written, so that a process that was overtaken cannot put back an older checkpoint. */
async function publishCheckpoint(room: LedgerRoom, log: MatterLog, sequencer: Sequencer, checkpoint: { size: number; text: string }): Promise<void> {
  await sequencer.guarded(async (tx) => {
    writeDurable(join(log.folder, 'checkpoint'), Buffer.from(checkpoint.text))
    room.at('checkpoint-published')
    await notePublished(tx, log.scope, checkpoint.size)
  })
  room.at('publishing-noted')
}

/** A checkpoint as the policy in force sees it; null when the policy does not accept it. */
export function acceptedBy(log: MatterLog, text: string): PublishedCheckpoint | null {
  try {
    return { text, ...verifyCosignedCheckpoint(text, log.policy.policy) }
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

async function nextTick(tickMs: number): Promise<void> {
  if (tickMs > 0) await wait(tickMs - (Date.now() % tickMs))
}
