// SPDX-License-Identifier: Apache-2.0
// The vault's executor: exactly the three parts of CONTRACTS §5, each of which can be taken up again after a crash.
import { encodeRewriteEntry, leafHash, MerkleAccumulator, PACKAGE_FILES, toHex } from '@handover/proof'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { lockMatter, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { loadDataSets } from '../discover/index.ts'
import { allPackages, packageFolder } from '../hand-over/index.ts'
import { bookCertificate, signCertificate } from './certificate.ts'
import { destroyFailures } from './destroy-failures.ts'
import { changeOver, countRecords, endRecords, noteDone, waitingRecords, type WaitingRecord } from './destroy-records.store.ts'
import { findOrder, countWaitingSlots, noteKeysErased, replaceOrderRecords, updateOrder, waitingSlots } from './destroy.store.ts'
import type { DestructionOrder } from './destruction-order.ts'
import { orderRecords } from './destruction-set.ts'
import { isSet, positionsOf } from './row-fate.rules.ts'
import { refuseChanged } from './intend-destruction.ts'
import { stageAllRewrites } from './rewrite-records.ts'
import { appendTombstones, tombstoneRoot } from './tombstone-file.ts'
import { verifiedBy } from './verification-words.ts'

const slotsPerBatch = 5000
const recordsPerBatch = 4000

/** Writes down the records of an order and seals anew what stays of them; nothing is destroyed by it. Refuses a set that is not the one that was asked for. */
export async function prepareVault(ctx: Context, matter: Matter, order: DestructionOrder): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  if (!order.facts.prepared) {
    await ctx.db.transaction(async (tx) => {
      await refuseChanged(ctx, tx, matter, order)
      await replaceOrderRecords(tx, scope, order.id, orderRecords(ctx, matter, order.facts.plan, tx))
      await updateOrder(tx, scope, order.id, { facts: { ...order.facts, prepared: true } })
    })
  }
  await stageAllRewrites(ctx, matter, { id: order.id, person: ctx.signer.vkey.name, approval: order.approvalRequest, records: order.facts.rewrites })
}

/** Parts 2 and 3: keys, then ciphertext and postings, in batches; each batch once, whatever interrupts it. */
export async function eraseVault(ctx: Context, matter: Matter, order: DestructionOrder): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  ctx.progress({ zh: '登记销毁名单', en: 'Writing tombstones' }, 0, order.facts.records)
  await appendTombstones(ctx, matter.id)
  ctx.progress({ zh: '等待见证', en: 'Waiting for witnesses' }, 0, null)
  await ctx.ledger.publish(matter.id)
  for (let done = order.facts.records - (await countWaitingSlots(ctx.db, scope, order.id)); ; ) {
    const slots = await waitingSlots(ctx.db, scope, order.id, slotsPerBatch)
    if (slots.length === 0) break
    await ctx.vault.eraseSlots(matter.id, order.id, slots)
    if (!(await ctx.vault.confirmErased(matter.id, slots))) throw destroyFailures.KEYS_NOT_GONE()
    await noteKeysErased(ctx.db, scope, { orderId: order.id, slots, at: ctx.now() })
    done += slots.length
    ctx.progress({ zh: '销毁密钥', en: 'Erasing keys' }, done, order.facts.records)
  }
  const counted = await tombstoneRoot(ctx.db, scope) // the list does not grow while an order runs
  const { done: before, all } = await countRecords(ctx.db, scope, order.id)
  for (let done = before, taken = -1; taken !== 0; done += taken) {
    ctx.progress({ zh: '删除密文并记账', en: 'Deleting ciphertext and booking' }, done, all)
    taken = await takeAway(ctx, matter, { order, counted })
  }
}

/** One batch of part 3; how many records it took, 0 when nothing waits. */
async function takeAway(ctx: Context, matter: Matter, { order, counted }: { order: DestructionOrder; counted: { tombstones: number; tombstoneRoot: string } }): Promise<number> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const records = await waitingRecords(tx, scope, order.id, recordsPerBatch)
    const [first] = records
    if (first === undefined) return 0
    const staying = records.filter((record) => record.keep.some((byte) => byte !== 0))
    const going = records.filter((record) => record.keep.every((byte) => byte === 0)).map((record) => record.record_id)
    const postings = await ctx.ledger.setDispositions(tx, matter.id, endedFields(records))
    await Promise.all([ctx.vault.deleteCiphertext(tx, matter.id, going), endRecords(tx, scope, going, ctx.now())])
    if (staying.length > 0) await changeOver(tx, scope, staying, { orderId: order.id, seq: await bookRewrites(ctx, tx, matter, { order, staying, first: first.index }), keyTypesStaying: await keyTypesOf(ctx, tx, matter, staying) })
    const body = { order: order.id, records: records.length, ...counted, postings }
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'RecordsDestroyed', body }, `destroy/${order.id}/from/${first.index}`)
    await Promise.all([noteDone(tx, scope, order.id, { recordIds: records.map((record) => record.record_id), at: ctx.now() }), updateOrder(tx, scope, order.id, { doneSeq: seq })])
    return records.length
  })
}

