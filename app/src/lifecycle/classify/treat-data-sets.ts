// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { canonicalJson, parseJsonStrict } from '@handover/proof'
import type { Context } from '../../context.ts'
import { addHours } from '../../kit/time.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import type { OpenRecord } from '../../vault/index.ts'
import { compartmentOf, labelKinds, loadDataSets, loadSources, lockMatter, type Scope } from '../discover/index.ts'
import { classifyFailures } from './classify-failures.ts'
import { clearFacets, countFacets, loadTreatmentState, storeTreatmentState, updateFacets, updateTreatment, type FacetCount } from './classify.store.ts'
import { facetRefusal, valuesRefusal, yearOf } from './facets.rules.ts'
import { matchTreatment, type MatchedTreatment, type NamedDataSet } from './match-treatment.rules.ts'
import { readTreatment, type Treatment, type TreatmentFile } from './treatment.ts'

/** What was recorded of one data set. */
export interface TreatedDataSet {
  id: string
  name: string
  groups: number
  /** Titles of columns that no group names: undecidable until they are assigned (row X28). */
  unassigned: string[]
  /** Values of each facet with the number of records. */
  facets: FacetCount[]
  repeated: boolean
}

/** 登记处理情况. Records basis, purposes, retention classes and facets of data sets (个人信息保护法 第十三条、第五十一条; rules B05, B06, B08). All or nothing; the same again gives the first result; refuses what does not fit the inventory and facets that would single people out. */
export async function treatDataSets(ctx: Context, matter: Matter, file: TreatmentFile): Promise<TreatedDataSet[]> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const known = await namedDataSets(ctx, matter.id)
  if (known.length === 0) throw classifyFailures.NOTHING_BOOKED()
  const { matched, problems } = matchTreatment(file, known)
  if (problems.length > 0) throw classifyFailures.TREATMENT_MISMATCH({ n: problems.length, why: problems.slice(0, 8).join('; ') })
  refuseFacetFields(matched)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const treated: TreatedDataSet[] = []
    for (const one of matched) treated.push(await treatOne(ctx, tx, { scope, one }))
    return treated
  })
}

/** The booked data sets of a matter with their titles, numbered in inventory order. */
export async function namedDataSets(ctx: Context, matterId: string): Promise<NamedDataSet[]> {
  const scope = { tenant: ctx.tenant, matterId }
  const names = await ctx.vault.openLabels(matterId, labelKinds.dataSetName)
  const titles = await ctx.vault.openLabels(matterId, labelKinds.fieldName)
  const sources = await ctx.vault.openLabels(matterId, labelKinds.sourceName)
  const booked = new Set((await loadSources(ctx.db, scope)).filter((source) => source.isBooked).map((source) => source.id))
  return (await loadDataSets(ctx.db, scope)).filter((set) => booked.has(set.sourceId)).map((set, at) => ({
    id: set.id, number: at + 1, name: names.get(set.id) ?? '', sourceName: sources.get(set.sourceId) ?? '',
    fields: set.fields.map((field) => ({ id: field.id, position: field.position, type: field.type, grade: field.grade, name: titles.get(field.id) ?? '', ...(field.decided === undefined ? {} : { decided: field.decided }) })),
  }))
}

function refuseFacetFields(matched: readonly MatchedTreatment[]): void {
  for (const { dataSet, treatment } of matched) {
    for (const facet of treatment.facets) {
      const field = dataSet.fields.find((one) => one.id === facet.field)
      const why = field === undefined ? 'unknown' : facetRefusal({ ...field, grade: field.decided?.grade ?? field.grade }, facet.as)
      if (why !== null) throw classifyFailures.FACET_REFUSED({ dataSet: dataSet.name, facet: facet.name, why })
    }
  }
}

