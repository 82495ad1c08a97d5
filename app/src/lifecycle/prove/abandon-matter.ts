// SPDX-License-Identifier: Apache-2.0
// The failed deal (CONTRACTS §18): declared by two people, undone with proof, ended on a sheet that balances.
import { canonicalJson, envelopeText, PREDICATE, sha256, signStatement, statementDigest, toHex, utf8, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { instantOf, type Instant } from '../../kit/time.ts'
import { accountCode, dispositions } from '../../law/index.ts'
import type { Copy, EventBodies, Posting } from '../../ledger/index.ts'
import { lockMatter, ownParty, refuseUnlessBookkeeper, setMatterStatus, type Matter, type Party } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { bookTurns, insertCopyStatement, loadOrders } from '../destroy/index.ts'
import { endBookedDeltas } from '../discover/index.ts'
import { allPackages, type PackageRow } from '../hand-over/index.ts'
import { withdrawPackage } from '../reconcile/index.ts'
import { abandonFailures } from './abandon-failures.ts'
import { abandonReasons, signNotice, type AbandonReason } from './abandon-notice.ts'
import { streamPendingRecords } from './abandon.store.ts'
import { balanceSheet, type BalanceSheet } from './balance-sheet.ts'
import { endBlindIndex } from './end-blind-index.ts'

/** What two people approve: that the matter is given up, why, and with which packages out: one that is issued later needs their word anew. */
export async function abandonParameters(ctx: Context, matter: Matter, reason: AbandonReason, tx?: Tx): Promise<JsonObject> {
  return { reason, packages: await issuedPackages(ctx, matter, tx) }
}

async function issuedPackages(ctx: Context, matter: Matter, tx?: Tx): Promise<string[]> {
  return (await allPackages(tx ?? ctx.db, { tenant: ctx.tenant, matterId: matter.id })).filter(({ issuedSeq }) => issuedSeq !== null).map(({ id }) => id)
}

/** 终止. Where an abandoned matter stands. */
export interface Abandonment {
  reason: AbandonReason
  declaredAt: Instant
  /** When the books were ended; null while copies are open in other hands. */
  endedAt: Instant | null
  void: string[]
  /** Lines of the copies book that stand in the way. */
  open: Copy[]
  /** Copies that nobody could reach: printed, never passed over. */
  outOfReach: Copy[]
  sheet: BalanceSheet
  repeated: boolean
}

/** The matter as its own last act may still change it: for every other command it is over. */
export function stillOpen(matter: Matter): Matter {
  return { ...matter, status: 'open' }
}

/**
 * 宣告终止. Ends all further commands at once, takes values in transit back, declares packages void and opens a line for every copy that a recipient may hold; interrupted anywhere, it goes on. Refuses a closed matter,
 * destruction orders that are not finished, and a missing approval of two people.
 */
export async function declareAbandonment(ctx: Context, matter: Matter, reason: AbandonReason): Promise<void> {
  refuseUnlessBookkeeper(matter)
  if (matter.status === 'closed') throw abandonFailures.ABANDON_CLOSED()
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const order = (await loadOrders(ctx.db, scope)).find(({ status }) => status === 'running' || status === 'pending-final')
  if (order !== undefined && matter.status === 'open') throw abandonFailures.ABANDON_ORDER_OPEN({ order: order.id })
  if (matter.status === 'open') {
    await endBookedDeltas(ctx, matter)
    await ctx.db.transaction(async (tx) => {
      await lockMatter(tx, ctx.tenant, matter.id)
      const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'abandon', digest: parametersDigest(matter.id, 'abandon', await abandonParameters(ctx, matter, reason, tx)) })
      const packages = await issuedPackages(ctx, matter, tx)
      await ctx.ledger.append(tx, matter.id, { type: 'AbandonmentDeclared', body: { reason, request: approval.requestId, packages } }, 'abandon/declared')
      await setMatterStatus(tx, ctx.tenant, matter.id, 'abandoned')
    })
  }
  await undoPackages(ctx, matter)
  await ctx.ledger.publish(matter.id)
}

async function undoPackages(ctx: Context, matter: Matter): Promise<void> {
  for (const row of await allPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    if (row.issuedSeq === null) continue
    if (row.status === 'issued' || row.status === 'accepted') await withdrawPackage(ctx, stillOpen(matter), row.id)
    await ctx.db.transaction((tx) => noteRecipientsCopy(ctx, tx, matter, row))
  }
}

