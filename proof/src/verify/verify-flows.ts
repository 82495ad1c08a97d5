// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { readFact } from '../statements.ts'
import { openParties, openStatements, statementOf } from './bundle-statements.ts'
import type { StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { checkApprovals } from './verify-approvals.ts'
import { certifiedLengths, checkCertificates } from './verify-destruction.ts'
import { checkAcceptedRecords, checkTransferredRecords } from './verify-accepted-records.ts'
import type { CheckedRecords } from './verify-books.ts'
import { checkCopies, refuseUnstatedEnds } from './verify-copies.ts'
import { checkAbandonment, checkWithdrawals } from './verify-cut-over.ts'
import { checkPackages } from './verify-packages.ts'
import { checkTombstones, readTombstones, statedLengths } from './verify-tombstones.ts'
import type { CheckList } from './verdict.ts'

/** Checks who signed what about whom: parties, copies, packages, tombstones, certificates, approvals, facts (CONTRACTS §§4, 8–11). */
export async function verifyFlows(bundle: OpenedBundle, records: CheckedRecords, checks: CheckList): Promise<void> {
  const isV1 = bundle.index.format === 'handover-bundle/v1'
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
  await checks.also('copies', (say) => {
    say(checkCopies(bundle, statements, parties))
    if (isV1) checks.lacks('copies', { zh: '旧格式的证据包不含副本了结的签名文件', en: 'a bundle of the first format does not hold what was signed about the ends of copies' })
    else refuseUnstatedEnds(bundle, statements, parties)
  })
  await checks.also('packages', async (say) => {
    const { issued, agreed } = checkPackages(bundle, statements, parties)
    say({ zh: `${issued} 个移交包`, en: `${issued} packages` })
    checkWithdrawals(bundle, agreed)
    checkAbandonment(bundle, statements)
    if (!isV1) return checkAcceptedRecords(bundle, agreed, records)
    if (!checkTransferredRecords(bundle, agreed, records)) {
      checks.lacks('packages', { zh: '旧格式的证据包不说明哪条记录在哪一个移交包里;请与各验收单核对', en: 'a bundle of the first format does not tell which record went into which package; compare the acceptances' })
    }
  })
  const tombstones = await checks.begin('tombstones', () => readTombstones(bundle, records.columns, [...statedLengths(bundle), ...certifiedLengths(statements)]))
  await checks.also('tombstones', (say) => {
    const count = checkTombstones(bundle, tombstones, records)
    say({ zh: `${count} 条`, en: `${count} records` })
  })
  await checks.also('approvals', (say) => {
    say(checkApprovals(bundle, statements))
    if (isV1) checks.lacks('approvals', { zh: '旧格式的证据包不说明冷静期', en: 'a bundle of the first format does not tell the cooling-off' })
  })
  await checks.also('certificates', (say) => say(checkCertificates(bundle, { statements, parties, tombstones })))
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
