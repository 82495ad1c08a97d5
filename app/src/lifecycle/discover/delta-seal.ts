// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, isValue, presenceBitmap, recordRoot, type CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import type { CiphertextRow, NewSecret } from '../../vault/index.ts'
import { isEnded, rowsOfSource } from './delta-compare.ts'
import { valuesOfRow, type Comparing } from './delta-rows.ts'
import { storeSealed, waitingChanges, waitingEmptied, type SealedChange, type WaitingChange } from './delta-seal.store.ts'
import { labelKinds, compartmentOf, type InventoryDataSet } from './inventory.ts'
import type { NewKey, Scope } from './ingest.store.ts'
import { ageOf, blindKeys, type RecordPlan } from './seal-batch.ts'

const recordsPerBatch = 500

/** 重新封存. Seals every changed and new record of a comparison under a secret of its own beside what the vault has (CONTRACTS §§3, 5: keys before ciphertext); nothing changes for readers until the comparison is booked. Interrupted, it goes on with what is not sealed yet. */
export async function sealChanges(ctx: Context, scope: Scope, order: Comparing): Promise<void> {
  const titles = await ctx.vault.openLabels(scope.matterId, labelKinds.fieldName)
  const waiting = new Map<string, Map<number, WaitingChange>>()
  let left = 0
  for (const dataSet of order.dataSets) {
    const ofSet = await waitingChanges(ctx.db, scope, order.scanId, dataSet.id)
    waiting.set(dataSet.id, ofSet)
    left += ofSet.size
  }
  const all = left
  for await (const { dataSet, rows } of left === 0 ? [] : rowsOfSource(order)) {
    const ofSet = waiting.get(dataSet.id)
    const found = rows.flatMap((row) => {
      const change = ofSet?.get(row.ordinal)
      return change === undefined ? [] : [{ values: valuesOfRow(dataSet, row), change }]
    })
    const plan = planOf(scope, order, dataSet, titles)
    for (let at = 0; at < found.length; at += recordsPerBatch) await sealPart(ctx, scope, { order, dataSet, plan, part: found.slice(at, at + recordsPerBatch) })
    left -= found.length
    ctx.progress({ zh: '封存变更记录', en: 'sealing what changed' }, all - left, all)
  }
  for (const dataSet of order.dataSets) {
    const plan = planOf(scope, order, dataSet, titles)
    const part = (await waitingEmptied(ctx.db, scope, order.scanId, dataSet.id)).map((change) => ({ values: dataSet.fields.map(() => null), change }))
    for (let at = 0; at < part.length; at += recordsPerBatch) await sealPart(ctx, scope, { order, dataSet, plan, part: part.slice(at, at + recordsPerBatch) })
  }
}

function planOf(scope: Scope, order: { sourceId: string }, dataSet: InventoryDataSet, titles: ReadonlyMap<string, string>): RecordPlan {
  const fields = dataSet.fields.map((field) => ({ id: field.id, type: field.type, grade: field.grade, name: titles.get(field.id) ?? '' }))
  return { matterId: scope.matterId, dataSetId: dataSet.id, sourceId: order.sourceId, firstIndex: 0, fields }
}

interface Part {
  order: Comparing
  dataSet: InventoryDataSet
  plan: RecordPlan
  part: readonly { values: readonly CanonicalValue[]; change: WaitingChange }[]
}

async function sealPart(ctx: Context, scope: Scope, { order, dataSet, plan, part }: Part): Promise<void> {
  const secrets = await ctx.vault.newSecrets(scope.matterId, part.length)
  const drafts = part.map(({ values, change }, at) => {
    // What was destroyed stays destroyed, also where the source still has it.
    const kept = values.map((value, position) => (isEnded(change.vector?.[position]) ? undefined : value))
    return { change, kept, recordId: change.recordId, values: kept.map((value) => value ?? null), secret: required(secrets[at], 'a secret for every record') }
  })
  const sealed = drafts.map((draft) => sealOne(ctx, { scope, dataSet, plan }, draft))
  const { keys } = await blindKeys(ctx, plan, drafts)
  await storeSealed(ctx.db, scope, order.scanId, { changes: sealed.map((one) => one.change), ciphertext: sealed.flatMap((one) => one.ciphertext), keys: uniqueKeys(keys), at: ctx.now() })
}

interface Draft {
  change: WaitingChange
  kept: (CanonicalValue | undefined)[]
  values: CanonicalValue[]
  secret: NewSecret
}

function sealOne(ctx: Context, { scope, dataSet, plan }: { scope: Scope; dataSet: InventoryDataSet; plan: RecordPlan }, { change, kept, values, secret }: Draft): { change: SealedChange; ciphertext: CiphertextRow[] } {
  const { recordId } = change
  const version = change.oldVersion + 1
  const { salts } = ctx.vault.recordKeys(secret.secret, version, values.length)
  const leaves = values.map((value, at) => fieldLeaf({ salt: required(salts[at], 'a salt a field'), recordId, fieldId: idBytes('fld', required(dataSet.fields[at], 'a field a value').id), value }))
  const parts = ctx.vault.sealRecord({ matterId: scope.matterId, recordId, version, secret: secret.secret, values: kept, compartmentOf: (at) => compartmentOf(required(dataSet.fields[at], 'a field a value')) })
  // An ended field was there once: it keeps its place in the books.
  const present = values.map((value, at) => isValue(value) || isEnded(change.vector?.[at]))
  return {
    change: { recordId, slot: secret.slot, root: recordRoot(leaves), presence: presenceBitmap(present), ageGroup: ageOf(plan, values, ctx.today()) },
    ciphertext: parts.map((part) => ({ ...part, recordId, version })),
  }
}

/** The same key twice in a record is one edge, proven when one of them is. */
function uniqueKeys(keys: readonly NewKey[]): NewKey[] {
  const known = new Map<string, NewKey>()
  for (const key of keys) {
    const id = `${key.recordId.toString('hex')} ${key.type} ${key.blind.toString('hex')}`
    const before = known.get(id)
    known.set(id, { ...key, proven: key.proven || before?.proven === true })
  }
  return [...known.values()]
}
