// SPDX-License-Identifier: Apache-2.0
import { readErasureCertificate, unverifiedStatement, type ErasureCertificate } from '@handover/proof'
import { cpSync, existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { sealReceipts } from '../prove/index.ts'
import { approve } from '../../stewardship/access/index.ts'
import { openDatabases } from '../../store/index.ts'
import { openTestDatabases } from '../../store/test-databases.ts'
import { refusalOf } from '../../test-home.ts'
import { compartments, openVault } from '../../vault/index.ts'
import { addToVersion, copyRows, countLeft, holdFirstRecord, keyTables, putRows, releaseHolds } from './destroy-fixture.store.ts'
import { afterCooling, before, type DestructionMatter, doomed, dyingEverywhere, holds, openDestructionMatter } from './destroy.fixture.ts'
import { cleanLeftovers } from './clean-leftovers.ts'
import { findOrder } from './destroy.store.ts'
import { workName } from './replace-file.ts'
import { requestDestruction, scopeOfWord } from './request-destruction.ts'
import { runDestruction } from './run-destruction.ts'
import { tombstoneFile } from './tombstone-file.ts'
import { replayTombstones } from './tombstones.ts'
import { turnKeys } from './turn-keys.ts'

let opened: DestructionMatter | null = null
afterEach(async () => {
  await opened?.remove()
  opened = null
})
const open = async (customers?: number): Promise<DestructionMatter> => (opened = await openDestructionMatter(customers))
const certified = (envelope: Parameters<typeof unverifiedStatement>[0]): ErasureCertificate => readErasureCertificate(unverifiedStatement(envelope))
const write = { allowWrite: true }

async function mainBook({ ctx, matter }: DestructionMatter): Promise<Record<'pending' | 'kept' | 'sealed' | 'destroyed' | 'discovered', number>> {
  const sum = { pending: 0, kept: 0, sealed: 0, destroyed: 0, discovered: 0 }
  for (const line of await ctx.ledger.mainBook(matter.id)) for (const name of ['pending', 'kept', 'sealed', 'destroyed', 'discovered'] as const) sum[name] += line[name]
  return sum
}

test('originals and vault end as planned however often the process dies, nothing twice; the certificate is pending until the keys turn; a restored database opens nothing', async () => {
  const it = await open()
  const { ctx, matter, files } = it
  const books = await mainBook(it)
  const csvBefore = readFileSync(files.csv, 'utf8').split('\r\n')

  // Originals first: they are compared with what the vault still knows.
  const originals = await it.order('originals')
  expect(await refusalOf(runDestruction(ctx, matter, originals, { allowWrite: false }))).toBe('WRITE_NOT_ALLOWED')
  expect((await dyingEverywhere(ctx, (dying) => runDestruction(dying, matter, originals, write))).length).toBeGreaterThan(4)
  expect(readFileSync(files.csv, 'utf8').split('\r\n')).toEqual(csvBefore.filter((line, at) => at === 0 || line === '' || line.endsWith('苏州')).map((line) => line.replace(/"(?:[^"]|"")*"(?=,苏州)/, '')))
  for (const [kind, text] of Object.entries(doomed)) for (const file of Object.values(files)) expect(holds(file, text), `${kind} in ${file}`).toBe(false)
  const database = new DatabaseSync(files.sqlite, { readOnly: true })
  expect(['invoices', 'shops', 'audit'].map((table) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])).toEqual([0, 1, 0])
  expect(database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger'").get()?.['n']).toBe(1)
  database.close()
  const first = await runDestruction(ctx, matter, originals, write)
  expect(first).toMatchObject({ repeated: true })
  expect(certified(first.certificate)).toMatchObject({ status: 'final', method: 'clear', target: { system: 'csv+sqlite+xlsx' }, identitiesVerified: false, clock: 'declared' })
  expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'original').map((copy) => String(copy.endedHow)).sort()).toEqual(['destroyed', 'kept', 'kept', 'kept'])

  // Asked for again, what was carried out is the first order, although some of its copies were only thinned out.
  expect(await requestDestruction(ctx, matter, { scope: await scopeOfWord(ctx, matter, 'originals'), keyFile: it.people.lead })).toMatchObject({ repeated: true, order: { id: originals, status: 'final' } })

  // The vault, with a copy of its tables as they were.
  const order = await it.order('vault')
  const old = await copyRows(ctx.db, ctx.tenant)
  expect(await mainBook(it)).toEqual(books)
  expect(await dyingEverywhere(ctx, (dying) => runDestruction(dying, matter, order, write))).toEqual(['Sealing what stays anew 5', 'Writing tombstones 0', 'Waiting for witnesses 0', 'Erasing keys 25', 'Deleting ciphertext and booking 0', 'Deleting ciphertext and booking 25', 'Certifying 0'])
  for (const [word, id, status] of [['originals', originals, 'final'], ['vault', order, 'pending-final']] as const) {
    expect(await requestDestruction(ctx, matter, { scope: await scopeOfWord(ctx, matter, word), keyFile: it.people.lead }), word).toMatchObject({ repeated: true, order: { id, status } })
  }
  expect(await mainBook(it)).toEqual({ ...books, pending: 0, destroyed: books.pending })
  expect((await ctx.ledger.verifyBooks(matter.id)).problems).toEqual([])
  expect(await countLeft(ctx.db, ctx.tenant)).toMatchObject({ cipher: 5, erased: 12 + 6 + 2 })
  const pending = await findOrder(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order)
  expect(pending).toMatchObject({ status: 'pending-final', finalCertificate: null })
  expect(pending?.certificate === null || pending === null ? null : certified(pending.certificate)).toMatchObject({ status: 'pending', keys: { destroyed: 25, epoch: 1 }, target: { system: 'vault', records: 25, tombstones: 25 } })
  const grant = { person: 'test', purpose: 'custody' as const, compartments, until: afterCooling, approval: null } as const
  const stillThere = (await Array.fromAsync(ctx.vault.read({ ...grant, until: ctx.now() }, { matterId: matter.id, withLeaves: true }))).flat()
  expect(stillThere.map((record) => record.values.filter((value) => value !== undefined).length)).toEqual([4, 4, 4, 4, 4]) // the remark is gone, the invoice stays sealed
  expect(stillThere.every((record) => record.version === 2)).toBe(true)

  expect(await dyingEverywhere(ctx, (dying) => turnKeys(dying, matter))).toEqual(['Turning keys 0', 'Booking the turn 0'])
  expect(await turnKeys(ctx, matter)).toMatchObject({ repeated: true, pending: [], epoch: 2 })
  const final = await runDestruction(ctx, matter, order, write)
  expect(certified(final.certificate)).toMatchObject({ status: 'final', target: { tombstones: 25 } })
  expect((await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'vault').map((copy) => `${copy.endedHow} ${copy.ended?.until}`).sort()).toEqual(['destroyed null', 'destroyed null', 'destroyed null', expect.stringMatching(/^sealed 20\d\d-/)])
  for (const type of ['DestructionIntended', 'CertificateIssued', 'EpochTurned'] as const) expect((await ctx.ledger.eventsOfType(matter.id, type)).length, type).toBe({ DestructionIntended: 2, CertificateIssued: 3, EpochTurned: 1 }[type])

  await expectRestoreOpensNothing(it, old)
}, 300_000)

