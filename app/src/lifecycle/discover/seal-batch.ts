// SPDX-License-Identifier: Apache-2.0
// What a delta scan makes anew for each revised record; records that are entered get it from `record-traits.ts`; what a record says of its person both read by `record-evidence.rules.ts`.
import type { CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { Day } from '../../kit/time.ts'
import type { AgeGroup } from '../../law/nouns.ts'
import { birthTagType, comparableName, incomparableName, keyWithScope, nameTagType, placeholderReason, tagBytes, type IdentityField } from './identity-keys.rules.ts'
import type { NewKey } from './ingest.store.ts'
import { ageOfDays, birthDaysOf, evidenceFields, identityKeysOf, type EvidenceFields } from './record-evidence.rules.ts'

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

/** What one draft says of its person. */
function evidenceOf(fields: EvidenceFields, values: readonly CanonicalValue[], today: Day): { keys: (string | null)[]; births: string[] } {
  const textOf = (position: number): string | null => {
    const value = values[position]
    return typeof value === 'string' ? value : null
  }
  const keys = identityKeysOf(fields, textOf, today)
  return { keys, births: birthDaysOf(fields, keys, textOf) }
}

/** The youngest that the record's own evidence gives; `unknown` without any (rule B04). */
export function ageOf(plan: RecordPlan, values: readonly CanonicalValue[], today: Day): AgeGroup {
  return ageOfDays(evidenceOf(evidenceFields(plan.fields), values, today).births, today)
}

interface ClearKey {
  recordId: Buffer
  field: IdentityField
  normalised: string
}

/** Blind indexes of identity keys, names and birth days of these records; a delta scan makes them anew for revised ones. */
export async function blindKeys(ctx: Context, plan: RecordPlan, drafts: readonly Draft[]): Promise<{ keys: NewKey[]; placeholders: Pick<NewKey, 'type' | 'blind'>[] }> {
  const fields = evidenceFields(plan.fields)
  const evidence = drafts.map((draft) => ({ draft, ...evidenceOf(fields, draft.values, ctx.today()) }))
  const clear = evidence.flatMap(({ draft, keys }) => fields.identity.flatMap((field, at): ClearKey[] => {
    const normalised = keys[at] ?? null
    return normalised === null ? [] : [{ recordId: draft.recordId, field, normalised }]
  }))
  const blinds = await ctx.vault.blindMany(plan.matterId, clear.map((key) => ({ keyType: key.field.type, normalised: keyWithScope(key.field.type, key.normalised, plan.sourceId) })))
  const keys = clear.map((key, at) => ({ recordId: key.recordId, type: key.field.type, blind: required(blinds[at], 'a blind index a key'), proven: key.field.proven }))
  const placeholders = keys.filter((_, at) => {
    const key = clear[at]
    return key !== undefined && placeholderReason(key.field.type, key.normalised) !== null
  })
  const tagged = evidence.map(({ draft, births }) => ({ draft, birthDay: births[0] }))
  return { keys: [...keys, ...(await personTags(ctx, plan, { at: fields.nameAt, tagged }))], placeholders }
}

/** Two bytes each of the blinded name and birth day, only to tell that two of them differ. */
async function personTags(ctx: Context, plan: RecordPlan, given: { at: number | null; tagged: readonly { draft: Draft; birthDay: string | undefined }[] }): Promise<NewKey[]> {
  const wanted = given.tagged.flatMap(({ draft: { recordId, values }, birthDay }) => {
    const name = given.at === null ? null : values[given.at]
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
