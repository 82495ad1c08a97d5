// SPDX-License-Identifier: Apache-2.0
// Whatever stands in a backup file may have been changed by an outsider: nothing is believed before its digest or signature was compared.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { ageDecrypt, ByteReader, canonicalJson, decodeUtf8Strict, once, openNote, parseJsonStrict, parseNote, parseSeal, parseVkey, ProofError, readAll, readTar, type Vkey } from '@handover/proof'
import { z } from 'zod'
import { Failure } from '../kit/failure.ts'
import { backupFailures } from './backup-failures.ts'
import { containerFiles, frameBytesMax, frameKinds, manifestSchema, outerSchema, segmentBytes, segmentBytesMax, type BackupManifest, type BackupMember, type BackupOuter } from './backup-file.ts'
import { ioFailure } from './write-container.ts'

const decompress = promisify(zstdDecompress)
const block = 512
const outerBytesMax = 256 * 1024 * 1024
const manifestBytesMax = 1024 * 1024 * 1024

/** A backup file whose signed list was read and whose signature was compared; its data were not. */
export interface OpenContainer {
  file: string
  bytes: number
  outer: BackupOuter
  outerSha256: string
  /** Whether the signer is the one that was asked for; otherwise the file says itself who signed it. */
  isTrusted: boolean
}

/** Opens a backup file: finds its signed list without reading its data and compares the signature with the key that is trusted, if any. Refuses a malformed one (BACKUP_DAMAGED) and another signer (BACKUP_FOREIGN). */
export async function openContainer(file: string, trusted: Vkey | null): Promise<OpenContainer> {
  return inFile(file, 'outer.json', async () => {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      const places = await placesIn(handle, size)
      const outerBytes = await bytesAt(handle, places.get(containerFiles.outer), outerBytesMax)
      const signature = decodeUtf8Strict(await bytesAt(handle, places.get(containerFiles.signature), 64 * 1024))
      const outer = outerOf(file, outerBytes)
      if (trusted !== null && trusted.text !== outer.party) throw backupFailures.BACKUP_FOREIGN({ file, signer: parseVkey(outer.party).name })
      refuseOtherSeal(signature, outerBytes, parseVkey(outer.party))
      refuseOtherPlaces(outer, places)
      return { file, bytes: size, outer, outerSha256: sha256Hex(outerBytes), isTrusted: trusted !== null }
    } finally {
      await handle.close()
    }
  })
}

/** The content list, opened with a recovery key. Refuses a key that does not fit (RECOVERY_WRONG). */
export async function openManifest(container: OpenContainer, identity: string, recoveryFile: string): Promise<BackupManifest> {
  const { file, outer } = container
  return inFile(file, containerFiles.manifest, async () => {
    const handle = await open(file, 'r')
    try {
      const sealed = await bytesAt(handle, (await placesIn(handle, container.bytes)).get(containerFiles.manifest), manifestBytesMax)
      if (sha256Hex(sealed) !== outer.manifest.sha256) throw new ProofError('DIGEST', 'the digest differs')
      const packed = await unseal(sealed, identity).catch((error: unknown) => {
        if (error instanceof ProofError && error.code === 'AGE_HEADER') throw backupFailures.RECOVERY_WRONG({ file: recoveryFile }, { cause: error })
        throw error
      })
      const manifest = manifestSchema.parse(parseJsonStrict(decodeUtf8Strict(await decompress(packed, { maxOutputLength: manifestBytesMax }))))
      if (manifest.backup !== outer.backup) throw new ProofError('MANIFEST', 'the content list is of another backup')
      return manifest
    } finally {
      await handle.close()
    }
  })
}

