// SPDX-License-Identifier: Apache-2.0
import { checkpointBody, decodeEntryBundle, leafHash, noteSigner, parsePolicy, parseVkey, rootOfLeaves, sha256, signNote, toHex, utf8, verifyCosignedCheckpoint } from '@handover/proof'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { watchLog } from '../witness/index.ts'
import { startWitness, type WitnessProcess } from '../witness/witness-process.fixture.ts'
import { addMatter, backUp, openTestLedger, restore, tamper, type TestLedger } from './test-ledger.fixture.ts'
import { composePolicy, type Ledger, type NewEvent } from './index.ts'

let books: TestLedger
let buyer: WitnessProcess
let broker: WitnessProcess
let folder = ''
let matter = ''
let count = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-witnesses-'))
  ;[books, buyer, broker] = await Promise.all([openTestLedger({ witnessTimeoutMs: 3000 }), startWitness(join(folder, 'buyer'), 'witness.buyer.example'), startWitness(join(folder, 'broker'), 'witness.broker.example')])
})
afterAll(async () => {
  await Promise.all([buyer?.kill(), broker?.kill()])
  await books?.remove()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  matter = await addMatter(books, `matter ${count++}`)
  await say('opened', { type: 'MatterOpened', body: { type: 'asset-transfer', origin: 'o', parties: [], settings: '00', demo: false } })
})

const say = (effect: string, event: NewEvent = { type: 'BackupCreated', body: { backup: effect, records: 1, expires: '2027-01-01' } }, ledger = books.ledger, db = books.db) =>
  db.transaction((tx) => ledger.append(tx, matter, event, effect))
const places = () => [buyer, broker].map((witness) => ({ name: witness.name, vkey: parseVkey(witness.vkey), url: witness.url }))
const trust = async () => {
  const written = composePolicy({ log: await books.ledger.logVkey(matter), witnesses: places(), ownWitnesses: [], needed: 2, parties: [], approvers: [] })
  await books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, written, { ownKeys: [] }))
  for (const witness of [buyer, broker]) watchLog(witness.home, (await books.ledger.logVkey(matter)).text)
  return written
}
const logFolder = async () => join(books.home.paths.objects, 'log', toHex(sha256(utf8((await books.ledger.logVkey(matter)).name))))
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const publishedEntries = async (ledger: Ledger = books.ledger) => {
  const files = await Array.fromAsync(ledger.logFiles(matter))
  return files.filter((file) => file.path.startsWith('tile/entries')).flatMap((file) => decodeEntryBundle(file.bytes))
}

