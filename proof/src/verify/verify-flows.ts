// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { readFact } from '../statements.ts'
import { GIVING_ROLES, openParties, openStatements, statementOf } from './bundle-statements.ts'
import type { PartyById, StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { checkApprovals } from './verify-approvals.ts'
import { checkCertificates, issuedCertificates, refuseUnprovenEnd } from './verify-destruction.ts'
import { checkPackages, checkTransferredRecords } from './verify-packages.ts'
import { checkTombstones } from './verify-tombstones.ts'
import type { CheckList } from './verdict.ts'

/** Checks who signed what about whom: parties, copies, packages, tombstones, certificates, approvals, facts (CONTRACTS §§4, 8–11). */
export async function verifyFlows(bundle: OpenedBundle, checks: CheckList): Promise<void> {
  const parties = await checks.need('parties', (say) => {
    const found = openParties(bundle)
    say({ zh: `${found.size} 方`, en: `${found.size} parties` })
    return found
  })
  const statements = await checks.need('statements', (say) => {
    const found = openStatements(bundle)
    refuseUnnamed(bundle, found)
    refuseUnstatedFacts(bundle, found)
    const count = [...found.values()].reduce((sum, list) => sum + list.length, 0)
    say({ zh: `${count} 份`, en: `${count} files` })
    return found
  })
  await checks.also('copies', (say) => say(checkCopies(bundle, statements, parties)))
  await checks.also('packages', (say) => {
    const { issued, agreed } = checkPackages(bundle, statements, parties)
    say({ zh: `${issued} 个移交包`, en: `${issued} packages` })
    if (!checkTransferredRecords(bundle, agreed)) {
      checks.cannot('packages', { zh: '有多个移交包,证据包不说明哪条记录在哪一个包里;请与各验收单核对', en: 'there are several packages for transfer, and the bundle does not tell which record went into which; compare the acceptances' })
    }
  })
  await checks.also('tombstones', (say) => {
    const count = checkTombstones(bundle)
    say({ zh: `${count} 条`, en: `${count} records` })
  })
  await checks.also('approvals', (say) => say(checkApprovals(bundle, statements)))
  await checks.also('certificates', (say) => say(checkCertificates(bundle, statements, parties)))
}

/** A signed file that no event speaks of is outside the log: it could have been swapped in. */
function refuseUnnamed(bundle: OpenedBundle, statements: StatementsByKind): void {
  const { events } = bundle
  const named = new Set<string>([
    ...eventsOf(events, 'PackageIssued').map(({ body }) => body.outer),
    ...eventsOf(events, 'AcceptanceReceived').map(({ body }) => body.acceptance),
    ...eventsOf(events, 'Reconciled').map(({ body }) => body.statement),
    ...eventsOf(events, 'CertificateIssued').map(({ body }) => body.statement),
    ...eventsOf(events, 'FactRecorded').map(({ body }) => body.digest),
    ...eventsOf(events, 'CopyEnded').map(({ body }) => body.proof ?? ''),
  ])
  for (const [kind, opened] of statements) {
    if (kind === 'approval') continue
    const stranger = opened.find(({ digest }) => !named.has(digest))
    if (stranger !== undefined) throw new ProofError('UNNAMED', `${kind} ${stranger.digest.slice(0, 16)}…`)
  }
}

/** What an event calls a fact was signed, in this matter, by somebody whom the policy names. */
function refuseUnstatedFacts({ events, index }: OpenedBundle, statements: StatementsByKind): void {
  for (const { body, seq } of eventsOf(events, 'FactRecorded')) {
    const fact = readFact(statementOf(statements, 'fact', body.digest).statement)
    if (fact.fact !== body.fact || fact.matter !== index.matter) throw new ProofError('STATEMENT', `event ${seq}: the signed fact is another`)
  }
}

/** Every copy was opened once and ended at most once; what the giving side calls destroyed has its certificate; none is open at the close, and none is touched after it. */
function checkCopies(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): { zh: string; en: string } {
  const certificates = issuedCertificates(bundle, statements)
  const open = new Set<string>()
  const known = new Map<string, { kind: string; holder: string }>()
  let isClosed = false
  for (const event of bundle.events) {
    for (const { body } of eventsOf([event], 'CopyOpened')) {
      if (known.has(body.copy)) throw new ProofError('COPIES', `${body.copy} was opened twice`)
      known.set(body.copy, body)
      open.add(body.copy)
    }
    for (const { body, seq } of eventsOf([event], 'CopyEnded')) {
      if (!open.delete(body.copy)) throw new ProofError('COPIES', `${body.copy} ended without being open`)
      const { kind, holder } = known.get(body.copy) ?? { kind: '', holder: '' }
      const isGivers = GIVING_ROLES.some((role) => role === parties.get(holder)?.role)
      if (body.how === 'destroyed' && isGivers && (kind === 'vault' || kind === 'original')) refuseUnprovenEnd({ ...body, seq }, certificates)
    }
    if (isClosed && (event.type === 'CopyOpened' || event.type === 'CopyEnded')) throw new ProofError('COPIES', `event ${event.seq} changes the copies book after the close`)
    if (event.type !== 'MatterClosed') continue
    isClosed = true
    if (open.size > 0) throw new ProofError('COPIES', `${open.size} copies are open at the close`)
  }
  return { zh: `登记 ${known.size} 份,未了结 ${open.size} 份`, en: `${known.size} copies, ${open.size} open` }
}
