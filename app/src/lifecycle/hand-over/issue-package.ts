// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageEntries, PACKAGE_FILES, parseEnvelope, segmentName, writeTar, type PackageDelta } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { gateFor, obstacle, refuseIfAny } from '../../law/index.ts'
import type { DispositionChange } from '../../ledger/index.ts'
import { lockMatter, ownParty, refuseEnded, refuseUnlessBookkeeper, type Matter, type Party } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { loadDataSets } from '../discover/index.ts'
import { refuseAmbiguousRecipients, refuseUnapproved, transfereesOf } from './approve-plan.ts'
import { buildSegments } from './build-segments.ts'
import { dropSegments, packageFolder, type BuiltSegments } from './package-parts.ts'
import { isAnythingWithdrawn, refuseOpenPredecessor, takeBacksOf, writePackageChanges } from './delta-package.ts'
import { noteExport } from './export-count.store.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { loadMatterState } from './load-matter-state.ts'
import { writeManifest } from './package-manifest.ts'
import { allPackages, deleteSegments, deleteUnissued, forgetContent, insertPackage, lastEventSeq, loadSegments, lockPackageOf, markIssued, noteRecipient, streamSentRecords, type PackageRow, type WantedPackage } from './package.store.ts'
import { currentPlan, type PlanRow } from './plan.store.ts'
import { moveInParts } from './move-in-parts.ts'
import { describeSending, isAnythingToSend, plannedToSend, positionsOfBitmap, sendingRecords, type SendingOrder } from './sending-records.ts'
import { writeStream } from './write-stream.ts'

/** What to send: to whom, for what, and into which file. */
export interface PackOrder {
  to: Party
  purpose: 'transfer' | 'custody'
  file: string
}

/** A package that is in the log. */
export interface IssuedPackage {
  id: string
  sequence: number
  file: string
  bytes: number
  records: number
  values: number
  outer: string
  /** Written again from the same ciphertext; nothing was issued anew. */
  repeated: boolean
}

/** 签发移交包. Packs what the approved plan hands over, encrypted to the recipient and signed by the sender (CONTRACTS §7; law rules H02, B11). Interrupted, it goes on behind its last finished segment, with the same package id and the same content; after issuing, the same package file is written again. Refuses unmet gates, an unapproved or stale plan, a recipient that the approval does not name, and a matter without trust policy. */
export async function issuePackage(ctx: Context, matter: Matter, order: PackOrder): Promise<IssuedPackage> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const plan = await currentPlan(ctx.db, scope, 'approved')
  refuseUnapproved(plan)
  if (plan === null || !plan.approvedTo.includes(order.to.id)) throw handOverFailures.RECIPIENT_NOT_APPROVED()
  const wanted = { planId: plan.id, toParty: order.to.id, purpose: order.purpose }
  const known = (await allPackages(ctx.db, scope)).find((row) => row.planId === plan.id && row.toParty === order.to.id && row.purpose === order.purpose && row.status !== 'refused')
  if (known !== undefined && known.status !== 'building') return { ...(await writePackageFile(ctx, matter, known, order.file)), repeated: true }
  // Before anything leaves: a package whose event cannot be published would be in transit and proven to nobody.
  await ctx.ledger.publish(matter.id)
  const judgedAt = await lastEventSeq(ctx.db, scope)
  await refuseUnlessPackable(ctx, matter)
  const sending = { planId: plan.id, purpose: order.purpose, to: order.to, approvedTransferees: approvedTransferees(matter, plan) }
  if (order.purpose === 'transfer') refuseAmbiguousRecipients(sending.approvedTransferees, plan.lines)
  await refuseOpenPredecessor(ctx.db, scope, wanted)
  if (!(await isAnythingToSend(ctx, matter, sending)) && !(await isAnythingWithdrawn(ctx.db, scope, wanted))) throw handOverFailures.NOTHING_TO_SEND()
  await beginPackage(ctx, matter, wanted, order.to.file.ageRecipient)
  const { row, repeated } = await issueOnce(ctx, matter, { wanted, order, plan, sending, judgedAt })
  return { ...(await writePackageFile(ctx, matter, row, order.file)), repeated }
}