describe('restored and changed state', () => {
  async function published(rounds: number) {
    for (let n = 0; n < rounds; n++) {
      await say(`round ${count++}/${n}`)
      await books.ledger.publish(matter)
    }
  }

  test('a restored database that is behind takes the missing entries from the tiles and gives known events their places back', async () => {
    await trust()
    await published(1)
    const seq = (await say('booked, not yet published')).seq
    const backup = await backUp(books)
    const witnessed = await books.ledger.publish(matter)
    const place = (await books.ledger.event(matter, seq)).leafIndex
    const restored = await restore(books, backup)
    try {
      await say('new after the restore', undefined, restored.ledger, restored.db)
      const next = await restored.ledger.publish(matter)
      expect(next.checkpoint.size).toBe(witnessed.checkpoint.size + 16n)
      expect((await restored.ledger.event(matter, seq)).leafIndex).toBe(place)
      const entries = await publishedEntries(restored.ledger)
      expect(rootOfLeaves(entries.slice(0, Number(witnessed.checkpoint.size)).map(leafHash))).toEqual(witnessed.checkpoint.root)
    } finally {
      await restored.close()
    }
  })

  test('a crash in the middle of that import is caught up with the next time', async () => {
    await trust()
    await published(1)
    const backup = await backUp(books)
    await published(2)
    const stopped = await restore(books, backup, { at: (point) => { if (point === 'imported') throw new Error('power cut') } })
    try {
      await say('new', undefined, stopped.ledger, stopped.db)
      await expect(stopped.ledger.publish(matter)).rejects.toThrow('power cut')
      const ledger = books.again({ db: stopped.db, home: { ...books.home, settings: { ...books.home.settings, tenant: (await stopped.db.query<{ tenant: string }>('select tenant from log_head limit 1'))[0]?.tenant ?? '' } } })
      expect((await ledger.publish(matter)).checkpoint.size).toBe(64n)
    } finally {
      await stopped.close()
    }
  })

  test('a home that is restored whole, behind its witnesses, halts: nothing is signed', async () => {
    await trust()
    await published(1)
    const backup = await backUp(books)
    const objects = `${await logFolder()}.kept`
    cpSync(await logFolder(), objects, { recursive: true })
    await published(1)
    rmSync(await logFolder(), { recursive: true })
    renameSync(objects, await logFolder())
    const restored = await restore(books, backup)
    try {
      await say('another history', undefined, restored.ledger, restored.db)
      expect(await codeOf(restored.ledger.publish(matter))).toBe('LOG_BEHIND')
      expect(await restored.ledger.checkpoints(matter)).toHaveLength(1)
    } finally {
      await restored.close()
    }
  })

  test('a database whose entries were changed halts before signing', async () => {
    await trust()
    await published(1)
    await tamper(books, `update log_padding set entry = '\\x01' || sha256('forged') where matter_id = $1 and leaf_index = 9`, [matter])
    await say('next')
    expect(await codeOf(books.again().publish(matter))).toBe('LOG_DIFFERS')
    await tamper(books, `delete from log_padding where matter_id = $1 and leaf_index = 9`, [matter])
    expect(await codeOf(books.again().publish(matter))).toBe('LOG_ENTRIES_DAMAGED')
    expect(await books.ledger.checkpoints(matter)).toHaveLength(1)
  })

  test('a head whose history was rewritten consistently in the database is still caught by the witnesses', async () => {
    await trust()
    await published(1)
    const entries = await publishedEntries()
    const forged = new Uint8Array([1, ...sha256(utf8('forged'))])
    const root = rootOfLeaves(entries.with(9, forged).map(leafHash))
    await tamper(books, `update log_padding set entry = $2 where matter_id = $1 and leaf_index = 9`, [matter, forged])
    await tamper(books, `update log_head set root = $2 where matter_id = $1`, [matter, root])
    await tamper(books, `delete from checkpoint where matter_id = $1`, [matter])
    rmSync(await logFolder(), { recursive: true })
    await say('next')
    const error: unknown = await books.again().publish(matter).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LOG_DIFFERS', exitCode: 65 })
    expect(String(error)).toContain('witness.')
  })

  test('lost or damaged public files are made again from the ledger', async () => {
    await trust()
    await published(2)
    const before = await Array.fromAsync(books.ledger.logFiles(matter))
    rmSync(join(await logFolder(), 'tile'), { recursive: true })
    await say('next')
    await books.again().publish(matter)
    const tile = join(await logFolder(), 'tile/0/000.p/48')
    const good = readFileSync(tile)
    writeFileSync(tile, Buffer.alloc(good.length))
    await say('one more')
    await books.again().publish(matter)
    expect(readFileSync(tile)).toEqual(good)
    expect(before.map((file) => file.path)).toEqual(['checkpoint', 'tile/0/000.p/32', 'tile/entries/000.p/32'])
  })

  test('a tile that the disk changed under a running process is made again before anything is signed over it', async () => {
    await trust()
    await published(1)
    const before = (await books.ledger.latestCheckpoint(matter))?.checkpoint.size ?? 0n
    const tile = join(await logFolder(), 'tile', '0', `000.p`, String(before))
    const whole = readFileSync(tile)
    for (const damage of [(bytes: Buffer) => { bytes[40] = (bytes[40] ?? 0) ^ 4; return bytes }, (bytes: Buffer) => bytes.subarray(0, 33)]) {
      const now = (await books.ledger.latestCheckpoint(matter))?.checkpoint.size ?? 0n
      const file = join(await logFolder(), 'tile', '0', '000.p', String(now))
      writeFileSync(file, damage(readFileSync(file)))
      await published(1)
    }
    expect(readFileSync(tile)).toEqual(whole)
    const entries = await publishedEntries()
    expect(toHex((await books.ledger.latestCheckpoint(matter))?.checkpoint.root ?? new Uint8Array())).toBe(toHex(rootOfLeaves(entries.map(leafHash))))
  })

  test('a checkpoint file that our key did not sign vouches for nothing: it is written anew, with or without something new, and only after asking the witnesses', async () => {
    const text = await trust()
    await published(1)
    const file = join(await logFolder(), 'checkpoint')
    const whole = readFileSync(file, 'utf8')
    for (const damaged of [whole.replace('16\n', '32\n'), whole.slice(0, 20), '']) {
      writeFileSync(file, damaged)
      expect((await books.ledger.newestHead(matter))?.who).not.toBe('checkpoint')
      expect((await books.ledger.confirmHead(matter))?.isQuorum).toBe(false)
      await books.ledger.publish(matter)
      expect(readFileSync(file, 'utf8')).toBe(whole)
    }
    writeFileSync(file, whole.replace('16\n', '32\n'))
    await say('next')
    await books.again().publish(matter)
    expect(verifyCosignedCheckpoint(readFileSync(file, 'utf8'), parsePolicy(text)).checkpoint.size).toBe(32n)
  })

  test('a checkpoint file that our key did sign, with another root, halts', async () => {
    await trust()
    await published(1)
    const file = join(await logFolder(), 'checkpoint')
    const { text: vkey } = await books.ledger.logVkey(matter)
    const signer = noteSigner({ name: parseVkey(vkey).name, seed: Buffer.from(readFileSync(join(books.home.paths.keys, `log-${matter}.key`), 'latin1').trim(), 'hex') })
    writeFileSync(file, signNote(checkpointBody({ origin: signer.vkey.name, size: 16n, root: new Uint8Array(32) }), [signer]))
    await say('next')
    expect(await codeOf(books.again().publish(matter))).toBe('LOG_DIFFERS')
  })
})
