// SPDX-License-Identifier: Apache-2.0
// The executor of files: compare, write anew, read back, replace; each file is one effect with its intent before it (CONTRACTS §§9, 16).
import { statementDigest } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { addHours } from '../../kit/time.ts'
import { Failure } from '../../kit/failure.ts'
import { accountCode } from '../../law/index.ts'
import type { JudgedGate } from '../hand-over/index.ts'
import { lockMatter, type Matter } from '../../matter/index.ts'
import { bookCertificate, signCertificate } from './certificate.ts'
import { destroyFailures } from './destroy-failures.ts'
import { findOrder, updateOrder } from './destroy.store.ts'
import { grantHours, type DestructionOrder, type RunPermission } from './destruction-order.ts'
import { intendDestruction } from './intend-destruction.ts'
import { computeSet } from './destruction-set.ts'
import { filesOf, isDatabase } from './files-of-order.ts'
import { finishWork, lockFiles, noteInOriginal, worksOf } from './originals.store.ts'
import { checkOriginal, rewriteOriginal, type OriginalFile, type RewrittenState } from './rewrite-original.ts'
import { wipe, workName } from './replace-file.ts'
import { beyondDatabase, howVerified, leftInDatabase, openSourceBackups, type DoneDatabase } from './certify-database.ts'
import { checkDatabase, destroyInDatabase, refuseLeft, writerFor } from './destroy-in-database.ts'
import { tombstoneRoot } from './tombstone-file.ts'
import { tryRewrite } from './try-rewrite.ts'

/** An order over originals: which copies, and what the person at the keyboard allows. */
export interface OriginalsRun {
  order: DestructionOrder
  copies: readonly string[]
  permission: RunPermission
  /** What the gate said of an order that does not run yet; null when it runs. */
  judged: JudgedGate | null
}

/**
 * Carries out an order over originals. Every file is compared and its rewriting tried before the approval is used, so that a changed file, or one of which no part can be removed, stops everything; then file by
 * file, each taken up where it was interrupted. A file that refuses although the order runs already stays as it is when the person at the keyboard says so: the certificate names it, and its copy stays open.
 */
export async function runOriginals(ctx: Context, matter: Matter, run: OriginalsRun): Promise<void> {
  const { order, permission } = run
  const files = await filesOf(ctx, matter, { copies: run.copies, planId: order.facts.plan, approval: order.approvalRequest, readAs: permission.readAs ?? {} })
  if (!permission.allowWrite) throw destroyFailures.WRITE_NOT_ALLOWED({ files: files.length })
  for (const file of files.filter(isDatabase)) writerFor(file, permission.writeAs ?? [])
  if (run.judged !== null) {
    await refuseIfVaultCannotOpen(ctx, matter, files)
    for (const file of files) await tryOriginal(ctx, matter, file, permission)
    await intendDestruction(ctx, matter, order, run.judged)
  }
  ctx.progress({ zh: '等待见证', en: 'Waiting for witnesses' }, 0, null)
  await ctx.ledger.publish(matter.id)
  const done = await rewriteAll(ctx, matter, { order, permission, files })
  ctx.progress({ zh: '出具证明', en: 'Certifying' }, files.length, files.length)
  await certifyOriginals(ctx, matter, { orderId: order.id, files, ...done })
}

interface Rewriting {
  order: DestructionOrder
  permission: RunPermission
  files: readonly OriginalFile[]
}

/** Compares an original and tries its rewriting; what refuses does so before the approval is used. */
async function tryOriginal(ctx: Context, matter: Matter, file: OriginalFile, { writeAs = [], leaveRefused }: RunPermission): Promise<void> {
  if (!isDatabase(file)) return tryRewrite(file, await checkOriginal(ctx, matter, file))
  const left = await checkDatabase(ctx, matter, file, writerFor(file, writeAs))
  if (leaveRefused !== true) refuseLeft(file, left)
}

interface DoneAll {
  rowsRead: number
  /** Files that stay as they are. */
  refused: OriginalFile[]
  databases: DoneDatabase[]
}

async function rewriteAll(ctx: Context, matter: Matter, { order, permission, files }: Rewriting): Promise<DoneAll> {
  return ctx.db.transaction(async (guard) => {
    await lockFiles(guard, { tenant: ctx.tenant, matterId: matter.id }) // nobody takes the half-written file for a leftover
    const done: DoneAll = { rowsRead: 0, refused: [], databases: [] }
    for (const [at, file] of files.entries()) {
      ctx.progress({ zh: '改写原始文件', en: 'Rewriting originals' }, at, files.length)
      if (isDatabase(file)) {
        const outcome = await destroyInDatabase(ctx, matter, { orderId: order.id, file, login: writerFor(file, permission.writeAs ?? []), isRebuilt: permission.keepPages !== true, mayLeave: permission.leaveRefused === true })
        if (permission.leaveRefused !== true) refuseLeft(file, outcome.left)
        done.databases.push({ file, ...outcome })
        done.rowsRead += outcome.rowsRead
        continue
      }
      const state = await rewriteOriginal(ctx, matter, { orderId: order.id, file }).catch((error: unknown) => {
        if (permission.leaveRefused === true && error instanceof Failure && error.code === 'ORIGINAL_REFUSES') return null
        throw error
      })
      if (state === null) {
        wipe(workName(file.path, order.id, 'new'))
        done.refused.push(file)
        continue
      }
      await confirmFile(ctx, matter, { orderId: order.id, file, state })
      done.rowsRead += state.rowsRead
    }
    return done
  })
}