async function treatOne(ctx: Context, tx: Tx, given: { scope: Scope; one: MatchedTreatment }): Promise<TreatedDataSet> {
  const { scope, one } = given
  const { dataSet, treatment } = one
  const digest = createHash('sha256').update(canonicalJson(parseJsonStrict(JSON.stringify(treatment)))).digest('hex')
  const state = await loadTreatmentState(tx, scope, dataSet.id)
  const repeated = state?.digest === digest && state.stale !== true
  if (!repeated) {
    await fillFacets(ctx, tx, { scope, one })
    const run = (state?.run ?? 0) + 1
    await updateTreatment(tx, scope, dataSet.id, treatment)
    await ctx.ledger.append(tx, scope.matterId, { type: 'DataSetTreated', body: { ds: dataSet.id, digest, groups: treatment.groups.length, unassigned: one.unassigned.length } }, `treat/${dataSet.id}/${run}`)
    await storeTreatmentState(tx, scope, { dataSetId: dataSet.id, state: { run, digest }, at: ctx.now() })
  }
  const title = new Map(dataSet.fields.map((field) => [field.id, field.name]))
  return {
    id: dataSet.id, name: dataSet.name, groups: treatment.groups.length, unassigned: one.unassigned.map((id) => title.get(id) ?? ''), repeated,
    facets: await countFacets(tx, scope, dataSet.id),
  }
}

/** 分面重算. Makes the facets anew of data sets into which a delta scan booked new or changed records: a customer may have come to a branch that stays. Nothing to do otherwise; refuses values that would single people out. */
export async function renewFacets(ctx: Context, matter: Matter): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const known = await namedDataSets(ctx, matter.id)
  for (const { id, treatment: stored } of await loadDataSets(ctx.db, scope)) {
    const dataSet = known.find((one) => one.id === id)
    const treatment = readTreatment(stored)
    if (dataSet === undefined || treatment === null || (await loadTreatmentState(ctx.db, scope, id))?.stale !== true) continue
    await ctx.db.transaction(async (tx) => {
      await lockMatter(tx, scope)
      const state = await loadTreatmentState(tx, scope, id)
      if (state?.stale !== true) return
      await fillFacets(ctx, tx, { scope, one: { dataSet, treatment, unassigned: [] } })
      await storeTreatmentState(tx, scope, { dataSetId: id, state: { run: state.run, digest: state.digest }, at: ctx.now() })
    })
  }
}

/** Makes the facets of every record by one read through the one door (its own audit row). */
async function fillFacets(ctx: Context, tx: Tx, given: { scope: Scope; one: MatchedTreatment }): Promise<void> {
  const { scope, one } = given
  const { dataSet, treatment } = one
  await clearFacets(tx, scope, dataSet.id)
  if (treatment.facets.length === 0) return
  const counts = new Map(treatment.facets.map((facet) => [facet.name, new Map<string, number>()]))
  const fields = treatment.facets.flatMap((facet) => dataSet.fields.find((field) => field.id === facet.field) ?? [])
  const grant = {
    person: 'classify', purpose: 'classify' as const, compartments: [...new Set(fields.map(compartmentOf))], fieldIndexes: fields.map((field) => field.position),
    until: addHours(ctx.now(), 1), approval: null,
  }
  for await (const batch of ctx.vault.read(grant, { matterId: scope.matterId, dataSetId: dataSet.id, batchRecords: 1000 })) {
    const rows = batch.map((record) => ({ recordId: record.recordId, facets: facetsOf(record, { treatment, dataSet }) }))
    for (const row of rows) for (const [name, value] of Object.entries(row.facets)) countValue(counts.get(name), value)
    refuseValues(counts, dataSet, 'so far')
    await updateFacets(tx, scope, rows)
  }
  refuseValues(counts, dataSet, 'at the end')
}

function facetsOf(record: OpenRecord, given: { treatment: Treatment; dataSet: NamedDataSet }): Record<string, string> {
  return Object.fromEntries(given.treatment.facets.flatMap((facet) => {
    const position = given.dataSet.fields.find((field) => field.id === facet.field)?.position ?? -1
    const value = record.values[position]
    if (typeof value !== 'string' || value.trim() === '') return []
    const shown = facet.as === 'year' ? yearOf(value) : value.trim()
    return shown === null ? [] : [[facet.name, shown] as const]
  }))
}

function countValue(counts: Map<string, number> | undefined, value: string): void {
  counts?.set(value, (counts.get(value) ?? 0) + 1)
}

function refuseValues(counts: ReadonlyMap<string, ReadonlyMap<string, number>>, dataSet: NamedDataSet, when: 'so far' | 'at the end'): void {
  for (const [facet, values] of counts) {
    const records = when === 'so far' ? Number.POSITIVE_INFINITY : values.values().reduce((sum, n) => sum + n, 0)
    const longest = values.keys().reduce((most, value) => Math.max(most, value.length), 0)
    const why = valuesRefusal(values.size, records, longest)
    if (why !== null) throw classifyFailures.FACET_REFUSED({ dataSet: dataSet.name, facet, why })
  }
}