/** Every gate before packing, and a plan that today's facts still give: no signature stands in for that, and a custody package has no gate of its own that asks. */
async function refuseUnlessPackable(ctx: Context, matter: Matter): Promise<void> {
  const state = await loadMatterState(ctx, matter)
  const { obstacles } = gateFor('pack', state)
  const isCurrent = state.plan?.approved === true && !state.plan.stale
  refuseIfAny(isCurrent || obstacles.some((found) => found.code === 'PLAN_STALE') ? obstacles : [...obstacles, obstacle('PLAN_STALE')], 'pack')
}

/** Gives the package its id, which later attempts keep, and takes away what an interrupted attempt for an earlier plan left behind. */
async function beginPackage(ctx: Context, matter: Matter, wanted: WantedPackage, recipientKey: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { planId, toParty, purpose } = wanted
  const recipientDigest = createHash('sha256').update(recipientKey).digest()
  const abandoned = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const all = await allPackages(tx, scope)
    const left = all.filter((row) => row.status === 'building' && row.planId !== planId)
    for (const row of left) await deleteUnissued(tx, scope, row.id)
    // A package that was withdrawn keeps its id for ever; the next one for the same plan has another.
    const same = all.filter((row) => row.planId === planId && row.toParty === toParty && row.purpose === purpose)
    if (same.every((row) => row.status === 'refused')) await insertPackage(tx, scope, { id: idText('pkg', ctx.ids.bytes('pkg', `${planId}/${toParty}/${purpose}${same.length === 0 ? '' : `/${same.length}`}`)), ...wanted, recipientDigest })
    // Segments that were encrypted to another key are worth nothing to this recipient.
    for (const row of same.filter((one) => one.status === 'building' && one.recipientDigest?.equals(recipientDigest) !== true)) {
      await deleteSegments(tx, scope, row.id)
      await noteRecipient(tx, scope, row.id, recipientDigest)
    }
    return left
  })
  for (const row of abandoned) dropSegments(ctx, row.id)
}

interface Issuing {
  wanted: WantedPackage
  order: PackOrder
  plan: PlanRow
  sending: SendingOrder
  /** The last event when gates and plan were judged. */
  judgedAt: number
}

/** One attempt, in one transaction that holds the package's row: of two processes one issues, the other finds it issued; a crash leaves finished segments that the next attempt keeps while they are still those of today, and nothing in the main book. */
async function issueOnce(ctx: Context, matter: Matter, { wanted, order, plan, sending, judgedAt }: Issuing): Promise<{ row: PackageRow; repeated: boolean }> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    const begun = await lockPackageOf(tx, scope, wanted)
    if (begun === null) throw handOverFailures.PLAN_NOT_APPROVED() // another process took it away for a newer plan
    if (begun.status !== 'building') return { row: begun, repeated: true }
    const built = await buildSegments(ctx, matter, {
      row: begun, purpose: order.purpose, recipientKey: order.to.file.ageRecipient, records: () => sendingRecords(ctx, matter, sending), total: await plannedToSend(ctx, matter, sending),
      dataSets: await loadDataSets(ctx.db, scope), grant: { person: ctx.signer.vkey.name, approval: plan.id },
    })
    const delta = await takeBacksOf(tx, scope, { ...wanted, packageId: begun.id })
    const digests = await writeManifest(ctx, matter, { row: begun, order, plan, built, delta, ...(await describeSending(ctx, matter, built.counts)) })
    // From here no objection, hold or fact can come in until the package is booked; what came in while it was encrypted is judged now.
    await lockMatter(tx, ctx.tenant, matter.id)
    if ((await currentPlan(tx, scope, 'approved'))?.id !== plan.id) throw handOverFailures.PLAN_NOT_APPROVED()
    if ((await lastEventSeq(tx, scope)) !== judgedAt) await refuseUnlessPackable(ctx, matter)
    return { row: await bookIssue(ctx, tx, matter, { begun, order, built, digests, delta }), repeated: false }
  })
}

