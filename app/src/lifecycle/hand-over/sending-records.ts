// SPDX-License-Identifier: Apache-2.0
import type { ManifestDataSet } from '@handover/proof'
import type { Context } from '../../context.ts'
import { accountCode } from '../../law/index.ts'
import type { Matter, Party } from '../../matter/index.ts'
import { readTreatment } from '../classify/index.ts'
import { labelKinds, loadDataSets } from '../discover/index.ts'
import type { SendingRecord } from './build-segments.ts'
import { loadPlanReasons, streamPlannedRecords } from './plan.store.ts'
import type { PlanReason } from './plan.ts'

/** Which records and fields go, in the order of a package, and how the manifest describes their data sets. */
export interface Sending {
  records: SendingRecord[]
  dataSets: Map<string, ManifestDataSet>
  purposes: string[]
}

/** What a package for this party carries by the approved plan: fields transferred to a transferee, or for custody the fields to be sealed by that party; nothing that has left already. */
export async function sendingRecords(ctx: Context, matter: Matter, order: { planId: string; purpose: 'transfer' | 'custody'; to: Party }): Promise<Sending> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const reasons = await loadPlanReasons(ctx.db, scope, order.planId)
  const positionsOf = new Map([...reasons].map(([set, of]) => [set, of.filter((reason) => goes(reason, order)).flatMap((reason) => reason.positions).sort((a, b) => a - b)]))
  const records: SendingRecord[] = []
  const counts = new Map<string, { records: number; values: number }>()
  for await (const batch of streamPlannedRecords(ctx.db, scope, order.planId)) {
    for (const record of batch) {
      // What an earlier package took is not sent twice (CONTRACTS §7, delta packages).
      const positions = (positionsOf.get(record.reasonSet) ?? []).filter((position) => record.outcome[position] === 0 || record.dispositions[position] === accountCode.pending)
      const values = positions.filter((position) => (record.outcome[position] ?? 0) !== 0).length
      if (values === 0) continue
      records.push({ recordId: record.recordId, dataSetId: record.dataSetId, positions })
      const count = counts.get(record.dataSetId) ?? { records: 0, values: 0 }
      counts.set(record.dataSetId, { records: count.records + 1, values: count.values + values })
    }
  }
  return { records, ...(await describe(ctx, matter, counts)) }
}

function goes(reason: PlanReason, { purpose, to }: { purpose: 'transfer' | 'custody'; to: Party }): boolean {
  if (purpose === 'transfer') return reason.outcome === 'transferred' && to.role === 'transferee'
  return reason.outcome === 'sealed' && reason.holder === to.role
}

async function describe(ctx: Context, matter: Matter, counts: ReadonlyMap<string, { records: number; values: number }>): Promise<Pick<Sending, 'dataSets' | 'purposes'>> {
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
