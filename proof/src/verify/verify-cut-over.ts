// SPDX-License-Identifier: Apache-2.0
// What comes back out of a recipient's hands: withdrawn by a later package, or because the deal failed (CONTRACTS §§7, 18).
import { FINAL_DISPOSITIONS } from '../book-leaves.ts'
import { ProofError } from '../bytes.ts'
import type { JsonValue } from '../jcs.ts'
import { acceptanceChainOf } from '../package-delta.ts'
import type { StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { grantedApprovals } from './verify-approvals.ts'
import type { Agreed } from './verify-packages.ts'
import type { Words } from './words.ts'

/** What a package withdrew is what its recipient, in the acceptance that both sides agreed on, says to have deleted. */
export function checkWithdrawals(bundle: OpenedBundle, agreed: readonly Agreed[]): void {
  for (const { body, seq, postings } of eventsOf(bundle.events, 'WithdrawalProven')) {
    const about = agreed.find(({ issued, digest }) => issued.body.package === body.package && digest === body.acceptance)
    const withdrawn = about === undefined ? undefined : acceptanceChainOf(about.acceptance)?.withdrawn
    if (withdrawn === undefined || withdrawn.records !== body.records || withdrawn.root !== body.root) throw new ProofError('ACCEPTANCE', `event ${seq}: the recipient of ${body.package} has not signed that these records are gone`)
    const tooMany = postings.find(({ n }) => n > body.records)
    if (tooMany !== undefined) throw new ProofError('COUNTS', `event ${seq}: ${tooMany.n} values of ${tooMany.f} come back with ${body.records} records`)
  }
}

/**
 * 终止. A declared abandonment: approved by two people for exactly the packages that were issued, and once it is settled every one of them void, given back on its recipient's certificate, or out of reach.
 * Refuses anything that was issued, reconciled or approved as a plan afterwards.
 */
export function checkAbandonment(bundle: OpenedBundle, statements: StatementsByKind): void {
  const { events } = bundle
  const [declared, ...more] = eventsOf(events, 'AbandonmentDeclared')
  if (declared === undefined) {
    const stray = events.find(({ type }) => type === 'TransferReversed' || type === 'MatterAbandoned')
    if (stray !== undefined) throw new ProofError('ORDER', `event ${stray.seq}: the matter was not declared abandoned`)
    return
  }
  if (more.length > 0) throw new ProofError('ORDER', 'the matter was declared abandoned twice')
  const isApproved = grantedApprovals(bundle, statements).some(({ seq, body, parameters }) => seq < declared.seq && body.act === 'abandon' && body.request === declared.body.request && parameters['reason'] === declared.body.reason && isSameList(parameters['packages'], declared.body.packages))
  if (!isApproved) throw new ProofError('APPROVAL', `event ${declared.seq}: nobody approved to abandon the matter`)
  const late = events.find(({ type, seq }) => seq > declared.seq && ['PackageIssued', 'Reconciled', 'AcceptanceReceived', 'PlanApproved', 'MatterClosed', 'RecordsRevised'].includes(type))
  if (late !== undefined) throw new ProofError('ORDER', `event ${late.seq} (${late.type}) came after the matter was abandoned`)
  const issued = eventsOf(events, 'PackageIssued')
  if (!isSameList(issued.map(({ body }) => body.package).sort(), [...declared.body.packages].sort())) throw new ProofError('ORDER', `event ${declared.seq}: it does not name the packages that were issued`)
  const returned = copiesThatCameBack(events, declared.seq)
  for (const { body, postings } of issued) refuseUnreturned(events, { package: body.package, to: body.to, values: body.values, carried: postings }, returned)
  const stray = eventsOf(events, 'TransferReversed').find(({ body }) => !issued.some((one) => one.body.package === body.package))
  if (stray !== undefined) throw new ProofError('CERTIFICATE', `event ${stray.seq}: ${stray.body.package} was never issued`)
}

/** A line of the copies book for what a recipient may hold, ended after the declaration. */
type ReturnedCopy = { copy: string; holder: string; values: number; how: string; proof: string | null; seq: number; isTaken: boolean }

function copiesThatCameBack(events: OpenedBundle['events'], declaredSeq: number): ReturnedCopy[] {
  const opened = eventsOf(events, 'CopyOpened').filter(({ body }) => body.kind === 'transferee' || body.kind === 'custodian')
  return opened.flatMap(({ body: { copy, holder, values } }) => {
    const end = eventsOf(events, 'CopyEnded').find(({ body, seq }) => body.copy === copy && seq > declaredSeq)
    return end === undefined ? [] : [{ copy, holder, values, how: end.body.how, proof: end.body.proof, seq: end.seq, isTaken: false }]
  })
}

/**
 * Each package has a line of its own that ended after the declaration: destroyed, then its values came back once, on the paper on which the line ended and no more than it carried (nothing comes back
 * of a package that was withdrawn before it was reconciled); or out of reach, then nothing came back. While the matter is not settled, lines may still be open.
 */
function refuseUnreturned(events: OpenedBundle['events'], sent: { package: string; to: string; values: number; carried: readonly { ds: string; f: string; n: number }[] }, returned: ReturnedCopy[]): void {
  const reversals = eventsOf(events, 'TransferReversed').filter(({ body }) => body.package === sent.package)
  const [reversal, second] = reversals
  if (second !== undefined) throw new ProofError('COUNTS', `event ${second.seq}: ${sent.package} came back twice`)
  const isReconciled = eventsOf(events, 'Reconciled').some(({ body }) => body.package === sent.package) && !eventsOf(events, 'PackageWithdrawn').some(({ body }) => body.package === sent.package)
  const fits = (line: ReturnedCopy): boolean => !line.isTaken && line.holder === sent.to && line.values === sent.values
  const line = returned.find((each) => fits(each) && (reversal === undefined ? !isReconciled || each.how === 'out-of-reach' : each.how === 'destroyed' && each.proof === reversal.body.statement && each.seq < reversal.seq))
  if (line === undefined) {
    if (reversal !== undefined) throw new ProofError('CERTIFICATE', `event ${reversal.seq}: no certificate of the recipient covers ${sent.package}`)
    if (eventsOf(events, 'MatterAbandoned').length > 0) throw new ProofError('COPIES', `${sent.package} neither came back nor is out of reach`)
    return
  }
  line.isTaken = true
  const carried = new Map(sent.carried.map(({ ds, f, n }) => [`${ds} ${f}`, n]))
  const tooMany = reversal?.postings.find(({ ds, f, n }) => n > (carried.get(`${ds} ${f}`) ?? 0))
  if (reversal !== undefined && tooMany !== undefined) throw new ProofError('COUNTS', `event ${reversal.seq}: more values of ${tooMany.f} come back than ${sent.package} carried`)
}

function isSameList(list: JsonValue | undefined, other: readonly string[]): boolean {
  return Array.isArray(list) && list.length === other.length && list.every((item, at) => item === other[at])
}

/** The end of an abandoned matter, which is no close: its totals are the books, nothing pending, both books ended. Null while it is not settled. */
export function checkAbandonedBooks(bundle: OpenedBundle, compare: (body: BodyOf<'MatterAbandoned'>) => void): Words {
  const [ended, ...more] = eventsOf(bundle.events, 'MatterAbandoned')
  if (ended === undefined) return { zh: '已宣告终止,尚未清算', en: 'declared abandoned, not settled yet' }
  if (more.length > 0 || bundle.events.some(({ type }) => type === 'MatterClosed')) throw new ProofError('ORDER', 'the matter ended twice')
  const { discovered, dispositions, outOfReach } = ended.body
  const sum = FINAL_DISPOSITIONS.reduce((total, name) => total + dispositions[name], 0)
  if (sum !== discovered) throw new ProofError('NOT_BALANCED', `${discovered} discovered, ${sum} in the final accounts`)
  if (bundle.events.some((event) => event.seq > ended.seq && event.postings.length > 0)) throw new ProofError('POSTING', 'postings after the matter was abandoned')
  const unreached = eventsOf(bundle.events, 'CopyEnded').filter(({ body }) => body.how === 'out-of-reach').length
  if (unreached !== outOfReach) throw new ProofError('COPIES', `${unreached} copies are out of reach, ${outOfReach} are stated`)
  compare(ended.body)
  const parts = FINAL_DISPOSITIONS.map((name) => `${name} ${dispositions[name]}`).join(' + ')
  return { zh: `事项已终止(不是办结);账平:收 ${discovered} = ${parts},差额 0;无法触及的副本 ${outOfReach} 份`, en: `abandoned, not closed; balanced: ${discovered} = ${parts}; ${outOfReach} copies out of reach` }
}

/** Whether the matter was declared abandoned. */
export function isAbandoned(bundle: OpenedBundle): boolean {
  return bundle.events.some(({ type }) => type === 'AbandonmentDeclared' || type === 'MatterAbandoned')
}
