// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

/** What the statement inside a law pack is about. */
export const lawPackPredicateType = 'https://handover.example/law-pack/v1'

/** 法规包. The law files of a firm's counsel as one JSON document: a title, the day, the files, and a DSSE statement over the digest of their canonical JSON. */
export const lawPackSchema = z.strictObject({
  format: z.literal('handover/law-pack/v1'), title: z.string().min(1).max(200), issuedAt: z.iso.datetime(), statement: z.string().max(20_000), files: z.record(z.string(), z.json()),
})
export type LawPack = z.infer<typeof lawPackSchema>

/** Most bytes that a pack may have; ours has half a megabyte. */
export const lawPackBytesMax = 8 * 1024 * 1024

/** The document of a law pack, or null when it is none; signature and files are checked elsewhere (`checkLawPack`). */
export function readLawPack(text: string): LawPack | null {
  if (text.length > lawPackBytesMax) return null
  try {
    const read = lawPackSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