test('what a killed rewriting left beside an original is written over at the next opening, unless the order still needs it', async () => {
  const it = await open(6)
  const { ctx, matter, files } = it
  const order = await it.order('originals')
  const reading = { ...ctx, progress: ({ en }: { en: string }) => { if (en === 'Rewriting originals') throw new Error('killed') } }
  await expect(runDestruction(reading, matter, order, write)).rejects.toThrow('killed')
  const half = workName(files.csv, order, 'new')
  const old = workName(files.csv, order, 'old')
  writeFileSync(half, `half of it: ${doomed.csv}`)
  linkSync(files.csv, old)
  linkSync(half, join(it.folder, 'other-name')) // the same bytes under another name: shows whether they were written over
  const before = readFileSync(files.csv)
  expect(await cleanLeftovers(ctx)).toEqual({ removed: 2, waiting: 0 })
  expect([half, old].map((file) => existsSync(file))).toEqual([false, false])
  expect(readFileSync(join(it.folder, 'other-name')).length).toBe(0)
  expect(readFileSync(files.csv)).toEqual(before)
  await runDestruction(ctx, matter, order, write)
  expect(readFileSync(files.csv).includes(doomed.csv)).toBe(false)
  expect(await cleanLeftovers(ctx)).toEqual({ removed: 0, waiting: 0 })
}, 120_000)

