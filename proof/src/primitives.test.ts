// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac } from 'node:crypto'
import { Decrypter, Encrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { ageDecrypt, ageEncrypt, ageRecipient, newAgeIdentity } from './age.ts'
import { decodeBooksEntry, decodeInventoryEntry, encodeBooksEntry, encodeInventoryEntry, isPresent, presenceBitmap } from './book-leaves.ts'
import { concat, equalBytes, fromBase64Strict, fromHex, ProofError, sha256, toHex, u16be, u64be, utf8 } from './bytes.ts'
import { once, readAll } from './byte-reader.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { addSignatures, parseEnvelope, preAuthEncoding, signStatement, verifyEnvelope } from './dsse.ts'
import { isEd25519Signature } from './ed25519.ts'
import { canonicalJson, parseCanonicalJson, parseJsonStrict } from './jcs.ts'
import { consistencyPath, inclusionPath, leafHash, MerkleAccumulator, nodeHash, rootOfLeaves, verifyConsistency, verifyInclusion } from './merkle.ts'
import { buildMultiproof, rootFromMultiproof } from './multiproof.ts'
import { openNote, parseVkey, signNote } from './note.ts'
import { parsePolicy, quorumMet, verifyCosignedCheckpoint } from './policy.ts'
import { decodeSegment, encodeSegment } from './segment.ts'
import { readTar, tarFile, writeTar } from './tar.ts'
import type { TarEntry } from './tar.ts'
import { brokerWitness, buyer, buyerWitness, sampleBytes, sampleId, samplePolicy, sampleSigner, sampleWitness, seller } from './testing/sample-keys.ts'
import { sentRecords } from './testing/sample-package.ts'
import { seededNumbers } from './testing/seeded-numbers.ts'
import { logTiles, splitHashes, tilePath, tilesForRange, TileTree } from './tiles.ts'
import { parseTlogProof } from './tlog-proof.ts'
import { deriveSalts, fieldLeaf, isValue } from './values.ts'

const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const BODY = 'This is an example message.\n'
const LINE = '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

describe('bytes and JSON', () => {
  it.each(['A0', 'a', 'zz', '0x00'])('refuses %s as hexadecimal', (text) => expect(() => fromHex(text)).toThrow(ProofError))
  it.each(['YQ', 'YQ=', 'YR==', 'YQ==\n', 'Y Q==', 'YQ-_'])('refuses %j as base64', (text) => expect(() => fromBase64Strict(text)).toThrow(ProofError))
  it.each(['{"a":1,"a":1}', '"\\ud800"', '1e999', '9007199254740993', '01', '[1,]', '{"a":1}x', 'NaN', '"\n"', '['.repeat(200)])('refuses %j', (text) => {
    expect(() => parseJsonStrict(text)).toThrow(ProofError)
  })
  it('reads what JSON.parse reads, and a member named __proto__ as a member', () => {
    const text = '{"__proto__":{"x":1},"a":[1.5,-0,1e3,"\\u00e9\\n",true,null]}'
    expect(JSON.stringify(parseJsonStrict(text))).toBe(JSON.stringify(JSON.parse(text)))
    expect(canonicalJson(parseJsonStrict(text))).toContain('"__proto__"')
  })
  it('refuses another spelling where canonical text is due', () => {
    expect(canonicalJson({ b: 1, a: [-0, 1e21] })).toBe('{"a":[0,1e+21],"b":1}')
    for (const text of ['{ "a":1}', '{"b":1,"a":2}', '1.0', '"\\u0061"']) expect(() => parseCanonicalJson(text)).toThrow('canonical')
  })
})

describe('the Merkle tree', () => {
  const leaves = Array.from({ length: 70 }, (_, at) => leafHash(utf8(`entry ${at}`)))

  it('has the known values of RFC 6962 implementations', () => {
    expect(toHex(leafHash(utf8('L123456')))).toMatch(/^395aa064.*4d56$/)
    expect(toHex(nodeHash(utf8('N123'), utf8('N456')))).toMatch(/^aa217fe8.*6bbb$/)
    expect(toHex(leafHash(new Uint8Array(0)))).toMatch(/^6e340b9c.*a01d$/)
  })

  it('proves every leaf of every size, and no other', () => {
    for (const size of [1, 2, 3, 7, 8, 33, 70]) {
      const part = leaves.slice(0, size)
      const root = rootOfLeaves(part)
      part.forEach((leaf, at) => {
        const path = inclusionPath(BigInt(at), part)
        expect(() => verifyInclusion({ index: BigInt(at), size: BigInt(size), leafHash: leaf, path, root })).not.toThrow()
        expect(() => verifyInclusion({ index: BigInt((at + 1) % size), size: BigInt(size), leafHash: size === 1 ? root.toReversed() : leaf, path, root })).toThrow(ProofError)
      })
    }
  })

  it('proves that each size is a prefix of each later one', () => {
    for (const second of [5, 8, 70]) {
      for (let first = 1; first <= second; first += 1) {
        const path = consistencyPath(BigInt(first), leaves.slice(0, second))
        const roots = { firstRoot: rootOfLeaves(leaves.slice(0, first)), secondRoot: rootOfLeaves(leaves.slice(0, second)) }
        expect(() => verifyConsistency({ first: BigInt(first), second: BigInt(second), path, ...roots })).not.toThrow()
        expect(() => verifyConsistency({ first: BigInt(first), second: BigInt(second), path: [...path, sampleBytes('more')], ...roots })).toThrow(ProofError)
      }
    }
  })

  it('proves any set of leaves at once (all subsets of 9)', () => {
    const nine = leaves.slice(0, 9)
    const root = toHex(rootOfLeaves(nine))
    for (let mask = 1; mask < 512; mask += 1) {
      const indices = nine.flatMap((_, at) => ((mask >> at) & 1 ? [at] : []))
      const path = buildMultiproof(indices, nine)
      const placed = indices.map((index) => ({ index, leafHash: nine[index] ?? new Uint8Array(32) }))
      expect(toHex(rootFromMultiproof({ size: 9, leaves: placed, path }))).toBe(root)
      expect(() => rootFromMultiproof({ size: 9, leaves: placed, path: [...path, sampleBytes('more')] })).toThrow('too long')
      if (path.length > 0) expect(() => rootFromMultiproof({ size: 9, leaves: placed, path: path.slice(1) })).toThrow('too short')
    }
  })

  it('gives the same root and proofs through tiles, grown in steps', async () => {
    const many = Array.from({ length: 70_000 }, (_, at) => leafHash(u64be(at)))
    const files = new Map<string, Uint8Array>()
    const read = (level: number, index: number, width: number): Promise<Uint8Array> => Promise.resolve(files.get(tilePath(level, index, width)) ?? new Uint8Array(0))
    let size = 0
    for (const step of [1, 254, 1, 1, 300, 69_443]) {
      for await (const tile of tilesForRange(size, many.slice(size, size + step), read)) files.set(tile.path, tile.bytes)
      size += step
      const tree = new TileTree(size, read)
      expect(toHex(await tree.root())).toBe(toHex(rootOfLeaves(many.slice(0, size))))
    }
    const tree = new TileTree(size, read)
    const root = rootOfLeaves(many)
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      verifyInclusion({ index: BigInt(index), size: BigInt(size), leafHash: many[index] ?? root, path: await tree.inclusionPath(index), root })
    }
    for (const first of [1, 256, 557, 65_536, 65_537, 70_000]) {
      verifyConsistency({ first: BigInt(first), second: BigInt(size), path: await tree.consistencyPath(first), firstRoot: rootOfLeaves(many.slice(0, first)), secondRoot: root })
    }
    expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067')
    expect(splitHashes(files.get('tile/1/001.p/17') ?? new Uint8Array(0), 17)).toHaveLength(17)
    expect((await logTiles(many.slice(0, 3))).map(({ path }) => path)).toEqual(['tile/entries/000.p/3', 'tile/0/000.p/3'])
  })

  it('accumulates in constant memory to the same root', () => {
    const tree = new MerkleAccumulator()
    for (const leaf of leaves) tree.push(leaf)
    expect([tree.size, toHex(tree.root())]).toEqual([70n, toHex(rootOfLeaves(leaves))])
  })
})

