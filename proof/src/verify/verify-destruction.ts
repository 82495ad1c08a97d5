// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { approvalDigest, readApproval, readErasureCertificate } from '../statements.ts'
import type { ErasureCertificate } from '../statements.ts'
import { statementOf } from './bundle-statements.ts'
import type { StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { Words } from './words.ts'

/** Acts for which the requester is not one of the two (CONTRACTS §18, `two-person-acts.ts` of the app). */
const TWO_APPROVERS = ['destroy', 'backup-deletion', 'gate-override', 'shorten-retention']

/** Each granted approval: the people whom the event names signed exactly these parameters, two different keys at least (CONTRACTS §18). */
export function checkApprovals(bundle: OpenedBundle, statements: StatementsByKind): Words {
  const granted = eventsOf(bundle.events, 'ApprovalGranted')
  for (const { body, seq } of granted) {
    const { requester, approvers } = signersOf(statements, body)
    const needed = TWO_APPROVERS.includes(body.act) ? 2 : 1
    const isComplete = approvers.size >= needed && approvers.size + (requester ? 1 : 0) >= 2
    if (!isComplete) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): ${approvers.size} approvers signed, ${needed} are needed beside the requester`)
    if (body.by.length < needed || body.by.some((person) => !approvers.has(person))) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): it names people who did not sign`)
  }
  const unverified = granted.filter(({ body }) => !body.identitiesVerified).length
  return unverified === 0
    ? { zh: `${granted.length} 项,均为两人分别签名`, en: `${granted.length}, each signed by two` }
    : { zh: `${granted.length} 项,其中 ${unverified} 项两人身份未核验`, en: `${granted.length}, of which ${unverified} with identities not verified` }
}

/** Who signed an approval of this request: people by the names of their keys, the requester apart. Refuses another act or other parameters. */
function signersOf(statements: StatementsByKind, granted: { request: string; act: string; digest: string }): { requester: boolean; approvers: Set<string> } {
  const approvers = new Set<string>()
  let requester = false
  for (const opened of statements.get('approval') ?? []) {
    const approval = readApproval(opened.statement)
    if (approval.request !== granted.request) continue
    if (approvalDigest(approval) !== granted.digest || approval.act !== granted.act) throw new ProofError('APPROVAL', `${granted.request}: another act or other parameters were approved`)
    for (const { name } of opened.signedBy) {
      if (name === approval.requestedBy) requester = true
      else approvers.add(name)
    }
  }
  return { requester, approvers }
}

/** Each certificate is the one that its event names, about the destruction that the events show; final only after the turn (CONTRACTS §5). */
export function checkCertificates(bundle: OpenedBundle, statements: StatementsByKind): Words {
  const issued = eventsOf(bundle.events, 'CertificateIssued')
  for (const { body, seq } of issued) {
    const certificate = readErasureCertificate(statementOf(statements, 'certificate', body.statement).statement)
    if (certificate.order !== body.order || certificate.status !== body.status) throw new ProofError('CERTIFICATE', `event ${seq}: the signed certificate says something else`)
    checkApprovers(bundle, statements, certificate)
    checkDestruction(bundle, certificate, seq)
  }
  const lastByOrder = new Map(issued.map(({ body }) => [body.order, body.status]))
  const pending = [...lastByOrder.values()].filter((status) => status === 'pending').length
  if (pending > 0 && eventsOf(bundle.events, 'MatterClosed').length > 0) throw new ProofError('CERTIFICATE', `${pending} certificates are still pending at the close`)
  return { zh: `${lastByOrder.size} 份命令,待定 ${pending} 份`, en: `${lastByOrder.size} orders, ${pending} pending` }
}

/** The people named on the certificate are those whose approvals were signed, two at least and none the requester. */
function checkApprovers(bundle: OpenedBundle, statements: StatementsByKind, certificate: ErasureCertificate): void {
  const { order, approvers, requester } = certificate
  const approval = eventsOf(bundle.events, 'ApprovalGranted').find(({ body }) => body.request === certificate.approval)
  if (approval === undefined || approval.body.act !== 'destroy') throw new ProofError('CERTIFICATE', `${order}: no approval to destroy`)
  const signers = signersOf(statements, approval.body).approvers
  const isHonest = new Set(approvers).size >= 2 && approvers.every((person) => signers.has(person)) && !approvers.includes(requester)
  if (!isHonest) throw new ProofError('CERTIFICATE', `${order}: two approvers who signed are needed, neither the requester`)
  if (certificate.identitiesVerified && !approval.body.identitiesVerified) throw new ProofError('CERTIFICATE', `${order}: it claims verified identities, the approval does not`)
}

function checkDestruction(bundle: OpenedBundle, certificate: ErasureCertificate, seq: number): void {
  const { order, target } = certificate
  const destroyed = eventsOf(bundle.events, 'RecordsDestroyed').filter(({ body }) => body.order === order)
  const last = destroyed.at(-1)
  if (last === undefined) return
  if (last.seq > seq) throw new ProofError('CERTIFICATE', `${order}: certified before it was destroyed`)
  if (last.body.tombstoneRoot !== target.tombstoneRoot || last.body.tombstones !== target.tombstones) throw new ProofError('CERTIFICATE', `${order}: another list of tombstones`)
  const turned = eventsOf(bundle.events, 'EpochTurned').some((turn) => turn.seq > last.seq && turn.seq < seq)
  if (certificate.status === 'final' && !turned) throw new ProofError('CERTIFICATE', `${order}: final before the keys turned`)
}
