// SPDX-License-Identifier: Apache-2.0
import {
  envelopeText, parseEnvelope, readReconciliation, reconciliationStatement, signStatement, statementDigest, unverifiedStatement, utf8, type Difference, type DsseEnvelope, type Reconciliation,
} from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { writeDurable } from '../../ledger/index.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { packageById, writeStream, type PackageRow } from '../hand-over/index.ts'
import { refuseOtherChain } from './compare-chain.ts'
import { compareSent, isWholeMatch, type SentComparison } from './compare-sent.ts'
import { isSignedByParty, readAcceptanceFile, type AcceptanceFile } from './read-acceptance.ts'
import { reconcileFailures } from './reconcile-failures.ts'
import { lockPackage, markAccepted, markProposed, packageStatements, putStatement } from './reconcile.store.ts'
import { sentContentRoot } from './sent-content.ts'

/** What reconciling an acceptance found; `statement` is the digest of what this side signed, null with differences. */
export interface Reconciling {
  package: string
  acceptance: string
  status: 'matched' | 'differences'
  records: number
  matched: number
  missing: number
  extra: number
  changed: number
  duplicate: number
  /** The first of the differences. */
  differences: Difference[]
  /** How many there are. */
  found: number
  statement: string | null
  root: string | null
  file: string | null
  repeated: boolean
}

/** Which acceptance; where the signed reconciliation and the list of all differences go. */
export interface ReconcileOrder {
  file: string
  output: string | undefined
  list: string | undefined
  language: 'zh' | 'en'
}

/** 对账. Compares an acceptance with what was sent, record by record (CONTRACTS §8; law rules H03, H05); when all match, signs the reconciliation for the recipient to countersign. Records the acceptance either way; the same acceptance again gives the same statement. Refuses an acceptance of another package, recipient or content. */
export async function reconcileAcceptance(ctx: Context, matter: Matter, order: ReconcileOrder): Promise<Reconciling> {
  refuseUnlessBookkeeper(matter)
  refuseEnded(matter)
  const policy = await ctx.ledger.policy(matter.id)
  const given = await readAcceptanceFile(order.file, policy?.text, order.language)
  const row = await packageOfAcceptance(ctx, matter, given)
  const found = await compareSent(ctx, matter, given)
  try {
    if (order.list !== undefined) await writeStream(order.list, found.list.open())
    return await concludeComparison(ctx, matter, { row, given, found, output: order.output })
  } finally {
    found.list.close()
  }
}

async function concludeComparison(ctx: Context, matter: Matter, { row, given, found, output }: Given & { found: SentComparison; output: string | undefined }): Promise<Reconciling> {
  const isWhole = isWholeMatch(found) && given.acceptance.status === 'complete'
  // A concluded package keeps its statement; only an open one is compared with the vault, which may have ended the values since.
  if (isWhole && row.status !== 'reconciled') await refuseOtherContent(ctx, matter, { row, given })
  if (isWhole && row.status !== 'reconciled') await refuseOtherChain(ctx, matter, { row, acceptance: given.acceptance })
  const repeated = await noteAcceptance(ctx, matter, { row, given })
  if (isWhole) await ctx.ledger.publish(matter.id)
  const signed = isWhole ? await signReconciliation(ctx, matter, { row, given, found }) : null
  if (signed !== null && output !== undefined) writeDurable(output, utf8(`${envelopeText(signed)}\n`))
  const { matched, missing, extra, changed, duplicate } = found
  return {
    package: row.id, acceptance: given.digest, status: isWhole ? 'matched' : 'differences', records: found.records,
    matched, missing, extra, changed, duplicate, differences: found.shown, found: missing + extra + changed + duplicate,
    statement: signed === null ? null : statementDigest(signed), root: signed === null ? null : given.acceptance.acceptedRoot, file: signed === null ? null : (output ?? null), repeated,
  }
}

interface Given {
  row: PackageRow
  given: AcceptanceFile
}