/** Reads the whole container strictly, byte for byte, and compares every digest; gives each data segment, still encrypted, after its digest was compared. */
export async function* sealedSegments(container: OpenContainer): AsyncGenerator<Uint8Array> {
  const { file, outer } = container
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 })
  const expected = [...outer.segments.map((each) => ({ ...each, isData: true })), { ...outer.manifest, isData: false }, { name: containerFiles.outer, size: -1, sha256: container.outerSha256, isData: false }]
  let at = 0
  let where = ''
  try {
    for await (const entry of readTar(stream)) {
      where = entry.name
      const wanted = expected[at]
      if (wanted === undefined && at === expected.length && entry.name === containerFiles.signature) {
        at += 1
        continue
      }
      if (wanted === undefined || wanted.name !== entry.name || (wanted.size >= 0 && wanted.size !== entry.size)) throw new ProofError('ORDER', 'the files are not those of the signed list, in its order')
      const bytes = await readAll(entry.content, wanted.isData ? segmentBytesMax : manifestBytesMax)
      if (sha256Hex(bytes) !== wanted.sha256) throw new ProofError('DIGEST', 'the digest differs')
      at += 1
      if (wanted.isData) yield bytes
    }
    if (at !== expected.length + 1) throw new ProofError('CUT', 'the file ends too early')
  } catch (error) {
    throw damaged(file, where, error)
  } finally {
    stream.destroy()
  }
}

/** A table or file inside, while it is read; `content` must be taken before the next. */
export interface ReadMember {
  member: BackupMember
  content: AsyncIterable<Uint8Array>
}

/** Opens every segment and gives the members in the order of the manifest, each compared with it when its content was taken. Refuses everything that deviates (BACKUP_DAMAGED). `progress` hears the plain bytes so far and may throw. */
export async function* readMembers(container: OpenContainer, manifest: BackupManifest, key: { identity: string; progress(bytes: number): void }): AsyncGenerator<ReadMember> {
  const reader = new ByteReader(plainSegments(container, key.identity))
  let at = 0
  let bytes = 0
  try {
    for (;;) {
      const frame = await readFrame(reader)
      if (frame.kind === frameKinds.last) break
      const member = manifest.members[at]
      if (frame.kind !== frameKinds.begin || member === undefined || beginOf(member) !== frame.payload.toString('utf8')) throw new ProofError('MEMBERS', 'the members are not those of the content list')
      const state = { isTaken: false }
      yield { member, content: contentOf(reader, member, { file: container.file, state, heard: (count) => key.progress((bytes += count)) }) }
      if (!state.isTaken) throw new Error('assertion failed: a member was not read to its end')
      at += 1
    }
    if (at !== manifest.members.length || (await reader.some(1)) !== null) throw new ProofError('MEMBERS', 'members are missing or there is more behind them')
  } catch (error) {
    throw damaged(container.file, manifest.members[at]?.kind === 'table' ? 'table' : 'file', error)
  } finally {
    await reader.close()
  }
}

async function* contentOf(reader: ByteReader, member: BackupMember, use: { file: string; state: { isTaken: boolean }; heard(bytes: number): void }): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  try {
    for (;;) {
      const { kind, payload } = await readFrame(reader)
      if (kind === frameKinds.end) {
        if (payload.toString('utf8') !== canonicalJson(member) || hash.digest('hex') !== member.sha256) throw new ProofError('MEMBER', 'its content is not the listed one')
        use.state.isTaken = true
        return
      }
      if (kind !== frameKinds.data) throw new ProofError('FRAME', 'a frame is out of place')
      hash.update(payload)
      use.heard(payload.length)
      yield payload
    }
  } catch (error) {
    throw damaged(use.file, `${member.kind} ${member.kind === 'table' ? member.name : ''}`, error)
  }
}

async function readFrame(reader: ByteReader): Promise<{ kind: number; payload: Buffer }> {
  const head = Buffer.from(await reader.exactly(5))
  const length = head.readUInt32BE(1)
  if (length > frameBytesMax) throw new ProofError('FRAME', 'a frame is too long')
  const payload = await reader.exactly(length)
  return { kind: head.readUInt8(0), payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength) }
}

async function* plainSegments(container: OpenContainer, identity: string): AsyncGenerator<Uint8Array> {
  let ahead: Promise<Uint8Array> | null = null
  for await (const sealed of sealedSegments(container)) {
    const now: Promise<Uint8Array> = unseal(sealed, identity).then((packed) => decompress(packed, { maxOutputLength: segmentBytes }))
    now.catch(() => undefined) // awaited one round later
    if (ahead !== null) yield await ahead
    ahead = now
  }
  if (ahead !== null) yield await ahead
}

