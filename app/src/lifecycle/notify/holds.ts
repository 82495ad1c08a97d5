// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import type { Day } from '../../kit/time.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { insertStep, lockMatter, refuseUnlessResolved, type Scope } from '../discover/index.ts'
import { countHeld, insertHold, loadHolds, recordsOfDataSet, releaseHoldRows, type StoredHold } from './holds.store.ts'
import { inParts } from './import-batch.ts'
import { matchKeys } from './match-keys.ts'
import { recordsOfSubjects } from './notify.store.ts'
import { notifyFailures } from './notify-failures.ts'
import { readKeyFile } from './read-key-file.ts'

/** 冻结原因 (law register X01, J07). */
export const holdReasons = {
  'court-freeze': '司法冻结', 'regulator-seal': '监管封存', litigation: '诉讼保全', 'incident-evidence': '未结事件取证', dispute: '未结争议', audit: '审计或检查',
} as const
/** One reason of a hold. */
export type HoldReason = keyof typeof holdReasons

/** Whether a word names a reason of a hold. */
export function isHoldReason(word: string): word is HoldReason {
  return Object.hasOwn(holdReasons, word)
}

/** What is to be held: a data set (or one value of a facet in it), a person, or the people of a file of keys. */
export interface HoldOrder {
  reason: HoldReason
  /** Null: until it is released. */
  until: Day | null
  dataSetId: string | null
  facet: { name: string; value: string } | null
  subject: string | null
  keyFile: string | null
}

/** A hold as it was placed; `unmatched` keys of a file held nobody. */
export interface PlacedHold {
  id: string
  records: number
  unmatched: number
  repeated: boolean
}

/** 冻结. Holds records before all other rules, deletion requests too (个人信息保护法 第四十七条第二款; 民法典 第一百八十八条; rows X01, J07); covers every record of the persons concerned (CONTRACTS §14). The same hold again gives the first result; refuses when nobody matches. */
export async function placeHold(ctx: Context, matter: Matter, order: HoldOrder): Promise<PlacedHold> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { records, unmatched } = await recordsToHold(ctx, scope, order)
  if (records.length === 0) throw notifyFailures.HOLD_MATCHES_NOBODY({ unmatched })
  const digest = digestOf(order, records)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const same = (await loadHolds(tx, scope)).filter((hold) => hold.digest === digest)
    const standing = same.find((hold) => !hold.released)
    if (standing !== undefined) return { id: standing.id, records: standing.records, unmatched, repeated: true }
    const id = idText('bat', ctx.ids.bytes('bat', `hold/${digest}/${same.length}`))
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'HoldPlaced', body: { hold: id, records: records.length } }, `hold-place/${id}`)
    for (const part of inParts(records)) await insertHold(tx, scope, { reason: order.reason, until: order.until, seq }, part)
    await insertStep(tx, scope, { effect: `hold/${id}`, result: { id, seq, reason: order.reason, until: order.until, records: records.length, digest }, at: ctx.now() })
    return { id, records: records.length, unmatched, repeated: false }
  })
}

/** 解冻. Releases a hold; refuses one that does not stand. */
export async function releaseHold(ctx: Context, matter: Matter, holdId: string): Promise<{ records: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const hold = (await loadHolds(tx, scope)).find((one) => one.id === holdId && !one.released)
    if (hold === undefined) throw notifyFailures.HOLD_UNKNOWN({ hold: holdId.slice(0, 60) })
    const records = await countHeld(tx, scope, hold.seq)
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'HoldReleased', body: { hold: holdId, records } }, `hold-release/${holdId}`)
    await releaseHoldRows(tx, scope, { placedSeq: hold.seq, releasedSeq: seq })
    return { records }
  })
}

/** All holds of a matter, released ones too. */
export async function listHolds(ctx: Context, matter: Matter): Promise<StoredHold[]> {
  return loadHolds(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
}

async function recordsToHold(ctx: Context, scope: Scope, order: HoldOrder): Promise<{ records: Buffer[]; unmatched: number }> {
  if (order.dataSetId !== null) return { records: await recordsOfDataSet(ctx.db, scope, { dataSetId: order.dataSetId, facet: order.facet }), unmatched: 0 }
  if (order.subject !== null) return { records: await ofSubjects(ctx, scope, [order.subject]), unmatched: 0 }
  if (order.keyFile === null) throw notifyFailures.HOLD_NEEDS_SCOPE()
  const file = await readKeyFile(ctx, scope.matterId, { path: order.keyFile, needed: [] })
  const { matched, unmatched } = await matchKeys(ctx, scope.matterId, file.rows)
  return { records: await ofSubjects(ctx, scope, [...new Set(matched.flatMap((match) => match.subjects))]), unmatched: unmatched.length }
}

async function ofSubjects(ctx: Context, scope: Scope, subjects: readonly string[]): Promise<Buffer[]> {
  return (await recordsOfSubjects(ctx.db, scope, subjects)).map((row) => row.recordId)
}

function digestOf(order: HoldOrder, records: readonly Buffer[]): string {
  const digest = createHash('sha256').update(`${order.reason}/${order.until ?? ''}/`)
  for (const id of records) digest.update(id)
  return digest.digest('hex')
}
