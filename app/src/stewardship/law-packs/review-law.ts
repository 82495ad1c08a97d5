// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { reviewSubjects } from '../../law/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { safeguardingRoles, signingPersonOf } from '../access/index.ts'
import { lawPackFailures } from './law-pack-failures.ts'
import { markReviewed } from './law-review.store.ts'

/** 复核. A person says that they looked at notices, policies, training … after a change of the law (rule M12); settles all open changes of this subject. Refuses a subject that nothing waits for (LAW_SUBJECT_UNKNOWN). */
export async function reviewLawChange(ctx: Context, matter: Matter, done: { subject: string; keyFile: string }): Promise<{ settled: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const subject = reviewSubjects.find((each) => each === done.subject)
  if (subject === undefined) throw lawPackFailures.LAW_SUBJECT_UNKNOWN({ subject: done.subject.slice(0, 40) })
  const { person } = await signingPersonOf(ctx, matter, done.keyFile, { roles: safeguardingRoles })
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const settled = await markReviewed(tx, ctx.tenant, { matterId: matter.id, subject, by: person.id, at: ctx.now() })
    if (settled === 0) throw lawPackFailures.LAW_SUBJECT_UNKNOWN({ subject })
    await ctx.ledger.append(tx, matter.id, { type: 'LawReviewed', body: { subject, changes: settled, by: person.id } }, `law-review/${ctx.ids.bytes('evt').toString('hex')}`)
    return { settled }
  })
}
