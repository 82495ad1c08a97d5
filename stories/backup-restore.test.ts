// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackup, deleteBackup, listBackups, requestBackupDeletion, restoreBackup, verifyBackup, type RestoredHome } from '../app/src/backup/index.ts'
import type { Context } from '../app/src/context.ts'
import { instantOf } from '../app/src/kit/time.ts'
import { runDestruction, turnKeys } from '../app/src/lifecycle/destroy/index.ts'
import { openDestructionMatter, type DestructionMatter } from '../app/src/lifecycle/destroy/destroy.fixture.ts'
import { openContext } from '../app/src/open-context.ts'
import { readSigningKey } from '../app/src/matter/index.ts'
import { approve, signApprovalFile } from '../app/src/stewardship/access/index.ts'
import { refusalOf } from '../app/src/test-home.ts'
import { allBytesAreCovered, damagesOf } from './damaged-backups.ts'
import { storySeed } from './seeded-draws.ts'
import { tell } from './demo-run.ts'

const seed = storySeed()
const top = mkdtempSync(join(tmpdir(), 'handover-story-backup-'))
const recovery = join(top, '恢复密钥.txt')
const olderBackups = 10
let play: DestructionMatter
let state: HomeState

const fileOf = (name: string): string => join(top, `${name}.tar`)
const make = (name: string, ctx = play.ctx) => createBackup(ctx, { file: fileOf(name), to: [], newRecovery: existsSync(recovery) ? null : recovery, expires: null, program: 'test', segmentBytes: 16 * 1024 })
const readAll = (name: string) => verifyBackup({ file: fileOf(name), trusted: play.ctx.signer.vkey, readData: { recoveryFile: recovery }, progress: () => undefined })

/** Restores into a fresh folder with today's keys. */
function restore(name: string, home: string, change: Partial<Parameters<typeof restoreBackup>[0]> = {}): Promise<RestoredHome> {
  return restoreBackup({
    file: fileOf(name), home, recoveryFile: recovery, keys: join(play.home.path, 'keys'), keyBackup: null, evidence: null, witnessesGone: null,
    progress: () => undefined, open: async (path) => (await openContext(path, { isRestoring: true })).context, ...change,
  })
}

/** Everything by which two homes are compared: books, leaves, roots and what a custodian reads. */
interface HomeState {
  books: unknown
  inventory: string
  booksLeaves: string
  copies: number
  events: number
  reads: Map<string, string>
}

async function stateOf(ctx: Context, matterId = play.matter.id): Promise<HomeState> {
  const digest = async (entries: AsyncIterable<Uint8Array>): Promise<string> => {
    const hash = createHash('sha256')
    for await (const entry of entries) hash.update(entry)
    return hash.digest('hex')
  }
  const reads = await readsOf(ctx)
  const check = await ctx.ledger.verifyBooks(matterId)
  expect(check.problems).toEqual([])
  return {
    books: await ctx.ledger.mainBook(matterId), inventory: await digest(ctx.ledger.inventoryEntries(matterId)), booksLeaves: await digest(ctx.ledger.booksEntries(matterId)),
    copies: (await ctx.ledger.copies(matterId)).length, events: check.events, reads,
  }
}

async function stateAt(home: string): Promise<HomeState> {
  const { context } = await openContext(home)
  try {
    return await stateOf(context)
  } finally {
    await context.close()
  }
}

beforeAll(async () => {
  mkdirSync(top, { recursive: true })
  play = await openDestructionMatter(24)
}, 120_000)

afterAll(async () => {
  await play.remove()
  rmSync(top, { recursive: true, force: true, maxRetries: 5 })
})

