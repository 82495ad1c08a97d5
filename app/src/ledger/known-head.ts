// SPDX-License-Identifier: Apache-2.0
import { parseNote, parseNoteLines, quorumMet, readCosignatures, signNote } from '@handover/proof'
import { treeOf } from './log-files.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { readHead } from './log.store.ts'
import { readPolicy } from './policy-file.ts'
import { openMatterLog } from './publish-log.ts'
import { publishedNote } from './recover-log.ts'
import { askCosignature, askHead, type WitnessAnswer } from './witness-client.ts'

/** 已知最新检查点. How large a log is known to be, by whom, and how much of it this database has. */
export interface NewestHead {
  /** The largest size that anybody remembers, this database included. */
  size: number
  /** Who remembers it: `database`, `checkpoint` (the published file) or a witness by name. */
  who: string
  databaseSize: number
  /** Witnesses that answered; without any, only our own files vouch for the size. */
  answered: string[]
  /** Witnesses with an address that did not answer, and why. */
  silent: string[]
}

/** The witnesses are asked at every opening of a home, so one that hangs must not hold up the work. */
const witnessTimeoutMs = 2000

/** The newest head that the witnesses, the published checkpoint or the database know (CONTRACTS §§6, 10); null for a matter without policy. Nothing is written. */
export async function newestHead(room: LedgerRoom, matterId: string): Promise<NewestHead | null> {
  const scope = { tenant: room.tenant, matterId }
  if ((await readPolicy(room, scope)) === null) return null
  const log = await openMatterLog(room, matterId)
  const asked = log.policy.witnesses.filter((witness) => witness.url !== null)
  const answers = await Promise.all(asked.map((witness) => askHead(witness, log.signer.vkey, Math.min(witnessTimeoutMs, room.witnessTimeoutMs))))
  const published = publishedNote(log)
  // Last: another process may publish meanwhile, and its database is ahead of everybody it tells.
  const databaseSize = (await readHead(room.db, scope))?.size ?? 0
  const heads = [
    { who: 'database', size: databaseSize },
    ...(published === null ? [] : [{ who: 'checkpoint', size: Number(published.checkpoint.size) }]),
    ...answers.flatMap((answer) => (answer.kind === 'head' && answer.checkpoint !== null ? [{ who: answer.witness.name, size: Number(answer.checkpoint.size) }] : [])),
  ]
  const newest = heads.reduce((found, head) => (head.size > found.size ? head : found))
  return {
    ...newest, databaseSize,
    answered: answers.flatMap((answer) => (answer.kind === 'head' ? [answer.witness.name] : [])),
    silent: answers.flatMap((answer) => (answer.kind === 'silent' ? [`${answer.witness.name}: ${answer.why}`] : [])),
  }
}

/** 见证方当下的确认. Which witnesses said just now, under their own keys, that they know nothing newer than our published checkpoint. */
export interface ConfirmedHead {
  /** Whether they are enough for the policy's quorum; true for a policy that asks for no witness. */
  isQuorum: boolean
  confirmedBy: string[]
  /** The others of the policy, and why they did not. */
  missing: string[]
}

/** How far the clock of a witness may be from ours, in seconds, for its signature to count as given now. */
const freshSeconds = 600

/**
 * Asks the witnesses to cosign the published checkpoint once more: whoever has seen a larger log refuses, and the time of a cosignature tells that it is no old one
 * shown again. An unsigned answer (a 404, a checkpoint without the witness's signature) counts for nothing: anybody can give it. `now` in seconds of Unix time: the witnesses' clocks
 * are real ones, whatever the matter's clock says. Null for a matter without policy.
 */
export async function confirmHead(room: LedgerRoom, matterId: string, now = Date.now() / 1000): Promise<ConfirmedHead | null> {
  const scope = { tenant: room.tenant, matterId }
  if ((await readPolicy(room, scope)) === null) return null
  const log = await openMatterLog(room, matterId)
  const published = publishedNote(log)
  if (published === null) return { isQuorum: log.policy.policy.quorum === 'none', confirmedBy: [], missing: log.policy.witnesses.map((witness) => `${witness.name}: nothing was published`) }
  const { body } = parseNote(published.text)
  const size = Number(published.checkpoint.size)
  const request = { size, body, signed: signNote(body, [log.signer]), tree: treeOf(log.folder, size), knownSize: size, timeoutMs: room.witnessTimeoutMs }
  const asked = log.policy.witnesses.filter((witness) => witness.url !== null)
  const answers = await Promise.all(asked.map((witness) => askCosignature(witness, request)))
  const confirmedBy = answers.flatMap((answer) => (isGivenAt(now, answer, body) ? [answer.witness.name] : []))
  return {
    isQuorum: quorumMet(log.policy.policy, confirmedBy), confirmedBy,
    missing: [
      ...log.policy.witnesses.filter((witness) => witness.url === null).map((witness) => `${witness.name}: no address`),
      ...answers.flatMap((answer) => (confirmedBy.includes(answer.witness.name) ? [] : [`${answer.witness.name}: ${answer.kind === 'cosigned' ? 'an old signature' : answer.why}`])),
    ],
  }
}

function isGivenAt(now: number, answer: WitnessAnswer, body: string): boolean {
  if (answer.kind !== 'cosigned') return false
  const [cosignature] = readCosignatures(body, parseNoteLines(answer.line), [answer.witness.vkey])
  return cosignature !== undefined && Math.abs(Number(cosignature.timestamp) - now) <= freshSeconds
}
