// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { AcceptedRecordsWalk, acceptedRow, differenceLine, toHex, type Difference } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { compareSpills, digestRowBytes, RecordSpill, ScratchFile, ScratchWriter, shownDifferencesMax, streamSentRecords, writeDigestRow, type DifferenceCounts, type ReportedChanges } from '../hand-over/index.ts'
import { readAcceptanceLists, type AcceptanceFile } from './read-acceptance.ts'

/** 对账结果. Both sides by record id: matched, and every difference. */
export interface SentComparison extends DifferenceCounts {
  /** Records that were sent, and the root over them. */
  records: number
  sentRoot: string
  /** The first of the differences, found by us from ids and roots; changed fields as the recipient names them. */
  shown: Difference[]
  /** All of them, a line each; the caller closes it. */
  list: ScratchFile
}

/** Compares what a package sent with what the recipient read back (CONTRACTS §8); memory grows neither with the records nor with the differences. */
export async function compareSent(ctx: Context, matter: Matter, given: AcceptanceFile): Promise<SentComparison> {
  const scratch = ctx.home.paths.tmp
  mkdirSync(scratch, { recursive: true, mode: 0o700 })
  const [sent, accepted, reported] = [new RecordSpill(scratch), new RecordSpill(scratch), new RecordSpill(scratch)]
  try {
    const sentRoot = await spillSent(ctx, matter, { packageId: given.acceptance.package, sent })
    await spillAccepted(given, accepted, reported)
    return { records: sent.rows, sentRoot, ...listDifferences(scratch, { sent, accepted, reported }) }
  } finally {
    for (const spill of [sent, accepted, reported]) spill.close()
  }
}

/** Whether everything that was sent arrived, once, and nothing else. */
export function isWholeMatch({ missing, extra, changed, duplicate }: DifferenceCounts): boolean {
  return missing + extra + changed + duplicate === 0
}

async function spillSent(ctx: Context, matter: Matter, { packageId, sent }: { packageId: string; sent: RecordSpill }): Promise<string> {
  const row = Buffer.alloc(digestRowBytes)
  const walk = new AcceptedRecordsWalk()
  for await (const batch of streamSentRecords(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, packageId)) {
    for (const { recordId, sentRoot } of batch) {
      writeDigestRow(row, { recordId, root: sentRoot, seen: 1 })
      sent.add(row)
      walk.take(acceptedRow({ recordId, root: sentRoot, seen: 1 }))
    }
  }
  return toHex(walk.finish().root)
}

function spillAccepted(given: AcceptanceFile, accepted: RecordSpill, reported: RecordSpill): Promise<void> {
  const row = Buffer.alloc(digestRowBytes)
  return readAcceptanceLists(given, {
    record: (found) => {
      found.copy(row, 0, 0, 48)
      row.writeUInt32LE(found.readUInt16BE(48), 48)
      accepted.add(row)
    },
    difference: ({ kind, recordId, fields }) => {
      if (kind === 'changed') reported.add(reportedRow(recordId, fields))
    },
  })
}

function reportedRow(recordId: string, fields: readonly number[]): Buffer {
  const row = Buffer.alloc(24 + 8 * fields.length)
  row.write(recordId, 0, 'hex')
  row.writeDoubleLE(fields.length, 16)
  fields.forEach((field, at) => row.writeDoubleLE(field, 24 + 8 * at))
  return row
}

function reportedOf(rows: Buffer): ReportedChanges {
  const found = new Map<string, number[]>()
  for (let at = 0; at < rows.length; ) {
    const start = at + 24
    const count = rows.readDoubleLE(at + 16)
    found.set(rows.toString('hex', at, at + 16), Array.from({ length: count }, (_, field) => rows.readDoubleLE(start + 8 * field)))
    at = start + 8 * count
  }
  return found
}

function listDifferences(scratch: string, { sent, accepted, reported }: { sent: RecordSpill; accepted: RecordSpill; reported: RecordSpill }): DifferenceCounts & Pick<SentComparison, 'shown' | 'list'> {
  const counts: DifferenceCounts = { matched: 0, missing: 0, extra: 0, changed: 0, duplicate: 0 }
  const shown: Difference[] = []
  const list = new ScratchFile(scratch, 'differences')
  const lines = new ScratchWriter(list)
  for (const part of compareSpills(sent, accepted, (partition) => reportedOf(reported.partition(partition)))) {
    for (const kind of ['matched', 'missing', 'extra', 'changed', 'duplicate'] as const) counts[kind] += part.counts[kind]
    for (const difference of part.differences) {
      lines.add(Buffer.from(differenceLine(difference)))
      if (shown.length < shownDifferencesMax) shown.push(difference)
    }
  }
  lines.flush()
  return { ...counts, shown, list }
}
