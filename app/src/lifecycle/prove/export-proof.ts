// SPDX-License-Identifier: Apache-2.0
import { bundleEntries, verifyFile, verifierPage, writeTar, type BundleKind, type BundleParts, type Verdict } from '@handover/proof'
import { createReadStream, existsSync, rmSync, statSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { bodyOfEvent, type StoredEvent } from '../../ledger/index.ts'
import { refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { actRules } from '../../stewardship/access/index.ts'
import { rewriteEntries, tombstoneEntries } from '../destroy/index.ts'
import { revisionEntries } from '../discover/index.ts'
import { writeStream } from '../hand-over/index.ts'
import { acceptedRecordsFile } from '../reconcile/index.ts'
import { closedBalance } from './balance-sheet.ts'
import { bundleStatements } from './bundle-statements.ts'
import { proveFailures } from './prove-failures.ts'
import { renameNew } from './rename-new.ts'
import { openSpool, type Spool } from './spool-file.ts'

/** A proof bundle that was written, and what its own check said. */
export interface ExportedProof {
  file: string
  kind: BundleKind
  bytes: number
  events: number
  /** Size of the log that it shows. */
  size: number
  verdict: Verdict
  /** The very same bundle was there already. */
  repeated: boolean
}

/**
 * 导出证据包. Writes the offline evidence (CONTRACTS §12): the log, all events, books and inventory leaves, signed statements and party files; the public kind has totals and roots only. It is verified by the
 * verifier, under the matter's own policy, before the file gets its name; the memory it takes does not grow with the records. The same state gives the same bytes. Refuses an unsound bundle (65), a public one
 * before the close, and to overwrite another file.
 */
export async function exportProof(ctx: Context, matter: Matter, order: { kind: BundleKind; file: string; language: 'zh' | 'en' }): Promise<ExportedProof> {
  refuseUnlessBookkeeper(matter)
  if (order.kind === 'public' && (await closedBalance(ctx, matter)) === null) throw proveFailures.PUBLIC_NEEDS_CLOSE({ code: matter.code })
  await ctx.ledger.publish(matter.id)
  const draft = `${order.file}.unverified`
  const spool = openSpool(ctx.home.paths.tmp)
  try {
    const parts = await bundleParts(ctx, matter, order.kind, spool)
    const bytes = await writeStream(draft, writeTar(bundleEntries(parts)))
    const verdict = await verifyFile(draft, { policy: parts.policy, language: order.language })
    const failed = verdict.checks.find((check) => !check.ok)
    if (failed !== undefined || !verdict.ok) throw proveFailures.PROOF_NOT_SOUND({ check: failed?.name ?? 'form', why: failed?.detail ?? '' })
    const repeated = await takeName(draft, order.file)
    return { file: order.file, kind: order.kind, bytes, events: parts.events.length, size: parts.size, verdict, repeated }
  } finally {
    spool.remove()
    rmSync(draft, { force: true })
  }
}

/** Gives the verified file its name; true when the same file has it already. Another file keeps it. */
async function takeName(draft: string, file: string): Promise<boolean> {
  if (!existsSync(file) && renameNew(draft, file)) return false
  if (!(await isSame(draft, file))) throw proveFailures.PROOF_FILE_TAKEN({ file })
  return true
}

async function isSame(one: string, other: string): Promise<boolean> {
  if (statSync(one).size !== statSync(other).size) return false
  const others = createReadStream(other)[Symbol.asyncIterator]()
  for await (const part of createReadStream(one)) {
    const next: IteratorResult<unknown> = await others.next()
    if (!Buffer.isBuffer(part) || !Buffer.isBuffer(next.value) || !part.equals(next.value)) return false
  }
  return true
}

async function bundleParts(ctx: Context, matter: Matter, kind: BundleKind, spool: Spool): Promise<BundleParts> {
  const policy = required(await ctx.ledger.policy(matter.id), 'what was published has a policy')
  const [head, ...tiles] = await Array.fromAsync(ctx.ledger.logFiles(matter.id))
  const newest = required(await ctx.ledger.latestCheckpoint(matter.id), 'what was published has a checkpoint')
  const size = Number(newest.checkpoint.size)
  const stored = (await Array.fromAsync(ctx.ledger.events(matter.id))).filter(({ leafIndex }) => leafIndex !== null && leafIndex < size)
  const { padding, unopened } = await ctx.ledger.padding(matter.id, size)
  const format = unopened === 0 && stored.every(saysItsCoolingOff) ? ('handover-bundle/v2' as const) : ('handover-bundle/v1' as const)
  const shared = {
    format, kind, matter: matter.id, origin: newest.checkpoint.origin, policy: policy.text, checkpoint: required(head, 'a published log has a checkpoint').bytes.toString('utf8'), size, tiles,
    page: verifierPage(), signers: [ctx.signer.noteSigner],
  }
  const eventOf = ({ leafIndex, salt, json }: StoredEvent) => ({ leaf: required(leafIndex, 'a published event has a leaf'), salt, event: json })
  if (kind === 'public') {
    const nothing = new Uint8Array(0)
    return { ...shared, events: stored.filter(({ type }) => publicEvents.includes(type)).map(eventOf), inventory: nothing, books: nothing, rewrites: nothing, tombstones: nothing, statements: [], parties: [] }
  }
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return {
    ...shared, events: stored.map(eventOf), padding,
    inventory: await spool.frame('inventory', ctx.ledger.inventoryEntries(matter.id)), books: await spool.frame('books', ctx.ledger.booksEntries(matter.id)),
    rewrites: await spool.frame('rewrites', rewriteEntries(ctx.db, scope)), tombstones: await spool.frame('tombstones', tombstoneEntries(ctx.db, scope)),
    ...(stored.some(({ type }) => type === 'RecordsRevised') ? { revisions: await spool.frame('revisions', revisionEntries(ctx.db, scope)) } : {}),
    accepted: await acceptedLists(ctx, matter, stored),
    statements: await bundleStatements(ctx, matter, stored.map(({ json }) => json)),
    parties: matter.parties.map(({ role, envelope }) => ({ role, envelope })),
  }
}

/** The records of each package that both parties agreed upon, as the recipient signed them; the verifier holds them against the signature. */
async function acceptedLists(ctx: Context, matter: Matter, events: readonly StoredEvent[]): Promise<BundleParts['accepted']> {
  const lists = []
  for (const { json } of events.filter(({ type }) => type === 'Reconciled')) {
    const body = bodyOfEvent(json)
    const list = typeof body['package'] === 'string' ? await acceptedRecordsFile(ctx, matter.id, body['package']) : null
    if (list !== null) lists.push({ acceptance: list.acceptance, records: { size: list.size, sha256: list.recordsDigest, open: () => list.open() } })
  }
  return lists
}

/** Approvals of before the ledger said how long they have to cool off can only be shown in the first format, which the verifier marks as proving less. */
function saysItsCoolingOff({ type, json }: StoredEvent): boolean {
  if (type !== 'ApprovalGranted') return true
  const body = bodyOfEvent(json)
  const rule = Object.entries(actRules).find(([act]) => act === body['act'])?.[1]
  return rule?.coolsOff !== true || typeof body['coolingOffHours'] === 'number'
}

/** What the public may see beside the log: who opened it, under which policy, and the totals of the close. */
const publicEvents: readonly string[] = ['MatterOpened', 'PolicyChanged', 'MatterClosed']
