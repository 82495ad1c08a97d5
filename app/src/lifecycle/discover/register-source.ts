// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import type { Tx } from '../../store/index.ts'
import type { Label } from '../../vault/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { insertDataSet, insertSource, insertStep, loadDataSets, loadSources, lockMatter, nextInventoryIndex, type Scope, type StoredSource } from './ingest.store.ts'
import { fieldIdOf, labelKinds, type InventoryField } from './inventory.ts'
import type { DataSetPlan, SourcePlan } from './source-plans.ts'

/** Finds the source of this path or registers it with its data sets, fields and reserved places in the inventory. Refuses changed bytes, and a new source while another is unfinished (the inventory has no gaps). */
export async function registerSource(ctx: Context, scope: Scope, plan: SourcePlan): Promise<{ id: string; isBooked: boolean }> {
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const sources = await loadSources(tx, scope)
    const known = await findKnown(ctx, scope, { plan, sources })
    if (known !== null) return known
    const unfinished = sources.find((source) => !source.isBooked)
    if (unfinished !== undefined) {
      throw discoverFailures.INGEST_UNFINISHED({ where: (await ctx.vault.openLabel(scope.matterId, unfinished.id, labelKinds.sourceName)) ?? unfinished.id })
    }
    refuseTooManyFields(plan, (await loadDataSets(tx, scope)).reduce((sum, set) => sum + set.fields.length, 0))
    return { id: await insertAll(ctx, tx, { scope, plan, ordinal: sources.length }), isBooked: false }
  })
}

/** Fields of a matter: events that post over all of them stay below the size that an event may have. */
const matterFieldsMax = 10_000

/** Refuses a source with which the matter would have more fields than the event of any later act could hold: told now, not when the package is issued. */
export function refuseTooManyFields(plan: Pick<SourcePlan, 'name' | 'dataSets'>, before: number): void {
  const fields = plan.dataSets.reduce((sum, set) => sum + set.fields.length, 0)
  if (before + fields > matterFieldsMax) throw discoverFailures.INGEST_TOO_MANY_FIELDS({ where: plan.name, fields, total: before + fields, max: matterFieldsMax })
}

/** The source of this path if it was registered before; refuses when its bytes are different now. */
async function findKnown(ctx: Context, scope: Scope, given: { plan: SourcePlan; sources: readonly StoredSource[] }): Promise<StoredSource | null> {
  const { plan, sources } = given
  const pathById = await ctx.vault.openLabels(scope.matterId, labelKinds.sourcePath)
  const known = sources.find((source) => pathById.get(source.id) === plan.path)
  if (known === undefined) return null
  if (known.sha256.toString('hex') === plan.sha256) return known
  throw known.isBooked ? discoverFailures.INGEST_CHANGED({ where: plan.name }) : discoverFailures.INGEST_CHANGED_HALFWAY({ where: plan.name })
}

interface Registration {
  scope: Scope
  plan: SourcePlan
  ordinal: number
}

async function insertAll(ctx: Context, tx: Tx, given: Registration): Promise<string> {
  const { scope, plan, ordinal } = given
  const id = idText('src', ctx.ids.bytes('src', `${ordinal}`))
  const scannedAt = ctx.now()
  const notRead = plan.notRead.map((one) => ({ code: one.code }))
  await insertSource(tx, scope, { id, kind: plan.kind, bytes: plan.bytes, sha256: Buffer.from(plan.sha256, 'hex'), scannedAt, notRead })
  let next = await nextInventoryIndex(tx, scope)
  const first: Record<string, number> = {}
  const labels: Label[] = [{ owner: id, kind: labelKinds.sourcePath, text: plan.path }, { owner: id, kind: labelKinds.sourceName, text: plan.name }]
  if (plan.notRead.length > 0) labels.push({ owner: id, kind: labelKinds.notRead, text: JSON.stringify(plan.notRead) })
  for (const [position, set] of plan.dataSets.entries()) {
    const dataSetId = idText('ds', ctx.ids.bytes('ds', `${ordinal}/${position}`))
    const fields = await fieldsOf(ctx, scope, { dataSetId, set })
    await insertDataSet(tx, scope, { id: dataSetId, sourceId: id, position, rows: set.rows, hidden: set.hidden, kind: set.kind, fields })
    labels.push({ owner: dataSetId, kind: labelKinds.dataSetName, text: set.name }, ...fields.map((field) => ({ owner: field.id, kind: labelKinds.fieldName, text: set.fields[field.position]?.name ?? '' })))
    first[dataSetId] = next
    next += set.rows
  }
  await ctx.vault.sealLabels(scope.matterId, labels, tx)
  await insertStep(tx, scope, { effect: `ingest/${id}/registered`, result: { ordinal, first }, at: scannedAt })
  return id
}

async function fieldsOf(ctx: Context, scope: Scope, given: { dataSetId: string; set: DataSetPlan }): Promise<InventoryField[]> {
  const key = await ctx.vault.matterKey(scope.matterId, 'ids')
  const dataSetBytes = Buffer.from(given.dataSetId.slice(3), 'hex')
  return given.set.fields.map((field, position) => ({
    id: fieldIdOf(key, dataSetBytes, position), position, type: field.type, grade: field.grade, gradeRule: field.gradeRule, confidence: field.confidence, neededFor: [],
  }))
}
