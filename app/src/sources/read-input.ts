// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

const count = z.number().int().positive()

/** What a worker is given to read, checked as it enters. */
export const readInput = z.object({
  path: z.string(),
  options: z.object({
    limits: z.object({
      fieldsMax: count, rowsMax: count, recordBytesMax: count, cellCharsMax: count, zipEntriesMax: count, zipRatioMax: count, unzippedBytesMax: count, filesMax: count, nestingMax: z.number().int().nonnegative(), wholeFileBytesMax: count, pixelsMax: count, heapMegabytesMax: count, silenceMsMax: count,
    }).partial().optional(),
    encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'latin1']).optional(),
    delimiter: z.string().length(1).optional(),
    header: z.enum(['detect', 'none']).optional(),
    documents: z.enum(['parts', 'whole']).optional(),
    shownAs: z.string().optional(),
    ruleSet: z.string().optional(),
  }),
})
