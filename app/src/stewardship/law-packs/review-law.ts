// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { reviewSubjects, type ReviewSubject } from '../../law/index.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { safeguardingRoles, signingPersonOf } from '../access/index.ts'
import { lawPackFailures } from './law-pack-failures.ts'

const adopted = z.looseObject({ review: z.array(z.string()) })
const reviewed = z.looseObject({ subject: z.string() })

/** How many changes of the law ask that this subject be looked at: those that the ledger has after the last time somebody did (rule M12). */
export async function changesToReview(ctx: Context, matter: Pick<Matter, 'id'>, subject: ReviewSubject): Promise<number> {
  const asking = (await ctx.ledger.eventsOfType(matter.id, 'LawAdopted')).filter(({ json }) => adopted.parse(bodyOfEvent(json)).review.includes(subject))
  const last = (await ctx.ledger.eventsOfType(matter.id, 'LawReviewed')).findLast(({ json }) => reviewed.parse(bodyOfEvent(json)).subject === subject)?.seq ?? 0
  return asking.filter(({ seq }) => seq > last).length
}

/** 复核. A person says that they looked at notices, policies, training … after a change of the law (rule M12); settles all open changes of this subject. Refuses a subject that nothing waits for (LAW_SUBJECT_UNKNOWN). */
export async function reviewLawChange(ctx: Context, matter: Matter, done: { subject: string; keyFile: string }): Promise<{ settled: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const subject = reviewSubjects.find((each) => each === done.subject)
  if (subject === undefined) throw lawPackFailures.LAW_SUBJECT_UNKNOWN({ subject: done.subject.slice(0, 40) })
  const { person } = await signingPersonOf(ctx, matter, done.keyFile, { roles: safeguardingRoles })
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const settled = await changesToReview(ctx, matter, subject) // adopting and looking both hold the matter's lock
    if (settled === 0) throw lawPackFailures.LAW_SUBJECT_UNKNOWN({ subject })
    await ctx.ledger.append(tx, matter.id, { type: 'LawReviewed', body: { subject, changes: settled, by: person.id } }, `law-review/${ctx.ids.bytes('evt').toString('hex')}`)
    return { settled }
  })
}
