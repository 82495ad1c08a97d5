// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { ageEncrypt, canonicalJson, once, readAll, sealFiles, tarFile, utf8, writeTar, type NoteSigner, type TarEntry } from '@handover/proof'
import { backupFailures } from './backup-failures.ts'
import { containerFiles, frameKinds, frameOf, segmentBytes, segmentBytesMax, segmentFile, type BackupManifest, type BackupMember, type BackupOuter } from './backup-file.ts'

const compress = promisify(zstdCompress)
/** Ciphertext does not shrink and rows shrink well at any level, so the fastest does. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** One table or file to be written; its end is known only when it was read. */
export interface MemberSource {
  begin: { kind: 'table'; name: string; columns: string[] } | { kind: 'file'; name: string }
  /** The bytes; the return value is the number of rows of a table. */
  content: AsyncGenerator<Uint8Array, number, undefined>
}

/** What a container is made from. */
export interface ContainerPlan {
  outer: Omit<BackupOuter, 'segments' | 'manifest'>
  manifest: Omit<BackupManifest, 'members'>
  members: AsyncIterable<MemberSource>
  signer: NoteSigner
  /** Plain bytes of a segment; 4 MiB unless given (tests take less, to have many). */
  segmentBytes?: number
  /** Called with the plain bytes so far; may throw to stop. */
  progress(bytes: number): void
}

/** A container that was written whole and is durable. */
export interface WrittenContainer {
  outerSha256: string
  /** Size of the file. */
  bytes: number
  members: BackupMember[]
}

/** Where a container grows until it is whole: a crash leaves this name, which the next run takes over, and never half a file under the real one. */
export function unfinishedName(file: string): string {
  return `${file}.unfinished`
}

/** Writes a container in one pass with memory for a few segments. Under its own name it appears only whole; when it is stopped or fails nothing stays. Refuses to overwrite. */
export async function writeContainer(file: string, plan: ContainerPlan): Promise<WrittenContainer> {
  if (existsSync(file)) throw backupFailures.BACKUP_EXISTS({ file })
  const unfinished = unfinishedName(file)
  try {
    const written = await writeUnfinished(unfinished, plan)
    if (existsSync(file)) throw backupFailures.BACKUP_EXISTS({ file })
    renameSync(unfinished, file) // memory sticks know no links
    syncFolder(dirname(file))
    return written
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw ioFailure(file, error)
  }
}

/** A file error as a failure that names the place; any other error passes unchanged. */
export function ioFailure(file: string, error: unknown): unknown {
  const isSystem = error instanceof Error && 'syscall' in error && 'code' in error
  return isSystem ? backupFailures.BACKUP_IO({ file, why: String(error.code) }, { cause: error }) : error
}

async function writeUnfinished(unfinished: string, plan: ContainerPlan): Promise<WrittenContainer> {
  const handle = await open(unfinished, 'w', 0o600)
  try {
    const state: Growing = { members: [], segments: [], outerSha256: '' }
    let bytes = 0
    for await (const part of writeTar(entriesOf(plan, state))) bytes += await writeAll(handle, part)
    await handle.sync()
    return { outerSha256: state.outerSha256, bytes, members: state.members }
  } finally {
    await handle.close()
  }
}

/** What is known of a container only when it was written. */
interface Growing {
  members: BackupMember[]
  segments: BackupOuter['segments']
  outerSha256: string
}

async function* entriesOf(plan: ContainerPlan, state: Growing): AsyncGenerator<TarEntry> {
  const { recipients } = plan.outer
  for await (const packed of compressedAhead(cut(framesOf(plan, state.members), plan.segmentBytes ?? segmentBytes))) {
    const name = segmentFile(state.segments.length)
    const sealed = await sealBytes(packed, recipients)
    state.segments.push({ name, size: sealed.length, sha256: sha256Hex(sealed) })
    yield tarFile(name, sealed)
  }
  const manifest = await sealBytes(await compress(utf8(canonicalJson({ ...plan.manifest, members: state.members })), level), recipients)
  yield tarFile(containerFiles.manifest, manifest)
  const outer: BackupOuter = { ...plan.outer, segments: state.segments, manifest: { name: containerFiles.manifest, size: manifest.length, sha256: sha256Hex(manifest) } }
  const text = utf8(`${canonicalJson(outer)}\n`)
  state.outerSha256 = sha256Hex(text)
  yield tarFile(containerFiles.outer, text)
  yield tarFile(containerFiles.signature, utf8(sealFiles([{ name: containerFiles.outer, bytes: text }], [plan.signer])))
}

async function* framesOf(plan: ContainerPlan, members: BackupMember[]): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const { begin, content } of plan.members) {
    const hash = createHash('sha256')
    let bytes = 0
    yield frameOf(frameKinds.begin, utf8(canonicalJson(begin)))
    for (;;) {
      const next = await content.next()
      if (next.done === true) {
        const end = { bytes, sha256: hash.digest('hex') }
        const member = begin.kind === 'table' ? { ...begin, rows: next.value, ...end } : { ...begin, ...end }
        members.push(member)
        yield frameOf(frameKinds.end, utf8(canonicalJson(member)))
        break
      }
      for (let at = 0; at < next.value.length; at += segmentBytes) {
        const part = next.value.subarray(at, at + segmentBytes)
        hash.update(part)
        bytes += part.length
        yield frameOf(frameKinds.data, part)
      }
      plan.progress(total += next.value.length)
    }
  }
  yield frameOf(frameKinds.last, new Uint8Array(0))
}

/** Plain segments: of the full size, the last one shorter. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let have = 0
  for await (const part of source) {
    for (let at = 0; at < part.length; ) {
      const piece = part.subarray(at, at + size - have)
      parts.push(piece)
      have += piece.length
      at += piece.length
      if (have < size) continue
      yield Buffer.concat(parts)
      parts = []
      have = 0
    }
  }
  if (have > 0) yield Buffer.concat(parts)
}

/** One segment is compressed by another thread while the one before is encrypted and written. */
async function* compressedAhead(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let before: Promise<Buffer> | null = null
  try {
    for await (const segment of source) {
      const now = compress(segment, level)
      now.catch(() => undefined) // awaited one round later
      if (before !== null) yield await before
      before = now
    }
    if (before !== null) yield await before
  } finally {
    await before?.catch(() => undefined)
  }
}

async function sealBytes(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  return readAll(ageEncrypt(once(bytes), recipients), Math.max(segmentBytesMax, bytes.length * 2))
}

async function writeAll(handle: FileHandle, part: Uint8Array): Promise<number> {
  for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten
  return part.length
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A new name is durable only when its folder was synced. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there; NTFS journals the rename
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