describe('a backup', () => {
  test('needs a recovery key outside the home, holds everything but keys, and is a line of the copies book', async () => {
    expect(await refusalOf(createBackup(play.ctx, { file: fileOf('first'), to: [], newRecovery: null, expires: null, program: 'test' }))).toBe('BACKUP_NO_RECIPIENT')
    expect(await refusalOf(createBackup(play.ctx, { file: fileOf('first'), to: [], newRecovery: join(play.home.path, 'recovery.txt'), expires: null, program: 'test' }))).toBe('RECOVERY_IN_HOME')
    const made = await make('first')
    state = await stateOf(play.ctx)
    const line = (await play.ctx.ledger.copies(play.matter.id)).find((copy) => copy.id === made.backup.copies[0]?.copy)
    expect(line).toMatchObject({ kind: 'backup', endedHow: null })
    expect(made).toMatchObject({ unpublished: [], backup: { status: 'complete', records: state.reads.size } })
    expect(await refusalOf(make('first'))).toBe('BACKUP_EXISTS')
    const bytes = readFileSync(fileOf('first'))
    for (const word of ['record_cipher', 'home.json', play.matter.id, '客户']) expect(bytes.includes(word)).toBe(false)
  })

  test('verifies byte for byte, and with the recovery key row for row, log and books', async () => {
    const quick = await verifyBackup({ file: fileOf('first'), trusted: null, readData: null, progress: () => undefined })
    expect(quick).toMatchObject({ trust: 'self-declared', data: null })
    expect(quick.notChecked.length).toBeGreaterThan(2)
    const whole = await readAll('first')
    expect(whole).toMatchObject({ trust: 'given', data: { matters: [{ id: play.matter.id, records: state.reads.size, events: state.events, log: { witnesses: 2, problems: [] } }] } })
    expect(whole.data?.matters[0]?.log.size).toBeGreaterThan(state.events)
    const stranger = join(top, 'stranger.txt')
    writeFileSync(stranger, 'AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU\n', { mode: 0o600 })
    expect(await refusalOf(verifyBackup({ file: fileOf('first'), trusted: play.ctx.signer.vkey, readData: { recoveryFile: stranger }, progress: () => undefined }))).toBe('RECOVERY_WRONG')
  })

  test('that is stopped leaves no file and no open line', async () => {
    let calls = 0
    const stopping: Context = { ...play.ctx, progress: () => { if (++calls > 3) throw new Error('Ctrl-C') } }
    await expect(make('stopped', stopping)).rejects.toThrow('Ctrl-C')
    expect([existsSync(fileOf('stopped')), existsSync(`${fileOf('stopped')}.unfinished`)]).toEqual([false, false])
    expect((await play.ctx.ledger.copies(play.matter.id)).filter((copy) => copy.kind === 'backup' && copy.endedHow === null)).toHaveLength(1)
    expect((await listBackups(play.ctx)).map((backup) => backup.status)).toEqual(['complete', 'abandoned'])
  })
})

describe('100 seeded damages', () => {
  test('are all refused, whether flipped, cut, swapped, reordered or spliced from another backup', async () => {
    await make('second')
    allBytesAreCovered(fileOf('second'))
    const missed: string[] = []
    let count = 0
    for (const damage of damagesOf({ file: fileOf('second'), other: fileOf('first'), seed: `backup/${seed}`, count: 100 })) {
      const file = fileOf('damaged')
      writeFileSync(file, damage.bytes)
      count += 1
      const outcome = await refusalOf(verifyBackup({ file, trusted: play.ctx.signer.vkey, readData: { recoveryFile: recovery }, progress: () => undefined }))
      if (!['BACKUP_DAMAGED', 'BACKUP_FOREIGN', 'BACKUP_NEWER'].includes(outcome)) missed.push(`${damage.what}: ${outcome}`)
      // Without the recovery key every byte is under the signed list, too.
      const quick = await refusalOf(verifyBackup({ file, trusted: play.ctx.signer.vkey, readData: null, progress: () => undefined }))
      if (quick === 'nothing was refused') missed.push(`${damage.what}: not seen without the recovery key`)
    }
    tell(`HANDOVER_SEED=${seed}: ${count - missed.length}/${count} damaged backups refused`)
    expect(missed).toEqual([])
  }, 120_000)
})

describe('a restore', () => {
  test('of the newest backup gives the same roots, books and reads, and the home goes on', async () => {
    await make('newest')
    const expected = await stateOf(play.ctx)
    const home = join(top, 'restored')
    const restored = await restore('newest', home)
    expect(restored.matters).toEqual([expect.objectContaining({ keys: 'backup', comparedWith: 'witnesses', records: expected.reads.size })])
    expect(await stateAt(home)).toEqual(expected)
    expect(await refusalOf(restore('newest', home))).toBe('RESTORE_NOT_EMPTY')
    rmSync(home, { recursive: true })
  }, 60_000)

  test('that is stopped anywhere starts clean or goes on, and the home opens for nobody before', async () => {
    const home = join(top, 'interrupted')
    for (const stopAt of [1, 12, 40]) {
      let calls = 0
      await expect(restore('newest', home, { progress: () => { if (++calls > stopAt) throw new Error('power cut') } })).rejects.toThrow('power cut')
      expect(await refusalOf(openContext(home))).toBe('HOME_RESTORING')
    }
    await expect(restore('newest', home, { open: async () => { throw new Error('killed') } })).rejects.toThrow('killed')
    expect(await refusalOf(openContext(home))).toBe('HOME_RESTORING')
    await restore('newest', home)
    expect((await stateAt(home)).reads).toEqual((await stateOf(play.ctx)).reads)
    rmSync(home, { recursive: true })
  }, 90_000)
})

