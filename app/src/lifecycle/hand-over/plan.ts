// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { dispositions } from '../../law/index.ts'

const wordsSchema = z.strictObject({ zh: z.string(), en: z.string() })
const outcomeSchema = z.enum([...dispositions, 'pending'])

/** 方案行. So many values of a data set end so, by this row of the decision table. */
export const planLineSchema = z.strictObject({
  ds: z.string(),
  outcome: outcomeSchema,
  rule: z.string(),
  alsoRules: z.array(z.string()),
  law: z.string(),
  conf: z.string(),
  why: wordsSchema,
  until: z.string().nullable(),
  holder: z.string().nullable(),
  residual: z.string().nullable(),
  /** Codes of what stands in the way, or would change the outcome. */
  conditions: z.array(z.string()),
  flags: z.array(z.string()),
  override: z.string().nullable(),
  /** The transferee that the treatment of the data set names; left out where it names none, so that plans of before keep their digest. */
  recipient: z.string().optional(),
  records: z.int(),
  values: z.int(),
})
/** 方案行. See `planLineSchema`. */
export type PlanLine = z.infer<typeof planLineSchema>

/** 理由. Why some fields of a record end as they do; shared by all records with the same reasons. */
export const planReasonSchema = planLineSchema.omit({ ds: true, records: true, values: true }).extend({
  positions: z.array(z.int()),
  residualUntil: z.string().nullable(),
  needs: z.strictObject({ notices: z.array(z.string()), consents: z.array(z.string()) }),
})
/** 理由. See `planReasonSchema`. */
export type PlanReason = z.infer<typeof planReasonSchema>

/** Byte of a residual act in `plan_verdict.residual`. */
export const residualCode = { none: 0, destroy: 1, seal: 2, keep: 3 } as const

/** 方案. What a computed plan says: its digest binds every record's vector. */
export interface Plan {
  id: string
  digest: string
  lines: PlanLine[]
  approved: boolean
  /** The same plan was there before; nothing was written. */
  repeated: boolean
}
