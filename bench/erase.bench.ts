// SPDX-License-Identifier: Apache-2.0
// Erasing one record: the three transactions of CONTRACTS §5, beside the commit of one small row on the same server in the same run.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../app/src/context.ts'
import { appendOneErasure, deleteOneRecord, fillRecords, insertRow, keyBytes, makeCommitTable } from './erase-fixture.store.ts'
import { refreshStatistics } from '../app/src/lifecycle/discover/index.ts'
import { openContext } from '../app/src/open-context.ts'
import { openMatter, prepareHome, registerParty, currentMatter } from '../app/src/matter/index.ts'
import { median, type Benchmark, type Sample } from './harness.ts'

const rounds = 400
const time = '2026-11-10T01:00:00.000Z'

async function open(folder: string): Promise<{ ctx: Context; matterId: string }> {
  const opened = await openContext(join(folder, 'home'))
  opened.declareTime(time)
  return { ctx: opened.context, matterId: (await currentMatter(opened.context, 'ERASE')).id }
}

/** Key secrets are real; the rows of the main database are filled by the server with random bytes of the usual sizes, since nothing here opens them. */
async function prepare(size: number, folder: string): Promise<void> {
  if (existsSync(join(folder, 'ready'))) return
  mkdirSync(folder, { recursive: true })
  await prepareHome(join(folder, 'home'), { company: '甲卫浴有限公司', demoSeed: 'erase' })
  const opened = await openContext(join(folder, 'home'))
  opened.declareTime(time)
  const { context: ctx } = opened
  await registerParty(ctx, { name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002', contact: '400-000-0000' }, 'transferor')
  const { matter } = await openMatter(ctx, { name: '基准', type: 'asset-transfer', role: 'transferor', code: 'ERASE' })
  for (let done = 0; done < size; done += 50_000) await ctx.vault.newSecrets(matter.id, Math.min(50_000, size - done))
  await fillRecords(ctx, matter.id, size)
  await makeCommitTable(ctx)
  await ctx.close()
  writeFileSync(join(folder, 'ready'), '')
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function ours(size: number, folder: string): Promise<Sample> {
  const { ctx, matterId } = await open(folder)
  await refreshStatistics(ctx.db) // as an order does when it begins
  const times: number[] = []
  const parts: [number[], number[], number[]] = [[], [], []]
  const commitTimes: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const record = await appendOneErasure.choose(ctx, matterId, size)
    const order = `ord_${randomBytes(16).toString('hex')}`
    await appendOneErasure.prepare(ctx, matterId, { order, record })
    const each = [
      await timed(() => appendOneErasure.run(ctx, matterId, order)),
      await timed(() => ctx.vault.eraseSlots(matterId, order, [record.slot])),
      await timed(() => deleteOneRecord(ctx, matterId, { order, record })),
    ]
    for (const [at, ms] of each.entries()) parts[at]?.push(ms)
    times.push(each.reduce((sum, ms) => sum + ms, 0))
    commitTimes.push(await timed(() => insertRow(ctx)))
  }
  const load = await timed(() => loadAll(ctx, matterId, size))
  const turn = await timed(() => ctx.vault.turn(matterId))
  const bytes = await keyBytes(folder, ctx, matterId)
  await ctx.close()
  const p50 = median(times)
  return {
    seconds: (p50 * rounds) / 1000, units: rounds,
    notes: {
      'commits in the same loop': round2(p50 / median(commitTimes)), 'p50 ms': round2(p50), 'p95 ms': round2(times.toSorted((a, b) => a - b)[Math.floor(rounds * 0.95)] ?? 0), 'tombstone ms': round2(median(parts[0])), 'key ms': round2(median(parts[1])), 'delete ms': round2(median(parts[2])),
      'key bytes/record': round2(bytes / size), 'load all s': round2(load / 1000), 'turn s': round2(turn / 1000),
    },
  }
}

/** Whether every secret opens, page by page as a reading does. */
async function loadAll(ctx: Context, matterId: string, size: number): Promise<void> {
  for (let from = 0; from < size; from += 60_000) await ctx.vault.confirmErased(matterId, Array.from({ length: Math.min(60_000, size - from) }, (_, at) => from + at))
}

async function commits(folder: string): Promise<Sample> {
  const { ctx } = await open(folder)
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await timed(() => insertRow(ctx)))
  await ctx.close()
  const p50 = median(times)
  return { seconds: (p50 * rounds) / 1000, units: rounds, notes: { 'p50 ms': round2(p50) } }
}

const round2 = (value: number): number => Math.round(value * 100) / 100

/** Row “erase one record” of the performance targets: medians of 400 erasures and 400 commits. */
export const benchmark: Benchmark = {
  name: 'erase', row: 'erase one record', compare: 'cost', target: 5, unit: 'erasures', sizes: [10_000, 100_000, 1_000_000],
  prepare, ours, yardsticks: [{ name: 'one PostgreSQL commit, p50', run: (_, folder) => commits(folder) }],
}
