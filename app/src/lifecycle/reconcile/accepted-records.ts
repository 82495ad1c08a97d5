// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { ACCEPTED_ROW_BYTES, acceptedRow, readAcceptance, readReconciliation, unverifiedStatement, type RereadableFile } from '@handover/proof'
import type { Context } from '../../context.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import { packageById, streamSentRecords } from '../hand-over/index.ts'
import { packageStatements } from './reconcile.store.ts'

const reconciledSchema = z.looseObject({ statement: z.string() })

/** 验收清单. `records.bin` of a concluded acceptance: which records both parties agreed on, with their roots. */
export interface AcceptedRecordsFile extends RereadableFile {
  package: string
  purpose: 'transfer' | 'custody'
  /** Digest of the acceptance's statement; its `recordsDigest` and `acceptedRoot` are those of these bytes. */
  acceptance: string
  recordsDigest: string
  records: number
}

/**
 * The accepted records of a package, byte for byte as the recipient signed them, or null while the package is not reconciled (CONTRACTS §8). Nothing is kept
 * beside the books for it: both sides agreed that every record that was sent arrived once with its root and nothing else did, so the bytes follow
 * from what was sent; `recordsDigest` lets the reader hold them against the signature. Streams in the order of record ids.
 */
export async function acceptedRecordsFile(ctx: Context, matterId: string, packageId: string): Promise<AcceptedRecordsFile | null> {
  const scope = { tenant: ctx.tenant, matterId }
  const row = await packageById(ctx.db, scope, packageId)
  if (row === null || row.status !== 'reconciled' || row.records === null) return null
  const concluded = await ctx.ledger.eventByEffect(matterId, `package/${packageId}/reconciled`)
  if (concluded === undefined) return null
  const { statement } = reconciledSchema.parse(bodyOfEvent(concluded.json))
  const statements = await packageStatements(ctx.db, scope)
  const envelopeOf = (digest: string): string | undefined => statements.find((one) => one.packageId === packageId && one.digest.toString('hex') === digest)?.envelope
  const reconciliation = envelopeOf(statement)
  if (reconciliation === undefined) return null
  const { acceptance } = readReconciliation(unverifiedStatement(reconciliation))
  const signed = envelopeOf(acceptance)
  if (signed === undefined) return null
  const { recordsDigest, records } = readAcceptance(unverifiedStatement(signed))
  return {
    package: packageId, purpose: row.purpose, acceptance, recordsDigest, records, size: row.records * ACCEPTED_ROW_BYTES,
    open: async function* () {
      for await (const batch of streamSentRecords(ctx.db, scope, packageId)) yield Buffer.concat(batch.map(({ recordId, sentRoot }) => acceptedRow({ recordId, root: sentRoot, seen: 1 })))
    },
  }
}
