// SPDX-License-Identifier: Apache-2.0
import type { DsseEnvelope } from '@handover/proof'
import { required } from '../../kit/assert.ts'
import type { SignatureRow } from './access.store.ts'
import type { ApprovalMark } from './approval.rules.ts'
import type { ApprovalRequest } from './approval.ts'

/** What the requester signed; approvers sign the same bytes. */
export function firstSigned(signatures: readonly SignatureRow[]): DsseEnvelope {
  return required(signatures[0], 'a request has the signature of who asked').envelope
}

/** One envelope with everybody's signature. */
export function joined(signatures: readonly SignatureRow[]): DsseEnvelope {
  return { ...firstSigned(signatures), signatures: signatures.flatMap(({ envelope }) => envelope.signatures) }
}

/** A signature as the rules see it. */
export function markOf(signature: Pick<SignatureRow, 'personId' | 'custody' | 'fromOtherHome'>): ApprovalMark {
  return { person: signature.personId, custody: signature.custody, fromOtherHome: signature.fromOtherHome }
}

/** The requester as the rules see them. */
export function requesterMark(request: ApprovalRequest, marks: readonly ApprovalMark[]): ApprovalMark {
  return required(marks.find((mark) => mark.person === request.requestedBy), 'a request has the signature of who asked')
}
