// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, recordRoot } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type NewSecret, type OpenRecord, type ReadGrant } from '../../vault/index.ts'
import { compartmentOf, loadDataSets, type InventoryField } from '../discover/index.ts'
import { stageRewrites, waitingRewrites, type RewriteRow, type StagedRewrite } from './destroy.store.ts'
import { grantHours } from './destruction-order.ts'
import { isSet } from './row-fate.rules.ts'

const recordsPerBatch = 500

/**
 * 重写. Seals the fields that stay of each partly destroyed record under a secret of its own, beside the present ciphertext (CONTRACTS §5; 个人信息保护法 第四十七条第二款: re-sealing is storing).
 * Nothing changes for readers until the order's last part; done batches are passed over after a crash.
 */
export async function stageAllRewrites(ctx: Context, matter: Matter, order: { id: string; person: string; approval: string; records: number }): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const fieldsBySet = new Map((await loadDataSets(ctx.db, scope)).map((set) => [set.id, set.fields]))
  const grant = (): ReadGrant => ({ person: order.person, purpose: 'rewrite', compartments, until: addHours(ctx.now(), grantHours), approval: order.approval })
  for (let done = 0; ; ) {
    const rows = await waitingRewrites(ctx.db, scope, order.id, recordsPerBatch)
    if (rows.length === 0) return
    const secrets = await ctx.vault.newSecrets(matter.id, rows.length)
    const rowById = new Map(rows.map((row, at) => [row.record_id.toString('hex'), { row, secret: required(secrets[at], 'a secret for every record') }]))
    const staged: StagedRewrite[] = []
    for await (const records of ctx.vault.read(grant(), { matterId: matter.id, recordIds: rows.map((row) => row.record_id) })) {
      for (const record of records) {
        const found = required(rowById.get(record.recordId.toString('hex')), 'only what was asked for is read')
        staged.push(sealAnew(ctx, matter, { ...found, record, fields: fieldsBySet.get(found.row.data_set_id) ?? [] }))
      }
    }
    await ctx.db.transaction((tx) => stageRewrites(tx, scope, order.id, staged))
    done += rows.length
    ctx.progress({ zh: '重写留存部分', en: 'Sealing what stays anew' }, done, order.records)
  }
}

interface Rewriting {
  row: RewriteRow
  secret: NewSecret
  record: OpenRecord
  fields: readonly InventoryField[]
}

/** One record's remaining fields under the new secret; fields that left commit as empty. */
function sealAnew(ctx: Context, matter: Matter, { row, secret, record, fields }: Rewriting): StagedRewrite {
  const version = row.version + 1
  const values = record.values.map((value, position) => {
    if (!isSet(row.keep, position)) return undefined
    return required(value, 'a value that stays can be opened')
  })
  const { salts } = ctx.vault.recordKeys(secret.secret, version, values.length)
  const leaves = values.map((value, position) =>
    fieldLeaf({ salt: required(salts[position], 'a salt a field'), recordId: row.record_id, fieldId: idBytes('fld', required(fields[position], 'a field a value').id), value: value ?? null }))
  const parts = ctx.vault.sealRecord({
    matterId: matter.id, recordId: row.record_id, version, secret: secret.secret, values,
    compartmentOf: (position) => compartmentOf(required(fields[position], 'a field a value')),
  })
  return { recordId: row.record_id, slot: secret.slot, root: recordRoot(leaves), parts }
}