describe('signed notes, checkpoints, witnesses', () => {
  it('opens the published example, and refuses it changed', () => {
    expect(openNote(`${BODY}\n${LINE}`, [parseVkey(VKEY)]).body).toBe(BODY)
    expect(() => openNote(`${BODY.replace('an', 'no')}\n${LINE}`, [parseVkey(VKEY)])).toThrow('wrong')
    expect(() => openNote(`${BODY}\n${LINE}`, [seller.vkey])).toThrow('no known key')
    for (const text of [`${BODY}${LINE}`, `${BODY}\n${LINE.trimEnd()}`, `${BODY}\n${LINE.replace('—', '-')}`, `a\tb\n\n${LINE}`, `${BODY}\n`]) expect(() => openNote(text, [parseVkey(VKEY)])).toThrow(ProofError)
  })

  it.each([VKEY.replace('530d', '530e'), VKEY.replace('foo', 'f o'), 'a+b', `x+00000000+${Buffer.concat([Buffer.of(1), Buffer.alloc(32)]).toString('base64')}`])('refuses the key %s', (text) => {
    expect(() => parseVkey(text)).toThrow(ProofError)
  })

  it.each(['o\n01\nAAAA\n', 'o\n1\nAAAA\n', '\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\next\n'])('refuses the checkpoint %j', (body) => {
    expect(() => parseCheckpoint(body)).toThrow(ProofError)
  })

  it('counts each witness once, and only with a cosignature of its own key', () => {
    const policy = parsePolicy(samplePolicy)
    const log = sampleSigner('log.example/5f0c')
    const body = `${log.vkey.name}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`
    const note = signNote(body, [log])
    const [one, two] = [buyerWitness.cosign(body, 5), brokerWitness.cosign(body, 6)]
    expect(verifyCosignedCheckpoint(note + one + two, policy).witnesses).toEqual(['buyer', 'broker'])
    for (const lines of ['', one, one + one, one + signNote(body, [sampleSigner('witness.broker.example')]).split('\n\n')[1]]) expect(() => verifyCosignedCheckpoint(note + lines, policy)).toThrow('cosigned')
    expect(() => verifyCosignedCheckpoint(note + one + brokerWitness.cosign(`${body}x\n`, 6), policy)).toThrow('wrong')
  })

  const [log, buyerLine, brokerLine] = samplePolicy.split('\n').slice(1, 4)
  it.each([
    ['no quorum', `${log}\n`],
    ['two quorums', `${log}\nquorum none\nquorum none\n`],
    ['an undefined member', `${log}\ngroup g any buyer\nquorum g\n`],
    ['a member of two groups', `${log}\n${buyerLine}\n${brokerLine}\ngroup a any buyer\ngroup b all buyer broker\nquorum b\n`],
    ['more than it has', `${log}\n${buyerLine}\ngroup a 2 buyer\nquorum a\n`],
    ['a key twice', `${log}\n${log}\nquorum none\n`],
    ['a log key of a witness', `log ${buyerWitness.vkey.text}\nquorum none\n`],
    ['an unknown word', `${log}\nquorum none\ntrust me\n`],
    ['an unknown role', `${log}\nquorum none\nparty friend ${seller.vkey.text}\n`],
    ['carriage returns', `${log}\r\nquorum none\r\n`],
  ])('refuses a policy with %s', (_name, text) => expect(() => parsePolicy(text)).toThrow('policy'))

  it('reads all, any and k of groups of groups', () => {
    const text = `witness a ${sampleWitnessKey('a')}\nwitness b ${sampleWitnessKey('b')}\nwitness c ${sampleWitnessKey('c')}\ngroup inner any a b\ngroup outer 2 inner c\nquorum outer # end\n`
    const policy = parsePolicy(text)
    expect([['a', 'c'], ['a', 'b'], ['c'], ['b', 'c']].map((names) => quorumMet(policy, names))).toEqual([true, false, false, true])
  })

  it.each(['\r', 'index 01', 'index -1', 'index 18446744073709551616'])('refuses a tlog-proof with %j', (bad) => {
    const text = `c2sp.org/tlog-proof@v1\nindex 1\n\n${BODY}\n${LINE}`
    expect(parseTlogProof(text).index).toBe(1n)
    expect(() => parseTlogProof(text.replace(bad === '\r' ? '\n' : 'index 1', bad === '\r' ? '\r\n' : bad))).toThrow(ProofError)
  })
})

