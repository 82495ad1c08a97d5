// SPDX-License-Identifier: Apache-2.0
// What comes back out of a recipient's hands: withdrawn by a later package, or because the deal failed (CONTRACTS §§7, 18).
import { FINAL_DISPOSITIONS } from '../book-leaves.ts'
import { ProofError } from '../bytes.ts'
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
 * 终止. A declared abandonment: approved by two people, every package void or given back, and what came back of a reconciled one is covered by the certificate on which its recipient's copy ended.
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
  const isApproved = grantedApprovals(bundle, statements).some(({ seq, body, parameters }) => seq < declared.seq && body.act === 'abandon' && body.request === declared.body.request && parameters['reason'] === declared.body.reason)
  if (!isApproved) throw new ProofError('APPROVAL', `event ${declared.seq}: nobody approved to abandon the matter`)
  const late = events.find(({ type, seq }) => seq > declared.seq && ['PackageIssued', 'Reconciled', 'AcceptanceReceived', 'PlanApproved', 'MatterClosed', 'RecordsRevised'].includes(type))
  if (late !== undefined) throw new ProofError('ORDER', `event ${late.seq} (${late.type}) came after the matter was abandoned`)
  const holders = new Map(eventsOf(events, 'CopyOpened').map(({ body }) => [body.copy, body.holder]))
  const destroyed = eventsOf(events, 'CopyEnded').filter(({ body, seq }) => seq > declared.seq && body.how === 'destroyed')
  const issued = new Map(eventsOf(events, 'PackageIssued').map(({ body, postings }) => [body.package, { body, postings }]))
  for (const { body, seq, postings } of eventsOf(events, 'TransferReversed')) {
    const about = issued.get(body.package)
    const isCovered = destroyed.some((end) => end.seq < seq && end.body.proof === body.statement && holders.get(end.body.copy) === about?.body.to)
    if (about === undefined || !isCovered) throw new ProofError('CERTIFICATE', `event ${seq}: no certificate of the recipient covers ${body.package}`)
    const carried = new Map(about.postings.map(({ ds, f, n }) => [`${ds} ${f}`, n]))
    const tooMany = postings.find(({ ds, f, n }) => n > (carried.get(`${ds} ${f}`) ?? 0))
    if (tooMany !== undefined) throw new ProofError('COUNTS', `event ${seq}: more values of ${tooMany.f} come back than ${body.package} carried`)
  }
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
