// SPDX-License-Identifier: Apache-2.0
import type { LedgerRoom } from './ledger-room.ts'
import { readHead } from './log.store.ts'
import { readPolicy } from './policy-file.ts'
import { openMatterLog } from './publish-log.ts'
import { publishedNote } from './recover-log.ts'
import { askHead } from './witness-client.ts'

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

/** The newest head that the witnesses, the published checkpoint or the database know (CONTRACTS §§6, 10); null for a matter without policy. Nothing is written. Refuses a checkpoint file that our key did not sign. */
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
