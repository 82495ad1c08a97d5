// SPDX-License-Identifier: Apache-2.0
// A deal whose customers live in a server that goes on running: read by one login, handed over, deleted in place by another, closed and verified; real commands and a real MariaDB.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFile } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addPeople, approvePlan, closeAndProve, companyFacts, factsBeforeClose, factsBeforeDestroying, factsBeforePacking, issuePackage, joinAndConfirm, openHomes, openStage, receivePackage, reconcileBoth, requestDestruction, sealReceipts, setUpLog, type DemoPeople, type Stage } from '../app/src/demo/index.ts'
import { hasMariaDb, startMariaDb, type MariaDb, type MariaDbSession } from '../app/src/sources/databases/mariadb.fixture.ts'
import { customer } from './deal.ts'
import { clearAway, tell } from './demo-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-database-'))
const lines = Array.from({ length: 12 }, (_, number) => customer(number).split(','))
const day = (date: string): string => `${date}T09:00:00+08:00`
const on = { opening: day('2026-09-01'), inventory: day('2026-09-02'), plan: day('2026-10-21'), packing: day('2026-10-22'), acceptance: day('2026-10-23'), ordering: day('2026-10-24'), destruction: day('2026-10-27'), closing: day('2026-10-28') }
const passwords = { clerk: 'story-read-8251', eraser: 'story-write-8252' }
const copiesSchema = z.looseObject({ copies: z.array(z.looseObject({ id: z.string(), kind: z.string(), endedHow: z.string().nullable() })) })
const sheetSchema = z.looseObject({ discovered: z.number(), pending: z.number(), dispositions: z.record(z.string(), z.number()) })
let server: MariaDb
let session: MariaDbSession

const isInstalled = hasMariaDb()
const passwordFile = (user: keyof typeof passwords): string => join(folder, `${user}.password`)
const address = (user: keyof typeof passwords): string => `mysql://${user}@127.0.0.1:${server.port}/crm`

beforeAll(async () => {
  if (!isInstalled) return
  mkdirSync(join(folder, 'deal', 'seller'), { recursive: true })
  for (const [user, password] of Object.entries(passwords)) writeFileSync(join(folder, `${user}.password`), password, { mode: 0o600 })
  server = await startMariaDb()
  session = await server.admin()
  await session.run(`create database crm; use crm; create table customer (number varchar(20) primary key, mobile varchar(20), name varchar(40), note varchar(60)) collate utf8mb4_general_ci`)
  await session.run(`insert into customer values ${lines.map((cells) => `(${cells.map((cell) => `'${cell}'`).join(', ')})`).join(', ')}`)
  await session.run(`create user clerk identified by '${passwords.clerk}'; grant select on crm.* to clerk; create user eraser identified by '${passwords.eraser}'; grant select, update, delete, insert, trigger on crm.* to eraser`)
}, 120_000)

afterAll(async () => {
  session?.end()
  await server?.stop()
  clearAway(folder)
})

describe.skipIf(!isInstalled)('a company whose customers are in a MariaDB', () => {
  test('is closed: the rows leave the live database, the copies that a server keeps are ended by name, and the proof holds', async () => {
    const stage = openStage({ folder: join(folder, 'deal'), seed: 'database', customers: lines.length, lang: 'zh', steps: 9, say: () => undefined })
    try {
      const people = await handOver(stage)
      await destroy(stage, people)
      await factsBeforeClose(stage, on.closing, people)
      const { close, bundle, policy } = await closeAndProve(stage, on.closing, people)
      expect(sheetSchema.parse(close)).toMatchObject({ discovered: 48, pending: 0, dispositions: { transferred: 48 } })
      const verdict = await verifyFile(bundle, { policy: readFileSync(policy, 'utf8') })
      expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
      expect(verdict).toMatchObject({ ok: true, trust: 'policy' })
      for (const password of Object.values(passwords)) expect(readFileSync(bundle).includes(password)).toBe(false)
    } finally {
      await stage.stop()
    }
  }, 400_000)
})

