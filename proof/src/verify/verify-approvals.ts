// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import type { JsonObject } from '../jcs.ts'
import { approvalDigest, readApproval } from '../statements.ts'
import type { StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { Words } from './words.ts'

/** Acts for which the requester is not one of the two (CONTRACTS §18, `two-person-acts.ts` of the app). */
const TWO_APPROVERS = ['destroy', 'backup-deletion', 'gate-override', 'shorten-retention']

/** An approval that was granted, with the parameters that the people signed. */
export type Granted = { seq: number; body: BodyOf<'ApprovalGranted'>; parameters: JsonObject; approvers: ReadonlySet<string> }

/**
 * Each granted approval: the people whom the event names signed exactly these parameters in this matter, two different keys at least; and
 * each hand-over, override, destruction and close had one before it, for itself (CONTRACTS §18).
 */
export function checkApprovals(bundle: OpenedBundle, statements: StatementsByKind): Words {
  const granted = grantedApprovals(bundle, statements)
  refuseUnapproved(bundle, granted)
  const unverified = granted.filter(({ body }) => !body.identitiesVerified).length
  return unverified === 0
    ? { zh: `${granted.length} 项,均为两人分别签名`, en: `${granted.length}, each signed by two` }
    : { zh: `${granted.length} 项,其中 ${unverified} 项两人身份未核验`, en: `${granted.length}, of which ${unverified} with identities not verified` }
}

/** The granted approvals with their signers. Refuses one that too few signed, or people other than those it names. */
export function grantedApprovals(bundle: OpenedBundle, statements: StatementsByKind): Granted[] {
  return eventsOf(bundle.events, 'ApprovalGranted').map(({ body, seq }) => {
    const { requester, approvers, parameters } = signersOf(bundle, statements, body)
    const needed = TWO_APPROVERS.includes(body.act) ? 2 : 1
    const isComplete = approvers.size >= needed && approvers.size + (requester ? 1 : 0) >= 2
    if (!isComplete) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): ${approvers.size} approvers signed, ${needed} are needed beside the requester`)
    if (body.by.length < needed || body.by.some((person) => !approvers.has(person))) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): it names people who did not sign`)
    return { seq, body, parameters, approvers }
  })
}

/** Who signed an approval of this request: people by the names of their keys, the requester apart. Refuses another act, matter or other parameters. */
function signersOf(bundle: OpenedBundle, statements: StatementsByKind, granted: BodyOf<'ApprovalGranted'>): { requester: boolean; approvers: Set<string>; parameters: JsonObject } {
  const approvers = new Set<string>()
  let requester = false
  let parameters: JsonObject = {}
  for (const opened of statements.get('approval') ?? []) {
    const approval = readApproval(opened.statement)
    if (approval.request !== granted.request) continue
    if (approvalDigest(approval) !== granted.digest || approval.act !== granted.act) throw new ProofError('APPROVAL', `${granted.request}: another act or other parameters were approved`)
    if (approval.matter !== bundle.index.matter) throw new ProofError('APPROVAL', `${granted.request}: approved in another matter`)
    parameters = approval.parameters
    for (const { name } of opened.signedBy) {
      if (name === approval.requestedBy) requester = true
      else approvers.add(name)
    }
  }
  return { requester, approvers, parameters }
}

function refuseUnapproved({ events }: OpenedBundle, granted: readonly Granted[]): void {
  const need = (act: string, seq: number, fits: (approval: Granted) => boolean): void => {
    if (!granted.some((approval) => approval.body.act === act && approval.seq < seq && fits(approval))) throw new ProofError('APPROVAL', `event ${seq} was done without the approval to ${act} for it`)
  }
  const plans = eventsOf(events, 'PlanApproved')
  for (const { body, seq } of plans) need('hand-over', seq, ({ parameters }) => isOfPlan(parameters, body))
  for (const { body, seq } of eventsOf(events, 'PackageIssued')) {
    need('hand-over', seq, ({ parameters }) => isListed(parameters['to'], body.to) && plans.some((plan) => plan.seq < seq && isOfPlan(parameters, plan.body)))
  }
  for (const { body, seq } of eventsOf(events, 'PlanOverridden')) need('gate-override', seq, (approval) => approval.body.request === body.approval)
  for (const { body, seq } of eventsOf(events, 'DestructionIntended')) {
    need('destroy', seq, ({ parameters }) => parameters['order'] === body.order && parameters['recordSet'] === body.recordSet)
  }
  for (const { body, seq } of eventsOf(events, 'MatterClosed')) {
    need('close', seq, ({ parameters }) => parameters['booksRoot'] === body.booksRoot && parameters['records'] === body.records && parameters['discovered'] === body.discovered)
  }
}

function isOfPlan(parameters: JsonObject, body: BodyOf<'PlanApproved'>): boolean {
  return parameters['plan'] === body.plan && parameters['digest'] === body.digest
}

function isListed(list: JsonObject[string] | undefined, item: string): boolean {
  return Array.isArray(list) && list.includes(item)
}
