// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { WireArray, wireArrayOf, type Tx } from '../../store/index.ts'
import { personTagType, tagBytes } from './identity-keys.rules.ts'
import { insertKeyColumns, insertPlaceholders, insertRecordColumns, type Scope } from './ingest.store.ts'
import { tagFlags } from './record-traits.ts'
import type { SealedRows } from './seal-rows.ts'

const blindBytes = 16
const idBytes = 16

/** Stores sealed rows in the caller's transaction: records, ciphertext, edges, and what is nobody's key. The outer key of the blind index is held until its end (CONTRACTS §13). */
export async function storeSealed(ctx: Context, tx: Tx, given: { scope: Scope; dataSetId: string; sealed: SealedRows }): Promise<void> {
  const { scope, dataSetId, sealed } = given
  const { traits } = sealed
  await insertRecordColumns(tx, scope, dataSetId, sealed.record)
  await ctx.vault.storeNewCiphertext(tx, scope.matterId, sealed.ciphertext)
  const blinds = await ctx.vault.wrapBlinds(tx, scope.matterId, Buffer.from(traits.inner))
  const keys = blinds.subarray(0, traits.keys * blindBytes)
  if (traits.keys > 0) await insertKeyColumns(tx, scope, { recordId: traits.keyRecord, type: traits.keyType, blind: wireArrayOf('bytea', keys, blindBytes), proven: traits.keyProven })
  await insertTags(tx, scope, sealed, blinds.subarray(traits.keys * blindBytes))
  const placeholders = Array.from(traits.placeholders, (at, index) => ({ type: traits.placeholderTypes[index] ?? '', blind: keys.subarray(at * blindBytes, (at + 1) * blindBytes) }))
  await insertPlaceholders(tx, scope, placeholders)
}

/** One edge for both tags of a record: flags ‖ two bytes of the name's blind index ‖ two of the birth day's. */
async function insertTags(tx: Tx, scope: Scope, { traits }: SealedRows, blinds: Buffer): Promise<void> {
  const count = traits.tags.length
  if (count === 0) return
  const columns = { type: new WireArray('text', count * 20), blind: new WireArray('bytea', count * 12), proven: new WireArray('bool', count * 8) }
  let at = 0
  for (const flags of traits.tags) {
    const tag = columns.blind.room(1 + 2 * tagBytes)
    tag.into.fill(0, tag.at, tag.at + 1 + 2 * tagBytes)
    tag.into[tag.at] = flags
    for (const [order, flag] of [tagFlags.comparable, tagFlags.birth].entries()) {
      if ((flags & flag) === 0) continue
      blinds.copy(tag.into, tag.at + 1 + order * tagBytes, at, at + tagBytes)
      at += blindBytes
    }
    columns.type.text(personTagType)
    columns.proven.bool(false)
  }
  await insertKeyColumns(tx, scope, { recordId: wireArrayOf('bytea', traits.tagRecords, idBytes), type: columns.type.end(), blind: columns.blind.end(), proven: columns.proven.end() })
}
