// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeSegment, decodeUtf8Strict, parseJsonStrict, readPackageManifest, unverifiedStatement } from '@handover/proof'
import { playSmallHandover, type SmallHandover } from './small-handover.ts'

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'how-to', 'check-with-stock-tools.md'), 'utf8')
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const missing = ['tar', 'sha256sum', 'openssl', 'age', 'zstd', 'sed', 'base64'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
if (missing.length > 0) process.stderr.write(`!!! NOT RUN: the check with stock tools needs ${missing.join(', ')} (Debian: apt-get install age zstd openssl)\n`)

const folder = mkdtempSync(join(tmpdir(), 'handover-story-stock-'))
let small: SmallHandover

/** Runs blocks of the page as a person would type them, each from the folder where they began. */
function type(room: string, steps: readonly string[], environment: Record<string, string>): { exit: number | null; said: string } {
  mkdirSync(join(folder, room), { recursive: true })
  const script = steps.map((step) => `(\nset -eu\n${step}\n) || exit 1`).join('\n')
  const ended = spawnSync('bash', ['--noprofile', '--norc', '-c', script], { cwd: join(folder, room), env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return { exit: ended.status, said: `${ended.stdout}${ended.stderr}` }
}

function senderKey(): string {
  const line = readFileSync(small.policy, 'utf8').split('\n').find((one) => one.startsWith('party transferor '))
  return line?.split(' ')[2] ?? ''
}

describe.skipIf(missing.length > 0)('a package without any program of ours', () => {
  beforeAll(async () => {
    small = await playSmallHandover(folder)
    await small.run('buyer', 'receive', small.packageFile, '--into', `sqlite:${small.file('landing.sqlite')}`, '-o', small.file('acceptance.tar'), '--policy', small.policy)
  }, 120_000)
  afterAll(async () => {
    await small.stage.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const environment = (): Record<string, string> => ({
    PACKAGE: small.packageFile, SENDER: senderKey(), IDENTITY: small.file(join('buyer', 'home', 'keys', 'party.age')),
    ...(spawnSync('sh', ['-c', 'command -v sqlite3']).status === 0 ? { DATABASE: small.file('landing.sqlite') } : {}),
  })

  test('the commands of the page verify both signatures and open every record', () => {
    expect(blocks).toHaveLength(6)
    const { exit, said } = type('straight', blocks, environment())
    expect(exit, said).toBe(0)
    expect(said.match(/Signature Verified Successfully/g)).toHaveLength(2)
    expect(said).toContain('all files as signed')
    expect(said).toMatch(/^60$/m)
    const manifest = readPackageManifest(unverifiedStatement(readFileSync(join(folder, 'straight', 'opened', 'manifest.json'), 'utf8')))
    expect({ records: manifest.records, values: manifest.values }).toMatchObject({ records: 60 })
    const lines = readFileSync(join(folder, 'straight', 'opened', 'records.ndjson'), 'utf8').split('\n').filter((line) => line.startsWith('{"d":'))
    expect(lines.map((line) => parseJsonStrict(line))).toHaveLength(60)
  })

  test('what age and zstd unpack is what our own reader reads', () => {
    const plain = spawnSync('age', ['-d', '-i', environment()['IDENTITY'] ?? '', join(folder, 'straight', 'opened', 'segments', '00000.age')], { maxBuffer: 64 * 1024 * 1024 }).stdout
    expect(decodeSegment(plain).records).toHaveLength(60)
    expect(decodeUtf8Strict(readFileSync(join(folder, 'straight', 'opened', 'records.ndjson')))).toContain('"end":60')
  })

  test('openssl refuses a changed manifest, and the list refuses a changed segment', () => {
    const opened = join(folder, 'changed', 'opened')
    expect(type('changed', blocks.slice(0, 1), environment()).exit).toBe(0)
    const segment = join(opened, 'segments', '00000.age')
    const bytes = readFileSync(segment)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(segment, bytes)
    const { exit, said } = type('changed', blocks.slice(1, 3), environment())
    expect(exit).toBe(1)
    expect(said).toContain('DIFFERS: segments/00000.age')
    const outer = join(opened, 'outer.json')
    writeFileSync(outer, readFileSync(outer, 'utf8').replace(/"payload":"(.)/, (_, first: string) => `"payload":"${first === 'e' ? 'f' : 'e'}`))
    expect(type('changed', blocks.slice(1, 2), environment()).exit).toBe(1)
  })
})
