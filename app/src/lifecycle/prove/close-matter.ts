// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../context.ts'
import { dispositions } from '../../law/index.ts'
import type { EventBodies } from '../../ledger/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, setMatterStatus, type Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { endBookedDeltas } from '../discover/index.ts'
import { judgeGate, refuseIfOvertaken, type JudgedGate } from '../hand-over/index.ts'
import { balanceSheet, closedBalance, isBalanced, type BalanceSheet } from './balance-sheet.ts'
import { endBlindIndex } from './end-blind-index.ts'
import { proveFailures } from './prove-failures.ts'

type Balance = EventBodies['MatterClosed']

/** What two people approve at the close: exactly this balance, by its digest and its main numbers. */
export function closeParameters(balance: Balance): JsonObject {
  const { booksRoot, records, discovered } = balance
  return { balance: toHex(sha256(utf8(canonicalJson(plainBalance(balance))))), booksRoot, records, discovered, dispositions: { ...balance.dispositions } }
}

/** 办结. Closes the matter on the balance that two people approved and publishes its root (CONTRACTS §4); later calls give the same sheet. Refuses open books (14), unmet gates (15), a missing approval (13), too few witnesses (69). */
export async function closeMatter(ctx: Context, matter: Matter): Promise<{ sheet: BalanceSheet; repeated: boolean }> {
  refuseUnlessBookkeeper(matter)
  const before = await closedBalance(ctx, matter)
  if (before === null) {
    refuseEnded(matter)
    await endBookedDeltas(ctx, matter) // afterwards nothing would take up an interrupted one
    await ctx.ledger.publish(matter.id) // so that the gate sees today's witnesses, not those of the last publication
    await refuseOpenBooks(ctx, matter)
    const judged = await judgeGate(ctx, matter, 'close')
    await ctx.db.transaction((tx) => bookClose(ctx, tx, matter, judged))
  }
  await ctx.ledger.publish(matter.id)
  await endBlindIndex(ctx, matter)
  return { sheet: await balanceSheet(ctx, matter), repeated: before !== null }
}

/** Refuses while the main book has pending or in-transit values, the copies book has open lines, or the recount finds a contradiction. */
export async function refuseOpenBooks(ctx: Context, matter: Matter): Promise<BalanceSheet> {
  const sheet = await balanceSheet(ctx, matter)
  if (!isBalanced(sheet)) throw proveFailures.BOOKS_STILL_OPEN({ pending: sheet.pending, inTransit: sheet.inTransit, copies: sheet.copiesOpen, problems: sheet.problems })
  return sheet
}

/** Event, use of the approval and the end of the matter in one transaction. */
async function bookClose(ctx: Context, tx: Tx, matter: Matter, judged: JudgedGate): Promise<void> {
  await lockMatter(tx, ctx.tenant, matter.id)
  const balance = await ctx.ledger.closingBalance(matter.id, tx)
  const open = (await ctx.ledger.copies(matter.id, tx)).filter((copy) => copy.endedHow === null).length
  const ended = dispositions.reduce((sum, name) => sum + balance.dispositions[name], 0)
  if (ended !== balance.discovered || open > 0) throw proveFailures.BOOKS_MOVED()
  const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'MatterClosed', body: balance }, 'close')
  await refuseIfOvertaken(ctx, matter, judged, seq)
  // The event holds off all other booking until the end; what slipped in between the count and the event shows here.
  if (!isDeepStrictEqual(await ctx.ledger.closingBalance(matter.id, tx), balance)) throw proveFailures.BOOKS_MOVED()
  await approvalFor(ctx, tx, { matterId: matter.id, act: 'close', digest: parametersDigest(matter.id, 'close', closeParameters(balance)), usedSeq: seq })
  await setMatterStatus(tx, ctx.tenant, matter.id, 'closed')
}

function plainBalance({ dispositions: by, recordsBy, subjectsBy, ...rest }: Balance): JsonObject {
  return { ...rest, dispositions: { ...by }, recordsBy: { ...recordsBy }, subjectsBy: { ...subjectsBy } }
}