/** The package that the acceptance is about, signed by the party to whom it was issued. */
async function packageOfAcceptance(ctx: Context, matter: Matter, { acceptance, envelope }: AcceptanceFile): Promise<PackageRow> {
  const row = await packageById(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, acceptance.package)
  if (row === null || row.outerDigest === null) throw reconcileFailures.PACKAGE_UNKNOWN({ package: acceptance.package })
  if (row.status === 'refused') throw reconcileFailures.PACKAGE_WITHDRAWN({ package: row.id })
  const recipient = required(matter.parties.find((party) => party.id === row.toParty), 'a package goes to a party of the matter')
  if (!isSignedByParty(envelope, recipient)) throw reconcileFailures.ACCEPTANCE_OF_OTHER({ what: 'signature' })
  const differs = [
    ...(acceptance.matter === matter.id ? [] : ['matter']),
    ...(acceptance.outer === row.outerDigest.toString('hex') ? [] : ['outer']),
    ...(acceptance.recipient === row.toParty ? [] : ['recipient']),
  ]
  if (differs.length > 0) throw reconcileFailures.ACCEPTANCE_OF_OTHER({ what: differs.join(', ') })
  return row
}

/** Counts and content root of a complete acceptance are those of what was sent. */
async function refuseOtherContent(ctx: Context, matter: Matter, { row, given }: Given): Promise<void> {
  if (given.acceptance.values !== row.values) throw reconcileFailures.ACCEPTANCE_OF_OTHER({ what: 'values' })
  if (given.acceptance.contentRoot !== (await sentContentRoot(ctx, matter, row.id))) throw reconcileFailures.ACCEPTANCE_OF_OTHER({ what: 'contentRoot' })
}

async function noteAcceptance(ctx: Context, matter: Matter, { row, given }: Given): Promise<boolean> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { status } = given.acceptance
  return ctx.db.transaction(async (tx) => {
    const { repeated } = await ctx.ledger.append(tx, matter.id, { type: 'AcceptanceReceived', body: { package: row.id, acceptance: given.digest, status } }, `package/${row.id}/acceptance/${given.digest}`)
    if (repeated) return true
    const present = await lockPackage(tx, scope, row.id)
    if (present === 'refused') throw reconcileFailures.PACKAGE_WITHDRAWN({ package: row.id })
    await markAccepted(tx, scope, { id: row.id, stored: { status, digest: given.digest } })
    await putStatement(tx, scope, { packageId: row.id, digest: Buffer.from(given.digest, 'hex'), kind: 'acceptance', envelope: envelopeText(given.envelope), at: ctx.now() })
    return false
  })
}

/** The statement about this acceptance: the one that was signed before, or a new one, noted before it leaves. */
async function signReconciliation(ctx: Context, matter: Matter, { row, given, found }: Given & { found: SentComparison }): Promise<DsseEnvelope> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const earlier = (await packageStatements(ctx.db, scope)).filter((one) => one.packageId === row.id && one.kind === 'reconciliation').map((one) => parseEnvelope(one.envelope))
  const known = earlier.find((envelope) => readReconciliation(unverifiedStatement(envelope)).acceptance === given.digest)
  if (known !== undefined) return known
  const reconciliation: Reconciliation = {
    package: row.id, matter: matter.id, outer: given.acceptance.outer, acceptance: given.digest, contentRoot: given.acceptance.contentRoot,
    sentRoot: found.sentRoot, acceptedRoot: given.acceptance.acceptedRoot,
    matched: found.matched, missing: found.missing, extra: found.extra, changed: found.changed, duplicate: found.duplicate, at: ctx.now(),
  }
  const envelope = signStatement(reconciliationStatement(reconciliation), [ctx.signer.noteSigner])
  await ctx.db.transaction(async (tx) => {
    await putStatement(tx, scope, { packageId: row.id, digest: Buffer.from(statementDigest(envelope), 'hex'), kind: 'reconciliation', envelope: envelopeText(envelope), at: ctx.now() })
    await markProposed(tx, scope, { id: row.id, digest: statementDigest(envelope) })
  })
  return envelope
}
