// SPDX-License-Identifier: Apache-2.0
import { decodeEntryBundle, leafHash, logEntry, openNote, parsePolicy, parseTlogProof, parseVkey, rootOfLeaves, sha256, toHex, utf8, verifyTlogProof } from '@handover/proof'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { watchLog } from '../witness/index.ts'
import { startWitness, type WitnessProcess } from '../witness/witness-process.fixture.ts'
import { logSigner } from './log-key.ts'
import { addMatter, openTestLedger, tamper, type TestLedger } from './test-ledger.fixture.ts'
import { sequenceBatch, withSequencer } from './sequence-events.ts'
import { composePolicy, logPoints, type Ledger, type NewEvent } from './index.ts'

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
const policyText = async (more: { needed?: number; own?: boolean } = {}) =>
  composePolicy({ log: await books.ledger.logVkey(matter), witnesses: places(), ownWitnesses: [], needed: more.needed ?? 2, parties: [], approvers: [] })
const trust = async (text?: string) => {
  const written = text ?? (await policyText())
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

describe('publishing', () => {
  test('every event becomes an entry, batches are padded to 16, two witnesses cosign, and proofs verify with the policy alone', async () => {
    const text = await trust()
    await say('b1')
    const first = await books.ledger.publish(matter)
    expect(first.checkpoint.size).toBe(16n)
    expect(first.witnesses).toEqual(['witness.buyer.example', 'witness.broker.example'])
    for (let n = 0; n < 20; n++) await say(`more ${n}`)
    const second = await books.ledger.publish(matter)
    expect(second.checkpoint.size).toBe(48n)
    const entries = await publishedEntries()
    expect(rootOfLeaves(entries.map(leafHash))).toEqual(second.checkpoint.root)
    expect(new Set(entries.map((entry) => `${entry.length}/${entry[0]}`))).toEqual(new Set(['33/1']))
    for (const seq of [1, 3, 23]) {
      const event = await books.ledger.event(matter, seq)
      const proof = parseTlogProof(await books.ledger.proofOf(matter, seq))
      expect(verifyTlogProof(proof, leafHash(logEntry(event.commitment)), parsePolicy(text)).checkpoint.size).toBe(48n)
    }
    expect(readFileSync(join(await logFolder(), 'checkpoint'), 'utf8')).toBe(second.text)
    expect((await books.ledger.latestCheckpoint(matter))?.text).toBe(second.text)
  })

  test('a checkpoint that the policy in force no longer accepts does not count as published until it is cosigned anew', async () => {
    await trust(await policyText({ needed: 1 }))
    const port = Number(new URL(broker.url).port)
    await broker.kill()
    await books.ledger.publish(matter)
    await trust(await policyText({ needed: 2 }))
    expect(await books.ledger.latestCheckpoint(matter)).toBeNull()
    expect(await codeOf(books.ledger.proofOf(matter, 1))).toBe('NOT_PUBLISHED_YET')
    broker = await startWitness(broker.home, broker.name, port)
    expect((await books.ledger.publish(matter)).witnesses).toHaveLength(2)
  })

  test('publishing again without anything new gives the same checkpoint and asks nobody', async () => {
    await trust()
    const first = await books.ledger.publish(matter)
    const asked: string[] = []
    expect((await books.again({ at: (point) => asked.push(point) }).publish(matter)).text).toBe(first.text)
    expect(asked).toEqual([])
  })

  test('more than 256 entries fill a tile, and every event still verifies', async () => {
    const text = await trust()
    await books.db.transaction(async (tx) => {
      for (let n = 0; n < 300; n++) await books.ledger.append(tx, matter, { type: 'BackupCreated', body: { backup: `b${n}`, records: n, expires: '2027-01-01' } }, `b${n}`)
    })
    const { checkpoint } = await books.ledger.publish(matter)
    expect(checkpoint.size).toBe(304n)
    expect(existsSync(join(await logFolder(), 'tile/0/000'))).toBe(true)
    const event = await books.ledger.event(matter, 290)
    const proof = parseTlogProof(await books.ledger.proofOf(matter, 290))
    expect(() => verifyTlogProof(proof, leafHash(logEntry(Buffer.alloc(32))), parsePolicy(text))).toThrow('another root')
    expect(verifyTlogProof(proof, leafHash(logEntry(event.commitment)), parsePolicy(text)).checkpoint.size).toBe(304n)
  })

  test('a full tile or entry bundle that the disk changed gives no false proof, and publishing makes it again, with or without something new', async () => {
    const text = await trust()
    await books.db.transaction(async (tx) => {
      for (let n = 0; n < 300; n++) await books.ledger.append(tx, matter, { type: 'BackupCreated', body: { backup: `b${n}`, records: n, expires: '2027-01-01' } }, `b${n}`)
    })
    await books.ledger.publish(matter)
    const verifies = async () => verifyTlogProof(parseTlogProof(await books.ledger.proofOf(matter, 9)), leafHash(logEntry((await books.ledger.event(matter, 9)).commitment)), parsePolicy(text))
    for (const isSomethingNew of [false, true]) {
      for (const path of ['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']) {
        const file = join(await logFolder(), path)
        const whole = readFileSync(file)
        const damaged = Buffer.from(whole)
        damaged[7] = (damaged[7] ?? 0) ^ 1
        writeFileSync(file, damaged)
        if (path === 'tile/0/000') expect(await codeOf(books.ledger.proofOf(matter, 9))).toBe('LOG_FILES_DAMAGED')
        if (isSomethingNew) await say(`new beside ${path}`)
        await books.ledger.publish(matter)
        expect(readFileSync(file).equals(whole), path).toBe(true)
        expect((await verifies()).checkpoint.size).toBeGreaterThanOrEqual(304n)
      }
    }
  })

  test('the log is published on ticks of real time, not when something happens', async () => {
    await trust()
    await say('b1')
    const started = Date.now()
    let taken = started
    await books.again({ tickMs: 400, at: (point) => { if (point === 'token-taken') taken = Date.now() } }).publish(matter)
    expect(Math.floor(taken / 400)).toBeGreaterThan(Math.floor(started / 400))
  })

  test('an event that is not published has no proof, and one that does not exist neither', async () => {
    await trust()
    await books.ledger.publish(matter)
    const { seq } = await say('later')
    expect(await codeOf(books.ledger.proofOf(matter, seq))).toBe('NOT_PUBLISHED_YET')
    expect(await codeOf(books.ledger.proofOf(matter, 99))).toBe('EVENT_UNKNOWN')
  })

  test('key and policy files are for the owner only', async () => {
    await trust()
    expect(statSync(join(books.home.paths.keys, `log-${matter}.key`)).mode & 0o777).toBe(0o600)
  })
})

describe('crashes', () => {
  test.each(logPoints.filter((point) => point !== 'imported'))('stopped at %s and run again: one history, one root a size, nothing lost or doubled', async (stop) => {
    const text = await trust()
    await books.ledger.publish(matter)
    for (let n = 0; n < 18; n++) await say(`b${n}`)
    const stopping = books.again({ at: (point) => { if (point === stop) throw new Error(`power cut at ${stop}`) } })
    await expect(stopping.publish(matter)).rejects.toThrow(`power cut at ${stop}`)
    await say('after the crash')
    const again = books.again()
    const { checkpoint } = await again.publish(matter)
    const events = await Array.fromAsync(again.events(matter))
    const entries = await publishedEntries(again)
    expect(events.every((event) => event.leafIndex !== null && Buffer.from(entries[event.leafIndex] ?? []).equals(Buffer.from(logEntry(event.commitment))))).toBe(true)
    expect(new Set(events.map((event) => event.leafIndex)).size).toBe(events.length)
    expect(rootOfLeaves(entries.map(leafHash))).toEqual(checkpoint.root)
    for (const row of await again.checkpoints(matter)) {
      expect(row.body.split('\n')[2]).toBe(Buffer.from(rootOfLeaves(entries.slice(0, row.size).map(leafHash))).toString('base64'))
    }
    expect(() => openNote(readFileSync(join(books.home.paths.objects, 'log', toHex(sha256(utf8(checkpoint.origin))), 'checkpoint'), 'utf8'), parsePolicy(text).logs)).not.toThrow()
  })

  test.each(['sequenced', 'checkpoint-signed', 'checkpoint-published'])('kill -9 of the process at %s: the next one goes on at once', async (point) => {
    await trust()
    await say('b1')
    const child = spawn(process.execPath, [join(import.meta.dirname, 'publish-process.fixture.ts'), books.databases.homeDir, books.home.path, matter, point], { stdio: 'inherit' })
    await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    expect((await books.again().publish(matter)).checkpoint.size).toBe(16n) // a fence that waited for the dead process would run into the test's limit
  })

  test('two sequencers at once, each with its own witnesses to ask, never make two roots for one size', async () => {
    await trust()
    const ledgers = Array.from({ length: 3 }, () => books.again())
    for (let round = 0; round < 4; round++) {
      await say(`round ${round}`)
      await Promise.all(ledgers.map((ledger) => ledger.publish(matter)))
    }
    const entries = await publishedEntries()
    const rows = await books.ledger.checkpoints(matter)
    expect(new Set(rows.map((row) => row.size)).size).toBe(rows.length)
    for (const row of rows) expect(row.body.split('\n')[2]).toBe(Buffer.from(rootOfLeaves(entries.slice(0, row.size).map(leafHash))).toString('base64'))
    expect((await Array.fromAsync(books.ledger.events(matter))).every((event) => event.leafIndex !== null)).toBe(true)
  })

  test('a sequencer whose token was taken by another can write nothing more, and no head moves', async () => {
    await trust()
    await say('b1')
    const { objects, keys } = books.home.paths
    const room = { db: books.db, tenant: books.tenant, paths: { objects, keys }, now: () => books.clock.now, tickMs: 0, witnessTimeoutMs: 3000, busyTimeoutMs: 3000, at: () => undefined }
    const overtaken = withSequencer(room, { tenant: books.tenant, matterId: matter }, async (sequencer) => {
      await tamper(books, `update log_head set token = token + 1 where matter_id = $1`, [matter])
      return sequenceBatch(room, sequencer, { folder: await logFolder(), signer: await logSigner(room, { tenant: books.tenant, matterId: matter }) })
    })
    expect(await codeOf(overtaken)).toBe('LOG_TAKEN_OVER')
    expect((await books.ledger.event(matter, 1)).leafIndex).toBeNull()
    expect((await books.ledger.publish(matter)).checkpoint.size).toBe(16n)
  })

  test('a second process waits for the first, and says so when it does not finish', async () => {
    await trust()
    const { objects, keys } = books.home.paths
    const room = { db: books.db, tenant: books.tenant, paths: { objects, keys }, now: () => books.clock.now, tickMs: 0, witnessTimeoutMs: 3000, busyTimeoutMs: 3000, at: () => undefined }
    const code = await withSequencer(room, { tenant: books.tenant, matterId: matter }, () => codeOf(books.again({ busyTimeoutMs: 300 }).publish(matter)))
    expect(code).toBe('LOG_BUSY')
  })
})

describe('witnesses', () => {
  test('without quorum nothing is published, the events stay, and a retry with the witnesses back resumes', async () => {
    await trust()
    await books.ledger.publish(matter)
    await say('b1')
    const port = Number(new URL(broker.url).port)
    await broker.kill()
    expect(await codeOf(books.ledger.publish(matter))).toBe('QUORUM_NOT_REACHED')
    expect(await codeOf(books.again().publish(matter))).toBe('QUORUM_NOT_REACHED')
    expect((await books.ledger.latestCheckpoint(matter))?.checkpoint.size).toBe(16n)
    broker = await startWitness(broker.home, broker.name, port)
    expect((await books.ledger.publish(matter)).checkpoint.size).toBe(32n)
    expect(await books.ledger.checkpoints(matter)).toHaveLength(2)
  })

  test('one of two is enough when the policy says so', async () => {
    await trust(await policyText({ needed: 1 }))
    const port = Number(new URL(broker.url).port)
    await broker.kill()
    expect((await books.ledger.publish(matter)).witnesses).toEqual(['witness.buyer.example'])
    broker = await startWitness(broker.home, broker.name, port)
    await say('b1')
    expect((await books.ledger.publish(matter)).witnesses).toHaveLength(2)
  })

  test('a witness that does not watch the log is named with its answer', async () => {
    await books.db.transaction(async (tx) => books.ledger.setPolicy(tx, matter, await policyText(), { ownKeys: [] }))
    const error: unknown = await books.ledger.publish(matter).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'QUORUM_NOT_REACHED', exitCode: 69 })
    expect(String(error)).toContain('witness.buyer.example: HTTP 404')
  })

  test('a witness that signs with another key than the policy names does not count', async () => {
    const [first, second] = places()
    if (first === undefined || second === undefined) throw new Error('two witnesses')
    const swapped = [{ ...first, url: second.url }, { ...second, url: first.url }]
    const text = composePolicy({ log: await books.ledger.logVkey(matter), witnesses: swapped, ownWitnesses: [], needed: 1, parties: [], approvers: [] })
    await trust(text)
    expect(await codeOf(books.ledger.publish(matter))).toBe('QUORUM_NOT_REACHED')
  })
})

