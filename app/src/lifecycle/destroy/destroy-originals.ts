// SPDX-License-Identifier: Apache-2.0
// The executor of files: compare, write anew, read back, replace; each file is one effect with its intent before it (CONTRACTS §§9, 16).
import { statementDigest } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { addHours } from '../../kit/time.ts'
import { accountCode } from '../../law/index.ts'
import { lockMatter, type Matter } from '../../matter/index.ts'
import { labelKinds, loadDataSets, loadSources } from '../discover/index.ts'
import { bookCertificate, signCertificate } from './certificate.ts'
import { destroyFailures } from './destroy-failures.ts'
import { findOrder, updateOrder } from './destroy.store.ts'
import { grantHours, type DestructionOrder, type RunPermission } from './destruction-order.ts'
import { intendDestruction } from './intend-destruction.ts'
import { expectedRows, type ExpectedRow } from './expected-rows.ts'
import { titleMark, type ExpectedSet } from './original-file.ts'
import { finishWork, lockFiles, noteInOriginal, worksOf } from './originals.store.ts'
import { checkOriginal, rewriteOriginal, type OriginalFile, type RewrittenState } from './rewrite-original.ts'
import { tombstoneRoot } from './tombstone-file.ts'

/** An order over originals: which copies, and what the person at the keyboard allows. */
export interface OriginalsRun {
  order: DestructionOrder
  copies: readonly string[]
  permission: RunPermission
}

/** Carries out an order over originals. Every file is compared before the approval is used, so that a changed file stops everything; then file by file, each taken up where it was interrupted. */
export async function runOriginals(ctx: Context, matter: Matter, run: OriginalsRun): Promise<void> {
  const { order, permission } = run
  const files = await filesOf(ctx, matter, run)
  if (!permission.allowWrite) throw destroyFailures.WRITE_NOT_ALLOWED({ files: files.length })
  if (order.status === 'requested') {
    await refuseIfVaultCannotOpen(ctx, matter, files)
    for (const file of files) await checkOriginal(ctx, matter, file)
    await intendDestruction(ctx, matter, order)
  }
  ctx.progress({ zh: '等待见证', en: 'Waiting for witnesses' }, 0, null)
  await ctx.ledger.publish(matter.id)
  const rowsRead = await ctx.db.transaction(async (guard) => {
    await lockFiles(guard, { tenant: ctx.tenant, matterId: matter.id }) // nobody takes the half-written file for a leftover
    let rows = 0
    for (const [at, file] of files.entries()) {
      ctx.progress({ zh: '改写原始文件', en: 'Rewriting originals' }, at, files.length)
      const state = await rewriteOriginal(ctx, matter, { orderId: order.id, file })
      await confirmFile(ctx, matter, { orderId: order.id, file, state })
      rows += state.rowsRead
    }
    return rows
  })
  ctx.progress({ zh: '出具证明', en: 'Certifying' }, files.length, files.length)
  await certifyOriginals(ctx, matter, { orderId: order.id, files, rowsRead })
}

/** The files behind the copies of an order, each with the rows that it should have and what happens to them. */
async function filesOf(ctx: Context, matter: Matter, { order, copies, permission }: OriginalsRun): Promise<OriginalFile[]> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const known = await ctx.ledger.copies(matter.id)
  const copyBySet = new Map(copies.map((id) => [required(known.find((one) => one.id === id)?.dataSetId, 'an original copy is of a data set'), id]))
  const dataSets = await loadDataSets(ctx.db, scope)
  const sourceIds = new Set(dataSets.filter((set) => copyBySet.has(set.id)).map((set) => set.sourceId))
  const paths = await ctx.vault.openLabels(matter.id, labelKinds.sourcePath)
  const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  const files: OriginalFile[] = []
  for (const source of (await loadSources(ctx.db, scope)).filter(({ id }) => sourceIds.has(id))) {
    const sets = dataSets.filter((set) => set.sourceId === source.id)
    let staying = 0
    const expected: ExpectedSet[] = []
    for (const dataSet of sets) {
      const rows = () => expectedRows(ctx, matter, { planId: order.facts.plan, dataSetId: dataSet.id, isInOrder: copyBySet.has(dataSet.id) })
      const counted = await countRows(rows())
      staying += counted.staying
      // Title rows that are gone are not read as a data set of their own any more.
      if (counted.all > 0 || !(names.get(dataSet.id) ?? '').endsWith(titleMark)) expected.push({ dataSet, count: counted.all, rows })
    }
    files.push({
      source, path: required(paths.get(source.id), 'a source has a path'), readAs: permission.readAs ?? {}, copies: sets.flatMap((set) => copyBySet.get(set.id) ?? []),
      approval: order.approvalRequest, expected, wholeFile: staying === 0,
    })
  }
  return files
}

async function countRows(rows: AsyncIterable<ExpectedRow[]>): Promise<{ all: number; staying: number }> {
  const counted = { all: 0, staying: 0 }
  for await (const batch of rows) {
    counted.all += batch.length
    counted.staying += batch.filter((row) => row.fate !== 'goes').length
  }
  return counted
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

/** The certificate of rewritten files is final at once: no key is involved (method "clear"). */
async function certifyOriginals(ctx: Context, matter: Matter, { orderId, files, rowsRead }: { orderId: string; files: readonly OriginalFile[]; rowsRead: number }): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const whole = new Set((await worksOf(ctx.db, scope, orderId)).filter((work) => work.wholeFile).map((work) => work.sourceId))
  const notRead = files.filter((file) => !whole.has(file.source.id)).flatMap((file) => file.copies.flatMap((copy) => [...new Set(file.source.notRead.map(({ code }) => code))].map((why) => ({ copy, why }))))
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const found = required(await findOrder(tx, scope, orderId), 'the order is there')
    if (found.status !== 'running') return
    const order = { ...found, facts: { ...found.facts, destroyedAt: ctx.now(), notRead } }
    const envelope = await signCertificate(ctx, matter, {
      order, status: 'final', system: [...new Set(files.map((file) => file.source.kind))].sort().join('+'), tombstones: await tombstoneRoot(tx, scope),
      keys: { destroyed: 0, epoch: 0, chain: 'none: files in clear', storedAt: [] },
      verification: { how: 'files without anything left were written over and removed; the others were written anew, read back whole and searched for every destroyed row', sample: rowsRead, result: 'no destroyed row was found' },
    })
    const doneSeq = await bookCertificate(ctx, tx, matter, { orderId, status: 'final', envelope })
    for (const { copy, how, until, values } of order.facts.copies) {
      await ctx.ledger.endCopy(tx, matter.id, { copy, how, proof: statementDigest(envelope), until, details: { order: orderId, values } }, `copy/${copy}/ended`)
    }
    await updateOrder(tx, scope, orderId, { status: 'final', facts: order.facts, finalCertificate: envelope, doneSeq })
  })
  await ctx.ledger.publish(matter.id)
}
