// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import { fstatSync, readSync } from 'node:fs'
import { crc32, createInflateRaw } from 'node:zlib'
import type { SourceLimits } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** One file in an archive, from its central directory. */
export interface ZipEntry {
  name: string
  method: number
  crc: number
  packedBytes: number
  bytes: number
  headerAt: number
  nameBytes: number
  /** The name as it stands in the file; none where the entry was not read from one. */
  rawName?: Buffer
  /** Kind and permissions that UNIX gives the entry; 0 where another system wrote it. */
  unixMode?: number
  hasComment?: boolean
}

/** An archive whose directory was checked before anything is unpacked. */
export interface ZipArchive {
  fd: number
  where: string
  entries: Map<string, ZipEntry>
  hasComment?: boolean
}

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** "Version made by" of UNIX; the extra field of a name in Unicode. */
const UNIX = 3
const UNICODE_NAME = 0x7075

/** Reads and checks the directory of a ZIP file (APPNOTE 4.3, 4.5). Refuses bombs, encryption, doubled names and sizes that cannot be true, without unpacking anything. */
export function openZip(fd: number, where: string, limits: SourceLimits): ZipArchive {
  const size = fstatSync(fd).size
  const { count, at, bytes, hasComment } = findDirectory(fd, size, where)
  if (count > limits.zipEntriesMax) throw refuse(where, `${count} 个条目,上限 ${limits.zipEntriesMax} / entries`)
  if (at + bytes > size || bytes > 64 * 1024 * 1024) throw refuse(where, '目录超出文件 / directory outside the file')
  const directory = read(fd, at, bytes)
  const entries = new Map<string, ZipEntry>()
  let cursor = 0
  for (let i = 0; i < count; i++) {
    const { entry, next } = centralEntry(directory, cursor, where)
    if (entries.has(entry.name)) throw refuse(where, '同名条目 / doubled entry')
    entries.set(entry.name, entry)
    cursor = next
  }
  if (cursor !== directory.length) throw refuse(where, '目录与条目数不符 / entries beside the count') // what the count hides would go unread
  checkSizes([...entries.values()], { size, directoryAt: at }, where, limits)
  return { fd, where, entries, hasComment }
}

const refuse = (where: string, why: string): Error => sourceFailures.ZIP_REFUSED({ where, why })

function read(fd: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  let filled = 0
  while (filled < bytes) {
    const n = readSync(fd, buffer, filled, bytes - filled, at + filled)
    if (n === 0) break
    filled += n
  }
  return buffer.subarray(0, filled)
}

function findDirectory(fd: number, size: number, where: string): { count: number; at: number; bytes: number; hasComment: boolean } {
  const tailAt = Math.max(0, size - 65_557)
  const tail = read(fd, tailAt, size - tailAt)
  for (let i = tail.length - 22; i >= 0; i--) {
    if (tail.readUInt32LE(i) !== END) continue
    const plain = { count: tail.readUInt16LE(i + 10), bytes: tail.readUInt32LE(i + 12), at: tail.readUInt32LE(i + 16) }
    const needs64 = plain.count === 0xffff || plain.bytes === 0xffffffff || plain.at === 0xffffffff
    return { ...(needs64 ? directory64(fd, tail, i, where) : plain), hasComment: tail.readUInt16LE(i + 20) > 0 }
  }
  throw refuse(where, '缺少目录 / no central directory')
}

function directory64(fd: number, tail: Buffer, end: number, where: string): { count: number; at: number; bytes: number } {
  const locator = end - 20
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR64) throw refuse(where, 'ZIP64 目录缺失 / no zip64 directory')
  const recordAt = Number(tail.readBigUInt64LE(locator + 8))
  const record = recordAt < fstatSync(fd).size ? read(fd, recordAt, 56) : Buffer.alloc(0)
  if (record.length < 56 || record.readUInt32LE(0) !== END64) throw refuse(where, 'ZIP64 目录损坏 / broken zip64 directory')
  return { count: Number(record.readBigUInt64LE(32)), bytes: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) }
}

function centralEntry(directory: Buffer, at: number, where: string): { entry: ZipEntry; next: number } {
  if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) throw refuse(where, '目录损坏 / broken directory')
  const nameBytes = directory.readUInt16LE(at + 28)
  const extraBytes = directory.readUInt16LE(at + 30)
  const next = at + 46 + nameBytes + extraBytes + directory.readUInt16LE(at + 32)
  if (next > directory.length) throw refuse(where, '目录损坏 / broken directory')
  if ((directory.readUInt16LE(at + 8) & 1) !== 0) throw sourceFailures.ENCRYPTED_FILE({ where })
  const rawName = directory.subarray(at + 46, at + 46 + nameBytes)
  const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes)
  const entry: ZipEntry = {
    name: unicodeName(rawName, extra) ?? entryName(rawName),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    headerAt: directory.readUInt32LE(at + 42),
    nameBytes,
    rawName,
    unixMode: directory.readUInt8(at + 5) === UNIX ? directory.readUInt32LE(at + 38) >>> 16 : 0,
    hasComment: directory.readUInt16LE(at + 32) > 0,
  }
  if (isUnsafeName(entry.name)) throw refuse(where, '条目名指向压缩包之外 / entry name leads outside')
  applyZip64(entry, extra)
  return { entry, next }
}

