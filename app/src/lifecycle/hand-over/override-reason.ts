// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'

/** 理由承诺. The words of a reason as people sign and book them: a salted digest, and what is sealed so that it can be opened later. */
export interface CommittedReason {
  /** SHA-256 of salt and reason, in hex. */
  digest: string
  /** JSON with the salt and the reason, for the vault. */
  toSeal: string
}

/**
 * Commits to a reason. Reasons are short and guessable, so the digest is salted; the salt is derived under the matter's key from what the reason is about and its words, because the same reason is signed at the request and
 * booked at the act. Whoever lacks the key cannot try words (PRODUCT §3: no personal value in the log).
 */
export async function commitReason(ctx: Context, matter: Pick<Matter, 'id'>, { about, reason }: { about: string; reason: string }): Promise<CommittedReason> {
  const salt = createHmac('sha256', await ctx.vault.matterKey(matter.id, 'ids')).update(`handover/override-reason/v1\n${about}\n`).update(reason).digest()
  return { digest: createHash('sha256').update(salt).update(reason).digest('hex'), toSeal: JSON.stringify({ salt: salt.toString('hex'), reason }) }
}