/** What is sealed will stand in the vault alone, so it is opened once before its original goes. */
async function refuseIfVaultCannotOpen(ctx: Context, matter: Matter, files: readonly OriginalFile[]): Promise<void> {
  const grant = { person: ctx.signer.vkey.name, purpose: 'backup-check' as const, compartments: [], until: addHours(ctx.now(), grantHours), approval: null }
  for (const { dataSet } of files.flatMap((file) => file.expected)) {
    for (const hasDisposition of [accountCode.sealed, accountCode.transferred]) {
      for await (const records of ctx.vault.read(grant, { matterId: matter.id, dataSetId: dataSet.id, withLeaves: true, where: { hasDisposition } })) void records
    }
  }
}

async function confirmFile(ctx: Context, matter: Matter, given: { orderId: string; file: OriginalFile; state: RewrittenState }): Promise<void> {
  const { orderId, file, state } = given
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const gone = Buffer.alloc(1)
  await ctx.db.transaction(async (tx) => {
    for (const set of file.expected) {
      for await (const rows of set.rows()) {
        const changed = rows.flatMap(({ recordId, fate }) => (fate === 'stays' ? [] : [{ recordId, fields: fate === 'goes' ? gone : fate }]))
        if (changed.length > 0) await noteInOriginal(tx, scope, changed)
      }
    }
    await finishWork(tx, scope, orderId, { sourceId: file.source.id, stateAfter: state.stateAfter, at: ctx.now() })
  })
}

interface DoneOriginals extends DoneAll {
  orderId: string
  files: readonly OriginalFile[]
}

/** The certificate of rewritten files is final at once: no key is involved (method "clear"). Copies in files that stayed as they are are named on it and do not end. */
async function certifyOriginals(ctx: Context, matter: Matter, { orderId, files, refused, rowsRead, databases }: DoneOriginals): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const whole = new Set((await worksOf(ctx.db, scope, orderId)).filter((work) => work.wholeFile).map((work) => work.sourceId))
  const notRead = files.filter((file) => !whole.has(file.source.id) && !refused.includes(file)).flatMap((file) => file.copies.flatMap((copy) => [...new Set(file.source.notRead.map(({ code }) => code))].map((why) => ({ copy, why }))))
  const left = [...refused.flatMap((file) => file.copies.map((copy) => ({ copy, why: file.source.kind }))), ...databases.flatMap(leftInDatabase)]
  const valuesLeft = left.length === 0 ? 0 : (await computeSet(ctx, matter, { kind: 'originals', copies: left.map(({ copy }) => copy) })).counts.values
  const leftWords = left.length === 0 ? '' : `; ${left.length} copies were left as they are, wholly or in part: see outOfReach`
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const found = required(await findOrder(tx, scope, orderId), 'the order is there')
    if (found.status !== 'running') return
    const copies = found.facts.copies.filter(({ copy }) => !left.some((one) => one.copy === copy))
    const order = { ...found, facts: { ...found.facts, destroyedAt: ctx.now(), notRead, refused: left, beyond: databases.flatMap(beyondDatabase), copies, values: found.facts.values - valuesLeft } }
    const envelope = await signCertificate(ctx, matter, {
      order, status: 'final', system: [...new Set(files.map((file) => file.source.kind))].sort().join('+'), tombstones: await tombstoneRoot(tx, scope),
      keys: { destroyed: 0, epoch: 0, chain: 'none: files in clear', storedAt: [] },
      verification: { how: `${howVerified(files.length, databases)}${leftWords}`, sample: rowsRead, result: 'no destroyed row was found' },
    })
    const doneSeq = await bookCertificate(ctx, tx, matter, { orderId, status: 'final', envelope })
    for (const { copy, how, until, values } of copies) {
      await ctx.ledger.endCopy(tx, matter.id, { copy, how, proof: statementDigest(envelope), until, details: { order: orderId, values } }, `copy/${copy}/ended`)
    }
    for (const { file } of databases) await finishWork(tx, scope, orderId, { sourceId: file.source.id, stateAfter: null, at: ctx.now() })
    await openSourceBackups(ctx, tx, matter, { orderId, databases })
    await updateOrder(tx, scope, orderId, { status: 'final', facts: order.facts, finalCertificate: envelope, doneSeq })
  })
  await ctx.ledger.publish(matter.id)
}