// Nothing is ever unpacked to a name; but a rewritten original keeps its entries, and others do unpack it.
function isUnsafeName(name: string): boolean {
  return /^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes('..')
}

/** The name in UTF-8 that stands beside one of another encoding (APPNOTE 4.6.9); null when there is none, or it belongs to another name. */
function unicodeName(rawName: Buffer, extra: Buffer): string | null {
  for (let at = 0; at + 9 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== UNICODE_NAME || extra.readUInt8(at + 4) !== 1 || extra.readUInt32LE(at + 5) !== crc32(rawName)) continue
    const name = extra.subarray(at + 9, at + 4 + extra.readUInt16LE(at + 2))
    return isUtf8(name) ? name.toString('utf8') : null
  }
  return null
}

/** A name in an archive: UTF-8 where it is strictly that, whatever the flag says, else GB18030 (Windows writes Chinese names so), else byte by byte, so that no two names become one. */
export function entryName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

function applyZip64(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1) {
      let cursor = at + 4
      const take = (): number => {
        const value = cursor + 8 <= extra.length ? Number(extra.readBigUInt64LE(cursor)) : Number.MAX_SAFE_INTEGER
        cursor += 8
        return value
      }
      if (entry.bytes === 0xffffffff) entry.bytes = take()
      if (entry.packedBytes === 0xffffffff) entry.packedBytes = take()
      if (entry.headerAt === 0xffffffff) entry.headerAt = take()
    }
    at += 4 + length
  }
}

function checkSizes(entries: ZipEntry[], file: { size: number; directoryAt: number }, where: string, limits: SourceLimits): void {
  const { size } = file
  let total = 0
  for (const entry of entries) {
    total += entry.bytes
    if (entry.headerAt + entry.packedBytes > size) throw refuse(where, '条目超出文件 / entry outside the file')
    if (entry.bytes > 1024 * 1024 && entry.bytes > entry.packedBytes * limits.zipRatioMax) throw refuse(where, `解压比超过 ${limits.zipRatioMax} / ratio`)
  }
  // Each entry ends before the next begins: a bomb of quoted headers or shared data does not (Fifield 2019).
  const inOrder = [...entries].sort((a, b) => a.headerAt - b.headerAt)
  inOrder.forEach((entry, i) => {
    const next = inOrder[i + 1]?.headerAt ?? file.directoryAt
    if (entry.headerAt + 30 + entry.nameBytes + entry.packedBytes > next) throw refuse(where, '条目重叠 / overlapping entries')
  })
  if (total > limits.unzippedBytesMax) throw refuse(where, `解压后超过 ${limits.unzippedBytesMax} 字节 / too large`)
}

/** The bytes of one entry in pieces, unpacked as they come; refuses when they are more than the directory says, or their checksum differs. */
export async function* readEntry(zip: ZipArchive, entry: ZipEntry): AsyncGenerator<Buffer> {
  const local = read(zip.fd, entry.headerAt, 30)
  if (local.length < 30 || local.readUInt32LE(0) !== LOCAL) throw refuse(zip.where, '条目头损坏 / broken entry header')
  const dataAt = entry.headerAt + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (!read(zip.fd, entry.headerAt + 30, local.readUInt16LE(26)).equals(entry.rawName ?? Buffer.from(entry.name))) throw refuse(zip.where, '条目名与目录不符 / two names for one entry')
  if (entry.method !== 0 && entry.method !== 8) throw refuse(zip.where, '压缩方法不受支持 / unknown compression')
  const packed = packedPieces(zip.fd, dataAt, entry.packedBytes)
  let bytes = 0
  let crc = 0
  for await (const piece of entry.method === 0 ? packed : inflate(packed, zip.where)) {
    bytes += piece.length
    if (bytes > entry.bytes) throw refuse(zip.where, '实际大小与目录不符 / larger than declared')
    crc = crc32(piece, crc)
    yield piece
  }
  if (bytes !== entry.bytes || crc >>> 0 !== entry.crc) throw sourceFailures.XLSX_CORRUPT({ where: zip.where, why: '校验和不符 / checksum' })
}

function* packedPieces(fd: number, at: number, bytes: number): Generator<Buffer> {
  for (let done = 0; done < bytes; ) {
    const piece = read(fd, at + done, Math.min(128 * 1024, bytes - done))
    if (piece.length === 0) return
    done += piece.length
    yield piece
  }
}

async function* inflate(packed: Generator<Buffer>, where: string): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: 128 * 1024 })
  const feed = (): void => {
    for (;;) {
      const next = packed.next()
      if (next.done === true) {
        inflater.end()
        return
      }
      if (!inflater.write(next.value)) {
        inflater.once('drain', feed)
        return
      }
    }
  }
  feed()
  try {
    for await (const piece of inflater) {
      if (Buffer.isBuffer(piece)) yield piece
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw sourceFailures.XLSX_CORRUPT({ where, why: '压缩数据损坏 / broken deflate data' }, { cause: error })
    }
    throw error
  }
}