describe('two people', () => {
  test('delete a backup, after the cooling-off, and its line ends', async () => {
    const { backup } = await make('doomed')
    const lead = { backup: backup.id, keyFile: play.people.lead }
    expect(await refusalOf(deleteBackup(play.ctx, play.matter, { backup: backup.id, file: null }))).toBe('APPROVAL_MISSING')
    const { request } = await requestBackupDeletion(play.ctx, play.matter, lead)
    expect(await refusalOf(deleteBackup(play.ctx, play.matter, { backup: backup.id, file: null }))).toBe('APPROVAL_INCOMPLETE')
    for (const keyFile of [play.people.legal, play.people.finance]) await approve(play.ctx, play.matter, { requestId: request, keyFile })
    expect(await refusalOf(deleteBackup(play.ctx, play.matter, { backup: backup.id, file: null }))).toBe('COOLING_OFF')
    play.home.setTime(new Date(Date.parse(play.ctx.now()) + 48 * 3_600_000).toISOString())
    expect(await refusalOf(deleteBackup(play.ctx, play.matter, { backup: backup.id, file: fileOf('newest') }))).toBe('BACKUP_GONE')
    expect(existsSync(fileOf('doomed'))).toBe(true)
    expect((await deleteBackup(play.ctx, play.matter, { backup: backup.id, file: null })).backup.status).toBe('deleted')
    expect(existsSync(fileOf('doomed'))).toBe(false)
    expect(await deleteBackup(play.ctx, play.matter, { backup: backup.id, file: null })).toMatchObject({ repeated: true })
    expect((await play.ctx.ledger.copies(play.matter.id)).find((copy) => copy.id === backup.copies[0]?.copy)).toMatchObject({ endedHow: 'destroyed' })
  })
})

describe(`${olderBackups} backups that are older than a destruction`, () => {
  test('bring nobody back, and are refused without the newer tombstones', async () => {
    for (let at = 0; at < olderBackups; at += 1) await make(`older-${at}`)
    const before = await stateOf(play.ctx)
    const order = await play.order('vault')
    await runDestruction(play.ctx, play.matter, order, { allowWrite: false, readAs: {} })
    await turnKeys(play.ctx, play.matter)
    const after = await stateOf(play.ctx)
    const erased = [...before.reads.keys()].filter((id) => !after.reads.has(id))
    expect(erased.length).toBeGreaterThan(0)
    expect(after.reads.size).toBeGreaterThan(0)
    const newer = join(play.home.path, 'objects')
    let resurrected = 0
    for (let at = 0; at < olderBackups; at += 1) {
      const home = join(top, `older-home-${at}`)
      if (at === 0) expect(await refusalOf(restore('older-0', home))).toBe('TOMBSTONES_BEHIND')
      const opened: Context[] = []
      const open = async (path: string): Promise<Context> => {
        opened.push((await openContext(path, { isRestoring: true })).context)
        return { ...context(opened), close: async () => undefined } // read before the server is stopped: ten starts are enough
      }
      await restore(`older-${at}`, home, { evidence: newer, open })
      const left = await readsOf(context(opened))
      resurrected += erased.filter((id) => left.has(id)).length
      const untouched = [...after.reads].filter(([id, digest]) => before.reads.get(id) === digest)
      for (const [id, digest] of untouched) expect(left.get(id)).toBe(digest)
      await context(opened).close()
      rmSync(home, { recursive: true, maxRetries: 5 })
    }
    tell(`${olderBackups} older backups restored: ${erased.length} erased records, ${resurrected} came back`)
    expect(resurrected).toBe(0)
  }, 300_000)
})

