// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { Failure } from '../../kit/failure.ts'
import type { Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest, refuseUnapprovedAct, type ApprovedAct } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { deltaFailures } from './delta-failures.ts'
import type { DeltaReport } from './delta-report.ts'

/** Whether a data set differs from the books in more than half of its records: rather another file than a later state of it. */
export function isTooDifferent({ unchanged, changed, gone }: DeltaReport['dataSets'][number]): boolean {
  const before = unchanged + changed + gone
  return before > 0 && (changed + gone) * 2 > before
}

/** Whether booking a comparison needs two people (CONTRACTS §18): it erases keys of former values, or it is hardly the same file. What is only new or gone erases nothing. */
export function needsApproval(report: DeltaReport): boolean {
  return report.dataSets.some((set) => set.changed > 0 || isTooDifferent(set))
}

/** What people approve: this comparison (its id binds the bytes of the file and the books it was compared with), every count in it, and how many former values end. */
export function revisionParameters(report: DeltaReport): JsonObject {
  const sum = (of: 'unchanged' | 'changed' | 'added' | 'gone'): number => report.dataSets.reduce((total, set) => total + set[of], 0)
  return {
    scan: report.scan, report: toHex(sha256(utf8(canonicalJson(report)))), freeze: report.freeze, unchanged: sum('unchanged'), changed: sum('changed'), added: sum('added'), gone: sum('gone'),
    large: report.dataSets.some(isTooDifferent),
  }
}

function actOf(matter: Matter, report: DeltaReport): ApprovedAct {
  return { matterId: matter.id, act: 'revise-records', digest: parametersDigest(matter.id, 'revise-records', revisionParameters(report)) }
}

/** Refuses a comparison that nobody approved, before anything is sealed for it. */
export async function refuseUnapprovedRevision(ctx: Context, matter: Matter, report: DeltaReport): Promise<void> {
  if (!needsApproval(report)) return
  await refuseUnapprovedAct(ctx, actOf(matter, report)).catch((error: unknown) => {
    const isUnasked = error instanceof Failure && (error.code === 'APPROVAL_MISSING' || error.code === 'APPROVAL_VOID')
    throw isUnasked ? deltaFailures.DELTA_UNAPPROVED({ changed: report.dataSets.reduce((total, set) => total + set.changed, 0) }, { cause: error }) : error
  })
}

/** Uses the approval up in the transaction that books the comparison, under the number of its event. */
export async function useRevisionApproval(ctx: Context, tx: Tx, matter: Matter, used: { report: DeltaReport; seq: number }): Promise<void> {
  if (needsApproval(used.report)) await approvalFor(ctx, tx, { ...actOf(matter, used.report), usedSeq: used.seq })
}