describe('policy', () => {
  test("the transferor's own witness is listed but never counts, and a policy that counts it is refused", async () => {
    const log = await books.ledger.logVkey(matter)
    const [own, other] = places()
    if (own === undefined || other === undefined) throw new Error('two witnesses')
    const key = toHex(own.vkey.publicKey)
    const counting = composePolicy({ log, witnesses: [own, other], ownWitnesses: [], needed: 1, parties: [], approvers: [] })
    const listing = composePolicy({ log, witnesses: [other], ownWitnesses: [own], needed: 1, parties: [], approvers: [] })
    const set = (text: string) => books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, text, { ownKeys: [key] }))
    expect(await codeOf(set(counting))).toBe('BAD_POLICY_FILE')
    await set(listing)
    expect((await books.ledger.policy(matter))?.witnesses.map((witness) => witness.url)).toEqual([own.url, other.url].toSorted((a, b) => Number(b === other.url) - Number(a === other.url)))
  })

  test('the same policy again is the first result, a change is a new event, and going back as well', async () => {
    const [two, one] = [await policyText(), await policyText({ needed: 1 })]
    const set = (text: string) => books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, text, { ownKeys: [], permitWeaker: async () => undefined }))
    expect(await codeOf(books.db.transaction(async (tx) => {
      await books.ledger.setPolicy(tx, matter, two, { ownKeys: [] })
      await books.ledger.setPolicy(tx, matter, one, { ownKeys: [] })
    }))).toBe('POLICY_WEAKER')
    expect(await set(two)).toEqual({ seq: 2, repeated: false })
    expect(await set(two)).toEqual({ seq: 2, repeated: true })
    expect(await set(one)).toEqual({ seq: 3, repeated: false })
    expect(await set(two)).toEqual({ seq: 4, repeated: false })
    expect((await books.ledger.policy(matter))?.text).toBe(two)
  })

  test('refuses to publish without a policy, with an edited one, and a policy for another log', async () => {
    expect(await codeOf(books.ledger.publish(matter))).toBe('NO_POLICY')
    const text = await trust()
    const policies = join(books.home.paths.objects, 'policy')
    const file = join(policies, readdirSync(policies).find((name) => name.startsWith(matter)) ?? '')
    writeFileSync(file, text.replace('group q 2', 'group q 1'))
    expect(await codeOf(books.ledger.publish(matter))).toBe('POLICY_EDITED')
    const other = text.replaceAll((await books.ledger.logVkey(matter)).text, (await books.ledger.logVkey(await otherMatter())).text)
    expect(await codeOf(books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, other, { ownKeys: [] })))).toBe('BAD_POLICY_FILE')
    expect(await codeOf(books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, 'nonsense\n', { ownKeys: [] })))).toBe('BAD_POLICY_FILE')
  })

  async function otherMatter() {
    const other = await addMatter(books, `other ${count++}`)
    await books.db.transaction((tx) => books.ledger.append(tx, other, { type: 'EpochTurned', body: { epoch: 1, dropped: 0, slots: [] } }, 'x'))
    return other
  }

  test('a matter whose books are kept elsewhere has no log key here, and a lost key is not replaced', async () => {
    expect(await codeOf(books.ledger.logVkey(await addMatter(books, `joined ${count++}`)))).toBe('LOG_NOT_KEPT_HERE')
    expect(await codeOf(books.ledger.logVkey('mat_0'))).toBe('LOG_MATTER_UNKNOWN')
    await trust()
    await books.ledger.publish(matter)
    rmSync(join(books.home.paths.keys, `log-${matter}.key`))
    expect(await codeOf(books.ledger.logVkey(matter))).toBe('LOG_KEY_MISSING')
  })
})
