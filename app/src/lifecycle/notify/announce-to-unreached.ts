// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { instantOf, type Day } from '../../kit/time.ts'
import type { NoticeKind } from '../../law/nouns.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { lockMatter, refuseUnlessResolved } from '../discover/index.ts'
import { inParts } from './import-batch.ts'
import { notifyFailures } from './notify-failures.ts'
import { countResults, insertNoticeResults, unreachedRecords } from './notify.store.ts'

/** 公告. A public announcement that stands in for individual notice where that could not reach. */
export interface Announcement {
  notice: NoticeKind
  publishedOn: Day
  /** There is no contact data at all, so nobody could be told one by one. */
  noContacts: boolean
}

/** 公告补充. Marks everybody whom no notice reached as announced to, as the last resort that a signed fact `announcement-published` must prove (GB/T 35273 §5.5 e, §6.4 b; rule E11). Refuses before anybody was told one by one. */
export async function announceToUnreached(ctx: Context, matter: Matter, given: Announcement): Promise<{ batch: string; persons: number; records: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    if (!given.noContacts && (await countResults(tx, scope, given.notice)) === 0) throw notifyFailures.ANNOUNCEMENT_FIRST({ law: 'GB/T 35273 5.5 e), 6.4 b)' })
    const records = await unreachedRecords(tx, scope, given.notice)
    if (records.length === 0) throw notifyFailures.NOTHING_UNREACHED()
    const batch = idText('bat', ctx.ids.bytes('bat', `announce/${given.notice}/${given.publishedOn}/${records.length}`))
    const persons = new Set(records.map((record) => record.subjectId)).size
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'NoticeResultsImported', body: { batch, notice: given.notice, delivered: 0, bounced: 0, announced: persons } }, `announce/${batch}`)
    const at = instantOf(`${given.publishedOn}T00:00:00+08:00`)
    for (const part of inParts(records)) await insertNoticeResults(tx, scope, { id: batch, seq, notice: given.notice }, part.map(({ recordId }) => ({ recordId, channel: 'public', result: 'announced', at })))
    return { batch, persons, records: records.length }
  })
}
