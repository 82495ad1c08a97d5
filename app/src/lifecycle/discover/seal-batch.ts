// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, isValue, presenceBitmap, recordRoot, type CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { inspectValue, normaliseKey } from '../../detection/index.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { accountCode, type AgeGroup } from '../../law/nouns.ts'
import type { SourceRow } from '../../sources/index.ts'
import type { CiphertextRow, Compartment, NewSecret } from '../../vault/index.ts'
import { ageGroupOf, birthDayOfResidentId, birthDayOfText, youngest } from './age.rules.ts'
import { comparableName, identityFields, incomparableName, isAboutSomebodyElse, keyWithScope, nameField, nameTagBytes, nameTagType, placeholderReason, type IdentityField } from './identity-keys.rules.ts'
import type { NewKey, NewRecord } from './ingest.store.ts'
import { compartmentOf, recordIdOf } from './inventory.ts'

/** How the rows of one data set become records. */
export interface RecordPlan {
  matterId: string
  dataSetId: string
  sourceId: string
  firstIndex: number
  fields: readonly { id: string; name: string; type: string; grade: string }[]
}

/** One batch of rows as it will be stored. */
export interface SealedBatch {
  records: NewRecord[]
  ciphertext: CiphertextRow[]
  keys: NewKey[]
  placeholders: Pick<NewKey, 'type' | 'blind'>[]
}

/** Seals rows under new secrets that are already safe in the key store: canonical values → salts → leaves → record root, ciphertext by compartment, blind indexes, age group (CONTRACTS §§1–3, 13). */
export async function sealBatch(ctx: Context, plan: RecordPlan, rows: readonly SourceRow[]): Promise<SealedBatch> {
  const secrets = await ctx.vault.newSecrets(plan.matterId, rows.length)
  const idsKey = await ctx.vault.matterKey(plan.matterId, 'ids')
  const room: SealRoom = { ctx, plan, dataSetBytes: idBytes('ds', plan.dataSetId), fieldBytes: plan.fields.map((field) => idBytes('fld', field.id)), compartments: plan.fields.map(compartmentOf) }
  const drafts = rows.map((row, at) => {
    const recordId = recordIdOf(idsKey, room.dataSetBytes, row.ordinal)
    return { row, recordId, values: valuesOf(plan, row), secret: required(secrets[at], 'a secret for every record') }
  })
  const sealed = drafts.map((draft) => sealOne(room, draft))
  const { keys, placeholders } = await blindKeys(ctx, plan, drafts)
  return { records: sealed.map((one) => one.record), ciphertext: sealed.flatMap((one) => one.ciphertext), keys, placeholders }
}

interface SealRoom {
  ctx: Context
  plan: RecordPlan
  dataSetBytes: Buffer
  fieldBytes: readonly Buffer[]
  compartments: readonly Compartment[]
}

interface Draft {
  row: SourceRow
  recordId: Buffer
  values: CanonicalValue[]
  secret: NewSecret
}

/** One canonical value for each field of the data set; a short row ends in empty cells. */
function valuesOf(plan: RecordPlan, row: SourceRow): CanonicalValue[] {
  return plan.fields.map((_, position) => row.cells[position]?.value ?? null)
}

const firstVersion = 1

function sealOne(room: SealRoom, { row, recordId, values, secret }: Draft): { record: NewRecord; ciphertext: CiphertextRow[] } {
  const { vault } = room.ctx
  const { salts } = vault.recordKeys(secret.secret, firstVersion, values.length)
  const leaves = values.map((value, at) => fieldLeaf({ salt: required(salts[at], 'a salt a field'), recordId, fieldId: required(room.fieldBytes[at], 'an id a field'), value }))
  const present = values.map(isValue)
  const ciphertext = vault.sealRecord({
    matterId: room.plan.matterId, recordId, version: firstVersion, secret: secret.secret, values,
    compartmentOf: (at) => required(room.compartments[at], 'a compartment a field'),
  })
  return {
    record: {
      id: recordId, ordinal: row.ordinal, inventoryIndex: room.plan.firstIndex + row.ordinal, slot: secret.slot,
      presence: presenceBitmap(present), dispositions: Uint8Array.from(present, (is) => (is ? accountCode.pending : 0)),
      root: recordRoot(leaves), ageGroup: ageOf(room.plan, values, room.ctx.today()),
    },
    ciphertext: ciphertext.map((part) => ({ ...part, recordId, version: firstVersion })),
  }
}

