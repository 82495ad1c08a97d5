// SPDX-License-Identifier: Apache-2.0
// What a delta scan makes anew for each revised record; records that are entered get it from `record-traits.ts`.
import type { CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { inspectValue, normaliseKey } from '../../detection/index.ts'
import { required } from '../../kit/assert.ts'
import type { AgeGroup } from '../../law/nouns.ts'
import { ageGroupOf, birthDayOfResidentId, birthDayOfText, youngest } from './age.rules.ts'
import { birthTagType, comparableName, identityFields, incomparableName, isAboutSomebodyElse, keyWithScope, nameField, nameTagType, placeholderReason, tagBytes, type IdentityField } from './identity-keys.rules.ts'
import type { NewKey } from './ingest.store.ts'

/** How the rows of one data set become records. */
export interface RecordPlan {
  matterId: string
  dataSetId: string
  sourceId: string
  firstIndex: number
  fields: readonly { id: string; name: string; type: string; grade: string }[]
}

interface Draft {
  recordId: Buffer
  values: CanonicalValue[]
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
export function ageOf(plan: RecordPlan, values: readonly CanonicalValue[], today: string): AgeGroup {
  return youngest(birthDaysOf(plan, values).map((day) => ageGroupOf(day, today)))
}

interface ClearKey {
  recordId: Buffer
  field: IdentityField
  normalised: string
}

/** Blind indexes of identity keys, names and birth days of these records; a delta scan makes them anew for revised ones. */
export async function blindKeys(ctx: Context, plan: RecordPlan, drafts: readonly Draft[]): Promise<{ keys: NewKey[]; placeholders: Pick<NewKey, 'type' | 'blind'>[] }> {
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
