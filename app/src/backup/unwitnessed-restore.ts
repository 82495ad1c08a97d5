// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '@handover/proof'
import type { Context } from '../context.ts'
import { Failure } from '../kit/failure.ts'
import type { Matter } from '../matter/index.ts'
import { approvalFor, exportApproval, importApproval, parametersDigest, requestApproval, requestOfFile, wasApproved, type ApprovedAct } from '../stewardship/access/index.ts'
import { backupFailures } from './backup-failures.ts'

/** Two people's word that a home may open although no witness answers; nobody's when the person only asks. */
export interface UnwitnessedWish {
  /** Key file of who asks; null when there is nothing to ask. */
  keyFile: string | null
  /** Approval files that came back signed, as text. */
  approvals: readonly string[]
}

/** One matter whose witnesses are gone. */
export interface Unwitnessed {
  matter: Matter
  /** How large its log is in the restored database. */
  size: number
  backup: string
  outerSha256: string
  /** Random name of this one restore, in the mark of the new home. */
  restore: string
}

/**
 * Opens a matter without any witness only when two people besides the requester approved exactly this backup and log size for exactly this restore (CONTRACTS §§6, 18): a lost or withheld newer state would stay unseen, and the word for one restore opens no second one. Nobody can sign inside a home that is not
 * open, so the request leaves it as a file and comes back signed. Refuses until then, and says where the file is.
 */
export async function refuseUnapprovedRestore(ctx: Context, unwitnessed: Unwitnessed, wish: UnwitnessedWish): Promise<void> {
  const { matter, size, backup, outerSha256, restore } = unwitnessed
  const parameters: JsonObject = { backup, outer: outerSha256, restore, size }
  const act: ApprovedAct = { matterId: matter.id, act: 'restore-unwitnessed', digest: parametersDigest(matter.id, 'restore-unwitnessed', parameters) }
  // A closed matter is restored like any other; its books take no event any more.
  const open: Matter = matter.status === 'open' ? matter : { ...matter, status: 'open', keepsBooks: false }
  for (const text of wish.approvals) if (requestOfFile(text).matter === matter.id) await importApproval(ctx, open, text)
  try {
    await ctx.db.transaction((tx) => approvalFor(ctx, tx, act))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // An earlier run of this very restore used it and did not come to its end.
    if (error.code === 'APPROVAL_USED' && (await wasApproved(ctx, act))) return
    if (wish.keyFile === null) throw ['APPROVAL_MISSING', 'APPROVAL_VOID', 'APPROVAL_USED'].includes(error.code) ? backupFailures.RESTORE_UNAPPROVED({ matter: matter.code }, { cause: error }) : error
    const { request } = await requestApproval(ctx, open, { act: act.act, parameters, keyFile: wish.keyFile })
    const file = join(ctx.home.path, `restore-request-${matter.id}.json`)
    writeFileSync(file, await exportApproval(ctx, open, request.id), { mode: 0o600 })
    throw backupFailures.RESTORE_ASKED({ matter: matter.code, file, request: request.id }, { cause: error })
  }
}
