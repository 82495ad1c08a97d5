// SPDX-License-Identifier: Apache-2.0
import { parseVkey, verifyEnvelope } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { TwoPersonAct } from '../../law/index.ts'
import type { Tx } from '../../store/index.ts'
import { accessFailures } from './access-failures.ts'
import { findPerson, loadPersons, loadSignatures, lockRequestsFor, updateRequest, type SignatureRow } from './access.store.ts'
import { areIdentitiesVerified, isCool, missingApprovers } from './approval.rules.ts'
import type { Approval, ApprovalRequest } from './approval.ts'
import { joined, markOf, requesterMark } from './signatures.ts'
import { actRules, type ActRule } from './two-person-acts.ts'

/** The act that is about to be done; the digest is computed anew from what will be done, not read from the request. */
export interface ApprovedAct {
  matterId: string
  act: TwoPersonAct
  digest: Uint8Array
  /** The event of the act, when it is booked before. */
  usedSeq?: number
}

/**
 * The approval under which an act is done now, marked as used in the same transaction (CONTRACTS §§16, 18). Refuses when nothing was requested for exactly
 * these parameters, when people are missing, when their rights or those of who asked ended, when the cooling-off still runs, and when it was used before.
 */
export async function approvalFor(ctx: Context, tx: Tx, act: ApprovedAct): Promise<Approval> {
  const requests = await lockRequestsFor(tx, ctx.tenant, act.matterId, act.act)
  const request = chooseRequest(requests, act)
  const signatures = await validSignatures(ctx, tx, request)
  const rule: ActRule = actRules[act.act]
  const words = { act: `${rule.zh} ${rule.en}`, request: request.id }
  // Who asked is one of the people of the act: without their rights fewer stand behind it than it takes.
  const asker = await findPerson(tx, ctx.tenant, request.requestedBy)
  if (asker === null || (asker.endedAt !== null && asker.endedAt <= ctx.now())) throw accessFailures.REQUESTER_ENDED(words)
  const marks = signatures.map(markOf)
  const missing = missingApprovers(rule, request.requestedBy, marks)
  if (missing > 0 || request.status === 'open') throw accessFailures.APPROVAL_INCOMPLETE({ ...words, missing: Math.max(1, missing) })
  if (!isCool(request.coolingOffUntil, ctx.now())) throw accessFailures.COOLING_OFF({ ...words, until: request.coolingOffUntil ?? '' })
  await updateRequest(tx, ctx.tenant, { matterId: act.matterId, id: request.id, status: 'used', ...(act.usedSeq === undefined ? {} : { usedSeq: act.usedSeq }) })
  const approvers = marks.filter((mark) => mark.person !== request.requestedBy)
  return {
    requestId: request.id, requestedBy: request.requestedBy, approvedBy: approvers.map((mark) => mark.person),
    identitiesVerified: areIdentitiesVerified(rule, requesterMark(request, marks), approvers), envelope: joined(signatures),
  }
}

/** Whether exactly this act was approved and used before, its signatures checked again like those of a new one: a status in the database alone proves nothing. For acts that an interrupted run goes on with. */
export async function wasApproved(ctx: Context, act: ApprovedAct): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    for (const request of await lockRequestsFor(tx, ctx.tenant, act.matterId, act.act)) {
      if (request.status !== 'used' || !request.digest.equals(act.digest)) continue
      if (missingApprovers(actRules[act.act], request.requestedBy, (await validSignatures(ctx, tx, request)).map(markOf)) === 0) return true
    }
    return false
  })
}

class TriedOnly extends Error {}

/** Asks for the approval of an act without using it, before long work that the act itself ends; refuses what `approvalFor` refuses, and the executing transaction asks again. */
export async function refuseUnapprovedAct(ctx: Context, act: ApprovedAct): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await approvalFor(ctx, tx, act)
    throw new TriedOnly()
  }).catch((error: unknown) => {
    if (!(error instanceof TriedOnly)) throw error
  })
}

/** The request for exactly this; among several the one that is furthest. Says what is wrong when there is none. */
function chooseRequest(requests: readonly ApprovalRequest[], { act, digest }: ApprovedAct): ApprovalRequest {
  const words = `${actRules[act].zh} ${actRules[act].en}`
  const fitting = requests.filter((request) => request.digest.equals(digest))
  const found = fitting.find((request) => request.status === 'approved') ?? fitting.find((request) => request.status === 'open')
  if (found !== undefined) return found
  const used = fitting.find((request) => request.status === 'used')
  if (used !== undefined) throw accessFailures.APPROVAL_USED({ act: words, request: used.id })
  const other = requests.find((request) => request.status === 'approved')
  if (other !== undefined) throw accessFailures.APPROVAL_VOID({ act: words, request: other.id })
  throw accessFailures.APPROVAL_MISSING({ act: words })
}

/** The signatures that hold today: over the request's bytes, by the registered key, given before the signer's rights ended. */
async function validSignatures(ctx: Context, tx: Tx, request: ApprovalRequest): Promise<SignatureRow[]> {
  const personById = new Map((await loadPersons(tx, ctx.tenant)).map((person) => [person.id, person]))
  return (await loadSignatures(tx, ctx.tenant, request)).filter((signature) => {
    const person = personById.get(signature.personId)
    if (person === undefined || (person.endedAt !== null && person.endedAt <= ctx.now() && signature.personId !== request.requestedBy)) return false
    return isStatementOf(signature, person.vkey, request)
  })
}

/** Our own rows are checked like a stranger's: whoever can write to the database still cannot approve. */
function isStatementOf(signature: SignatureRow, vkey: string, request: ApprovalRequest): boolean {
  try {
    const { statement } = verifyEnvelope(signature.envelope, [parseVkey(vkey)], 1)
    return statement.subject[0]?.digest.sha256 === request.digest.toString('hex') && statement.subject[0].name === request.id
  } catch {
    return false
  }
}
