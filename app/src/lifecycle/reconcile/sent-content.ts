// SPDX-License-Identifier: Apache-2.0
import { contentLeaf, MerkleAccumulator, toHex } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments } from '../../vault/index.ts'
import { loadDataSets } from '../discover/index.ts'
import { streamPacked, type PackedRecordRow } from './reconcile.store.ts'

/** The content root of what a package sent, computed anew from the vault: it is unsalted and therefore kept nowhere in clear (CONTRACTS §7). */
export async function sentContentRoot(ctx: Context, matter: Matter, packageId: string): Promise<string> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const fieldIds = new Map((await loadDataSets(ctx.db, scope)).map((dataSet) => [dataSet.id, dataSet.fields.map((field) => idBytes('fld', field.id))]))
  const tree = new MerkleAccumulator()
  for await (const batch of streamPacked(ctx.db, scope, packageId)) {
    const sent = new Map(batch.map((row) => [row.recordId.toString('hex'), row]))
    const grant = { person: ctx.signer.vkey.name, purpose: 'reconcile' as const, compartments, until: addHours(ctx.now(), 1), approval: packageId }
    for await (const records of ctx.vault.read(grant, { matterId: matter.id, recordIds: batch.map((row) => row.recordId) })) {
      for (const { recordId, values } of records) {
        const row = required(sent.get(recordId.toString('hex')), 'the vault opens what was asked for')
        const ids = required(fieldIds.get(row.dataSetId), 'a record is of a data set')
        const fields = positionsOf(row).map((position) => ({ fieldId: required(ids[position], 'a field has an id'), value: values[position] ?? null }))
        tree.push(contentLeaf({ recordId, fields }))
      }
    }
  }
  return toHex(tree.root())
}

/** Fields of a record that were sent, from its bitmap. */
export function positionsOf({ fields }: Pick<PackedRecordRow, 'fields'>): number[] {
  return [...fields.keys()].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => byte * 8 + bit).filter((position) => (((fields[byte] ?? 0) >> (position & 7)) & 1) === 1))
}
