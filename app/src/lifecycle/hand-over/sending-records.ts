// SPDX-License-Identifier: Apache-2.0
import type { ManifestDataSet } from '@handover/proof'
import type { Context } from '../../context.ts'
import { accountCode } from '../../law/index.ts'
import type { Matter, Party } from '../../matter/index.ts'
import { readTreatment } from '../classify/index.ts'
import { labelKinds, loadDataSets } from '../discover/index.ts'
import { countPlanned, streamPackable } from './package.store.ts'
import { loadPlanReasons } from './plan.store.ts'
import type { PlanReason } from './plan.ts'
import { goesTo } from './recipient-of-values.rules.ts'

/** The fields of a data set that go, shared by all records with the same. */
export interface SendingShape {
  dataSetId: string
  /** All fields of the units that go, empty cells too; ascending. */
  positions: readonly number[]
  /** The same, one bit a field of the data set. */
  fields: Buffer
}

/** A record of the package in its order. */
export interface SendingRecord {
  recordId: Buffer
  slot: number
  root: Buffer
  shape: SendingShape
  values: number
}

/** Which package: of which plan, for what, to whom, and to whom else the plan may hand over. */
export interface SendingOrder {
  planId: string
  purpose: 'transfer' | 'custody'
  to: Party
  approvedTransferees: readonly string[]
}

/** What a package for this party carries by the approved plan, in the order of a package (data set id, record id): fields transferred to this transferee, or for custody the fields to be sealed by that party; nothing that has left already. Streams, so memory does not grow with the matter. */
export async function* sendingRecords(ctx: Context, matter: Matter, order: SendingOrder, read: { inOrder: boolean } = { inOrder: true }): AsyncGenerator<SendingRecord[], void, undefined> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const positionsOf = await goingPositions(ctx, matter, order)
  const shapes = new Map<string, SendingShape>()
  for await (const batch of streamPackable(ctx.db, scope, { planId: order.planId, reasonSets: [...positionsOf.keys()], inOrder: read.inOrder })) {
    const records = batch.flatMap((row): SendingRecord[] => {
      const planned = positionsOf.get(row.reasonSet) ?? []
      // What an earlier package took is not sent twice (CONTRACTS §7, delta packages).
      const fields = Buffer.alloc(Math.ceil(row.outcome.length / 8))
      let values = 0
      for (const position of planned) {
        const isEmpty = row.outcome[position] === 0
        if (!isEmpty && row.dispositions[position] !== accountCode.pending) continue
        fields[position >> 3] = (fields[position >> 3] ?? 0) | (1 << (position & 7))
        if (!isEmpty) values += 1
      }
      return values === 0 ? [] : [{ recordId: row.recordId, slot: row.slot, root: row.root, shape: shapeOf(shapes, row.dataSetId, fields), values }]
    })
    if (records.length > 0) yield records
  }
}

/** Whether anything goes at all; reads only as far as the first record. */
export async function isAnythingToSend(ctx: Context, matter: Matter, order: SendingOrder): Promise<boolean> {
  for await (const batch of sendingRecords(ctx, matter, order, { inOrder: false })) if (batch.length > 0) return true
  return false
}

/** How many records the plan has for such a package, those included that left already; for the progress line. */
export async function plannedToSend(ctx: Context, matter: Matter, order: SendingOrder): Promise<number> {
  return countPlanned(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order.planId, [...(await goingPositions(ctx, matter, order)).keys()])
}

async function goingPositions(ctx: Context, matter: Matter, order: SendingOrder): Promise<Map<number, number[]>> {
  const reasons = await loadPlanReasons(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order.planId)
  const going = [...reasons].map(([set, of]): [number, number[]] => [set, of.filter((reason) => goes(reason, order)).flatMap((reason) => reason.positions).sort((a, b) => a - b)])
  return new Map(going.filter(([, positions]) => positions.length > 0))
}

function goes(reason: PlanReason, { purpose, to, approvedTransferees }: SendingOrder): boolean {
  if (purpose === 'transfer') return reason.outcome === 'transferred' && to.role === 'transferee' && goesTo(reason.recipient ?? null, approvedTransferees) === to.id
  return reason.outcome === 'sealed' && reason.holder === to.role
}

function shapeOf(shapes: Map<string, SendingShape>, dataSetId: string, fields: Buffer): SendingShape {
  const key = `${dataSetId}${fields.toString('latin1')}`
  const known = shapes.get(key)
  if (known !== undefined) return known
  const shape = { dataSetId, fields, positions: positionsOfBitmap(fields) }
  shapes.set(key, shape)
  return shape
}

/** The positions whose bits are set, ascending. */
export function positionsOfBitmap(bitmap: Uint8Array): number[] {
  return [...bitmap.keys()].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => byte * 8 + bit).filter((position) => (((bitmap[byte] ?? 0) >> (position & 7)) & 1) === 1))
}

/** How the manifest describes the data sets of a package, and for which purposes their fields go. */
export async function describeSending(ctx: Context, matter: Matter, counts: ReadonlyMap<string, { records: number; values: number }>): Promise<{ dataSets: Map<string, ManifestDataSet>; purposes: string[] }> {
  const setNames = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  const fieldNames = await ctx.vault.openLabels(matter.id, labelKinds.fieldName)
  const dataSets = new Map<string, ManifestDataSet>()
  const purposes = new Set<string>()
  for (const dataSet of await loadDataSets(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    const count = counts.get(dataSet.id)
    if (count === undefined) continue
    for (const group of readTreatment(dataSet.treatment)?.groups ?? []) if (group.neededForTransfer) for (const purpose of group.purposes) purposes.add(purpose)
    dataSets.set(dataSet.id, {
      id: dataSet.id.slice(3), name: setNames.get(dataSet.id) ?? dataSet.id, kind: dataSet.kind, ...count,
      fields: dataSet.fields.map((field) => ({ id: field.id.slice(4), index: field.position, name: fieldNames.get(field.id) ?? field.id, type: field.type, grade: field.grade })),
    })
  }
  return { dataSets, purposes: [...purposes].sort() }
}
