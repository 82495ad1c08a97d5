// SPDX-License-Identifier: Apache-2.0
// What a record says of its person, whether it is entered (`record-traits.ts`) or revised (`seal-batch.ts`).
import { normaliseKey } from '../../detection/index.ts'
import type { Day } from '../../kit/time.ts'
import type { AgeGroup } from '../../law/nouns.ts'
import { ageGroupOf, birthDayOfResidentId, birthDayOfText, youngest } from './age.rules.ts'
import { identityFields, isAboutSomebodyElse, nameField, type IdentityField } from './identity-keys.rules.ts'

/** The fields of a data set that speak of the record's person. */
export interface EvidenceFields {
  identity: readonly IdentityField[]
  nameAt: number | null
  /** Places of birth dates that are the person's own. */
  births: readonly number[]
}

/** The text of a field of one record; null where it is empty or no text. */
export type TextOfField = (position: number) => string | null

/** Which fields speak of the record's person. */
export function evidenceFields(named: readonly { name: string; type: string }[]): EvidenceFields {
  const fields = named.map((field, position) => ({ position, name: field.name, type: field.type }))
  return {
    identity: identityFields(fields), nameAt: nameField(fields),
    births: fields.filter((field) => field.type === 'birth-date' && !isAboutSomebodyElse(field.name)).map((field) => field.position),
  }
}

/** The identity keys of a record in their normal form, one a field. Broken numbers are no keys: two different people may share a typing error. */
export function identityKeysOf({ identity }: EvidenceFields, textOf: TextOfField, today: Day): (string | null)[] {
  return identity.map((field) => {
    const value = textOf(field.position)
    return value === null ? null : normaliseKey(field.type, value, { today })
  })
}

/** Birth days of the record's own person: from valid ID numbers first, which are better evidence than what somebody typed as a birth date. */
export function birthDaysOf({ identity, births }: EvidenceFields, keys: readonly (string | null)[], textOf: TextOfField): string[] {
  const days = identity.flatMap((field, at) => (field.type === 'resident-id' && field.proven ? (birthDayOfResidentId(keys[at] ?? '') ?? []) : []))
  return [...days, ...births.flatMap((position) => birthDayOfText(textOf(position) ?? '') ?? [])]
}

/** The youngest that the record's own evidence gives; `unknown` without any (rule B04). */
export function ageOfDays(days: readonly string[], today: Day): AgeGroup {
  return youngest(days.map((day): AgeGroup => ageGroupOf(day, today)))
}
