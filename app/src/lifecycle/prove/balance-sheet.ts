// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { haltForBooks } from '../../kit/halt.ts'
import { instantOf, type Day, type Instant } from '../../kit/time.ts'
import { confOfArticle, dispositions, type CopyEnd, type CoveredCounts, type CopyKind, type PartyRole } from '../../law/index.ts'
import { totalOfLines, type Copy, type EventBodies } from '../../ledger/index.ts'
import { lawOf, type Matter } from '../../matter/index.ts'
import { loadOrders, type NoReceiptReason } from '../destroy/index.ts'
import { bookedWaivers, type Scope } from '../discover/index.ts'
import { gateOverrides } from '../hand-over/index.ts'
import { countSealedReceipts, smallestGroup } from './prove.store.ts'

/** Copies of one kind: how many are open, and how the others ended. */
export interface CopyLine {
  kind: CopyKind
  open: number
  ended: Partial<Record<CopyEnd, number>>
}

/** 平衡表. The one sheet of a matter (PRODUCT §1): what was received and where every value ended; before the close, where it stands. */
export interface BalanceSheet {
  matter: { id: string; code: string; type: Matter['type']; demo: boolean }
  parties: { role: PartyRole; name: string; creditCode: string }[]
  /** When MatterClosed was booked, on the legal clock; null before. */
  closedAt: Instant | null
  balance: EventBodies['MatterClosed']
  pending: number
  inTransit: number
  /** Contradictions that the recount found; not asked again after the close. */
  problems: number
  copies: CopyLine[]
  copiesOpen: number
  /** How many records share the rarest disposition vector: what the parties' bundle could show of a single record (CONTRACTS §3). */
  smallestGroup: number
  receiptsSealed: number
  /** Why destruction orders and deltas (`order` names either) ended values without sealed receipts, as two people approved (CONTRACTS §9). */
  withoutReceipts: { order: string; reason: NoReceiptReason; records: number }[]
  /** Gate rules that named people overrode on counsel's opinion, ended ones too: printed, never passed over (register §9); `conf` says how sure the matter's law is of the article. */
  gateOverrides: { rule: string; codes: readonly string[]; counts: CoveredCounts; article: string; conf: string; opinion: string; on: Day; until: Day; approval: string }[]
  log: { origin: string; size: number; root: string; witnesses: string[] } | null
}

/** 编制平衡表. The sheet of the closed matter from its event, or of an open one from a fresh recount of vectors against postings. */
export async function balanceSheet(ctx: Context, matter: Matter): Promise<BalanceSheet> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const closed = await closedBalance(ctx, matter)
  const law = await lawOf(ctx, matter)
  const total = totalOfLines(await ctx.ledger.mainBook(matter.id))
  const copies = copyLines(await ctx.ledger.copies(matter.id))
  return {
    matter: { id: matter.id, code: matter.code, type: matter.type, demo: matter.isDemo },
    parties: matter.parties.map(({ role, file }) => ({ role, name: file.name, creditCode: file.creditCode })),
    closedAt: closed?.at ?? null,
    balance: closed?.balance ?? (await ctx.ledger.closingBalance(matter.id)),
    pending: total.pending, inTransit: total.inTransit,
    problems: closed === null ? await problemsOfBooks(ctx, matter) : 0,
    copies, copiesOpen: copies.reduce((sum, line) => sum + line.open, 0),
    smallestGroup: await smallestGroup(ctx.db, scope), receiptsSealed: await countSealedReceipts(ctx.db, scope),
    withoutReceipts: await waivers(ctx, scope),
    gateOverrides: (await gateOverrides(ctx, matter)).map(({ id: _id, ...override }) => ({ ...override, conf: confOfArticle(override.article, law) })),
    log: await logHead(ctx, matter),
  }
}

/** What orders waived, and what deltas waived before them; a reason that an order only took over from a delta is counted there. */
async function waivers(ctx: Context, scope: Scope): Promise<BalanceSheet['withoutReceipts']> {
  const ofOrders = (await loadOrders(ctx.db, scope)).flatMap(({ id, status, facts }) => {
    const records = facts.unreceipted?.waived ?? facts.records
    return facts.withoutReceipts === null || status === 'requested' || records === 0 ? [] : [{ order: id, reason: facts.withoutReceipts, records }]
  })
  return [...(await bookedWaivers(ctx.db, scope)).map(({ scan, ...waiver }) => ({ order: scan, ...waiver })), ...ofOrders]
}

/** Contradictions of the books; whoever finds one stops the home (SECURITY P30). */
async function problemsOfBooks(ctx: Context, matter: Matter): Promise<number> {
  const { problems } = await ctx.ledger.verifyBooks(matter.id)
  haltForBooks(ctx.home, problems, 'close')
  return problems.length
}

/** Whether nothing stands in the way of the close as far as the two books go (CONTRACTS §4). */
export function isBalanced(sheet: BalanceSheet): boolean {
  return differenceOf(sheet) === 0 && sheet.problems === 0 && sheet.pending === 0 && sheet.inTransit === 0 && sheet.copiesOpen === 0
}

/** 差额. Values received that no account has; pending and in-transit count until the close. */
export function differenceOf({ balance, pending, inTransit }: BalanceSheet): number {
  return balance.discovered - dispositions.reduce((sum, name) => sum + balance.dispositions[name], 0) - pending - inTransit
}

const counts = z.object({ transferred: z.int(), kept: z.int(), sealed: z.int(), anonymised: z.int(), destroyed: z.int() })
const mixedCounts = counts.extend({ mixed: z.int() })
const closedBody = z.object({ ts: z.string(), booksRoot: z.string(), records: z.int(), discovered: z.int(), dispositions: counts, recordsBy: mixedCounts, subjectsBy: mixedCounts })

/** What MatterClosed says, or null while the matter is not closed. */
export async function closedBalance(ctx: Context, matter: Matter): Promise<{ seq: number; at: Instant; balance: EventBodies['MatterClosed'] } | null> {
  const [event] = await ctx.ledger.eventsOfType(matter.id, 'MatterClosed')
  if (event === undefined) return null
  const { ts, ...balance } = closedBody.parse(JSON.parse(event.json))
  return { seq: event.seq, at: instantOf(ts), balance }
}

function copyLines(copies: readonly Copy[]): CopyLine[] {
  return [...Map.groupBy(copies, (copy) => copy.kind)].map(([kind, of]) => {
    const ended: CopyLine['ended'] = {}
    for (const { endedHow } of of) if (endedHow !== null) ended[endedHow] = (ended[endedHow] ?? 0) + 1
    return { kind, open: of.filter((copy) => copy.endedHow === null).length, ended }
  })
}

async function logHead(ctx: Context, matter: Matter): Promise<BalanceSheet['log']> {
  if ((await ctx.ledger.policy(matter.id)) === null) return null
  const newest = await ctx.ledger.latestCheckpoint(matter.id)
  if (newest === null) return null
  const { origin, size, root } = newest.checkpoint
  return { origin, size: Number(size), root: Buffer.from(root).toString('hex'), witnesses: newest.witnesses }
}
