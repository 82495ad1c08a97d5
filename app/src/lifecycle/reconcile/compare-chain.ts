// SPDX-License-Identifier: Apache-2.0
// The sender's side of a chain of packages: what the recipient read back of the earlier ones, and what came back out of the recipient's hands (CONTRACTS §§4, 7, 8).
import { acceptanceChainOf, canonicalJson, concat, leafHash, MerkleAccumulator, toHex, type Acceptance, type AcceptanceChain } from '@handover/proof'
import type { Context } from '../../context.ts'
import { accountCode } from '../../law/index.ts'
import type { DispositionChange } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { chainPackages, handedOverFields, streamStanding, withdrawnBy, type PackageRow } from '../hand-over/index.ts'
import { reconcileFailures } from './reconcile-failures.ts'

/** Refuses an acceptance whose reading of the earlier packages is not what this side left there. */
export async function refuseOtherChain(ctx: Context, matter: Matter, { row, acceptance }: { row: PackageRow; acceptance: Acceptance }): Promise<void> {
  const expected = await expectedChain(ctx, matter, row)
  const given = acceptanceChainOf(acceptance)
  const isSame = expected === null ? given === null : given !== null && canonicalJson({ ...given }) === canonicalJson({ ...expected })
  if (!isSame) throw reconcileFailures.ACCEPTANCE_OF_OTHER({ what: 'chain' })
}

/** What the recipient must find of the earlier packages once this one is applied; null for a first one. */
async function expectedChain(ctx: Context, matter: Matter, row: PackageRow): Promise<AcceptanceChain | null> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const earlier = (await chainPackages(ctx.db, scope, row)).filter(({ sequence, status }) => sequence < row.sequence && status === 'reconciled')
  if (earlier.length === 0) return null
  const packages: AcceptanceChain['packages'] = []
  for (const { id } of earlier) {
    const tree = new MerkleAccumulator()
    let records = 0
    for await (const rows of streamStanding(ctx.db, scope, { packageId: id, until: row.sequence })) {
      for (const standing of rows) tree.push(leafHash(concat(standing.id, standing.root)))
      records += rows.length
    }
    packages.push({ package: id, records, root: toHex(tree.root()) })
  }
  const withdrawn = await withdrawnBy(ctx.db, scope, row.id)
  return { packages, withdrawn: { records: withdrawn.length, root: rootOfIds(withdrawn) } }
}

function rootOfIds(ids: readonly Buffer[]): string {
  const tree = new MerkleAccumulator()
  for (const id of ids) tree.push(leafHash(id))
  return toHex(tree.root())
}

/** 撤回证实. What a reconciled package withdrew is out of the recipient's hands, by the acceptance that both sides agreed on: those values are pending again here. Values that were revised meanwhile have left the books before. */
export async function bookWithdrawals(ctx: Context, tx: Tx, matter: Matter, of: { packageId: string; acceptance: string }): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const withdrawn = await withdrawnBy(tx, scope, of.packageId)
  if (withdrawn.length === 0) return
  const changes: DispositionChange[] = (await handedOverFields(tx, scope, withdrawn)).flatMap(({ id, dispositions }) => {
    const fields = [...dispositions.keys()].filter((position) => dispositions[position] === accountCode.transferred)
    return fields.length === 0 ? [] : [{ recordIds: [id], fields, from: 'transferred', to: 'pending' }]
  })
  const postings = await ctx.ledger.setDispositions(tx, matter.id, changes)
  await ctx.ledger.append(tx, matter.id, { type: 'WithdrawalProven', body: { package: of.packageId, acceptance: of.acceptance, records: withdrawn.length, root: rootOfIds(withdrawn), postings } }, `package/${of.packageId}/withdrawals`)
}
