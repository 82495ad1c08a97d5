// SPDX-License-Identifier: Apache-2.0
import type { AcceptedRecord, Difference } from '@handover/proof'

/** What was sent of a record, as the comparison needs it. */
export interface SentRoot {
  recordId: Uint8Array
  sentRoot: Uint8Array
}

/** 对账结果. Both sides by record id: matched, and every difference. */
export interface SentComparison {
  matched: number
  missing: number
  extra: number
  changed: number
  duplicate: number
  /** Found by us from ids and roots; changed fields as the recipient names them. */
  differences: Difference[]
}

/** Compares what was sent with what was read back, both in the order of record ids (CONTRACTS §8). The recipient's own list of differences only adds the names of fields: it cannot make a difference go away. */
export function compareSent(sent: readonly SentRoot[], accepted: readonly AcceptedRecord[], reported: readonly Difference[]): SentComparison {
  const fieldsOf = new Map(reported.filter(({ kind }) => kind === 'changed').map(({ recordId, fields }) => [recordId, [...fields]]))
  const found: SentComparison = { matched: 0, missing: 0, extra: 0, changed: 0, duplicate: 0, differences: [] }
  const note = (recordId: string, kind: Difference['kind']): void => {
    found[kind] += 1
    found.differences.push({ recordId, kind, fields: kind === 'changed' ? (fieldsOf.get(recordId) ?? []) : [] })
  }
  let at = 0
  const takeExtra = (): void => {
    const record = accepted[at]
    if (record === undefined) return
    note(hexOf(record.recordId), 'extra')
    if (record.seen > 1) note(hexOf(record.recordId), 'duplicate')
    at += 1
  }
  for (const { recordId, sentRoot } of sent) {
    while (isBefore(accepted[at], recordId)) takeExtra()
    const id = hexOf(recordId)
    const record = accepted[at]
    if (record === undefined || hexOf(record.recordId) !== id) {
      note(id, 'missing')
      continue
    }
    at += 1
    const isChanged = hexOf(record.root) !== hexOf(sentRoot) || fieldsOf.has(id)
    if (isChanged) note(id, 'changed')
    if (record.seen > 1) note(id, 'duplicate')
    if (!isChanged && record.seen === 1) found.matched += 1
  }
  while (at < accepted.length) takeExtra()
  return found
}

/** Whether everything that was sent arrived, once, and nothing else. */
export function isWholeMatch(found: SentComparison): boolean {
  return found.differences.length === 0
}

function isBefore(record: AcceptedRecord | undefined, recordId: Uint8Array): boolean {
  return record !== undefined && Buffer.compare(record.recordId, recordId) < 0
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
