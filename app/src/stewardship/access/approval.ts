// SPDX-License-Identifier: Apache-2.0
import { approvalDigest, approvalStatement, isJsonObject, PREDICATE, signStatement, toHex, unverifiedStatement, type DsseEnvelope, type JsonObject, type NoteSigner, type Statement } from '@handover/proof'
import { z } from 'zod'
import type { Instant } from '../../kit/time.ts'
import { twoPersonActs, type TwoPersonAct } from '../../law/index.ts'

/** 申请状态. `approved` waits for its cooling-off or its use. */
export const requestStatuses = ['open', 'approved', 'used', 'withdrawn'] as const
export type RequestStatus = (typeof requestStatuses)[number]

/** 审批申请. A request to do one act with exactly these parameters (CONTRACTS §18). Parameters are ids, digests, counts and words of fixed lists. */
export interface ApprovalRequest {
  id: string
  matterId: string
  act: TwoPersonAct
  parameters: JsonObject
  digest: Buffer
  requestedBy: string
  requestedAt: Instant
  coolingOffUntil: Instant | null
  status: RequestStatus
  usedSeq: number | null
}

/** 审批. What the executing transaction gets: who asked, who approved, whether they were told apart, and the statement with all signatures. */
export interface Approval {
  requestId: string
  requestedBy: string
  approvedBy: string[]
  /** False prints 两人身份未核验 (CONTRACTS §11). */
  identitiesVerified: boolean
  envelope: DsseEnvelope
}

/** SHA-256 of act, matter and exact parameters in canonical JSON: what people sign, and what the executing transaction computes again. */
export function parametersDigest(matterId: string, act: TwoPersonAct, parameters: JsonObject): Buffer {
  return Buffer.from(approvalDigest({ act, matter: matterId, parameters }), 'hex')
}

/** The statement that requester and approvers sign, all the same bytes (FORMATS §10). */
export function signRequest(request: ApprovalRequest, signer: NoteSigner): DsseEnvelope {
  const { id, matterId, act, parameters, requestedBy, requestedAt } = request
  return signStatement(approvalStatement({ request: id, matter: matterId, act, parameters, requestedBy, requestedAt }), [signer])
}

const signedRequestSchema = z.strictObject({
  request: z.string().regex(/^apr_[0-9a-f]{32}$/), matter: z.string(), act: z.enum(twoPersonActs), parameters: z.record(z.string(), z.json()), requestedBy: z.string(), requestedAt: z.string(),
})

/** What a request's statement says. */
export type SignedRequest = z.infer<typeof signedRequestSchema>

/** Reads what a signer is about to sign, without trusting signatures; refuses a digest that is not that of the parameters shown. */
export function readSignedRequest(source: DsseEnvelope | Statement): SignedRequest {
  const statement = 'payload' in source ? unverifiedStatement(source) : source
  const signed = signedRequestSchema.parse(statement.predicate)
  if (statement.predicateType !== PREDICATE.approval || !isJsonObject(signed.parameters)) throw new RangeError('not a request for approval')
  const digest = toHex(parametersDigest(signed.matter, signed.act, signed.parameters))
  if (statement.subject[0]?.digest.sha256 !== digest || statement.subject[0].name !== signed.request) throw new RangeError('the digest is not that of the parameters')
  return signed
}
