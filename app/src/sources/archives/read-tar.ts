// SPDX-License-Identifier: Apache-2.0
import { createReadStream, fstatSync, readSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { digestOf } from '../digest-file.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import { entryName } from '../open-zip.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent, WhyNotRead } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'

const BLOCK = 512
const PIECE = 256 * 1024
/** Long names and pax attributes; real ones have some hundred bytes. */
const NAME_BYTES_MAX = 64 * 1024

interface TarEntry {
  name: string
  type: string
  at: number
  bytes: number
  isSparse: boolean
}

/** Reads a TAR (POSIX.1-2001 ustar and pax, GNU long names) as a folder of files, and archives that were appended to it. Links, devices, sparse files and bytes after its end are listed; names that lead outside, wrong checksums and sizes beyond the file are refused. */
export async function* readTar(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const entries = [...entriesOf(at, setting)]
  yield { kind: 'source', source: digestOf(at, 'tar', setting) }
  for (const entry of entries) {
    const why = whyNotRead(entry)
    if (why !== null) yield { kind: 'notRead', where: entry.name === '' ? at.place : `${at.place}!${entry.name}`, why }
    else if (entry.type !== FOLDER && at.nest !== undefined) yield* at.nest({ name: entry.name, pieces: () => piecesOf(at.fd, entry) })
  }
}

const FOLDER = '5'
/** What stands after the end of the archive, as an entry without a name. */
const TRAILING = 'trailing'

function whyNotRead({ type, bytes, isSparse }: TarEntry): WhyNotRead | null {
  if (type === TRAILING) return notReadReasons.trailing
  if (type === '1' || type === '2') return notReadReasons.symbolicLink
  if (isSparse || type === 'S') return notReadReasons.sparse
  if (type === FOLDER) return bytes > 0 ? notReadReasons.folderBytes : null
  return type === '0' || type === '7' ? null : notReadReasons.notAFile
}

/** Reads a GZIP: the one file in it, most often a TAR. */
export async function* readGzip(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  yield { kind: 'source', source: digestOf(at, 'gzip', setting) }
  const name = at.name.replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '')
  if (at.nest !== undefined) yield* at.nest({ name: name === at.name ? `${name}.tar` : name, packedBytes: fstatSync(at.fd).size, pieces: () => gunzip(at) })
}

async function* gunzip(at: ReadPlace): AsyncGenerator<Buffer> {
  const unpacked = createReadStream('', { fd: at.fd, autoClose: false, start: 0 }).pipe(createGunzip())
  try {
    for await (const piece of unpacked) if (Buffer.isBuffer(piece)) yield piece
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw sourceFailures.ARCHIVE_REFUSED({ where: at.place, why: '压缩数据损坏 / broken deflate data' }, { cause: error })
    throw error
  }
}

function* piecesOf(fd: number, entry: TarEntry): Generator<Buffer> {
  for (let done = 0; done < entry.bytes; ) {
    const piece = bytesAt(fd, entry.at + done, Math.min(PIECE, entry.bytes - done))
    if (piece.length === 0) return
    done += piece.length
    yield piece
  }
}

function bytesAt(fd: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, at))
}

function* entriesOf(at: ReadPlace, setting: ReadSetting): Generator<TarEntry> {
  const size = fstatSync(at.fd).size
  const refuse = (why: string): Error => sourceFailures.ARCHIVE_REFUSED({ where: at.place, why })
  const names = new Set<string>()
  let longName: string | null = null
  let isPastEnd = false
  let given = new Map<string, string>()
  let cursor = 0
  while (cursor + BLOCK <= size) {
    const header = bytesAt(at.fd, cursor, BLOCK)
    if (isZero(header)) {
      isPastEnd = true
      cursor += BLOCK
      setting.alive()
      continue
    }
    if (!isSumRight(header) && isPastEnd) {
      yield { name: '', type: TRAILING, at: cursor, bytes: size - cursor, isSparse: false }
      return
    }
    if (!isSumRight(header)) throw refuse(`第 ${cursor} 字节处的条目头损坏 / broken header`)
    const type = header.toString('latin1', 156, 157).replace('\0', '0')
    const bytes = given.get('size') === undefined ? numberAt(header, 124, 12) : Number(given.get('size'))
    if (!Number.isSafeInteger(bytes) || bytes < 0 || cursor + BLOCK + bytes > size) throw refuse('条目超出文件 / entry outside the file')
    const next = cursor + BLOCK + Math.ceil(bytes / BLOCK) * BLOCK
    if ('LKxg'.includes(type)) {
      if (bytes > NAME_BYTES_MAX) throw refuse('条目名过长 / entry name too long')
      const body = bytesAt(at.fd, cursor + BLOCK, bytes)
      if (type === 'L') longName = nameText(body)
      if (type === 'x') given = attributesOf(body)
    } else {
      const name = given.get('path') ?? longName ?? nameOf(header)
      if (/^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes('..')) throw refuse('条目名指向压缩包之外 / entry name leads outside')
      if (names.has(name) && type !== '5') throw refuse('同名条目 / doubled entry')
      if (names.add(name).size > setting.limits.zipEntriesMax) throw refuse(`条目超过 ${setting.limits.zipEntriesMax} 个 / entries`)
      yield { name: name.replace(/^(\.\/)+/, ''), type, at: cursor + BLOCK, bytes: '1234'.includes(type) ? 0 : bytes, isSparse: [...given.keys()].some((key) => key.startsWith('GNU.sparse.')) }
      longName = null
      given = new Map()
    }
    cursor = next
    setting.alive()
  }
  if (cursor < size && !isZero(bytesAt(at.fd, cursor, size - cursor))) yield { name: '', type: TRAILING, at: cursor, bytes: size - cursor, isSparse: false }
}

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

/** The name of an entry; only ustar has a folder before it. */
function nameOf(header: Buffer): string {
  const name = nameText(header.subarray(0, 100))
  const folder = header.toString('latin1', 257, 263) === 'ustar\0' ? nameText(header.subarray(345, 500)) : ''
  return folder === '' ? name : `${folder}/${name}`
}

function nameText(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return entryName(end < 0 ? bytes : bytes.subarray(0, end))
}

/** Octal digits, or base 256 where the first bit is set (GNU). */
function numberAt(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) return header.readUIntBE(at + length - 6, 6)
  const digits = header.toString('latin1', at, at + length).replace(/[\0 ]+$/, '').trim()
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits === '' ? '0' : digits, 8) : Number.NaN
}

function isSumRight(header: Buffer): boolean {
  let sum = 0
  header.forEach((byte, i) => (sum += i >= 148 && i < 156 ? 0x20 : byte))
  return numberAt(header, 148, 8) === sum
}

/** `LENGTH KEY=VALUE\n` records of pax. */
function attributesOf(body: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at)
    const length = Number(body.toString('latin1', at, space < 0 ? at : space))
    if (!Number.isSafeInteger(length) || length < 5 || at + length > body.length) return found
    const record = body.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) found.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return found
}
