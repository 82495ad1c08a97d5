// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { ChoiceKind } from '../../law/nouns.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { insertStep, lockMatter } from '../discover/index.ts'
import { notifyFailures } from './notify-failures.ts'
import { countDecisions, decideRequests as updateRequests, listRequests, type RequestRow } from './notify.store.ts'

/** 裁定. A decision on open requests of one kind, of one import, of one person, or all of them. */
export interface Decision {
  choice: ChoiceKind
  batch: string | null
  subject: string | null
  decision: 'accepted' | 'refused'
  /** Needed for a refusal (个人信息保护法 第五十条); kept encrypted. */
  reason: string | null
}

/** 裁定请求. Decides open requests: an accepted deletion becomes valid, a refused one is answered with its reason. Refuses when nothing is open, and a refusal without a reason. */
export async function decideRequests(ctx: Context, matter: Matter, given: Decision): Promise<{ records: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  if (given.decision === 'refused' && (given.reason ?? '').trim() === '') throw notifyFailures.REFUSAL_NEEDS_REASON()
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const records = await updateRequests(tx, scope, given, given.decision === 'accepted' ? 'decided' : 'refused')
    if (records === 0) throw notifyFailures.NO_OPEN_REQUEST({ what: [given.choice, given.batch, given.subject].filter((one) => one !== null).join(' ') })
    const effect = `choice-decide/${(await countDecisions(tx, scope)) + 1}`
    const body = { batch: given.batch ?? given.subject ?? 'all', choice: given.choice, decision: given.decision, records }
    await ctx.ledger.append(tx, matter.id, { type: 'ChoiceDecided', body }, effect)
    if (given.reason !== null) await ctx.vault.sealLabel(matter.id, `${matter.id}/${effect}`, 'decision-reason', given.reason, tx)
    await insertStep(tx, scope, { effect, result: body, at: ctx.now() })
    return { records }
  })
}

/** The requests of a matter, the open ones first; persons by id only. */
export async function listChoiceRequests(ctx: Context, matter: Matter, only: { status?: string } = {}): Promise<RequestRow[]> {
  return listRequests(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, only)
}