/** Age from valid ID numbers and birth dates of the record itself, the youngest of them; `unknown` otherwise (rule B04). */
function ageOf(plan: RecordPlan, values: readonly CanonicalValue[], today: string): AgeGroup {
  return youngest(plan.fields.map((field, at) => {
    const value = values[at]
    if (typeof value !== 'string' || value === '' || isAboutSomebodyElse(field.name)) return 'unknown'
    if (field.type === 'birth-date') return ageGroupOf(birthDayOfText(value), today)
    if (field.type !== 'resident-id') return 'unknown'
    const inspected = inspectValue('resident-id', value)
    return inspected.valid ? ageGroupOf(birthDayOfResidentId(inspected.normalised), today) : 'unknown'
  }))
}

interface ClearKey {
  recordId: Buffer
  field: IdentityField
  normalised: string
}

async function blindKeys(ctx: Context, plan: RecordPlan, drafts: readonly Draft[]): Promise<Pick<SealedBatch, 'keys' | 'placeholders'>> {
  const fields = plan.fields.map((field, position) => ({ position, name: field.name, type: field.type }))
  const clear = drafts.flatMap((draft) => clearKeys(identityFields(fields), draft))
  const blinds = await ctx.vault.blindMany(plan.matterId, clear.map((key) => ({ keyType: key.field.type, normalised: keyWithScope(key.field.type, key.normalised, plan.sourceId) })))
  const keys = clear.map((key, at) => ({ recordId: key.recordId, type: key.field.type, blind: required(blinds[at], 'a blind index a key'), proven: key.field.proven }))
  const placeholders = keys.filter((_, at) => {
    const key = clear[at]
    return key !== undefined && placeholderReason(key.field.type, key.normalised) !== null
  })
  return { keys: [...keys, ...(await nameTags(ctx, plan, { at: nameField(fields), drafts }))], placeholders }
}

function clearKeys(fields: readonly IdentityField[], { recordId, values }: Draft): ClearKey[] {
  return fields.flatMap((field) => {
    const value = values[field.position]
    // Broken numbers are no keys: two different people may share a typing error.
    const normalised = typeof value === 'string' && value !== '' ? normaliseKey(field.type, value) : null
    return normalised === null ? [] : [{ recordId, field, normalised }]
  })
}

/** Two bytes of the blinded name, only to tell that two names differ. */
async function nameTags(ctx: Context, plan: RecordPlan, names: { at: number | null; drafts: readonly Draft[] }): Promise<NewKey[]> {
  const { at } = names
  if (at === null) return []
  const found = names.drafts.flatMap(({ recordId, values }) => {
    const value = values[at]
    return typeof value === 'string' && value.trim() !== '' ? [{ recordId, name: comparableName(value) }] : []
  })
  const comparable = found.filter((one) => one.name !== null)
  const blinds = await ctx.vault.blindMany(plan.matterId, comparable.map((one) => ({ keyType: nameTagType, normalised: one.name ?? '' })))
  const tagByRecord = new Map(comparable.map((one, index) => [one.recordId, required(blinds[index], 'a blind index a name').subarray(0, nameTagBytes)]))
  return found.map((one) => ({ recordId: one.recordId, type: nameTagType, blind: tagByRecord.get(one.recordId) ?? incomparableName, proven: false }))
}
