// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import type { TwoPersonAct } from '../../law/index.ts'
import { refuseEnded, type Matter } from '../../matter/index.ts'
import { accessFailures } from './access-failures.ts'
import { insertRequest, insertSignature, lockRequest, lockRequestsFor, updateRequest } from './access.store.ts'
import { parametersDigest, signRequest, type ApprovalRequest } from './approval.ts'
import { signingPerson } from './signing-person.ts'

/** An act that needs two people, with its exact parameters and the key file of who asks. */
export interface NewRequest {
  act: TwoPersonAct
  parameters: JsonObject
  keyFile: string
}

/** 申请审批. Asks for an act with exactly these parameters, signed by who asks (CONTRACTS §18). The same request by the same person returns the one that is open or approved. */
export async function requestApproval(ctx: Context, matter: Matter, input: NewRequest): Promise<{ request: ApprovalRequest; repeated: boolean }> {
  refuseEnded(matter)
  const { person, signer } = await signingPerson(ctx, input.keyFile)
  const digest = parametersDigest(matter.id, input.act, input.parameters)
  return ctx.db.transaction(async (tx) => {
    const same = (await lockRequestsFor(tx, ctx.tenant, matter.id, input.act)).find((known) => known.digest.equals(digest) && known.requestedBy === person.id && (known.status === 'open' || known.status === 'approved'))
    if (same !== undefined) return { request: same, repeated: true }
    const request: ApprovalRequest = {
      id: idText('apr', ctx.ids.bytes('apr')), matterId: matter.id, act: input.act, parameters: input.parameters, digest,
      requestedBy: person.id, requestedAt: ctx.now(), coolingOffUntil: null, status: 'open', usedSeq: null,
    }
    await insertRequest(tx, ctx.tenant, request)
    await insertSignature(tx, ctx.tenant, { matterId: matter.id, requestId: request.id, personId: person.id, envelope: signRequest(request, signer), at: ctx.now(), fromOtherHome: false })
    return { request, repeated: false }
  })
}

/** Takes back a request that was not used yet, and books it when the ledger knows it as approved; any registered person who may sign can do it, because stopping an irreversible act needs no second person. */
export async function withdrawRequest(ctx: Context, matter: Matter, withdrawal: { requestId: string; keyFile: string }): Promise<ApprovalRequest> {
  const { person } = await signingPerson(ctx, withdrawal.keyFile)
  return ctx.db.transaction(async (tx) => {
    const request = await lockRequest(tx, ctx.tenant, matter.id, withdrawal.requestId)
    if (request === null) throw accessFailures.REQUEST_UNKNOWN({ request: withdrawal.requestId.slice(0, 60) })
    if (request.status === 'used') throw accessFailures.REQUEST_ENDED({ request: request.id, status: request.status })
    await updateRequest(tx, ctx.tenant, { matterId: matter.id, id: request.id, status: 'withdrawn' })
    if (matter.keepsBooks && request.status === 'approved') {
      await ctx.ledger.append(tx, matter.id, { type: 'ApprovalWithdrawn', body: { request: request.id, act: request.act, by: person.id } }, `approval/${request.id}/withdrawn`)
    }
    return { ...request, status: 'withdrawn' }
  })
}
