// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import { canonicalJson, ID_PREFIX, type DsseEnvelope } from '@handover/proof'
import { z } from 'zod'
import { fieldGrades, isInformationType, type InformationType } from '../../detection/index.ts'
import type { Instant } from '../../kit/time.ts'
import type { DecisionFinder } from '../discover/index.ts'

/** 适用范围. A column of the same source and data set, or every column with this title that detection takes for the same. */
export const overrideScopes = ['source', 'everywhere'] as const
export type OverrideScope = (typeof overrideScopes)[number]

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const typeSchema = z.custom<InformationType>((given) => typeof given === 'string' && isInformationType(given), { error: 'not an information type' })
const gradeSchema = z.enum(fieldGrades)

/** What the person signs: no title, no name, the reason as a salted digest. */
export const overridePredicate = z.strictObject({
  override: z.string().regex(/^grd_[0-9a-f]{32}$/), matter: z.string(), scope: z.enum(overrideScopes), salt: hex(16), print: hex(32),
  field: z.string().nullable(), from: z.strictObject({ type: z.string(), grade: z.string(), rule: z.string() }).nullable(),
  type: typeSchema.nullable(), grade: gradeSchema.nullable(), reason: z.strictObject({ salt: hex(16), digest: hex(32) }),
  adopted: z.strictObject({ override: z.string(), vkey: z.string(), statement: hex(32) }).nullable(), signedBy: z.string(), role: z.string(), at: z.iso.datetime(),
})
/** 字段改判. What a person decided on a field; `type` and `grade` both null = back to what detection says. */
export type OverrideSaid = z.infer<typeof overridePredicate>

/** Predicate type of such statements. */
export const overridePredicateType = `${ID_PREFIX}attestation/grade-override/v1`

/** 字段改判. A decision with its signature, as it is kept. */
export interface GradingOverride extends Omit<OverrideSaid, 'at' | 'override'> {
  id: string
  number: number
  at: Instant
  envelope: DsseEnvelope
  digest: Buffer
}

/** Where a column is: the names of its source and data set, its title, and the titles beside it. */
export interface ColumnPlace {
  source: string
  dataSet: string
  title: string
  position: number
  /** Titles of all columns of the data set. */
  titles: readonly string[]
  /** What detection takes it for. */
  type: string
}

/** 列指纹. Finds a column again in later scans without telling its name: HMAC over the names. Blank and repeated titles count by their place (CONTRACTS §2: titles may be personal). */
export function columnPrint(scope: OverrideScope, salt: string, place: ColumnPlace): string {
  const title = place.title.normalize('NFKC').trim()
  const same = place.titles.flatMap((one, at) => (one.normalize('NFKC').trim() === title ? [at] : []))
  const column = title === '' ? `#${place.position}` : same.length > 1 ? `${title}#${same.indexOf(place.position)}` : title
  const named = scope === 'source' ? [place.source, place.dataSet, column] : [title, place.type]
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(canonicalJson([scope, ...named])).digest('hex')
}

/** The decision on a column among many, the newest first to count; one for this source goes before one for everywhere. */
export function decisionFinder(overrides: readonly Pick<OverrideSaid, 'scope' | 'salt' | 'print' | 'type' | 'grade'>[], idOf: (at: number) => string): DecisionFinder {
  const newest = new Map(overrides.map((one, at) => [`${one.scope}/${one.salt}/${one.print}`, { type: one.type, grade: one.grade, rule: `override/${idOf(at)}` }]))
  const keys = overrideScopes.flatMap((scope) => [...new Set(overrides.filter((one) => one.scope === scope).map(({ salt }) => salt))].map((salt) => ({ scope, salt })))
  return ({ source, dataSet, fields, field }) => {
    const titles = fields.map(({ name }) => name)
    const position = fields.indexOf(field)
    for (const { scope, salt } of keys) {
      const found = newest.get(`${scope}/${salt}/${columnPrint(scope, salt, { source, dataSet, title: field.name, position, titles, type: field.type })}`)
      if (found !== undefined) return found.type === null && found.grade === null ? null : found
    }
    return null
  }
}