async function unseal(sealed: Uint8Array, identity: string): Promise<Uint8Array> {
  return readAll(ageDecrypt(once(sealed), { identities: [identity] }), manifestBytesMax)
}

function beginOf(member: BackupMember): string {
  return member.kind === 'table' ? canonicalJson({ kind: member.kind, name: member.name, columns: member.columns }) : canonicalJson({ kind: member.kind, name: member.name })
}

interface Place {
  at: number
  size: number
}

/** Where each file of the tar lies, by its headers alone; `sealedSegments` is the one that reads them strictly. */
async function placesIn(handle: FileHandle, fileBytes: number): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (let at = 0; at + block <= fileBytes; ) {
    const header = await bytesAt(handle, { at, size: block }, block)
    if (header[0] === 0) break
    const name = header.toString('latin1', 0, 100).replace(/\0+$/, '')
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8)
    if (!Number.isSafeInteger(size) || size < 0 || places.has(name)) throw new ProofError('TAR_FORM', 'a header is not in the strict form')
    places.set(name, { at: at + block, size })
    at += block + Math.ceil(size / block) * block
  }
  return places
}

async function bytesAt(handle: FileHandle, place: Place | undefined, max: number): Promise<Buffer> {
  if (place === undefined) throw new ProofError('CUT', 'the signed list is missing')
  if (place.size > max) throw new ProofError('TOO_LARGE', `more than ${max} bytes`)
  const bytes = Buffer.alloc(place.size)
  const { bytesRead } = await handle.read(bytes, 0, place.size, place.at)
  if (bytesRead !== place.size) throw new ProofError('CUT', 'the file ends too early')
  return bytes
}

function refuseOtherSeal(text: string, outer: Uint8Array, vkey: Vkey): void {
  const [sealed, ...more] = parseSeal(openNote(text, [vkey]).body)
  const isOne = parseNote(text).lines.length === 1 && more.length === 0
  if (!isOne || sealed?.name !== containerFiles.outer || sealed.sha256 !== sha256Hex(outer)) throw new ProofError('SIGNATURE', 'the signature is over something else')
}

const anyFormat = z.looseObject({ format: z.string() })

function outerOf(file: string, bytes: Uint8Array): BackupOuter {
  const json = parseJsonStrict(decodeUtf8Strict(bytes))
  const { format } = anyFormat.parse(json)
  if (/^handover-backup\/v\d+$/.test(format) && format !== 'handover-backup/v1') throw backupFailures.BACKUP_NEWER({ file, why: format })
  return outerSchema.parse(json)
}

/** Sizes and names by the headers must be those of the signed list: what is missing or too much is seen without reading any data. */
function refuseOtherPlaces(outer: BackupOuter, places: Map<string, Place>): void {
  const named = [...outer.segments, outer.manifest]
  const isSame = places.size === named.length + 2 && named.every(({ name, size }) => places.get(name)?.size === size)
  if (!isSame) throw new ProofError('ORDER', 'the files are not those of the signed list')
}

async function inFile<T>(file: string, where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw damaged(file, where, error)
  }
}

/** Format errors as one refusal with its place; failures and file errors pass with their own words. */
function damaged(file: string, where: string, error: unknown): unknown {
  if (error instanceof Failure) return error
  if (error instanceof ProofError) return backupFailures.BACKUP_DAMAGED({ file, where, why: error.message }, { cause: error })
  if (error instanceof z.ZodError) return backupFailures.BACKUP_DAMAGED({ file, where, why: 'malformed' }, { cause: error })
  if (error instanceof Error && 'code' in error && /^(ERR_ZSTD|ZSTD_|ERR_BUFFER_TOO_LARGE|Z_)/.test(String(error.code))) return backupFailures.BACKUP_DAMAGED({ file, where, why: String(error.code) }, { cause: error })
  return ioFailure(file, error)
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
