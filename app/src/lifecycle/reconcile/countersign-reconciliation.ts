// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import {
  addSignatures, envelopeText, parseEnvelope, ProofError, readAcceptance, readReconciliation, statementDigest, unverifiedStatement, utf8, type Acceptance, type DsseEnvelope, type Reconciliation,
} from '@handover/proof'
import type { Context } from '../../context.ts'
import { writeDurable } from '../../ledger/index.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import { noteCountersigned, receivedPackage } from '../hand-over/index.ts'
import { isSignedByParty, readAcceptanceFile } from './read-acceptance.ts'
import { reconcileFailures } from './reconcile-failures.ts'

/** What was countersigned. */
export interface Countersigned {
  package: string
  statement: string
  matched: number
  root: string
  file: string
  repeated: boolean
}

/** 会签对账单. The recipient holds the sender's reconciliation against the acceptance that it signed itself and signs the same bytes (CONTRACTS §8). Again: the same bytes. Refuses a statement about another acceptance, with differences, or without the sender's signature. */
export async function countersignReconciliation(ctx: Context, matter: Matter, order: { file: string; acceptance: string | undefined; output: string; language: 'zh' | 'en' }): Promise<Countersigned> {
  const { envelope, reconciliation } = readReconciliationFile(order.file)
  const received = await receivedPackage(ctx.db, ctx.tenant, reconciliation.package)
  if (received === null || received.acceptance === null || received.matterId !== matter.id) throw reconcileFailures.NOTHING_ACCEPTED({ package: reconciliation.package })
  const own = parseEnvelope(received.acceptance)
  if (order.acceptance !== undefined) {
    const { digest } = await readAcceptanceFile(order.acceptance, undefined, order.language)
    if (digest !== statementDigest(own)) throw reconcileFailures.RECONCILIATION_REFUSED({ why: 'acceptance' })
  }
  refuseDifferent(reconciliation, { accepted: readAcceptance(unverifiedStatement(own)), digest: statementDigest(own) })
  const sender = matter.parties.find((party) => party.id === received.sender)
  if (sender === undefined || !isSignedByParty(envelope, sender)) throw reconcileFailures.RECONCILIATION_REFUSED({ why: 'signature' })
  const isSigned = isSignedByParty(envelope, ownParty(matter))
  const both = isSigned ? envelope : addSignatures(envelope, [ctx.signer.noteSigner])
  await ctx.db.transaction((tx) => noteCountersigned(tx, ctx.tenant, reconciliation.package))
  writeDurable(order.output, utf8(`${envelopeText(both)}\n`))
  return { package: reconciliation.package, statement: statementDigest(both), matched: reconciliation.matched, root: reconciliation.acceptedRoot, file: order.output, repeated: received.status === 'reconciled' }
}

/** A reconciliation file; nothing about its signatures is decided here. Refuses another form or kind. */
export function readReconciliationFile(file: string): { envelope: DsseEnvelope; reconciliation: Reconciliation } {
  const text = readFileSync(file, 'utf8')
  try {
    const envelope = parseEnvelope(text)
    return { envelope, reconciliation: readReconciliation(unverifiedStatement(envelope)) }
  } catch (error) {
    if (error instanceof ProofError) throw reconcileFailures.RECONCILIATION_REFUSED({ why: error.code }, { cause: error })
    throw error
  }
}

/** One root, no difference, and it is the acceptance of this home that it speaks of. */
function refuseDifferent(said: Reconciliation, { accepted, digest }: { accepted: Acceptance; digest: string }): void {
  const checks: [string, boolean][] = [
    ['acceptance', said.acceptance === digest],
    ['matter', said.matter === accepted.matter],
    ['outer', said.outer === accepted.outer],
    ['contentRoot', said.contentRoot === accepted.contentRoot],
    ['root', said.acceptedRoot === accepted.acceptedRoot && said.sentRoot === said.acceptedRoot],
    ['differences', accepted.status === 'complete' && said.matched === accepted.records && said.missing + said.extra + said.changed + said.duplicate === 0],
  ]
  const wrong = checks.filter(([, holds]) => !holds).map(([what]) => what)
  if (wrong.length > 0) throw reconcileFailures.RECONCILIATION_REFUSED({ why: wrong.join(', ') })
}
