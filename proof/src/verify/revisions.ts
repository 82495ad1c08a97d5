// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILES } from '../bundle-file.ts'
import { digestOf, ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { decodeRevisionEntry } from '../revision-leaves.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf, EventPosting } from './matter-events.ts'
import { forEachEntry, largeFile } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { countBits } from './record-columns.ts'
import type { Batch, RecordColumns } from './record-columns.ts'

/** 记录更新. A record as a delta scan found it anew, and the event that booked it. */
export type Revisions = readonly { index: number; version: number; root: Buffer; seq: number }[]

type RevisedEvent = { seq: number; body: BodyOf<'RecordsRevised'>; postings: EventPosting[] }

/**
 * Reads the list of revisions event by event and lets each record have the fields that it has since then (CONTRACTS §2): every part has its event's root, every record is in the inventory under a
 * version of its own, and no field enters or leaves oftener than there are records. Refuses revisions that no event speaks of, and events whose revisions are missing.
 */
export async function readRevisions(bundle: OpenedBundle, columns: RecordColumns): Promise<Revisions> {
  const events = eventsOf(bundle.events, 'RecordsRevised')
  if (!bundle.files.has(BUNDLE_FILES.revisions)) {
    if (events.length > 0) throw new ProofError('FILE_MISSING', BUNDLE_FILES.revisions)
    return []
  }
  const found: { index: number; version: number; root: Buffer; seq: number }[] = []
  const newest = new Map<number, number>()
  let [at, inPart] = [0, 0]
  let tree = new MerkleAccumulator()
  let entered: number[] = []
  await forEachEntry(largeFile(bundle, BUNDLE_FILES.revisions), (entry, leafInput) => {
    const event = events[at]
    if (event === undefined) throw new ProofError('COUNTS', 'there are revisions that no event speaks of')
    const { index, version, root, batch, presence } = readEntry(columns, event, entry)
    if (version <= (newest.get(index) ?? 1)) throw new ProofError('ORDER', `revision of leaf ${index}`)
    newest.set(index, version)
    if (inPart === 0) entered = batch.fields.map(() => 0)
    countBits(presence, entered)
    columns.presence.set(presence, columns.bitsOf(batch, index))
    found.push({ index, version, root, seq: event.seq })
    tree.push(digestOf(leafInput))
    inPart += 1
    if (inPart < event.body.records) return
    if (toHex(tree.root()) !== event.body.root) throw new ProofError('ROOT', `revisions of event ${event.seq}`)
    refuseOtherCounts(event, batch, entered)
    ;[at, inPart] = [at + 1, 0]
    tree = new MerkleAccumulator()
  })
  if (at !== events.length) throw new ProofError('ROOT', `revisions of event ${events[at]?.seq ?? 0}`)
  return found
}

function readEntry(columns: RecordColumns, event: RevisedEvent, entry: Buffer): { index: number; version: number; root: Buffer; batch: Batch; presence: Uint8Array } {
  const read = decodeRevisionEntry(entry)
  const index = Number(read.index)
  const batch = columns.batchOf(index)
  if (batch === undefined || !columns.isRecord(index, Buffer.from(read.recordId)) || batch.ds !== event.body.ds) throw new ProofError('BIJECTION', `revision of leaf ${index}`)
  if (read.presence.length !== batch.width) throw new ProofError('BAD_LEAF', `revision of leaf ${index} has another number of fields`)
  for (let field = batch.fields.length; field < batch.width * 8; field += 1) if (((read.presence[field >> 3] ?? 0) & (1 << (field & 7))) !== 0) throw new ProofError('BAD_LEAF', `revision of leaf ${index} has a field too many`)
  return { index, version: read.version, root: Buffer.from(read.recordRoot), batch, presence: read.presence }
}

/** A value enters a field at most once for each record that has one there now, and leaves it at most once for each record. */
function refuseOtherCounts({ seq, body, postings }: RevisedEvent, batch: Batch, entered: readonly number[]): void {
  const left = new Map<string, number>()
  for (const { ds, f, from, to, n } of postings) {
    const field = batch.fields.indexOf(f)
    if (ds !== body.ds || field < 0) throw new ProofError('POSTING', `event ${seq} posts to another data set than it revises`)
    if (to !== 'discovered' && n > (entered[field] ?? 0)) throw new ProofError('COUNTS', `event ${seq}: ${n} values of ${f} enter, ${entered[field] ?? 0} records have one`)
    if (from !== 'discovered') left.set(f, (left.get(f) ?? 0) + n)
  }
  for (const [f, n] of left) if (n > body.records) throw new ProofError('COUNTS', `event ${seq}: ${n} values of ${f} leave ${body.records} records`)
}
