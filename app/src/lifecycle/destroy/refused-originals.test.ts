// SPDX-License-Identifier: Apache-2.0
import { readErasureCertificate, unverifiedStatement } from '@handover/proof'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { idText } from '../../kit/ids.ts'
import { approve, requestApproval } from '../../stewardship/access/index.ts'
import { refusalOf } from '../../test-home.ts'
import { ingestDelta, requestDelta } from '../discover/index.ts'
import { judgeGate } from '../hand-over/index.ts'
import { openDestructionMatter, type DestructionMatter } from './destroy.fixture.ts'
import { findOrder, insertOrder, loadOrders } from './destroy.store.ts'
import { newFacts, type DestructionOrder } from './destruction-order.ts'
import { computeSet } from './destruction-set.ts'
import { filesOf } from './files-of-order.ts'
import { intendDestruction } from './intend-destruction.ts'
import { approvalParameters, scopeOfWord } from './request-destruction.ts'
import { checkOriginal } from './rewrite-original.ts'
import { runDestruction } from './run-destruction.ts'

let opened: DestructionMatter | undefined
let it: DestructionMatter
afterAll(async () => { await opened?.remove() }, 120_000)
const write = { allowWrite: true }

/** An approved order over all originals as it could be asked for before the kinds of files were looked at. */
async function oldOrder(): Promise<DestructionOrder> {
  const { ctx, matter, people } = it
  const scope = await scopeOfWord(ctx, matter, 'originals')
  const set = await computeSet(ctx, matter, scope)
  const id = idText('ord', ctx.ids.bytes('ord'))
  const facts = newFacts({ ...set.counts, withoutReceipts: null, unreceipted: null, requestedAt: ctx.now() })
  const order: DestructionOrder = { id, scope, recordSet: set.digest, approvalRequest: '', status: 'requested', facts, intentSeq: null, doneSeq: null, certificate: null, finalCertificate: null }
  const { request } = await requestApproval(ctx, matter, { act: 'destroy', parameters: approvalParameters(id, order), keyFile: people.lead })
  for (const keyFile of [people.legal, people.finance]) await approve(ctx, matter, { requestId: request.id, keyFile })
  await ctx.db.transaction((tx) => insertOrder(tx, { tenant: ctx.tenant, matterId: matter.id }, { ...order, approvalRequest: request.id }))
  it.home.setTime('2025-06-03T01:00:00.000Z')
  return { ...order, approvalRequest: request.id }
}

test('a file of which no part can be removed stops a destruction of originals before anything is touched; in an order that runs it stays, and the certificate names it', async () => {
  it = opened = await openDestructionMatter(6, { withJson: true })
  const { ctx, matter, files } = it
  expect(await refusalOf(it.order('originals'))).toBe('ORIGINAL_REFUSES')

  const order = await oldOrder()
  const before = [files.csv, files.ndjson].map((file) => readFileSync(file))
  expect(await refusalOf(runDestruction(ctx, matter, order.id, write))).toBe('ORIGINAL_REFUSES')
  expect((await findOrder(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order.id))?.status).toBe('requested')
  expect([files.csv, files.ndjson].map((file) => readFileSync(file))).toEqual(before)

  await intendDestruction(ctx, matter, order, await judgeGate(ctx, matter, 'destroy')) // as an older version would have
  expect(await refusalOf(runDestruction(ctx, matter, order.id, write))).toBe('ORIGINAL_REFUSES')
  const done = await runDestruction(ctx, matter, order.id, { ...write, leaveRefused: true })
  const certificate = readErasureCertificate(unverifiedStatement(done.certificate))
  const copies = await ctx.ledger.copies(matter.id)
  const left = copies.filter((copy) => copy.kind === 'original' && copy.endedHow === null).map((copy) => copy.id)
  expect(left).toHaveLength(1)
  expect(certificate).toMatchObject({ status: 'final', outOfReach: [{ copy: left[0], why: 'not-rewritten:json' }], target: { records: order.facts.records, values: order.facts.values - 6 } })
  expect(certificate.target.copies).not.toContain(left[0])
  expect(readFileSync(files.ndjson)).toEqual(before[1])
  expect(readFileSync(files.csv)).not.toEqual(before[0])
}, 600_000)

test('a file that a delta entered anew is compared with that state, not with the one in which an older order left it', async () => {
  const { ctx, matter, files, people } = it
  const left = readFileSync(files.csv)
  writeFileSync(files.csv, left.toString('utf8').replace('KH00000', 'KH77777'))
  const order = { path: files.csv, large: true, withoutReceipts: 'nobody-to-reach' as const }
  const { request } = await requestDelta(ctx, matter, order, people.lead)
  for (const keyFile of [people.legal, people.finance]) await approve(ctx, matter, { requestId: request, keyFile })
  await ingestDelta(ctx, matter, order)
  const check = async () => {
    const found = await ctx.ledger.copies(matter.id)
    const [earlier] = await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
    const plan = await ctx.db.query<{ id: string }>('select id from plan limit 1')
    const all = await filesOf(ctx, matter, { copies: found.filter((copy) => copy.kind === 'original' && copy.dataSetId !== null).map((copy) => copy.id), planId: plan[0]?.id ?? '', approval: earlier?.approvalRequest ?? '', readAs: {} })
    return Promise.all(all.filter((file) => file.path === files.csv).map((file) => checkOriginal(ctx, matter, file)))
  }
  expect(await check()).toHaveLength(1)
  writeFileSync(files.csv, left)
  expect(await refusalOf(check())).toBe('ORIGINAL_CHANGED')
}, 600_000)