async function handOver(stage: Stage): Promise<DemoPeople> {
  await openHomes(stage, on.opening, ['seller', 'buyer', 'broker'])
  await joinAndConfirm(stage, on.opening, { name: '并购试验', type: 'asset-transfer', settings: ['notice_wait_days=30', 'cooling_off_hours=24'], others: ['buyer', 'broker'] })
  const people = await addPeople(stage, on.opening)
  await setUpLog(stage, on.opening, ['buyer', 'broker'])
  // 3: what the login is not shown is said, and signed below as seen.
  await stage.asMay('seller', on.inventory, [3], 'ingest', address('clerk'), '--password-file', passwordFile('clerk'), '--no-tls')
  await stage.as('seller', on.inventory, 'subjects')
  await stage.as('seller', on.inventory, 'treat', 'customer', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer')
  await companyFacts(stage, on.inventory, { people, deal: 'contract' })
  await stage.as('seller', on.inventory, 'fact', 'add', 'inventory-signed-off', ...['allSystemsListed=true', 'paperListed=true', 'backupsListed=true', 'processorsListed=true', 'notReadSeen=1'].flatMap((pair) => ['--set', pair]), '--evidence', join(stage.post, '信任策略.txt'), '--key', people.legal)
  const told = join(stage.folder, 'seller', '送达.csv')
  writeFileSync(told, ['手机号,结果,时间', ...lines.map((cells) => `${cells[1] ?? ''},送达,2026-09-10 10:00`)].join('\n'))
  await stage.as('seller', on.plan, 'notice', 'import', told, '--notice', 'art23', '--channel', 'sms')
  await factsBeforePacking(stage, on.plan, { people, guardiansAgreed: 0 })
  await approvePlan(stage, on.plan, people)
  await issuePackage(stage, on.packing, 'transferee')
  await receivePackage(stage, on.acceptance, { party: 'buyer', into: `sqlite:${join(stage.folder, 'buyer', '接收库.sqlite')}` })
  await reconcileBoth(stage, on.acceptance, 'buyer')
  return people
}

/** The order over the originals runs in the live database, with a login that may write; before that it refuses to begin. */
async function destroy(stage: Stage, people: DemoPeople): Promise<void> {
  await sealReceipts(stage, on.ordering)
  await factsBeforeDestroying(stage, on.ordering, people)
  const [originals, vault] = [await requestDestruction(stage, { at: on.ordering, people, scope: 'originals' }), await requestDestruction(stage, { at: on.ordering, people, scope: 'vault' })]
  const refused = await stage.asMay('seller', on.destruction, Array.from({ length: 256 }, (_, exit) => exit), 'destroy', 'run', originals, '--allow-write')
  expect(refused.document).toMatchObject({ error: { code: 'DATABASE_WRITER_NEEDED' } })
  expect(await session.run('select count(*) from crm.customer')).toEqual([[12]])
  const done = await stage.as('seller', on.destruction, 'destroy', 'run', originals, '--allow-write', '--write-as', address('eraser'), '--password-file', passwordFile('eraser'), '--no-tls')
  tell(done.human.join('\n'))
  expect(await session.run('select count(*) from crm.customer')).toEqual([[0]])
  await stage.as('seller', on.destruction, 'destroy', 'run', vault, '--allow-write')
  await stage.as('seller', on.destruction, 'key', 'turn')
  const { copies } = copiesSchema.parse((await stage.as('seller', on.closing, 'copies')).document)
  const open = copies.filter(({ endedHow }) => endedHow === null)
  expect(open.map(({ kind }) => kind), 'backups and logs of the server are nobody’s guess').toEqual(['backup'])
  for (const { id } of open) await stage.as('seller', on.closing, 'copies', 'end', id, '--how', 'attested', '--reason', 'expired', '--key', people.legal)
}
