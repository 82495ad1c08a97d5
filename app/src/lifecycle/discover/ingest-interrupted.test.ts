// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from './fixture.ts'
import { bookSource } from './book-source.ts'
import { discardUnfinished, ingestSources } from './index.ts'
import { loadDataSets } from './ingest.store.ts'

let at: TestHome
const rows = 4300
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
beforeAll(async () => { at = await openTestHome('ingest-killed') })
afterAll(async () => { await at.remove() })

const program = new URL('../../../bin/handover.mjs', import.meta.url).pathname

/** Runs the real command in a process of its own and kills it (-9) as soon as so many batches are in the database. */
async function killAfter(file: string, batches: number): Promise<void> {
  const child = spawn(process.execPath, [program, 'ingest', file, '--home', at.home, '-m', at.matter.code, '--json'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  for (;;) {
    const [row] = await at.ctx.db.query<{ n: number }>(`select count(*)::bigint as n from step_done where effect like 'ingest/%/batch/%' and not exists (select 1 from step_done b where b.effect = split_part(step_done.effect, '/batch/', 1) || '/booked')`)
    if ((row?.n ?? 0) >= batches) break
    if (child.exitCode !== null) throw new Error(`the command ended by itself with ${child.exitCode}`)
    await pause(5)
  }
  child.kill('SIGKILL')
  await ended
}

const stored = () => at.ctx.db.query<{ id: string; slot: number; root: string; index: number }>(`select encode(id, 'hex') as id, slot, encode(inventory_root, 'hex') as root, inventory_index as index from record order by inventory_index`)

test('goes on after kill -9: what was stored keeps its root, nothing is there twice, the books add up', async () => {
  const file = at.write('大表.csv', registerLines(inventTestPeople(rows)))
  await killAfter(file, 2)
  const before = await stored()
  expect(before.length).toBeGreaterThanOrEqual(2000)
  expect(before.length).toBeLessThan(rows)
  expect(await at.ctx.ledger.copies(at.matter.id)).toEqual([])
  expect((await at.ctx.ledger.mainBook(at.matter.id)).reduce((sum, line) => sum + line.discovered, 0)).toBe(0)

  const done = await ingestSources(at.ctx, at.matter, { paths: [file] })
  const after = await stored()
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.map((row) => row.index)).toEqual(Array.from({ length: rows }, (_, n) => n))
  expect(new Set(after.map((row) => row.slot)).size).toBe(rows)
  expect(done.sources[0]).toMatchObject({ repeated: false, dataSets: [{ records: rows }] })
  expect((await at.ctx.ledger.eventsOfType(at.matter.id, 'InventoryCommitted')).length).toBe(1)
  expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })

  // A process that was stopped before its booking and wakes up after another one's (zombie, SECURITY P01).
  const dataSets = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
  const booking = { sourceId: done.sources[0]?.id ?? '', dataSets }
  await Promise.all([bookSource(at.ctx, at.matter, booking), bookSource(at.ctx, at.matter, booking)])
  expect((await at.ctx.ledger.eventsOfType(at.matter.id, 'InventoryCommitted')).length).toBe(1)
}, 120_000)

test('refuses to go on when the file changed meanwhile, holds off other sources, and undoes the rest on demand', async () => {
  const file = at.write('会变的表.csv', registerLines(inventTestPeople(rows)).map((line, n) => (n === 0 ? line : `X${line}`)))
  const other = at.write('别的表.csv', registerLines(inventTestPeople(20)))
  await killAfter(file, 1)
  expect(await codeOf(ingestSources(at.ctx, at.matter, { paths: [other] }))).toBe('INGEST_UNFINISHED')
  appendFileSync(file, 'XKH99999,周新来,,,,,浦东门店,\r\n')
  expect(await codeOf(ingestSources(at.ctx, at.matter, { paths: [file] }))).toBe('INGEST_CHANGED_HALFWAY')

  const slots = (await stored()).slice(rows).map((row) => row.slot)
  const undone = await discardUnfinished(at.ctx, at.matter)
  expect(undone.records).toBe(slots.length)
  expect(await at.ctx.vault.confirmErased(at.matter.id, slots)).toBe(true)
  expect((await stored()).length).toBe(rows)
  const anew = await ingestSources(at.ctx, at.matter, { paths: [file, other] })
  expect(anew.sources.map((source) => source.dataSets[0]?.records)).toEqual([rows + 1, 20])
  expect((await stored()).map((row) => row.index)).toEqual(Array.from({ length: rows + rows + 1 + 20 }, (_, n) => n))
  expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
}, 120_000)