/** Yesterday's tables in a scratch database, today's keys: nothing of what was destroyed opens, with or without the replay; a list that was changed stops everything. */
async function expectRestoreOpensNothing({ ctx, matter, home }: DestructionMatter, old: ReadonlyMap<string, string>): Promise<void> {
  const scratch = await openTestDatabases()
  const { main } = await scratch.openAgain(ctx.tenant)
  const today = await openDatabases({ homeDir: home.path, tenant: ctx.tenant })
  try {
    await putRows(main, old)
    const vault = await openVault({ keysDirectory: ctx.home.paths.keys, tenant: ctx.tenant, databases: { main, keys: today.keys }, now: () => ctx.now() })
    const restored: Context = { ...ctx, db: main, vault }
    const readAll = async (): Promise<number> => (await Array.fromAsync(vault.read({ person: 'test', purpose: 'custody', compartments, until: ctx.now(), approval: null }, { matterId: matter.id }))).flat().length
    expect((await countLeft(main, ctx.tenant)).cipher).toBeGreaterThan(20)
    expect(await readAll()).toBe(0)
    expect(await replayTombstones(restored, matter.id)).toMatchObject({ tombstones: 25, replayed: 25, records: 25, comparedWith: 'witnesses', silent: [] })
    expect(await countLeft(main, ctx.tenant)).toEqual({ cipher: 0, keys: 0, erased: 25 })
    expect(await replayTombstones(restored, matter.id)).toMatchObject({ tombstones: 25, replayed: 0, records: 0 })
    const file = tombstoneFile(ctx, matter.id)
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))))
    expect(await refusalOf(replayTombstones(restored, matter.id))).toBe('TOMBSTONES_DIFFER')
    writeFileSync(file, bytes)
  } finally {
    await main.close()
    await today.close()
    await scratch.remove()
  }
}

test('within the pending window a thief of old data, old key store and the slots still reads, and the certificate says pending; after the turn the same loot opens nothing', async () => {
  const it = await open(6)
  const { ctx, matter } = it
  const order = await it.order('vault')
  const loot = await stealBackups(it)
  const before = await readableWith(it, loot)
  expect(before).toBeGreaterThan(0)

  const { certificate } = await runDestruction(ctx, matter, order, write)
  expect(certified(certificate).status).toBe('pending')
  expect(await readableWith(it, loot)).toBe(before)

  await turnKeys(ctx, matter)
  expect(certified((await runDestruction(ctx, matter, order, write)).certificate).status).toBe('final')
  expect(await readableWith(it, loot)).toBe(0)
}, 120_000)

interface Loot {
  main: ReadonlyMap<string, string>
  keys: ReadonlyMap<string, string>
}

async function stealBackups({ ctx, home }: DestructionMatter): Promise<Loot> {
  const databases = await openDatabases({ homeDir: home.path, tenant: ctx.tenant })
  const loot = { main: await copyRows(databases.main, ctx.tenant), keys: await copyRows(databases.keys, ctx.tenant, keyTables) }
  await databases.close()
  return loot
}

/** How many records a thief reads with old tables of both databases and a copy of the slots as they are now. */
async function readableWith({ ctx, matter }: DestructionMatter, loot: Loot): Promise<number> {
  const scratch = await openTestDatabases()
  const { main, keys } = await scratch.openAgain(ctx.tenant)
  const keysDirectory = mkdtempSync(join(tmpdir(), 'handover-loot-'))
  cpSync(ctx.home.paths.keys, keysDirectory, { recursive: true })
  try {
    await putRows(main, loot.main)
    await putRows(keys, loot.keys)
    const vault = await openVault({ keysDirectory, tenant: ctx.tenant, databases: { main, keys }, now: () => ctx.now() })
    const grant = { person: 'thief', purpose: 'custody' as const, compartments, until: ctx.now(), approval: null }
    return (await Array.fromAsync(vault.read(grant, { matterId: matter.id }))).flat().length
  } catch (error) {
    expect(await refusalOf(Promise.reject(error))).toMatch(/EPOCH|SLOT|KEY/)
    return 0
  } finally {
    await Promise.all([main.close(), keys.close()])
    await scratch.remove()
    rmSync(keysDirectory, { recursive: true, force: true })
  }
}

