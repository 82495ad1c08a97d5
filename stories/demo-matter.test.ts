// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodeOf, verifySource, once } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearAway, playDemo, processesBelow, tell, type Ended } from './demo-run.ts'
import { filesBelow } from './files-below.ts'
import { readAcceptedContent, readProofFacts } from './read-proof.ts'
import { draws, storySeed } from './seeded-draws.ts'
import { carryVerifier } from './verify-elsewhere.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-demo-'))
const demo = join(folder, 'demo')
const play = { folder, customers: 150, seed: 'story' }
let first: Ended

beforeAll(async () => {
  first = await playDemo(play)
  tell(`demo of ${play.customers} customers: exit ${first.exit} in ${first.seconds.toFixed(1)} s`)
}, 400_000)

afterAll(() => clearAway(folder))

describe('the demo matter, from real files to a provable close', () => {
  test('ends balanced, names its bundle, and leaves no process behind', () => {
    expect({ exit: first.exit, said: first.stderr.split('\n').filter((line) => line.startsWith('✗')) }).toEqual({ exit: 0, said: [] })
    expect(first.stdout).toContain('差额 0')
    expect(first.stdout).toContain('账平')
    expect(statSync(bundleNamedIn(first)).size).toBeGreaterThan(10_000)
    expect(processesBelow(folder)).toEqual([])
  })

  test('is verified offline by a verifier that has nothing of the application beside it', () => {
    const verifier = carryVerifier(join(folder, 'carried'))
    if (!verifier.isOffline) tell('!!! unshare is not permitted here: the network was NOT switched off for this check')
    const bundle = bundleNamedIn(first)
    const trusted = verifier.verify(bundle, '--policy', policyNamedIn(first))
    expect(trusted).toMatchObject({ exit: 0, stderr: '' })
    const alone = verifier.verify(bundle, '--json')
    expect(alone.exit).toBe(3)
    expect(JSON.parse(alone.stdout)).toMatchObject({ ok: true, trust: 'self-declared' })
    expect(verifier.verify(bundle).stdout).toContain('仅为自述')
    const identity = join(demo, 'buyer', 'home', 'keys', 'party.age')
    expect(verifier.verify(join(demo, 'post', '移交包.tar'), '--policy', policyNamedIn(first), '--identity', identity).exit).toBe(0)
    tell(`verified ${verifier.isOffline ? 'without network' : 'WITH NETWORK'} from ${readdirSync(join(folder, 'carried', 'node_modules')).join(', ')}`)
  })

  test('a changed byte anywhere in the bundle is refused with what is wrong', async () => {
    const seed = storySeed()
    const bundle = readFileSync(bundleNamedIn(first))
    const policy = readFileSync(policyNamedIn(first), 'utf8')
    const draw = draws(`flips/${seed}`)
    const places = [...Array.from({ length: 40 }, () => Math.floor(draw() * bundle.length)), ...placesInEveryFile(bundle, draw)]
    const failing: Record<string, number> = {}
    for (const place of places) {
      const verdict = await verifySource(() => once(flipped(bundle, place, 1 << Math.floor(draw() * 8))), { policy })
      const broken = verdict.checks.filter(({ ok }) => !ok)
      expect({ place, exit: exitCodeOf(verdict) }, `HANDOVER_SEED=${seed}`).toEqual({ place, exit: 65 })
      expect(broken.every(({ name, detail }) => name !== undefined && detail.length > 0) && broken.length > 0, `byte ${place}: no failing check is named`).toBe(true)
      for (const { name } of broken) failing[name] = (failing[name] ?? 0) + 1
    }
    tell(`seed ${seed}: ${places.length} flipped bits refused; failing checks ${JSON.stringify(failing)}`)
  }, 120_000)

  test('no private key of one party lies with another', () => {
    const secrets = ['seller', 'buyer', 'broker', 'people'].flatMap(secretsOf)
    expect(secrets.length).toBeGreaterThanOrEqual(9)
    const files = filesBelow(demo).map((name) => ({ name, bytes: readFileSync(name) }))
    const others = (owner: string) => files.filter(({ name }) => !name.startsWith(`${join(demo, owner)}/`))
    const found = secrets.flatMap(({ owner, place, needles }) => others(owner).flatMap((file) => (needles.some((needle) => file.bytes.includes(needle)) ? [`${place} in ${file.name}`] : [])))
    expect(found).toEqual([])
    expect(secrets.every(({ place, needles }) => needles.length > 0 && needles.every((needle) => needle.length >= 32 && readFileSync(place).length >= 32))).toBe(true)
    tell(`${secrets.length} private keys searched in ${files.length} files`)
  }, 120_000)

  test('the same command again shows the same result without doing anything twice', async () => {
    const before = { proof: await readProofFacts(bundleNamedIn(first)), content: await readAcceptedContent(join(demo, 'post', '验收单.tar')) }
    const again = await playDemo(play)
    expect(again.exit, again.stderr.slice(-2000)).toBe(0)
    expect(again.stdout).toBe(first.stdout)
    expect({ proof: await readProofFacts(bundleNamedIn(again)), content: await readAcceptedContent(join(demo, 'post', '验收单.tar')) }).toEqual(before)
    tell(`again: ${again.seconds.toFixed(1)} s; content root ${before.content.contentRoot}, ${before.content.records} records handed over`)
  }, 180_000)
})

function bundleNamedIn(ended: Ended): string {
  return /证据包: (.+)$/m.exec(ended.stdout)?.[1] ?? '(no bundle was named)'
}

function policyNamedIn(ended: Ended): string {
  return /信任策略: (.+)$/m.exec(ended.stdout)?.[1] ?? '(no policy was named)'
}

function flipped(bytes: Buffer, place: number, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[place] = (changed[place] ?? 0) ^ bit
  return changed
}

/** One place in the header and one in the content of every file of a ustar archive. */
function placesInEveryFile(tar: Buffer, draw: () => number): number[] {
  const places: number[] = []
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    places.push(at + Math.floor(draw() * 512))
    if (size > 0) places.push(at + 512 + Math.floor(draw() * size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return places
}

interface Secret {
  owner: string
  place: string
  needles: Buffer[]
}

/** Every private key of a party's home and witness, or of the people, as it is written and as raw bytes. */
function secretsOf(owner: string): Secret[] {
  const folders = owner === 'people' ? [join(demo, owner)] : [join(demo, owner, 'home', 'keys'), join(demo, owner, 'witness')]
  return folders.flatMap(filesBelow).filter((file) => /\.(key|age|wrapped)$/.test(file)).map((place) => ({ owner, place, needles: needlesOf(readFileSync(place)) }))
}

/** A 32-byte key in base64 or hexadecimal and its raw bytes; an age key; of a wrapped epoch key, which has another form, its end. */
function needlesOf(file: Buffer): Buffer[] {
  const words = file.toString('latin1').match(/AGE-SECRET-KEY-1[A-Z0-9]{50,}|(?<=")[A-Za-z0-9+/]{43}=(?=")|\b[0-9a-f]{64}\b/g) ?? []
  const raw = words.filter((word) => word.length <= 64).map((word) => Buffer.from(word, word.length === 64 ? 'hex' : 'base64'))
  return words.length === 0 ? [file.subarray(-64)] : [...words.map((word) => Buffer.from(word)), ...raw]
}
