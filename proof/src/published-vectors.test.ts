// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { ageDearmor, ageDecrypt } from './age.ts'
import { concat, fromHex, ProofError, sha256, toHex } from './bytes.ts'
import { once } from './byte-reader.ts'
import { isEd25519Signature } from './ed25519.ts'
import { canonicalJson, isJsonObject, parseJsonStrict } from './jcs.ts'
import type { JsonObject, JsonValue } from './jcs.ts'
import { verifyConsistency, verifyInclusion } from './merkle.ts'
import { filesBelow, unpackPublishedVectors } from './testing/published-vectors.ts'

const vectors = unpackPublishedVectors()
afterAll(() => vectors?.remove())

it.skipIf(vectors === null)('the published vectors are here (when this is SKIPPED, no published vector was checked)', () => {
  expect(vectors).not.toBeNull()
})

const folder = vectors?.folder ?? ''

describe.skipIf(vectors === null)('RFC 6962 proofs (transparency-dev)', () => {
  it('agrees with all 196 vectors', () => {
    const files = vectors === null ? [] : filesBelow(join(folder, 'rfc6962/testdata'))
    const wrong = files.filter((file) => {
      const vector = jsonFile(file)
      return isAccepted(() => (file.includes('/inclusion/') ? checkInclusion(vector) : checkConsistency(vector))) === vector['wantErr']
    })
    expect(wrong.map((file) => file.slice(folder.length))).toEqual([])
    expect(files.length).toBe(196)
  })
})

describe.skipIf(vectors === null)('JSON canonicalisation (RFC 8785)', () => {
  it.each(['arrays', 'french', 'structures', 'unicode', 'values', 'weird'])('gives the published bytes for %s', (name) => {
    const canonical = canonicalJson(parseJsonStrict(readFileSync(join(folder, `jcs-rfc8785/testdata/input/${name}.json`), 'utf8')))
    expect(canonical).toBe(readFileSync(join(folder, `jcs-rfc8785/testdata/output/${name}.json`), 'utf8'))
    expect(Buffer.from(canonical).toString('hex')).toBe(readFileSync(join(folder, `jcs-rfc8785/testdata/outhex/${name}.txt`), 'utf8').replace(/\s/g, ''))
  })
})

describe.skipIf(vectors === null)('Ed25519 (Wycheproof)', () => {
  it('agrees with all 151 vectors', () => {
    let checked = 0
    const wrong: JsonValue[] = []
    for (const group of objects(jsonFile(join(folder, 'wycheproof/ed25519_test.json'))['testGroups'])) {
      const key = isJsonObject(group['publicKey']) ? bytesOf(group['publicKey']['pk']) : new Uint8Array(0)
      for (const test of objects(group['tests'])) {
        checked += 1
        if (isEd25519Signature(key, bytesOf(test['msg']), bytesOf(test['sig'])) !== (test['result'] === 'valid')) wrong.push(test['tcId'] ?? null)
      }
    }
    expect(wrong).toEqual([])
    expect(checked).toBe(151)
  })
})

describe.skipIf(vectors === null)('age v1 (C2SP CCTV)', () => {
  it('opens or refuses all 143 files as published, and releases no byte it should not', async () => {
    const files = vectors === null ? [] : filesBelow(join(folder, 'age-cctv/testdata'))
    const wrong: string[] = []
    for (const file of files) {
      const vector = readAgeVector(file)
      const seen = await openAge(vector)
      if (seen.result !== vector.expected || (vector.payload !== undefined && seen.payload !== vector.payload)) wrong.push(`${basename(file)}: ${seen.result}`)
    }
    expect(wrong).toEqual([])
    expect(files.length).toBe(143)
  }, 120_000)
})

type AgeVector = { expected: string; payload: string | undefined; identities: string[]; passphrases: string[]; file: Uint8Array }

function readAgeVector(path: string): AgeVector {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('\n\n')
  const lines = bytes.subarray(0, at).toString('utf8').split('\n').map((line) => line.split(': '))
  const all = (key: string): string[] => lines.filter(([name]) => name === key).map(([, value]) => value ?? '')
  const body = bytes.subarray(at + 2)
  const outcome = all('expect')[0] === 'success' ? 'open' : all('expect')[0] === 'payload failure' ? 'AGE_PAYLOAD' : 'refused'
  const file = all('compressed').length > 0 ? inflateSync(body) : body
  return { expected: outcome, payload: all('payload')[0], identities: all('identity'), passphrases: all('passphrase'), file }
}

/** Payload failures may have released authenticated chunks; the vector names the digest of exactly those. */
async function openAge(vector: AgeVector): Promise<{ result: string; payload: string }> {
  const parts: Uint8Array[] = []
  try {
    for await (const part of ageDecrypt(once(ageDearmor(vector.file)), vector)) parts.push(part)
    return { result: 'open', payload: toHex(sha256(concat(...parts))) }
  } catch (error) {
    const isPayload = error instanceof ProofError && error.code === 'AGE_PAYLOAD'
    return { result: isPayload ? 'AGE_PAYLOAD' : 'refused', payload: toHex(sha256(concat(...parts))) }
  }
}

function checkInclusion(vector: JsonObject): void {
  verifyInclusion({
    index: integerOf(vector['leafIdx']),
    size: integerOf(vector['treeSize']),
    leafHash: base64Of(vector['leafHash']),
    path: list(vector['proof']).map(base64Of),
    root: base64Of(vector['root']),
  })
}

function checkConsistency(vector: JsonObject): void {
  verifyConsistency({
    first: integerOf(vector['size1']),
    second: integerOf(vector['size2']),
    path: list(vector['proof']).map(base64Of),
    firstRoot: base64Of(vector['root1']),
    secondRoot: base64Of(vector['root2']),
  })
}

function isAccepted(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}

function jsonFile(path: string): JsonObject {
  // The vectors hold 64-bit integers on purpose; they are read as text so that none is rounded.
  const text = readFileSync(path, 'utf8').replace(/("(?:leafIdx|treeSize|size1|size2)": )([0-9]+)/g, '$1"$2"')
  const value = parseJsonStrict(text)
  if (!isJsonObject(value)) throw new Error(`not an object: ${path}`)
  return value
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return list(value).filter(isJsonObject)
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

function bytesOf(value: JsonValue | undefined): Uint8Array {
  return fromHex(typeof value === 'string' ? value : '')
}

function base64Of(value: JsonValue | undefined): Uint8Array {
  return Buffer.from(typeof value === 'string' ? value : '', 'base64')
}

function integerOf(value: JsonValue | undefined): bigint {
  return BigInt(typeof value === 'string' ? value : -1)
}
