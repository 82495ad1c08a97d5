// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { addHours } from '../../kit/time.ts'
import { openLedger } from '../../ledger/index.ts'
import { approve } from '../../stewardship/access/index.ts'
import { openDatabases } from '../../store/index.ts'
import { openTestDatabases, type TestDatabases } from '../../store/test-databases.ts'
import { openVault } from '../../vault/index.ts'
import { addTestPeople, addTestWitness, enterDelta, type TestPeople } from '../discover/delta-people.fixture.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../discover/fixture.ts'
import { ingestDelta, ingestSources, requestDelta, resolveSubjects } from '../discover/index.ts'
import { copyRows, putRows, tablesOfTenants } from './destroy-fixture.store.ts'
import { notingLedger, replayTombstones } from './tombstones.ts'

let at: TestHome
let register: string
let staff: TestPeople
let stopWitness: (() => Promise<void>) | undefined
let scratch: TestDatabases | undefined
const closing: (() => Promise<void>)[] = []
const lines = registerLines(inventTestPeople(12))
const put = (text: readonly string[]): void => writeFileSync(register, `${text.join('\r\n')}\r\n`)
const withRemark = (row: number, remark: string): string => (lines[row] ?? '').replace(/,[^,]*$/, `,${remark}`)

beforeAll(async () => {
  at = await openTestHome('replay-revised')
  staff = await addTestPeople(at)
  stopWitness = await addTestWitness(at)
  register = at.write('客户登记.csv', lines)
  await ingestSources(at.ctx, at.matter, { paths: [register] })
  await resolveSubjects(at.ctx, at.matter)
  await at.ctx.ledger.publish(at.matter.id)
}, 600_000)
afterAll(async () => {
  for (const close of closing) await close()
  await scratch?.remove()
  await stopWitness?.()
  await at.remove()
}, 120_000)

/** Today's keys and files with these rows of the database. */
async function restored(rows: ReadonlyMap<string, string>): Promise<Context> {
  scratch = await openTestDatabases()
  const { main, keys: unused } = await scratch.openAgain(at.ctx.tenant)
  const today = await openDatabases({ homeDir: at.home, tenant: at.ctx.tenant })
  closing.push(() => main.close(), () => unused.close(), () => today.close())
  await putRows(main, rows)
  const now = () => at.ctx.now()
  const vault = await openVault({ keysDirectory: at.ctx.home.paths.keys, tenant: at.ctx.tenant, databases: { main, keys: today.keys }, now })
  const old: Context = { ...at.ctx, db: main, vault, ledger: openLedger({ db: main, home: at.ctx.home, now }) }
  return { ...old, ledger: { ...old.ledger, ...notingLedger(old) } }
}

test('records that a delta had revised are kept when an older database is restored, and a delta from the source fills them', async () => {
  const backup = await copyRows(at.ctx.db, at.ctx.tenant, await tablesOfTenants(at.ctx.db))
  put([...lines.slice(0, 1), withRemark(1, '改为工作日'), withRemark(2, '改为工作日'), ...lines.slice(3)])
  await enterDelta(at, staff, { path: register })

  const ctx = await restored(backup)
  expect(await replayTombstones(ctx, at.matter.id)).toMatchObject({ tombstones: 2, replayed: 2, records: 2 })
  expect(await ctx.db.query('select count(*) filter (where slot is null)::bigint as superseded, count(erased_at)::bigint as erased from record')).toEqual([{ superseded: 2, erased: 0 }])

  // The first stands in the source in its later version, the second does not stand there any more.
  const now = [...lines.slice(0, 1), withRemark(1, '改为工作日'), ...lines.slice(3)]
  put(now)
  const order = { path: register, withoutReceipts: 'nobody-to-reach' as const }
  const { request, found } = await requestDelta(ctx, at.matter, order, staff.lead)
  expect(found).toMatchObject({ foundBy: 'customer-id', dataSets: [{ rows: 11, unchanged: 10, changed: 2, added: 0, gone: 0 }] })
  for (const keyFile of [staff.legal, staff.finance]) await approve(ctx, at.matter, { requestId: request, keyFile })
  expect(await ingestDelta(ctx, at.matter, order)).toMatchObject({ booked: true, erasedKeys: 0 })

  const grant = { person: 'test', purpose: 'backup-check' as const, compartments: ['general', 'sensitive', 'text'] as const, until: addHours(ctx.now(), 1), approval: null }
  const opened = (await Array.fromAsync(ctx.vault.read(grant, { matterId: at.matter.id, withLeaves: true }))).flat().map((record) => record.values.join(','))
  expect(opened.sort()).toEqual([...now.slice(1), ',,,,,,,'].sort())
  expect(await ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
  const book = await ctx.ledger.mainBook(at.matter.id)
  expect(book.reduce((sum, line) => sum + line.pending, 0)).toBe(now.slice(1).flatMap((line) => line.split(',')).filter((cell) => cell !== '').length)
  expect(await replayTombstones(ctx, at.matter.id)).toMatchObject({ tombstones: 2, replayed: 0 })
}, 600_000)
