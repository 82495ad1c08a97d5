// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { envelopeText, PACKAGE_FILES, statementDigest, type DsseEnvelope, type Reconciliation } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { DispositionChange, Posting } from '../../ledger/index.ts'
import { ownParty, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { judgeGate, moveInParts, packageById, packageFolder, refuseIfOvertaken, streamSentRecords, type JudgedGate, type PackageRow, type SentRecord } from '../hand-over/index.ts'
import { bookWithdrawals } from './compare-chain.ts'
import { readReconciliationFile } from './countersign-reconciliation.ts'
import { isSignedByParty } from './read-acceptance.ts'
import { reconcileFailures } from './reconcile-failures.ts'
import { endPackage, latestSealOf, lockPackage, packageStatements, putStatement } from './reconcile.store.ts'
import { positionsOf } from './sent-content.ts'

/** What a concluded reconciliation booked. */
export interface Concluded {
  package: string
  statement: string
  matched: number
  values: number
  outcome: 'transferred' | 'sealed'
  seq: number
  repeated: boolean
}

/** 对账签认. Books a reconciliation that both parties signed: in-transit becomes transferred (or sealed with the custodian), vectors, postings and copies in one transaction, then the log is published (CONTRACTS §§4, 8). Again: the first result. Refuses a missing signature and any statement that this side did not sign. */
export async function concludeReconciliation(ctx: Context, matter: Matter, file: string): Promise<Concluded> {
  refuseUnlessBookkeeper(matter)
  const { envelope, reconciliation } = readReconciliationFile(file)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const row = await packageById(ctx.db, scope, reconciliation.package)
  if (row === null) throw reconcileFailures.PACKAGE_UNKNOWN({ package: reconciliation.package })
  const digest = statementDigest(envelope)
  await refuseUnsigned(ctx, matter, { envelope, row, digest })
  const known = await ctx.ledger.eventByEffect(matter.id, `package/${row.id}/reconciled`)
  if (known === undefined) refuseEnded(matter)
  const judged = known === undefined ? await judgeGate(ctx, matter, 'reconcile') : null
  const { seq, repeated } = await bookReconciliation(ctx, matter, { row, envelope, reconciliation, digest, judged })
  await ctx.ledger.publish(matter.id)
  dropCiphertext(ctx, row.id)
  return { package: row.id, statement: digest, matched: reconciliation.matched, values: row.values ?? 0, outcome: outcomeOf(row), seq, repeated }
}

function outcomeOf(row: PackageRow): 'transferred' | 'sealed' {
  return row.purpose === 'custody' ? 'sealed' : 'transferred'
}

/** Both signatures, and the very statement that this side computed and signed: its own signature alone could be over an older one. */
async function refuseUnsigned(ctx: Context, matter: Matter, { envelope, row, digest }: { envelope: DsseEnvelope; row: PackageRow; digest: string }): Promise<void> {
  const recipient = required(matter.parties.find((party) => party.id === row.toParty), 'a package goes to a party of the matter')
  const missing = [ownParty(matter), recipient].filter((party) => !isSignedByParty(envelope, party)).map((party) => party.role)
  if (missing.length > 0) throw reconcileFailures.NOT_COUNTERSIGNED({ missing: missing.join(', ') })
  const signed = await packageStatements(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  if (!signed.some((one) => one.packageId === row.id && one.kind === 'reconciliation' && one.digest.toString('hex') === digest)) throw reconcileFailures.RECONCILIATION_REFUSED({ why: 'statement' })
}

interface Booking {
  row: PackageRow
  envelope: DsseEnvelope
  reconciliation: Reconciliation
  digest: string
  /** Null when it was booked before. */
  judged: JudgedGate | null
}

async function bookReconciliation(ctx: Context, matter: Matter, booking: Booking): Promise<{ seq: number; repeated: boolean }> {
  const { row, envelope, reconciliation, digest, judged } = booking
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    const status = await lockPackage(tx, scope, row.id)
    if (status === 'refused') throw reconcileFailures.PACKAGE_WITHDRAWN({ package: row.id })
    const done = await ctx.ledger.eventByEffect(matter.id, `package/${row.id}/reconciled`, tx)
    if (done !== undefined) return { seq: done.seq, repeated: true }
    await refuseSuperseded(ctx, tx, matter, reconciliation)
    const postings = await moveFromTransit(ctx, tx, matter, { id: row.id, to: outcomeOf(row) })
    const body = { package: row.id, statement: digest, root: reconciliation.sentRoot, matched: reconciliation.matched, postings }
    const appended = await ctx.ledger.append(tx, matter.id, { type: 'Reconciled', body }, `package/${row.id}/reconciled`)
    if (judged !== null) await refuseIfOvertaken(ctx, matter, judged, appended.seq)
    await moveCopies(ctx, tx, matter, { row, digest })
    await bookWithdrawals(ctx, tx, matter, { packageId: row.id, acceptance: reconciliation.acceptance })
    await putStatement(tx, scope, { packageId: row.id, digest: Buffer.from(digest, 'hex'), kind: 'reconciliation', envelope: envelopeText(envelope), at: ctx.now() })
    await endPackage(tx, scope, { id: row.id, status: 'reconciled' })
    return appended
  })
}

