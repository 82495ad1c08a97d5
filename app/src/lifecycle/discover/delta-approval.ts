// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { Failure } from '../../kit/failure.ts'
import type { Matter } from '../../matter/index.ts'
import { approvalFor, loadRequests, parametersDigest, refuseUnapprovedAct, type ApprovedAct } from '../../stewardship/access/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import { noteWaiver } from './delta-book.store.ts'
import { deltaFailures } from './delta-failures.ts'
import type { DeltaReport } from './delta-report.ts'
import { countHeldChanges } from './delta.store.ts'
import { neededWaiver, receiptReason, type NoReceiptReason, type ReceiptWaiver } from './receipt-waiver.ts'

/** Whether a data set differs from the books in more than half of its records: rather another file than a later state of it. */
export function isTooDifferent({ unchanged, changed, gone }: DeltaReport['dataSets'][number]): boolean {
  const before = unchanged + changed + gone
  return before > 0 && (changed + gone) * 2 > before
}

/** Whether booking a comparison needs two people (CONTRACTS §18): it erases keys of former values, or it takes records out of what the original is said to hold. What is only new needs nobody. */
export function needsApproval(report: DeltaReport): boolean {
  return report.dataSets.some((set) => set.changed > 0 || set.gone > 0)
}

/** Whether booking a comparison erases keys of former values: then the log needs witnesses first (CONTRACTS §6), and people their receipts (§9). */
export function endsFormerValues(report: DeltaReport): boolean {
  return report.dataSets.some((set) => set.changed > 0)
}

/** What people approve: this comparison (its id binds the bytes of the file and the books it was compared with), every count in it, how many former values end, and how many of them without a receipt and why. */
export function revisionParameters(report: DeltaReport, waiver: ReceiptWaiver | null): JsonObject {
  const sum = (of: 'unchanged' | 'changed' | 'added' | 'gone'): number => report.dataSets.reduce((total, set) => total + set[of], 0)
  return {
    scan: report.scan, report: toHex(sha256(utf8(canonicalJson(report)))), freeze: report.freeze, unchanged: sum('unchanged'), changed: sum('changed'), added: sum('added'), gone: sum('gone'),
    large: report.dataSets.some(isTooDifferent),
    ...(waiver === null ? {} : { withoutReceipts: waiver.reason, unreceipted: waiver.records }),
  }
}

function actOf(matter: Matter, report: DeltaReport, waiver: ReceiptWaiver | null): ApprovedAct {
  return { matterId: matter.id, act: 'revise-records', digest: parametersDigest(matter.id, 'revise-records', revisionParameters(report, waiver)) }
}

/** The waiver that a request for this comparison asks for; refuses when people concerned have no sealed receipt and no reason is given (CONTRACTS §9: receipts before erasure). */
export async function waiverToAsk(ctx: Context, matter: Matter, report: DeltaReport, reason: NoReceiptReason | null): Promise<ReceiptWaiver | null> {
  const waiver = await neededWaiver(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, report.scan, reason)
  if (waiver !== null && reason === null) throw deltaFailures.DELTA_RECEIPTS_NOT_SEALED({ records: waiver.records })
  return waiver
}

/** The waiver that booking this comparison needs now, with the reason that was given in a request for it; without one nobody's approval covers it. */
async function waiverToUse(ctx: Context, db: Queryable, matter: Matter, report: DeltaReport): Promise<ReceiptWaiver | null> {
  const fitting = (await loadRequests(db, ctx.tenant, matter.id)).filter(({ act, parameters }) => act === 'revise-records' && parameters['scan'] === report.scan && receiptReason(parameters['withoutReceipts']) !== null)
  const asked = fitting.find(({ status }) => status === 'approved') ?? fitting.find(({ status }) => status === 'open')
  return neededWaiver(db, { tenant: ctx.tenant, matterId: matter.id }, report.scan, receiptReason(asked?.parameters['withoutReceipts']))
}

/** Refuses a comparison that nobody approved as it is now, before anything is sealed for it. */
export async function refuseUnapprovedRevision(ctx: Context, matter: Matter, report: DeltaReport): Promise<void> {
  if (!needsApproval(report)) return
  await refuseHeld(ctx, ctx.db, matter, report)
  await refuseUnapprovedAct(ctx, actOf(matter, report, await waiverToUse(ctx, ctx.db, matter, report))).catch((error: unknown) => {
    const isUnasked = error instanceof Failure && (error.code === 'APPROVAL_MISSING' || error.code === 'APPROVAL_VOID')
    const sum = (of: 'changed' | 'gone'): number => report.dataSets.reduce((total, set) => total + set[of], 0)
    throw isUnasked ? deltaFailures.DELTA_UNAPPROVED({ changed: sum('changed'), gone: sum('gone') }, { cause: error }) : error
  })
}

/** A delta destroys former values without being a destruction order, so it asks itself what gate J07 asks of one: nothing frozen ends. */
async function refuseHeld(ctx: Context, db: Queryable, matter: Matter, report: DeltaReport): Promise<void> {
  const records = await countHeldChanges(db, { tenant: ctx.tenant, matterId: matter.id }, { id: report.scan, today: ctx.today() })
  if (records > 0) throw deltaFailures.DELTA_HELD({ records })
}

/** Uses the approval up in the transaction that books the comparison, under the number of its event, and remembers what it waived. */
export async function useRevisionApproval(ctx: Context, tx: Tx, matter: Matter, used: { report: DeltaReport; seq: number }): Promise<void> {
  const { report, seq } = used
  if (!needsApproval(report)) return
  await refuseHeld(ctx, tx, matter, report)
  const waiver = await waiverToUse(ctx, tx, matter, report)
  await approvalFor(ctx, tx, { ...actOf(matter, report, waiver), usedSeq: seq })
  if (waiver === null) return
  await noteWaiver(tx, { tenant: ctx.tenant, matterId: matter.id }, report.scan, { reason: required(waiver.reason, 'an approved waiver says why'), records: waiver.records })
}

/** Refuses to erase former values while the log needs no cosignature of another party: key erasure needs one, here as in a destruction (CONTRACTS §6). */
export async function refuseUnwitnessed(ctx: Context, matter: Matter): Promise<void> {
  const policy = (await ctx.ledger.policy(matter.id))?.policy
  if (policy === undefined || policy.quorum === 'none') throw deltaFailures.DELTA_NO_WITNESSES()
}