describe('DSSE', () => {
  it('encodes as published', () => {
    expect(Buffer.from(preAuthEncoding('http://example.com/HelloWorld', utf8('hello world'))).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  it('counts distinct trusted keys, ignores unknown fields and reads both alphabets of base64', () => {
    const content = { subject: [{ name: 's', digest: { sha256: 'ab'.repeat(32) } }], predicateType: 'https://example.com/p', predicate: { text: '中文???>>>' } }
    const envelope = addSignatures(signStatement(content, [seller, seller]), [buyer])
    expect(verifyEnvelope(envelope, [seller.vkey, buyer.vkey], 2).statement).toEqual(content)
    expect(() => verifyEnvelope(signStatement(content, [seller, seller]), [seller.vkey, buyer.vkey], 2)).toThrow('1 trusted')
    expect(() => verifyEnvelope(envelope, [sampleSigner('other').vkey])).toThrow('0 trusted')
    const urlSafe = JSON.stringify({ ...envelope, extra: 1 }).replaceAll('+', '-').replaceAll('/', '_').replace('application_vnd.in-toto-json', 'application/vnd.in-toto+json')
    expect(verifyEnvelope(urlSafe, [buyer.vkey]).signedBy).toEqual([buyer.vkey])
    expect(() => parseEnvelope('{"payloadType":"x","payload":"","signatures":[{}]}')).toThrow(ProofError)
  })
})

describe('the strict tar', () => {
  const files = (): TarEntry[] => [tarFile('a/b.txt', utf8('hello')), tarFile('empty', new Uint8Array(0)), tarFile('c', new Uint8Array(100_000).fill(7))]

  it('gives the same bytes each time, reads back, and skips what the reader leaves', async () => {
    const bytes = await tarOf(files())
    expect(toHex(sha256(bytes))).toBe(toHex(sha256(await tarOf(files()))))
    const seen: string[] = []
    for await (const { name, size } of readTar(once(bytes))) seen.push(`${name}:${size}`)
    expect(seen).toEqual(['a/b.txt:5', 'empty:0', 'c:100000'])
  })

  it.each(['../x', '/x', 'a//b', 'Ä', 'A', 'a/./b', '', 'x'.repeat(101)])('refuses the name %j', async (name) => {
    await expect(tarOf([tarFile(name, new Uint8Array(1))])).rejects.toThrow(ProofError)
  })

  it('refuses repeated names and content of another length', async () => {
    await expect(tarOf([tarFile('a', new Uint8Array(1)), tarFile('a', new Uint8Array(1))])).rejects.toThrow('twice')
    await expect(tarOf([{ ...tarFile('a', new Uint8Array(1)), size: 2 }])).rejects.toThrow('length')
  })

  it('refuses every changed byte outside the content', async () => {
    const bytes = await tarOf([tarFile('a', utf8('hello'))])
    const next = seededNumbers(3)
    for (let at = 0; at < bytes.length; at += 1) {
      if (at >= 512 && at < 517) continue
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 + next(255))
      const names = await namesOf(flipped).catch((error: unknown) => (error instanceof ProofError ? null : error))
      expect([at, names]).toEqual([at, null])
    }
  })
})

describe('values and leaves', () => {
  it('commits to a field exactly as docs/formats.md says', () => {
    const [salt, recordId, fieldId] = [sampleId('salt'), sampleId('record'), sampleId('field')]
    const text = Buffer.from('张三', 'utf8')
    const expected = createHash('sha256').update(concat(Uint8Array.of(0), salt, recordId, fieldId, Uint8Array.of(1), u64be(text.length), text)).digest('hex')
    expect(toHex(fieldLeaf({ salt, recordId, fieldId, value: '张三' }))).toBe(expected)
    const leaves = [null, '', new Uint8Array(0), '张三', text, '张三 '].map((value) => toHex(fieldLeaf({ salt, recordId, fieldId, value })))
    expect(new Set(leaves).size).toBe(6)
    expect(() => fieldLeaf({ salt, recordId, fieldId, value: '\ud800' })).toThrow(ProofError)
    expect([null, '', new Uint8Array(0), ' ', Uint8Array.of(0)].map(isValue)).toEqual([false, false, false, true, true])
  })

  it('derives salts by HKDF-SHA256, in blocks of 510, another set for each version', () => {
    const secret = sampleBytes('secret')
    const salts = deriveSalts(secret, 1, 600)
    const prk = createHmac('sha256', Buffer.alloc(32)).update(secret).digest()
    const block = (number: number): Buffer => createHmac('sha256', prk).update(concat(utf8('handover/v1/salts'), Buffer.of(0, 0, 0, 1), Buffer.of(0, 0, 0, number), Uint8Array.of(1))).digest()
    expect([salts[0], salts[1], salts[510]].map((salt) => toHex(salt ?? new Uint8Array(0)))).toEqual([block(0).subarray(0, 16), block(0).subarray(16), block(1).subarray(0, 16)].map(toHex))
    expect(toHex(deriveSalts(secret, 2, 1)[0] ?? new Uint8Array(0))).not.toBe(toHex(salts[0] ?? new Uint8Array(0)))
    expect(toHex(deriveSalts(secret, 1, 3)[2] ?? new Uint8Array(0))).toBe(toHex(salts[2] ?? new Uint8Array(0)))
  })

  it('encodes leaves that read back, with field 0 in the lowest bit', () => {
    const presence = presenceBitmap([true, false, false, false, false, false, false, false, true])
    expect([...presence]).toEqual([1, 1])
    expect([0, 1, 8].map((field) => isPresent(presence, field))).toEqual([true, false, true])
    const entry = { index: 5n, recordId: sampleId('r'), dataSetId: sampleId('d'), presence, recordRoot: sampleBytes('root') }
    expect(toHex(encodeInventoryEntry(decodeInventoryEntry(encodeInventoryEntry(entry))))).toBe(toHex(encodeInventoryEntry(entry)))
    const books = encodeBooksEntry({ index: 5n, recordId: sampleId('r'), vector: Uint8Array.of(0, 1, 7) })
    expect(toHex(books)).toBe(toHex(concat(u64be(5), sampleId('r'), u16be(3), Uint8Array.of(0, 1, 7))))
    expect(() => decodeBooksEntry(concat(books, Uint8Array.of(1)))).toThrow(ProofError)
    expect(() => encodeBooksEntry({ index: 5n, recordId: sampleId('r'), vector: Uint8Array.of(8) })).toThrow(ProofError)
  })
})

describe('age and segments', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])('encrypts %i bytes that the library opens, and opens what it encrypts', async (size) => {
    const identity = await newAgeIdentity()
    const recipient = await ageRecipient(identity)
    const plain = Buffer.alloc(size, 'x')
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const ours = await readAll(ageEncrypt(once(plain), [recipient]), 1e7)
    expect(equalBytes(await decrypter.decrypt(ours), plain)).toBe(true)
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    const theirs = await encrypter.encrypt(plain)
    expect(equalBytes(await readAll(ageDecrypt(once(theirs), { identities: [identity] }), 1e7), plain)).toBe(true)
    expect(theirs.length).toBe(ours.length)
  })

  it('refuses a wrong key, a malformed recipient, and every cut', async () => {
    const identity = await newAgeIdentity()
    const file = await readAll(ageEncrypt(once(new Uint8Array(70_000)), [await ageRecipient(identity)]), 1e7)
    await expect(readAll(ageDecrypt(once(file), { identities: [await newAgeIdentity()] }), 1e7)).rejects.toThrow('none of the keys')
    await expect(readAll(ageEncrypt(once(file), ['age1nonsense']), 1e7)).rejects.toThrow('recipient')
    for (const end of [10, 150, 250, file.length - 1, 65_536 + 16 + 200]) await expect(readAll(ageDecrypt(once(file.subarray(0, end)), { identities: [identity] }), 1e7)).rejects.toThrow(ProofError)
  })

  it('pads segments outside the compression to 64 KiB, and reads back exactly what was put in', () => {
    const records = sentRecords()
    const plain = encodeSegment({ package: 'pkg_1', index: 3 }, records)
    expect(plain.length).toBe(65_536)
    const opened = decodeSegment(plain)
    expect(opened.header).toEqual({ package: 'pkg_1', index: 3 })
    expect(equalBytes(encodeSegment(opened.header, opened.records), plain)).toBe(true)
    expect(opened.records.map(({ fields }) => fields.map(({ value }) => typeof value))).toEqual(records.map(({ fields }) => fields.map(({ value }) => typeof value)))
    const dirty = Buffer.from(plain)
    dirty[100] = 1
    expect(() => decodeSegment(dirty)).toThrow('padding')
    expect(() => decodeSegment(plain.subarray(0, 65_535))).toThrow('padded')
  })
})

it('does not accept a signature for another message', () => {
  const signature = seller.sign(utf8('a'))
  expect([isEd25519Signature(seller.vkey.publicKey, utf8('a'), signature), isEd25519Signature(seller.vkey.publicKey, utf8('b'), signature)]).toEqual([true, false])
})

function sampleWitnessKey(name: string): string {
  return sampleWitness(name).vkey.text
}

async function namesOf(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of readTar(once(bytes))) names.push(name)
  return names
}

function tarOf(files: Parameters<typeof writeTar>[0]): Promise<Uint8Array> {
  return readAll(writeTar(files), 1e7)
}