interface Issue {
  begun: PackageRow
  order: PackOrder
  built: BuiltSegments
  digests: { outer: string; manifest: string }
  delta: PackageDelta | null
}

/** Where the values leave: event, vectors, postings, what was sent, the copies book. */
async function bookIssue(ctx: Context, tx: Tx, matter: Matter, { begun, order, built, digests, delta }: Issue): Promise<PackageRow> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const postings = await moveInParts(ctx, tx, matter, leaving(tx, scope, begun.id))
  const { seq } = await ctx.ledger.append(tx, matter.id, {
    type: 'PackageIssued',
    body: { package: begun.id, sequence: begun.sequence, to: order.to.id, purpose: order.purpose, outer: digests.outer, manifest: digests.manifest, records: built.records, values: built.values, postings },
  }, `package/${begun.id}/issued`)
  if (delta !== null) await writePackageChanges(tx, scope, begun.id, delta)
  await forgetContent(tx, scope, begun.id)
  await ctx.ledger.openCopy(tx, matter.id, { kind: 'package', holder: ownParty(matter).id, dataSetId: null, sourceId: null, values: built.values }, `package/${begun.id}/copy`)
  if (matter.settings.recipient_overseas && order.purpose === 'transfer') await noteExport(tx, scope, { packageId: begun.id, year: Number(ctx.today().slice(0, 4)), at: ctx.now() })
  await markIssued(tx, scope, { id: begun.id, ...digests, records: built.records, values: built.values, seq })
  return { ...begun, status: 'issued', issuedSeq: seq, records: built.records, values: built.values, outerDigest: Buffer.from(digests.outer, 'hex'), manifestDigest: Buffer.from(digests.manifest, 'hex') }
}

/** What the package took, as moves in the vectors: a part at a time, grouped by which fields went. */
async function* leaving(tx: Tx, scope: { tenant: string; matterId: string }, packageId: string): AsyncGenerator<DispositionChange[], void, undefined> {
  for await (const batch of streamSentRecords(tx, scope, packageId)) {
    const byFields = Map.groupBy(batch, (sent) => sent.fields.toString('latin1'))
    yield [...byFields.values()].map((group): DispositionChange => ({ recordIds: group.map((sent) => sent.recordId), fields: positionsOfBitmap(group[0]?.fields ?? Buffer.alloc(0)), from: 'pending', to: 'in-transit' }))
  }
}

/** The transferees to whom the plan was approved. */
function approvedTransferees(matter: Matter, plan: PlanRow): string[] {
  return transfereesOf(matter).filter((id) => plan.approvedTo.includes(id))
}

/** Publishes the event and writes the tar from the ciphertext on disk: the same bytes each time but for the newest checkpoint in its proof. */
async function writePackageFile(ctx: Context, matter: Matter, row: PackageRow, file: string): Promise<Omit<IssuedPackage, 'repeated'>> {
  if (row.issuedSeq === null || row.outerDigest === null) throw new Error('assertion failed: an issued package has its event')
  await ctx.ledger.publish(matter.id)
  const event = await ctx.ledger.event(matter.id, row.issuedSeq)
  const folder = packageFolder(ctx, row.id)
  const manifest = join(folder, PACKAGE_FILES.manifest)
  if (!existsSync(manifest)) throw handOverFailures.CIPHERTEXT_GONE({ package: row.id })
  const segments = (await loadSegments(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, row.id)).map((segment) => ({
    name: segmentName(segment.position), size: segment.bytes, content: createReadStream(join(folder, segmentName(segment.position))),
  }))
  const bytes = await writeStream(file, writeTar(packageEntries({
    outer: parseEnvelope(readFileSync(join(folder, PACKAGE_FILES.outer), 'utf8')), issued: { event: event.json, salt: event.salt }, proof: await ctx.ledger.proofOf(matter.id, row.issuedSeq),
    segments, manifest: { size: readFileSync(manifest).length, content: createReadStream(manifest) }, signers: [ctx.signer.noteSigner],
  })))
  return { id: row.id, sequence: row.sequence, file, bytes, records: row.records ?? 0, values: row.values ?? 0, outer: row.outerDigest.toString('hex') }
}
