// SPDX-License-Identifier: Apache-2.0
import { encodeTombstone } from '../book-leaves.ts'
import { toHex } from '../bytes.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { encodeRevisionEntry } from '../revision-leaves.ts'
import { addApproval, addEvent, sampleDraft } from './sample-draft.ts'
import { approverOne, approverTwo, requester, sampleBytes } from './sample-keys.ts'
import type { Draft } from './sample-matter.ts'
import { dsText, inventoryOf, sampleRecords } from './sample-records.ts'

const SCAN = 'dlt_1'

/** How a delta scan was approved and booked; honest when nothing is given. */
export type Revising = {
  /** Changed records that the people approved; null when nobody was asked. */
  approved: number | null
  /** Places of the records in the inventory, an event for each list. */
  booked: readonly (readonly number[])[]
  /** Records whose rows are gone, as the event says. */
  gone: number
}

/** The sample matter with a delta scan between inventory and hand-over: one customer's record, which stays with the transferor, was found changed (CONTRACTS §2). */
export function draftRevised(revising: Partial<Revising> = {}): Draft {
  const { approved, booked, gone }: Revising = { approved: 1, booked: [[4]], gone: 0, ...revising }
  return sampleDraft({
    revise: (draft) => {
      if (approved !== null) {
        addApproval(draft, { request: 'apr_revise', act: 'revise-records', parameters: { scan: SCAN, changed: approved, gone: 0 }, signers: [requester, approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] })
      }
      const changed = booked.reduce((sum, places) => sum + places.length, 0)
      addEvent(draft, 'SourceRescanned', { scan: SCAN, source: 'src_1', foundBy: 'row', freeze: null, unchanged: 0, changed, added: 0, gone })
      for (const places of booked) addRevision(draft, places)
    },
  })
}

/** Each record's first value is found anew: it leaves the books and enters them again. */
function addRevision(draft: Draft, places: readonly number[]): void {
  const records = sampleRecords.filter(({ index }) => places.includes(index))
  const ds = records[0]?.ds ?? sampleRecords[0]?.ds
  if (ds === undefined) throw new Error('the sample has no records')
  const entries = records.map((record) => ({ index: BigInt(record.index), recordId: record.id, version: 2, presence: inventoryOf(record).presence, recordRoot: sampleBytes(`revised ${record.index}`) }))
  draft.revisions.push(...entries)
  draft.tombstones.push(...records.map((record) => ({ recordId: record.id, version: 1, slot: BigInt(100 + record.index) })))
  const f = `fld_${toHex(ds.fields[0] ?? new Uint8Array(0))}`
  addEvent(draft, 'RecordsRevised', {
    scan: SCAN, ds: dsText(ds), records: records.length, root: toHex(rootOfLeaves(entries.map((entry) => leafHash(encodeRevisionEntry(entry))))),
    tombstones: draft.tombstones.length, tombstoneRoot: toHex(rootOfLeaves(draft.tombstones.map((each) => leafHash(encodeTombstone(each))))),
    postings: [{ ds: dsText(ds), f, from: 'pending', to: 'discovered', n: records.length }, { ds: dsText(ds), f, from: 'discovered', to: 'pending', n: records.length }],
  })
}