/** The newest acceptance is the one that counts: an older agreement is void when the recipient found something else since. */
async function refuseSuperseded(ctx: Context, tx: Tx, matter: Matter, reconciliation: Reconciliation): Promise<void> {
  const accepted = (await ctx.ledger.eventsOfType(matter.id, 'AcceptanceReceived', tx)).filter((event) => event.effect.startsWith(`package/${reconciliation.package}/acceptance/`)).at(-1)
  if (accepted?.effect !== `package/${reconciliation.package}/acceptance/${reconciliation.acceptance}`) throw reconcileFailures.RECONCILIATION_REFUSED({ why: 'acceptance' })
}

/** What a package sent, and where its fields go. */
export interface LeavingTransit {
  id: string
  to: 'transferred' | 'sealed' | 'pending'
}

/** Moves the sent fields out of `in-transit`, some thousand records at a time in the order of ids; for the withdrawal too. */
export function moveFromTransit(ctx: Context, tx: Tx, matter: Matter, of: LeavingTransit): Promise<Posting[]> {
  return moveInParts(ctx, tx, matter, partsOf(streamSentRecords(tx, { tenant: ctx.tenant, matterId: matter.id }, of.id), of.to))
}

async function* partsOf(batches: AsyncIterable<readonly SentRecord[]>, to: LeavingTransit['to']): AsyncGenerator<DispositionChange[], void, undefined> {
  for await (const batch of batches) yield changesOf(batch, to)
}

/** Records grouped by which fields were sent. */
function changesOf(records: readonly SentRecord[], to: LeavingTransit['to']): DispositionChange[] {
  return [...Map.groupBy(records, ({ fields }) => fields.toString('hex')).values()].map((group) => ({
    recordIds: group.map(({ recordId }) => recordId), fields: positionsOf({ fields: group[0]?.fields ?? Buffer.of() }), from: 'in-transit', to,
  }))
}

/** The package's copy has arrived; the recipient's copy is booked and settled: handed over, or sealed until the last day of its reasons. */
async function moveCopies(ctx: Context, tx: Tx, matter: Matter, { row, digest }: { row: PackageRow; digest: string }): Promise<void> {
  const effect = `package/${row.id}`
  const opened = await ctx.ledger.eventByEffect(matter.id, `${effect}/copy`, tx)
  const copies = await ctx.ledger.copies(matter.id, tx)
  const packed = required(copies.find((copy) => copy.openedSeq === opened?.seq), 'a package has its copy')
  await ctx.ledger.endCopy(tx, matter.id, { copy: packed.id, how: 'handed-over', proof: digest, until: null, details: { package: row.id } }, `${effect}/copy/ended`)
  const kind = row.purpose === 'custody' ? 'custodian' : 'transferee'
  const { copy } = await ctx.ledger.openCopy(tx, matter.id, { kind, holder: row.toParty, dataSetId: null, sourceId: null, values: row.values ?? 0 }, `${effect}/recipient-copy`)
  const until = row.purpose === 'custody' ? await latestSealOf(tx, { tenant: ctx.tenant, matterId: matter.id }, row.id) : null
  // A seal without a last day (records that are kept permanently) has no date to print; the reasons of the plan say so.
  const end = row.purpose === 'custody' ? { how: 'sealed' as const, until: until ?? 'permanent' } : { how: 'handed-over' as const, until: null }
  await ctx.ledger.endCopy(tx, matter.id, { copy, proof: digest, details: { package: row.id }, ...end }, `${effect}/recipient-copy/ended`)
}

/** After the reconciliation the ciphertext serves nobody here; the outer statement stays for the bundle. Removing files that are gone does no harm. */
export function dropCiphertext(ctx: Context, packageId: string): void {
  rmSync(join(packageFolder(ctx, packageId), 'segments'), { recursive: true, force: true })
  rmSync(join(packageFolder(ctx, packageId), PACKAGE_FILES.manifest), { force: true })
}
