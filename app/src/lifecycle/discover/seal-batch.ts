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
import { birthTagType, comparableName, identityFields, incomparableName, isAboutSomebodyElse, keyWithScope, nameField, nameTagType, placeholderReason, tagBytes, type IdentityField } from './identity-keys.rules.ts'
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

/** Birth days from valid ID numbers (first) and birth dates of the record itself; a broken number is no evidence. */
function birthDaysOf(plan: RecordPlan, values: readonly CanonicalValue[]): string[] {
  const found = plan.fields.map((field, at) => {
    const value = values[at]
    if (typeof value !== 'string' || value === '' || isAboutSomebodyElse(field.name)) return { rank: 0, day: null }
    if (field.type === 'birth-date') return { rank: 1, day: birthDayOfText(value) }
    const inspected = field.type === 'resident-id' ? inspectValue('resident-id', value) : null
    return { rank: 0, day: inspected?.valid === true ? birthDayOfResidentId(inspected.normalised) : null }
  })
  return found.toSorted((a, b) => a.rank - b.rank).flatMap((one) => one.day ?? [])
}

/** The youngest that the record's own evidence gives; `unknown` without any (rule B04). */
function ageOf(plan: RecordPlan, values: readonly CanonicalValue[], today: string): AgeGroup {
  return youngest(birthDaysOf(plan, values).map((day) => ageGroupOf(day, today)))
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
  return { keys: [...keys, ...(await personTags(ctx, plan, { at: nameField(fields), drafts }))], placeholders }
}

function clearKeys(fields: readonly IdentityField[], { recordId, values }: Draft): ClearKey[] {
  return fields.flatMap((field) => {
    const value = values[field.position]
    // Broken numbers are no keys: two different people may share a typing error.
    const normalised = typeof value === 'string' && value !== '' ? normaliseKey(field.type, value) : null
    return normalised === null ? [] : [{ recordId, field, normalised }]
  })
}

/** Two bytes each of the blinded name and birth day, only to tell that two of them differ. */
async function personTags(ctx: Context, plan: RecordPlan, given: { at: number | null; drafts: readonly Draft[] }): Promise<NewKey[]> {
  const wanted = given.drafts.flatMap(({ recordId, values }) => {
    const name = given.at === null ? null : values[given.at]
    const [birthDay] = birthDaysOf(plan, values)
    return [
      ...(typeof name === 'string' && name.trim() !== '' ? [{ recordId, type: nameTagType, text: comparableName(name) }] : []),
      ...(birthDay === undefined ? [] : [{ recordId, type: birthTagType, text: birthDay }]),
    ]
  })
  const comparable = wanted.flatMap((one) => (one.text === null ? [] : [{ ...one, text: one.text }]))
  const blinds = await ctx.vault.blindMany(plan.matterId, comparable.map((one) => ({ keyType: one.type, normalised: one.text })))
  const tags = comparable.map((one, index) => ({ recordId: one.recordId, type: one.type, blind: required(blinds[index], 'a blind index a tag').subarray(0, tagBytes), proven: false }))
  const others = wanted.filter((one) => one.text === null).map((one) => ({ recordId: one.recordId, type: one.type, blind: incomparableName, proven: false }))
  return [...tags, ...others]
}