function endedFields(records: readonly WaitingRecord[]): { recordIds: Buffer[]; fields: number[]; from: 'pending'; to: 'destroyed' }[] {
  const groups = new Map<string, { recordIds: Buffer[]; fields: number[]; from: 'pending'; to: 'destroyed' }>()
  for (const record of records) {
    const fields = positionsOf(record.ended)
    if (fields.length === 0) continue
    const key = record.ended.toString('hex')
    const group = groups.get(key) ?? { recordIds: [], fields, from: 'pending', to: 'destroyed' }
    groups.set(key, group)
    group.recordIds.push(record.record_id)
  }
  return [...groups.values()]
}

async function bookRewrites(ctx: Context, tx: Tx, matter: Matter, { order, staying, first }: { order: DestructionOrder; staying: readonly WaitingRecord[]; first: number }): Promise<number> {
  const tree = new MerkleAccumulator()
  for (const record of staying) {
    const entry = { index: BigInt(record.index), recordId: record.record_id, version: record.version + 1, recordRoot: required(record.new_root, 'a record that stays was sealed anew') }
    tree.push(leafHash(encodeRewriteEntry(entry)))
  }
  return (await ctx.ledger.append(tx, matter.id, { type: 'RecordsRewritten', body: { order: order.id, records: staying.length, root: toHex(tree.root()) } }, `destroy/${order.id}/rewritten/${first}`)).seq
}

/** Types of the fields that stay of each record: by the others nobody can be looked up any more. */
async function keyTypesOf(ctx: Context, tx: Tx, matter: Matter, staying: readonly WaitingRecord[]): Promise<string[][]> {
  const fieldsBySet = new Map((await loadDataSets(tx, { tenant: ctx.tenant, matterId: matter.id })).map((set) => [set.id, set.fields]))
  return staying.map((record) => (fieldsBySet.get(record.ds) ?? []).filter((field) => isSet(record.keep, field.position)).map((field) => field.type))
}

/** The certificate while old keys could still be held somewhere: pending until the turn (CONTRACTS §5). */
export async function certifyVault(ctx: Context, matter: Matter, orderId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  ctx.progress({ zh: '出具待定证明', en: 'Certifying' }, 0, null)
  await ctx.vault.rotateBlindIndex(matter.id)
  await dropPackageCiphertext(ctx, matter)
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const order = required(await findOrder(tx, scope, orderId), 'the order is there')
    if (order.status !== 'running') return
    const destroyed = { ...order, facts: { ...order.facts, destroyedAt: ctx.now() } }
    const envelope = await signCertificate(ctx, matter, {
      order: destroyed, status: 'pending', system: 'vault', tombstones: await tombstoneRoot(tx, scope), keys: await keysOf(ctx, matter, orderId),
      verification: { how: verifiedBy.vault.en, sample: (await ctx.vault.erasureStatus(matter.id, orderId)).slots, result: 'none opens' },
    })
    await bookCertificate(ctx, tx, matter, { orderId, status: 'pending', envelope })
    await updateOrder(tx, scope, orderId, { status: 'pending-final', facts: destroyed.facts, certificate: envelope })
  })
  await ctx.ledger.publish(matter.id)
}

/** What a certificate says of the keys: how many, under which epoch, wrapped how, stored where. */
export async function keysOf(ctx: Context, matter: Matter, orderId: string): Promise<{ destroyed: number; epoch: number; chain: string; storedAt: string[] }> {
  const status = await ctx.vault.erasureStatus(matter.id, orderId)
  const slots = await ctx.vault.slots(matter.id)
  return {
    destroyed: status.slots, epoch: Math.max(0, ...status.epochs), chain: `record secret < page key < directory < epoch key < ${ctx.vault.keyEncryption().kind}`,
    storedAt: slots.map((slot) => `${slot.kind} slot ${slot.slot}`),
  }
}

/** The sender's own file of a package that was reconciled or withdrawn is of no more use; its outer statement holds no content and belongs into the proof bundle. */
async function dropPackageCiphertext(ctx: Context, matter: Matter): Promise<void> {
  for (const sent of await allPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    if (sent.status !== 'reconciled' && sent.status !== 'refused') continue
    const folder = packageFolder(ctx, sent.id)
    for (const name of existsSync(folder) ? readdirSync(folder) : []) if (name !== PACKAGE_FILES.outer) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
