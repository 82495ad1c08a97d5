// SPDX-License-Identifier: Apache-2.0
import {
  checkpointBody, consistencyPath, emptyRoot, leafHash, noteSigner, openEquivocation, parseNoteLines, parseVkey, readCosignatures, rootOfLeaves, sha256, signNote, toBase64, toHex, utf8, verifyConsistency,
} from '@handover/proof'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWitness, watchLog, witnessKeyOf } from './index.ts'
import { startWitness, type WitnessProcess } from './witness-process.fixture.ts'

const leaves = Array.from({ length: 300 }, (_, n) => leafHash(utf8(`entry ${n}`)))
const otherLeaves = Array.from({ length: 300 }, (_, n) => leafHash(utf8(`other ${n}`)))
const folders: string[] = []
let witness: WitnessProcess
let origin = ''
let log = noteSigner({ name: 'x', seed: Buffer.alloc(32) })
let count = 0

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'handover-witness-'))
  folders.push(folder)
  return folder
}

beforeAll(async () => { witness = await startWitness(newFolder(), 'witness.test.example') })
afterAll(async () => {
  await witness.kill()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  origin = `log.test.example/${count++}`
  log = noteSigner({ name: origin, seed: sha256(utf8(origin)) })
  watchLog(witness.home, log.vkey.text)
})

const note = (size: number, from = leaves, signer = log) => signNote(checkpointBody({ origin, size: BigInt(size), root: rootOfLeaves(from.slice(0, size)) }), [signer])
const proof = (old: number, size: number, from = leaves) => consistencyPath(BigInt(old), from.slice(0, size)).map((hash) => `${toBase64(hash)}\n`).join('')
const post = async (body: string) => {
  const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}
const add = (old: number, size: number, path = proof(old, size), checkpoint = note(size)) => post(`old ${old}\n${path}\n${checkpoint}`)
const monitor = (name = origin) => fetch(`${witness.url}/${toHex(sha256(utf8(name)))}/checkpoint`)

/** Proof files of the log under test. */
const keptProofs = () => {
  const folder = join(witness.home, 'witness', 'equivocation')
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).filter((text) => text.includes(`\n${origin}\n`))
}

describe('add-checkpoint answers every row of the table', () => {
  test('200 with a cosignature that its key verifies, and shows the checkpoint afterwards', async () => {
    expect((await monitor()).status).toBe(404)
    const before = Math.floor(Date.now() / 1000)
    const answer = await add(0, 16, '')
    const after = Math.ceil(Date.now() / 1000)
    expect(answer.status).toBe(200)
    const body = note(16).split('\n\n')[0] ?? ''
    const [cosignature] = readCosignatures(`${body}\n`, parseNoteLines(answer.text), [parseVkey(witness.vkey)])
    const time = Number(cosignature?.timestamp)
    expect(before <= time && time <= after).toBe(true)
    expect(await (await monitor()).text()).toBe(`${note(16)}${answer.text}`)
  })
  test('200 when it grows with a proof, and again for the same size', async () => {
    await add(0, 16, '')
    expect((await add(16, 290)).status).toBe(200)
    expect((await add(290, 290, '')).status).toBe(200)
  })
  test('404 for a log it does not watch', async () => {
    origin = 'log.test.example/unknown'
    expect((await add(0, 16, '', note(16, leaves, noteSigner({ name: origin, seed: Buffer.alloc(32, 9) })))).status).toBe(404)
  })
  test('403 when the log did not sign, or its line is wrong', async () => {
    expect((await add(0, 16, '', note(16, leaves, noteSigner({ name: 'log.test.example/impostor', seed: Buffer.alloc(32, 9) })))).status).toBe(403)
    const [body, line] = note(16).split('\n\n')
    const [, other] = note(17).split('\n\n')
    expect(line).not.toBe(other)
    expect((await add(0, 16, '', `${body}\n\n${other}`)).status).toBe(403)
  })
  test('400 when old is larger than the checkpoint', async () => {
    await add(0, 32, '')
    expect((await add(32, 16, '')).status).toBe(400)
    expect(keptProofs()).toEqual([])
  })
  test('400 for an impossible old size keeps what a second root for the known size proves all the same', async () => {
    await add(0, 32, '')
    expect((await add(64, 32, '', note(32, otherLeaves))).status).toBe(400)
    expect(keptProofs()).toHaveLength(1)
  })
  test('409 with the size it knows when old is another one', async () => {
    expect(await add(5, 16)).toMatchObject({ status: 409, type: 'text/x.tlog.size', text: '0\n' })
    await add(0, 16, '')
    expect(await add(8, 32)).toMatchObject({ status: 409, type: 'text/x.tlog.size', text: '16\n' })
    expect(await add(0, 32, '')).toMatchObject({ status: 409, text: '16\n' })
  })
  test('422 for a proof where none belongs', async () => expect((await add(0, 16, proof(8, 16))).status).toBe(422))
  test('422 for size 0 with another root than the empty one, 200 with it', async () => {
    const wrong = signNote(checkpointBody({ origin, size: 0n, root: leaves[0] ?? emptyRoot() }), [log])
    expect((await add(0, 0, '', wrong)).status).toBe(422)
    expect((await add(0, 0, '', signNote(checkpointBody({ origin, size: 0n, root: emptyRoot() }), [log]))).status).toBe(200)
  })
  test('422 for a wrong, missing or foreign proof', async () => {
    await add(0, 16, '')
    for (const path of ['', proof(15, 33), proof(16, 34), proof(16, 33, otherLeaves)]) expect((await add(16, 33, path)).status).toBe(422)
    expect((await add(16, 33)).status).toBe(200)
  })
  test('422 for the same size with another root, and keeps a proof file of both that verifies', async () => {
    await add(0, 16, '')
    expect((await add(16, 16, '', note(16, otherLeaves))).status).toBe(422)
    const kept = keptProofs()
    expect(kept.some((text) => text.includes(note(16)) && text.includes(note(16, otherLeaves)))).toBe(true)
    for (const text of kept) expect(openEquivocation(text, [log.vkey])).toMatchObject({ origin, size: 16n })
  })
  test('409 for another history asked from another size, and keeps the proof all the same', async () => {
    await add(0, 32, '')
    const before = keptProofs().length
    expect(await add(0, 32, '', note(32, otherLeaves))).toMatchObject({ status: 409, text: '32\n' })
    expect(keptProofs().length).toBe(before + 1)
    expect(await add(0, 32, '', note(32))).toMatchObject({ status: 409 })
    expect(keptProofs().length).toBe(before + 1)
  })
  test.each([
    ['no old line', () => note(16)], ['a leading zero', () => `old 00\n\n${note(16)}`], ['a hash that is no base64', () => `old 0\nxyz\n\n${note(16)}`],
    ['a short hash', () => `old 0\n${toBase64(Buffer.alloc(31))}\n\n${note(16)}`], ['64 hashes', () => `old 0\n${`${toBase64(Buffer.alloc(32))}\n`.repeat(64)}\n${note(16)}`],
    ['no checkpoint', () => 'old 0\n\n'], ['nothing', () => ''],
  ])('400 for a request with %s', async (_, body) => expect((await post(body())).status).toBe(400))
  test('413 for a request that is far too large', async () => expect((await post('x'.repeat(200_000)).catch(() => ({ status: 413 }))).status).toBe(413))
})