test('one person, an early run, a changed set, a changed file and an unreachable witness each stop a destruction before anything ends', async () => {
  const it = await open(6)
  const { ctx, matter, people, files } = it
  const books = await mainBook(it)
  expect(await refusalOf(requestDestruction(ctx, matter, { scope: { kind: 'vault' }, keyFile: people.lead }))).toBe('RECEIPTS_NOT_SEALED')
  const without = await requestDestruction(ctx, matter, { scope: { kind: 'vault' }, keyFile: people.lead, withoutReceipts: 'nobody-to-reach' })
  expect(without.order.facts.withoutReceipts).toBe('nobody-to-reach')
  await sealReceipts(ctx, matter, { file: join(it.folder, '回执码.csv') })
  const asked = await requestDestruction(ctx, matter, { scope: { kind: 'vault' }, keyFile: people.lead })
  expect(asked.order.id).not.toBe(without.order.id)
  expect(await requestDestruction(ctx, matter, { scope: { kind: 'vault' }, keyFile: people.lead })).toMatchObject({ repeated: true, request: asked.request })
  expect(await refusalOf(runDestruction(ctx, matter, asked.order.id, write))).toBe('APPROVAL_INCOMPLETE')
  expect(await refusalOf(approve(ctx, matter, { requestId: asked.request, keyFile: people.lead }))).toBe('OWN_REQUEST')
  await approve(ctx, matter, { requestId: asked.request, keyFile: people.legal })
  await approve(ctx, matter, { requestId: asked.request, keyFile: people.legal })
  expect(await refusalOf(runDestruction(ctx, matter, asked.order.id, write))).toBe('APPROVAL_INCOMPLETE')
  await approve(ctx, matter, { requestId: asked.request, keyFile: people.finance })
  expect(await refusalOf(runDestruction(ctx, matter, asked.order.id, write))).toBe('COOLING_OFF')

  const originals = await it.order('originals')
  const csv = readFileSync(files.csv)
  writeFileSync(files.csv, csv.toString('utf8').replace('KH00001', 'KH99999'))
  expect(await refusalOf(runDestruction(ctx, matter, originals, write))).toBe('ORIGINAL_CHANGED')
  writeFileSync(files.csv, csv)
  const database = new DatabaseSync(files.sqlite)
  database.exec("UPDATE invoices SET mobile = 'x' WHERE id = 10")
  expect(await refusalOf(runDestruction(ctx, matter, originals, write))).toBe('ORIGINAL_CHANGED')
  database.exec('CREATE TABLE other (a)') // a change elsewhere in a database that is in use is no change of what was inventoried
  database.close()
  expect(readFileSync(files.csv)).toEqual(csv)

  await holdFirstRecord(ctx.db, ctx.tenant, matter.id)
  it.home.setTime(afterCooling)
  expect(await refusalOf(runDestruction(ctx, matter, asked.order.id, write))).toBe('OBSTACLES_UNMET')
  await releaseHolds(ctx.db, ctx.tenant)
  await addToVersion(ctx.db, ctx.tenant, 1)
  expect(await refusalOf(runDestruction(ctx, matter, asked.order.id, write))).toBe('DESTRUCTION_SET_CHANGED')
  const other = await it.order('vault')
  expect(other).not.toBe(asked.order.id)
  await addToVersion(ctx.db, ctx.tenant, -1)
  const again = await it.order('vault')
  expect(again).toBe(asked.order.id)
  await it.stopWitnesses()
  expect(await refusalOf(runDestruction(ctx, matter, again, write))).toBe('QUORUM_NOT_REACHED')
  expect(await mainBook(it)).toEqual(books)
  expect(await ctx.vault.erasureStatus(matter.id, again)).toMatchObject({ slots: 0 })
  expect(before < afterCooling).toBe(true)
}, 300_000)
