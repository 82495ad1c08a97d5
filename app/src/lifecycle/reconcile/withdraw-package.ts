// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { packageById, type PackageRow } from '../hand-over/index.ts'
import { dropCiphertext, moveFromTransit } from './conclude-reconciliation.ts'
import { reconcileFailures } from './reconcile-failures.ts'
import { endPackage, lockPackage } from './reconcile.store.ts'

/** What a withdrawal booked. */
export interface Withdrawn {
  package: string
  values: number
  seq: number
  repeated: boolean
}

/** 撤回移交包. Takes a package back whose acceptance shows differences, so that a new one can be issued: in-transit becomes pending again. What the recipient has by now is a copy of its own and stays open in the copies book until its end is proven. Refuses a reconciled package. */
export async function withdrawPackage(ctx: Context, matter: Matter, packageId: string): Promise<Withdrawn> {
  refuseUnlessBookkeeper(matter)
  refuseEnded(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const row = await packageById(ctx.db, scope, packageId)
  if (row === null || row.issuedSeq === null) throw reconcileFailures.PACKAGE_UNKNOWN({ package: packageId })
  const { seq, repeated } = await ctx.db.transaction(async (tx) => {
    const status = await lockPackage(tx, scope, row.id)
    if (status === 'reconciled') throw reconcileFailures.RECONCILED_ALREADY({ package: row.id })
    const done = await ctx.ledger.eventByEffect(matter.id, `package/${row.id}/withdrawn`, tx)
    if (done !== undefined) return { seq: done.seq, repeated: true }
    const postings = await moveFromTransit(ctx, tx, matter, { id: row.id, to: 'pending' })
    const appended = await ctx.ledger.append(tx, matter.id, { type: 'PackageWithdrawn', body: { package: row.id, postings } }, `package/${row.id}/withdrawn`)
    await noteRecipientsCopy(ctx, tx, matter, row)
    await endPackage(tx, scope, { id: row.id, status: 'refused' })
    return appended
  })
  await ctx.ledger.publish(matter.id)
  dropCiphertext(ctx, row.id)
  return { package: row.id, values: row.values ?? 0, seq, repeated }
}

/** An acceptance proves that the package arrived: its copy ended there, and the recipient holds one. Without an acceptance nobody knows, so the package's own copy stays open. */
async function noteRecipientsCopy(ctx: Context, tx: Tx, matter: Matter, row: PackageRow): Promise<void> {
  const accepted = (await ctx.ledger.eventsOfType(matter.id, 'AcceptanceReceived', tx)).filter((event) => event.effect.startsWith(`package/${row.id}/acceptance/`)).at(-1)
  if (accepted === undefined) return
  const opened = await ctx.ledger.eventByEffect(matter.id, `package/${row.id}/copy`, tx)
  const packed = required((await ctx.ledger.copies(matter.id, tx)).find((copy) => copy.openedSeq === opened?.seq), 'a package has its copy')
  const proof = accepted.effect.slice(-64)
  await ctx.ledger.endCopy(tx, matter.id, { copy: packed.id, how: 'handed-over', proof, until: null, details: { package: row.id } }, `package/${row.id}/copy/ended`)
  const kind = row.purpose === 'custody' ? 'custodian' : 'transferee'
  await ctx.ledger.openCopy(tx, matter.id, { kind, holder: row.toParty, dataSetId: null, sourceId: null, values: row.values ?? 0 }, `package/${row.id}/recipient-copy`)
}
