// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { newAgeIdentity } from '../age.ts'
import { once, readAll } from '../byte-reader.ts'
import type { SegmentRecord } from '../segment.ts'
import type { PackageManifest } from '../statements.ts'
import { readTar, tarFile, writeTar } from '../tar.ts'
import { buyer, sampleBytes, samplePolicy, sampleSigner } from '../testing/sample-keys.ts'
import { samplePackage } from '../testing/sample-package.ts'
import type { SamplePackage } from '../testing/sample-package.ts'
import { seededNumbers } from '../testing/seeded-numbers.ts'
import { exitCodeOf, verifySource } from './verify-file.ts'
import type { Verdict } from './verdict.ts'

const SEED = 7

describe('a package', () => {
  it('holds for anybody without opening it, and says that the content was not opened', async () => {
    const { bytes } = await samplePackage()
    const verdict = await verifySource(() => once(bytes), { policy: samplePolicy })
    expect([verdict.what, exitCodeOf(verdict)]).toEqual(['package', 0])
    expect(verdict.unchecked).toHaveLength(1)
  })

  it('holds for its recipient down to every value', async () => {
    const verdict = await open(await samplePackage())
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict.checks.map(({ name }) => name)).toContain('content')
    expect(exitCodeOf(verdict)).toBe(0)
  })

  it('does not open with another key', async () => {
    const { bytes } = await samplePackage()
    expect(failed(await open({ bytes, identity: await newAgeIdentity() }))).toEqual(['manifest'])
  })

  it('has no name, column or value in its bytes', async () => {
    const { bytes } = await samplePackage()
    for (const word of ['测试甲', '列0', '表0', '+8600000000001', buyer.vkey.text]) expect(Buffer.from(bytes).includes(word)).toBe(false)
  })

  it(`is refused when one of 400 bytes changes, with and without policy (seed ${SEED})`, async () => {
    const { bytes } = await samplePackage()
    const next = seededNumbers(SEED)
    for (let round = 0; round < 400; round += 1) {
      const at = next(bytes.length)
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 + next(255))
      const verdict = await verifySource(() => once(flipped), round % 2 === 0 ? { policy: samplePolicy } : {})
      expect([at, exitCodeOf(verdict)]).toEqual([at, 65])
    }
  })

  it('is refused when its files are in another order, missing, or one is added', async () => {
    const { bytes } = await samplePackage()
    const files: { name: string; bytes: Uint8Array }[] = []
    for await (const { name, content } of readTar(once(bytes))) files.push({ name, bytes: await readAll(content, 1e8) })
    const last = files.at(-1)
    const variants = [files.toReversed(), files.slice(0, -1), files.filter(({ name }) => name !== 'segments/00001.age'), [...files, { name: 'segments/00002.age', bytes: last?.bytes ?? new Uint8Array(1) }]]
    for (const variant of variants) {
      const tar = await readAll(writeTar(variant.map((file) => tarFile(file.name, file.bytes))), 1e8)
      expect(exitCodeOf(await verifySource(() => once(tar), { policy: samplePolicy }))).toBe(65)
    }
  })
})

describe('a package whose sender signed a lie', () => {
  const lies: [string, string, (records: SegmentRecord[]) => void, (manifest: PackageManifest) => void][] = [
    ['a value edited under its old root', 'segments', (records) => setValue(records, '测试假'), () => {}],
    ['empty text in place of null', 'segments', (records) => records.forEach((record) => record.fields.forEach((field) => (field.value = field.value === null ? '' : field.value))), () => {}],
    ['a record left out', 'content', (records) => records.splice(1, 1), () => {}],
    ['a record twice', 'segments', (records) => records.splice(1, 1, { ...firstOf(records) }), () => {}],
    ['a field left out', 'segments', (records) => firstOf(records).fields.pop(), () => {}],
    ['another salt', 'segments', (records) => firstOf(records).fields.forEach((field) => (field.salt = sampleBytes('salt').subarray(0, 16))), () => {}],
    ['another content root', 'content', () => {}, (manifest) => (manifest.contentRoot = 'ab'.repeat(32))],
    ['more records than there are', 'content', () => {}, (manifest) => (manifest.records += 1)],
    ['a data set with other counts', 'content', () => {}, (manifest) => manifest.dataSets.forEach((dataSet) => (dataSet.values += 1))],
    ['another recipient than it was encrypted to', 'manifest', () => {}, (manifest) => (manifest.recipient = { ...manifest.recipient, ageRecipient: 'age1other' })],
    ['another sender than signed', 'manifest', () => {}, (manifest) => (manifest.sender = { ...manifest.sender, vkey: manifest.recipient.vkey })],
    ['another recipient than the log names', 'manifest', () => {}, (manifest) => (manifest.recipient = { ...manifest.recipient, party: 'pty_other' })],
    ['a recipient whom the policy does not name', 'manifest', () => {}, (manifest) => (manifest.recipient = { ...manifest.recipient, vkey: sampleSigner('stranger.example').vkey.text })],
    ['another number of the package than the log', 'manifest', () => {}, (manifest) => (manifest.sequence = 2)],
    ['a data set described twice', 'manifest', () => {}, (manifest) => manifest.dataSets.push({ ...first(manifest.dataSets) })],
    ['fields in another order', 'manifest', () => {}, (manifest) => first(manifest.dataSets).fields.forEach((field) => (field.index = 2 - field.index))],
    ['another matter inside than outside', 'manifest', () => {}, (manifest) => (manifest.matter = 'mat_other')],
  ]
  it.each(lies)('%s is refused (%s)', async (_name, check, bend, bendManifest) => {
    expect(failed(await open(await samplePackage(bend, bendManifest)))).toContain(check)
  })
})

function open({ bytes, identity }: SamplePackage): Promise<Verdict> {
  return verifySource(() => once(bytes), { policy: samplePolicy, identities: [identity], language: 'en' })
}

function failed(verdict: Verdict): string[] {
  return verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)
}

function firstOf(records: readonly SegmentRecord[]): SegmentRecord {
  return first(records)
}

function first<T>(items: readonly T[]): T {
  const [item] = items
  if (item === undefined) throw new Error('the sample has none')
  return item
}

function setValue(records: readonly SegmentRecord[], value: string): void {
  firstOf(records).fields.forEach((field) => (field.value = typeof field.value === 'string' ? value : field.value))
}
