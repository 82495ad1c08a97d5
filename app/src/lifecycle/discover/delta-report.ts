// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

const setSchema = z.strictObject({
  ds: z.string(), rows: z.int(), unchanged: z.int(), changed: z.int(), added: z.int(), gone: z.int(), goneBefore: z.int(), fields: z.record(z.string(), z.int()),
})

/** 差异清查报告. What a comparison found, in counts; titles are added where people look at it, since this is stored in clear. */
export const deltaReportSchema = z.strictObject({
  scan: z.string(),
  foundBy: z.enum(['declared', 'customer-id', 'resident-id', 'table-key', 'content']),
  /** The freeze under which it was compared, or null. */
  freeze: z.string().nullable(),
  /** The newest event that could have moved what was compared. */
  judgedAt: z.int(),
  dataSets: z.array(setSchema),
})
/** 差异清查报告. See `deltaReportSchema`. */
export type DeltaReport = z.infer<typeof deltaReportSchema>