/** Whatever was issued may be in the recipient's hands: a line of its own says so until its end is proven. Our own file of a package that was never accepted is gone with its withdrawal. */
async function noteRecipientsCopy(ctx: Context, tx: Tx, matter: Matter, row: PackageRow): Promise<void> {
  const copies = await ctx.ledger.copies(matter.id, tx)
  const copyOf = async (effect: string): Promise<Copy | undefined> => {
    const opened = await ctx.ledger.eventByEffect(matter.id, effect, tx)
    return opened === undefined ? undefined : copies.find((copy) => copy.openedSeq === opened.seq)
  }
  const kind = row.purpose === 'custody' ? 'custodian' : 'transferee'
  const line = { kind, holder: row.toParty, dataSetId: null, sourceId: null, values: row.values ?? 0 } as const
  const recipients = await copyOf(`package/${row.id}/recipient-copy`)
  if (recipients === undefined) await ctx.ledger.openCopy(tx, matter.id, line, `package/${row.id}/recipient-copy`)
  // Settled as handed over when the deal still stood: what was handed over has to come back.
  else if (recipients.endedHow === 'handed-over' || recipients.endedHow === 'sealed') await ctx.ledger.openCopy(tx, matter.id, line, recipientsEffect(row.id))
  const own = await copyOf(`package/${row.id}/copy`)
  if (own !== undefined && own.endedHow === null) await attestOwnFile(ctx, tx, matter, own)
}

/** Effect of the line for what a recipient of a reconciled package must give back. */
export function recipientsEffect(packageId: string): string {
  return `abandon/${packageId}/recipient-copy`
}

async function attestOwnFile(ctx: Context, tx: Tx, matter: Matter, copy: Copy): Promise<void> {
  const declared = await declaration(ctx, matter, tx)
  const predicate: JsonObject = { fact: copy.id, matter: matter.id, name: 'copy-end', recordedAt: declared.at, value: { how: 'attested', reason: 'void-package-file-deleted' }, by: ownParty(matter).id }
  const subject = [{ name: copy.id, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }]
  const envelope = signStatement({ subject, predicateType: PREDICATE.fact, predicate }, [ctx.signer.noteSigner])
  const digest = statementDigest(envelope)
  const ended = await ctx.ledger.endCopy(tx, matter.id, { copy: copy.id, how: 'attested', proof: digest, until: null, details: { reason: 'void-package-file-deleted' } }, `copy/${copy.id}/ended`)
  if (!ended.repeated) await insertCopyStatement(tx, { tenant: ctx.tenant, matterId: matter.id }, { copy: copy.id, digest: Buffer.from(digest, 'hex'), envelope: envelopeText(envelope), by: ownParty(matter).id, at: ctx.now() })
}

const declaredBody = z.object({ ts: z.string(), reason: z.enum(abandonReasons), packages: z.array(z.string()) })

/** The declaration; refuses a matter that was not declared abandoned. */
export async function declaration(ctx: Context, matter: Matter, tx?: Tx): Promise<{ reason: AbandonReason; at: Instant; packages: string[] }> {
  const [event] = await ctx.ledger.eventsOfType(matter.id, 'AbandonmentDeclared', tx)
  if (event === undefined) throw abandonFailures.ABANDON_NOT_DECLARED()
  const { ts, reason, packages } = declaredBody.parse(JSON.parse(event.json))
  return { reason, at: instantOf(ts), packages }
}

/** The signed notices for the parties that may hold something, with the lines they must end. */
export async function abandonNotices(ctx: Context, matter: Matter): Promise<{ party: Party; text: string; copies: number }[]> {
  const declared = await declaration(ctx, matter)
  const copies = await ctx.ledger.copies(matter.id)
  const packages = await allPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  return matter.parties.filter((party) => !party.isSelf).flatMap((party) => {
    const own = copies.filter((copy) => copy.holder === party.id && copy.endedHow !== 'handed-over' && copy.endedHow !== 'sealed' && copy.endedHow !== 'kept')
    if (own.length === 0) return []
    const notice = { reason: declared.reason, to: party.id, packages: packages.filter((row) => row.toParty === party.id && row.issuedSeq !== null).map(({ id }) => id), copies: own.map(({ id, values }) => ({ copy: id, values })) }
    return [{ party, text: envelopeText(signNotice(matter, ctx.signer.noteSigner, { notice, at: declared.at })), copies: own.filter((copy) => copy.endedHow === null).length }]
  })
}