describe('memory', () => {
  test('of twenty requests at once from the same size one wins, and what it tells is consistent', async () => {
    await add(0, 16, '')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => add(16, 32 + n)))
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, ...Array.from({ length: 19 }, () => 409)])
  })
  test('survives kill -9: what was cosigned is known afterwards, an older head is refused', async () => {
    await add(0, 16, '')
    await add(16, 48)
    await witness.kill()
    witness = await startWitness(witness.home, 'witness.test.example', Number(new URL(witness.url).port))
    expect(await add(16, 64)).toMatchObject({ status: 409, text: '48\n' })
    expect((await add(48, 64)).status).toBe(200)
    expect(() => verifyConsistency({ first: 48n, second: 64n, path: consistencyPath(48n, leaves.slice(0, 64)), firstRoot: rootOfLeaves(leaves.slice(0, 48)), secondRoot: rootOfLeaves(leaves.slice(0, 64)) })).not.toThrow()
  })
  test('refuses to sign again when its memory is gone but its key is not', () => {
    const home = newFolder()
    openWitness(home, 'w.example').close()
    rmSync(join(home, 'witness', 'memory.sqlite'))
    expect(() => openWitness(home, null)).toThrow('WITNESS_STATE_MISSING')
  })
})

describe('home', () => {
  test('keeps its name and key, and tells its public key', () => {
    const home = newFolder()
    expect(() => openWitness(newFolder(), null)).toThrow('WITNESS_NAME_MISSING')
    const first = openWitness(home, 'w.example')
    const vkey = first.cosigner.vkey
    first.close()
    expect(() => openWitness(home, 'other.example')).toThrow('WITNESS_NAME_OTHER')
    const again = openWitness(home, null)
    expect(again.cosigner.vkey.text).toBe(vkey.text)
    again.close()
    expect(witnessKeyOf(home)).toBe(toHex(vkey.publicKey))
    expect(witnessKeyOf(newFolder())).toBeNull()
  })
  test('refuses malformed keys, the keys of witnesses, a second key under one name, and a damaged key file', () => {
    const home = newFolder()
    expect(watchLog(home, log.vkey.text)).toBe(true)
    expect(watchLog(home, log.vkey.text)).toBe(false)
    expect(() => watchLog(home, 'nonsense')).toThrow('BAD_LOG_KEY')
    expect(() => watchLog(home, witness.vkey)).toThrow('BAD_LOG_KEY')
    expect(() => watchLog(home, noteSigner({ name: origin, seed: Buffer.alloc(32, 7) }).vkey.text)).toThrow('BAD_LOG_KEY')
    openWitness(home, 'w.example').close()
    writeFileSync(join(home, 'witness', 'witness.key'), '{}')
    expect(() => openWitness(home, null)).toThrow('WITNESS_KEY_DAMAGED')
  })
})
