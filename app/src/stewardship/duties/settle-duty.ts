// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { dayInChina, type Day } from '../../kit/time.ts'
import { isSettledByHand, isStop, type Duty } from '../../law/index.ts'
import { lockMatter, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { safeguardingRoles, signingPersonOf } from '../access/index.ts'
import { dutyFailures } from './duty-failures.ts'

/** A duty that somebody says is done: when, by whose key, and the document behind it. */
export interface Settlement {
  duty: string
  on: Day
  keyFile: string
  evidenceFile: string | undefined
}

/**
 * 义务了结. Books that a person said a duty was done on a day (CONTRACTS §6); saying it again changes nothing. The document stays with the party, the event keeps its salted digest. Refuses duties that the matter does not
 * have and days outside its time (DUTY_UNKNOWN, DUTY_DAY). One whose lapse stops a step or the close is not talked away: where a signed fact or an event says it, this names the command (DUTY_BY_ACT); else it takes the
 * document (DUTY_EVIDENCE) and somebody who answers for law or data (ROLE_MAY_NOT_SIGN).
 */
export async function settleDuty(ctx: Context, matter: Matter, duties: readonly Duty[], given: Settlement): Promise<{ repeated: boolean }> {
  refuseUnlessBookkeeper(matter)
  const duty = duties.find(({ id, kind }) => id === given.duty && kind === 'duty')
  const { person } = await signingPersonOf(ctx, matter, given.keyFile, duty !== undefined && isStop(duty.sev) ? { roles: safeguardingRoles } : {})
  if (duty === undefined) throw dutyFailures.DUTY_UNKNOWN({ duty: given.duty.slice(0, 80) })
  if (duty.status === 'done') return { repeated: true }
  if (!isSettledByHand(duty)) throw dutyFailures.DUTY_BY_ACT({ duty: duty.id, rule: duty.rule, command: duty.endsBy ?? '' })
  if (isStop(duty.sev) && given.evidenceFile === undefined) throw dutyFailures.DUTY_EVIDENCE({ duty: duty.id, rule: duty.rule })
  // A duty ahead of an event (30 days before closing) is done before the event from which it is counted.
  const earliest = duty.deadline.start < duty.deadline.due ? dayInChina(duty.deadline.start) : matterStart(matter)
  if (given.on > ctx.today() || given.on < earliest) throw dutyFailures.DUTY_DAY({ on: given.on, start: earliest, today: ctx.today() })
  const evidence = given.evidenceFile === undefined ? null : saltedDigest(readEvidence(given.evidenceFile))
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const before = await ctx.ledger.eventByEffect(matter.id, `duty/${duty.id}`, tx)
    if (before !== undefined) return { repeated: true }
    await ctx.ledger.append(tx, matter.id, { type: 'DutySettled', body: { duty: duty.id, on: given.on, evidence, by: person.id } }, `duty/${duty.id}`)
    return { repeated: false }
  })
}

function readEvidence(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw dutyFailures.DUTY_EVIDENCE_UNREADABLE({ file, why: error instanceof Error && 'code' in error ? String(error.code) : 'EIO' }, { cause: error })
  }
}

function matterStart(matter: Matter): Day {
  return dayInChina(matter.openedAt)
}

/** `salt:digest`, SHA-256(salt ‖ bytes): whoever has the document can show that it is the one, nobody else learns anything of it. */
function saltedDigest(bytes: Buffer): string {
  const salt = randomBytes(32)
  return `${salt.toString('hex')}:${createHash('sha256').update(salt).update(bytes).digest('hex')}`
}
