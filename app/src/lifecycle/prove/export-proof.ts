// SPDX-License-Identifier: Apache-2.0
import { bundleEntries, frameEntry, once, readAll, verifySource, writeTar, type BundleKind, type BundleParts, type Verdict } from '@handover/proof'
import { existsSync, readFileSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { rewriteEntries, tombstoneEntries } from '../destroy/index.ts'
import { writeStream } from '../hand-over/index.ts'
import { closedBalance } from './balance-sheet.ts'
import { bundleStatements } from './bundle-statements.ts'
import { proveFailures } from './prove-failures.ts'

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

const bundleBytesMax = 2 ** 32

/**
 * 导出证据包. Writes the offline evidence (CONTRACTS §12): the log, all events, books and inventory leaves, signed statements and party files; the public kind has totals and roots only. It is verified by the
 * verifier, under the matter's own policy, before the file gets its name. The same state gives the same bytes. Refuses an unsound bundle (65), a public one before the close, and to overwrite another file.
 */
export async function exportProof(ctx: Context, matter: Matter, order: { kind: BundleKind; file: string; language: 'zh' | 'en' }): Promise<ExportedProof> {
  refuseUnlessBookkeeper(matter)
  if (order.kind === 'public' && (await closedBalance(ctx, matter)) === null) throw proveFailures.PUBLIC_NEEDS_CLOSE({ code: matter.code })
  await ctx.ledger.publish(matter.id)
  const parts = await bundleParts(ctx, matter, order.kind)
  const tar = await readAll(writeTar(bundleEntries(parts)), bundleBytesMax)
  const verdict = await verifySource(() => once(tar), { policy: parts.policy, language: order.language })
  const failed = verdict.checks.find((check) => !check.ok)
  if (failed !== undefined || !verdict.ok) throw proveFailures.PROOF_NOT_SOUND({ check: failed?.name ?? 'form', why: failed?.detail ?? '' })
  const repeated = existsSync(order.file)
  if (repeated && !readFileSync(order.file).equals(tar)) throw proveFailures.PROOF_FILE_TAKEN({ file: order.file })
  if (!repeated) await writeStream(order.file, once(tar))
  return { file: order.file, kind: order.kind, bytes: tar.length, events: parts.events.length, size: parts.size, verdict, repeated }
}

async function bundleParts(ctx: Context, matter: Matter, kind: BundleKind): Promise<BundleParts> {
  const policy = required(await ctx.ledger.policy(matter.id), 'what was published has a policy')
  const [head, ...tiles] = await Array.fromAsync(ctx.ledger.logFiles(matter.id))
  const newest = required(await ctx.ledger.latestCheckpoint(matter.id), 'what was published has a checkpoint')
  const events = (await Array.fromAsync(ctx.ledger.events(matter.id))).flatMap(({ leafIndex, salt, json, type }) => (leafIndex === null || leafIndex >= newest.checkpoint.size ? [] : [{ leaf: leafIndex, salt, event: json, type }]))
  const shared = {
    kind, matter: matter.id, origin: newest.checkpoint.origin, policy: policy.text, checkpoint: required(head, 'a published log has a checkpoint').bytes.toString('utf8'), size: Number(newest.checkpoint.size), tiles,
    signers: [ctx.signer.noteSigner],
  }
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const nothing = new Uint8Array(0)
  if (kind === 'public') {
    return { ...shared, events: events.filter(({ type }) => publicEvents.includes(type)), inventory: nothing, books: nothing, rewrites: nothing, tombstones: nothing, statements: [], parties: [] }
  }
  return {
    ...shared, events,
    inventory: await framed(ctx.ledger.inventoryEntries(matter.id)), books: await framed(ctx.ledger.booksEntries(matter.id)),
    rewrites: await framed(rewriteEntries(ctx.db, scope)), tombstones: await framed(tombstoneEntries(ctx.db, scope)),
    statements: await bundleStatements(ctx, matter, events.map(({ event }) => event)),
    parties: matter.parties.map(({ role, envelope }) => ({ role, envelope })),
  }
}

/** What the public may see beside the log: who opened it, under which policy, and the totals of the close. */
const publicEvents: readonly string[] = ['MatterOpened', 'PolicyChanged', 'MatterClosed']

async function framed(entries: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const frames: Uint8Array[] = []
  for await (const entry of entries) frames.push(frameEntry(entry))
  return Buffer.concat(frames)
}