const ownKinds: readonly Copy['kind'][] = ['original', 'vault', 'backup']

/** 终止清算. Ends the books of an abandoned matter once nothing is open in other hands: what is pending stays with the transferor on its own basis, keys are turned, people can no longer be looked up. Before that it says what is open; afterwards the same again. */
export async function settleAbandonment(ctx: Context, matter: Matter): Promise<Abandonment> {
  const declared = await declaration(ctx, matter)
  const before = await abandonedAt(ctx, matter)
  const own = ownParty(matter).id
  const open = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === null && !(copy.holder === own && ownKinds.includes(copy.kind)))
  if (before === null && open.length === 0) {
    // Old copies of keys open nothing of what the deal had sealed.
    await ctx.vault.turn(matter.id)
    await bookTurns(ctx, matter)
    await ctx.db.transaction((tx) => bookAbandoned(ctx, tx, matter, declared.reason))
    await ctx.ledger.publish(matter.id)
  }
  const endedAt = await abandonedAt(ctx, matter)
  if (endedAt !== null) await endBlindIndex(ctx, matter)
  const copies = await ctx.ledger.copies(matter.id)
  return {
    reason: declared.reason, declaredAt: declared.at, endedAt, void: declared.packages, open, outOfReach: copies.filter((copy) => copy.endedHow === 'out-of-reach'),
    sheet: await balanceSheet(ctx, matter), repeated: before !== null,
  }
}

async function bookAbandoned(ctx: Context, tx: Tx, matter: Matter, reason: string): Promise<void> {
  await lockMatter(tx, ctx.tenant, matter.id)
  if ((await ctx.ledger.eventByEffect(matter.id, 'abandon/ended', tx)) !== undefined) return
  const postings = await keepPending(ctx, tx, matter)
  if (postings.length > 0) await ctx.ledger.append(tx, matter.id, { type: 'DispositionsPosted', body: { plan: 'abandonment', postings } }, 'abandon/kept')
  const own = ownParty(matter).id
  for (const copy of await ctx.ledger.copies(matter.id, tx)) {
    if (copy.endedHow === null && copy.holder === own) await ctx.ledger.endCopy(tx, matter.id, { copy: copy.id, how: 'kept', proof: null, until: null, details: { reason: 'own-customer' } }, `copy/${copy.id}/ended`)
  }
  const copies = await ctx.ledger.copies(matter.id, tx)
  const balance: EventBodies['MatterClosed'] = await ctx.ledger.closingBalance(matter.id, tx)
  const ended = dispositions.reduce((sum, name) => sum + balance.dispositions[name], 0)
  if (ended !== balance.discovered || copies.some((copy) => copy.endedHow === null)) throw new Error('assertion failed: an abandoned matter ends with both books closed')
  await ctx.ledger.append(tx, matter.id, { type: 'MatterAbandoned', body: { reason, ...balance, outOfReach: copies.filter((copy) => copy.endedHow === 'out-of-reach').length } }, 'abandon/ended')
}

/** The transferor's records stay its own. */
async function keepPending(ctx: Context, tx: Tx, matter: Matter): Promise<Posting[]> {
  const sums = new Map<string, Posting>()
  for await (const batch of streamPendingRecords(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    const groups = Map.groupBy(batch, ({ dispositions: vector }) => [...vector.keys()].filter((position) => vector[position] === accountCode.pending).join(','))
    const changes = [...groups].map(([fields, records]) => ({ recordIds: records.map(({ id }) => id), fields: fields.split(',').map(Number), from: 'pending' as const, to: 'kept' as const }))
    for (const posting of await ctx.ledger.setDispositions(tx, matter.id, changes)) {
      const key = `${posting.ds} ${posting.f}`
      sums.set(key, { ...posting, n: posting.n + (sums.get(key)?.n ?? 0) })
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, posting]) => posting)
}

async function abandonedAt(ctx: Context, matter: Matter): Promise<Instant | null> {
  const [event] = await ctx.ledger.eventsOfType(matter.id, 'MatterAbandoned')
  return event === undefined ? null : instantOf(z.object({ ts: z.string() }).parse(JSON.parse(event.json)).ts)
}
