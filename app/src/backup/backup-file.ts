// SPDX-License-Identifier: Apache-2.0
// What stands in a backup file: a plain tar of age segments, an encrypted manifest, the signed outer.json (docs/decisions, app/src/backup/README.md).
import { z } from 'zod'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const sealedFile = z.strictObject({ name: z.string(), size: z.int().min(1), sha256: digest })

/** What everybody may read of a backup: which it is, who signed it, who can open it, and the digest of every encrypted file in it. */
export const outerSchema = z.strictObject({
  format: z.literal('handover-backup/v1'),
  backup: z.string().regex(/^bck_[0-9a-f]{32}$/),
  /** Verifier key of who made and signed it. */
  party: z.string(),
  madeAt: z.string(),
  recipients: z.array(z.string()).min(1),
  segments: z.array(sealedFile),
  manifest: sealedFile,
})
export type BackupOuter = z.infer<typeof outerSchema>

const table = z.strictObject({ kind: z.literal('table'), name: z.string(), columns: z.array(z.string()), rows: z.int().min(0), bytes: z.int().min(0), sha256: digest })
const file = z.strictObject({ kind: z.literal('file'), name: z.string(), bytes: z.int().min(0), sha256: digest })
const member = z.discriminatedUnion('kind', [table, file])

/** One table or one file of the home, with what it must come to. */
export type BackupMember = z.infer<typeof member>

/** The encrypted content list: every table with its columns and rows, every file, the schema, and how far each matter's log was. */
export const manifestSchema = z.strictObject({
  format: z.literal('handover-backup/v1'),
  backup: z.string(),
  tenant: z.string(),
  madeAt: z.string(),
  program: z.string(),
  schema: z.array(z.strictObject({ version: z.int(), file: z.string(), sha256: digest })),
  members: z.array(member),
  matters: z.array(z.strictObject({ id: z.string(), origin: z.string(), size: z.int(), root: z.string() })),
})
export type BackupManifest = z.infer<typeof manifestSchema>

/** Names inside the container. */
export const containerFiles = { outer: 'outer.json', signature: 'backup.sig', manifest: 'manifest.age' } as const

/** Name of a segment by its place. */
export function segmentFile(index: number): string {
  return `data/${String(index).padStart(6, '0')}.age`
}

/** Plain bytes of a segment; what a reader holds in memory at once, before and after decryption. */
export const segmentBytes = 4 * 1024 * 1024
/** More than any segment encrypts or unpacks to: larger ones were not written by us. */
export const segmentBytesMax = segmentBytes + 1024 * 1024

/** Frames of the plain stream: begin of a member, its bytes, its end, end of all. One byte of kind, four of length. */
export const frameKinds = { begin: 0x42, data: 0x44, end: 0x45, last: 0x5a } as const
/** No frame is longer. */
export const frameBytesMax = segmentBytes

/** A frame as bytes. */
export function frameOf(kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(payload.length, 1)
  return Buffer.concat([head, payload])
}