describe('a restore without witnesses', () => {
  test('is refused to one person alone, and opens once two others approved exactly this backup', async () => {
    await make('unwitnessed')
    await play.stopWitnesses()
    const home = join(top, 'unwitnessed-home')
    const open = async (path: string): Promise<Context> => {
      const opened = await openContext(path, { isRestoring: true })
      opened.declareTime(play.ctx.now())
      return opened.context
    }
    const again = (witnessesGone: Parameters<typeof restoreBackup>[0]['witnessesGone']) => restore('unwitnessed', home, { witnessesGone, open })
    const refusal = (wish: Parameters<typeof again>[0]) => refusalOf(again(wish))
    expect(await refusal(null)).toBe('RESTORE_UNWITNESSED')
    expect(await refusal({ keyFile: null, approvals: [] })).toBe('RESTORE_UNAPPROVED')
    expect(await refusal({ keyFile: play.people.lead, approvals: [] })).toBe('RESTORE_ASKED')
    const asked = readFileSync(join(home, `restore-request-${play.matter.id}.json`), 'utf8')
    expect(await refusal({ keyFile: null, approvals: [signApprovalFile(asked, readSigningKey(play.people.lead)).text] })).toBe('APPROVAL_FILE_REFUSED')
    const one = signApprovalFile(asked, readSigningKey(play.people.legal)).text
    expect(await refusal({ keyFile: null, approvals: [one] })).toBe('APPROVAL_INCOMPLETE')
    expect(await refusalOf(openContext(home))).toBe('HOME_RESTORING')
    const both = signApprovalFile(one, readSigningKey(play.people.finance)).text
    expect((await again({ keyFile: null, approvals: [both] })).matters).toEqual([expect.objectContaining({ comparedWith: 'own-checkpoint' })])
    expect((await stateAt(home)).reads).toEqual((await stateOf(play.ctx)).reads)
    rmSync(home, { recursive: true })
  }, 90_000)

  test('needs two people each time: neither the signed file nor the rows of a restore that was done open another one', async () => {
    await make('unwitnessed-again')
    const open = async (path: string): Promise<Context> => {
      const opened = await openContext(path, { isRestoring: true })
      opened.declareTime(play.ctx.now())
      return opened.context
    }
    const into = (home: string, approvals: readonly string[], keyFile: string | null = null) => restore('unwitnessed-again', home, { witnessesGone: { keyFile, approvals }, open })
    const [first, second] = [join(top, 'approved-home'), join(top, 'replayed-home')]
    expect(await refusalOf(into(first, [], play.people.lead))).toBe('RESTORE_ASKED')
    const asked = readFileSync(join(first, `restore-request-${play.matter.id}.json`), 'utf8')
    const both = signApprovalFile(signApprovalFile(asked, readSigningKey(play.people.legal)).text, readSigningKey(play.people.finance)).text
    await into(first, [both])
    // The same person, the same backup and size, the file from the first time: in a home of their own, with or without asking there before.
    expect(await refusalOf(into(second, [both]))).toBe('REQUEST_UNKNOWN')
    expect(await refusalOf(into(second, [], play.people.lead))).toBe('RESTORE_ASKED')
    expect(await refusalOf(into(second, [both]))).toBe('REQUEST_UNKNOWN')
    // The owner of the database notes the request as approved and used, or takes the finished home's request with all its signatures over.
    const { context: done } = await openContext(first)
    const carried = await Promise.all(['approval_request', 'approval'].map(async (table) => ({ table, rows: await done.db.query<{ row: string }>(`select to_jsonb(t)::text as "row" from ${table} t where t.tenant = $1`, [done.tenant]) })))
    await done.close()
    const { context: other } = await openContext(second, { isRestoring: true })
    await other.db.execute(`update approval_request set status = 'used' where act = 'restore-unwitnessed'`, [])
    await other.close()
    expect(await refusalOf(into(second, []))).toBe('RESTORE_UNAPPROVED')
    const { context: again } = await openContext(second, { isRestoring: true })
    for (const { table, rows } of carried) for (const { row } of rows) await again.db.execute(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1::jsonb) on conflict do nothing`, [row])
    await again.close()
    expect(await refusalOf(into(second, []))).toBe('RESTORE_UNAPPROVED')
    expect(await refusalOf(openContext(second))).toBe('HOME_RESTORING')
    for (const home of [first, second]) rmSync(home, { recursive: true, maxRetries: 5 })
  }, 120_000)
})

function context(opened: readonly Context[]): Context {
  const [only] = opened
  if (only === undefined) throw new Error('the home was not opened')
  return only
}

async function readsOf(ctx: Context): Promise<Map<string, string>> {
  const reads = new Map<string, string>()
  const grant = { person: 'per_00000000000000000000000000000000', purpose: 'backup-check', compartments: ['general', 'sensitive', 'text'], until: instantOf('2099-01-01T00:00:00Z'), approval: null } as const
  for await (const batch of ctx.vault.read(grant, { matterId: play.matter.id })) {
    for (const record of batch) reads.set(record.recordId.toString('hex'), createHash('sha256').update(JSON.stringify([record.version, record.root.toString('hex'), record.values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value ?? null))])).digest('hex'))
  }
  return reads
}
