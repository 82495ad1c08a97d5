// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { concat, ProofError, utf8 } from './bytes.ts'
import { ByteReader } from './byte-reader.ts'

/** Who can open: identities (`AGE-SECRET-KEY-1…`), or a passphrase for files that carry one. */
export type AgeKeys = { identities?: readonly string[]; passphrases?: readonly string[] }

const CHUNK_BYTES = 64 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 16
const HEADER_BYTES_MAX = 1024 * 1024
const CIPHER = 'chacha20-poly1305'
const ARMOR_START = '-----BEGIN AGE'

/** A new X25519 identity, the secret that opens packages (FORMATS §12). */
export function newAgeIdentity(): Promise<string> {
  return generateX25519Identity()
}

/** The recipient that belongs to an identity; this part is given away. */
export async function ageRecipient(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity)
  } catch {
    throw new ProofError('BAD_AGE_KEY', 'not an age identity')
  }
}

/** The stream encrypted to all recipients (age v1). The header is the library's; the chunks are sealed by node:crypto. */
export async function* ageEncrypt(source: AsyncIterable<Uint8Array>, recipients: readonly string[]): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await newHeader(recipients)
  const nonce = randomBytes(NONCE_BYTES)
  yield concat(header, nonce)
  const key = payloadKey(fileKey, nonce)
  const reader = new ByteReader(source)
  let chunk = await reader.upTo(CHUNK_BYTES)
  for (let counter = 0; ; counter += 1) {
    const next = await reader.upTo(CHUNK_BYTES)
    const isLast = next.length === 0
    yield sealChunk(key, chunkNonce(counter, isLast), chunk)
    if (isLast) return
    chunk = next
  }
}

/**
 * The stream inside an age file, released chunk by chunk as each is authenticated; the end is proved only when the stream ends.
 * Throws AGE_HEADER when no key fits or the header is malformed, AGE_PAYLOAD when a chunk was changed, cut or added.
 */
export async function* ageDecrypt(source: AsyncIterable<Uint8Array>, keys: AgeKeys): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source)
  try {
    const fileKey = await openHeader(await readHeader(reader), keys)
    const nonce = await reader.upTo(NONCE_BYTES)
    if (nonce.length !== NONCE_BYTES) throw new ProofError('AGE_HEADER', 'the file ends before its nonce')
    yield* openChunks(reader, payloadKey(fileKey, nonce))
  } finally {
    await reader.close()
  }
}

/** The binary form of an armoured age file; returns binary files as they are. */
export function ageDearmor(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file).toString('latin1')
  if (!text.trimStart().startsWith(ARMOR_START)) return file
  try {
    return armor.decode(text)
  } catch {
    throw new ProofError('AGE_ARMOR', 'the armour of the age file is malformed')
  }
}

/**
 * The library makes the header but keeps the file key for itself; a recipient of our own that adds no stanza sees it.
 * The empty payload that comes with the header is cut off, so its nonce is never used for ours.
 */
async function newHeader(recipients: readonly string[]): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  if (recipients.length === 0) throw new ProofError('BAD_AGE_KEY', 'a package needs a recipient')
  let fileKey = new Uint8Array(0)
  const encrypter = new Encrypter()
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Uint8Array.from(key)
      return []
    },
  })
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient)
  } catch {
    throw new ProofError('BAD_AGE_KEY', 'not an age recipient')
  }
  const empty = await encrypter.encrypt(new Uint8Array(0))
  return { header: empty.subarray(0, empty.length - NONCE_BYTES - TAG_BYTES), fileKey }
}

async function openHeader(header: Uint8Array, keys: AgeKeys): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  try {
    for (const identity of keys.identities ?? []) decrypter.addIdentity(identity)
    for (const passphrase of keys.passphrases ?? []) decrypter.addPassphrase(passphrase)
  } catch {
    throw new ProofError('BAD_AGE_KEY', 'not an age identity')
  }
  try {
    return await decrypter.decryptHeader(header)
  } catch {
    throw new ProofError('AGE_HEADER', 'the header is malformed, or none of the keys opens it')
  }
}

/** Bytes up to and including the line that starts with `---`. */
async function readHeader(reader: ByteReader): Promise<Uint8Array> {
  const lines: Uint8Array[] = []
  let size = 0
  for (;;) {
    const line = await readLine(reader)
    lines.push(line)
    size += line.length
    if (size > HEADER_BYTES_MAX) throw new ProofError('AGE_HEADER', 'the header is too large')
    if (Buffer.from(line.subarray(0, 3)).toString('latin1') === '---') return concat(...lines)
  }
}

async function readLine(reader: ByteReader): Promise<Uint8Array> {
  const bytes: number[] = []
  while (bytes.length <= HEADER_BYTES_MAX) {
    const byte = (await reader.some(1))?.[0]
    if (byte === undefined) throw new ProofError('AGE_HEADER', 'the file ends inside its header')
    bytes.push(byte)
    if (byte === 0x0a) break
  }
  return Uint8Array.from(bytes)
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', fileKey, nonce, utf8('payload'), 32))
}

/** Eleven bytes of counter and one that marks the last chunk (FORMATS §12). */
function chunkNonce(counter: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(counter, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function sealChunk(key: Uint8Array, nonce: Uint8Array, chunk: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  return concat(cipher.update(chunk), cipher.final(), cipher.getAuthTag())
}

async function* openChunks(reader: ByteReader, key: Uint8Array): AsyncGenerator<Uint8Array> {
  let chunk = await reader.upTo(CHUNK_BYTES + TAG_BYTES)
  for (let counter = 0; ; counter += 1) {
    const next = await reader.upTo(CHUNK_BYTES + TAG_BYTES)
    const isLast = next.length === 0
    const plain = openChunk(key, chunkNonce(counter, isLast), chunk)
    if (plain === null) {
      // A full chunk sealed as the other kind is authentic but misplaced: the published vectors release it, then refuse the file.
      const misplaced = chunk.length < CHUNK_BYTES + TAG_BYTES ? null : openChunk(key, chunkNonce(counter, !isLast), chunk)
      if (misplaced !== null && misplaced.length > 0) yield misplaced
      throw new ProofError('AGE_PAYLOAD', 'a chunk of the file was changed, cut or added')
    }
    if (isLast && counter > 0 && plain.length === 0) throw new ProofError('AGE_PAYLOAD', 'the last chunk is empty')
    if (plain.length > 0) yield plain
    if (isLast) return
    chunk = next
  }
}

function openChunk(key: Uint8Array, nonce: Uint8Array, chunk: Uint8Array): Uint8Array | null {
  if (chunk.length < TAG_BYTES) return null
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(chunk.subarray(chunk.length - TAG_BYTES))
  try {
    const plain = decipher.update(chunk.subarray(0, chunk.length - TAG_BYTES))
    decipher.final()
    return plain
  } catch {
    return null
  }
}
