// SPDX-License-Identifier: Apache-2.0
// Writing a ZIP file (APPNOTE 4.3) piece by piece: entries are copied as they are packed, or packed anew from a stream.
import { fsyncSync, readSync, writeSync } from 'node:fs'
import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { ZipArchive, ZipEntry } from './open-zip.ts'

const bytesMax = 0xffff_ffff
const entriesMax = 0xffff
/** 1980-01-01: the time of a rewritten part would say when somebody was destroyed. */
const dosDate = 0x21

/** A file that would need ZIP64. */
export class ZipTooLarge extends Error {}

/** Writes entries one after the other; `end` writes the directory. */
export class ZipWriter {
  readonly #handle: number
  readonly #directory: Buffer[] = []
  #at = 0

  constructor(handle: number) {
    this.#handle = handle
  }

  /** Copies an entry without unpacking it. */
  copy(zip: ZipArchive, entry: ZipEntry): void {
    const local = readExactly(zip.fd, entry.headerAt, 30)
    const dataAt = entry.headerAt + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
    const headerAt = this.#at
    this.#put(localHeader(entry))
    for (let done = 0; done < entry.packedBytes; ) {
      const piece = readExactly(zip.fd, dataAt + done, Math.min(1024 * 1024, entry.packedBytes - done))
      this.#put(piece)
      done += piece.length
    }
    this.#directory.push(centralHeader({ ...entry, headerAt }))
  }

  /** Packs an entry anew. */
  async write(name: string, pieces: AsyncIterable<Buffer>): Promise<void> {
    const entry: ZipEntry = { name, method: 8, crc: 0, packedBytes: 0, bytes: 0, headerAt: this.#at, nameBytes: Buffer.byteLength(name) }
    this.#put(localHeader(entry))
    const counted = async function* (): AsyncGenerator<Buffer, void, undefined> {
      for await (const piece of pieces) {
        entry.crc = crc32(piece, entry.crc)
        entry.bytes += piece.length
        yield piece
      }
    }
    const unpacked = Readable.from(counted(), { objectMode: false })
    const packer = createDeflateRaw({ level: 6 })
    unpacked.once('error', (error) => packer.destroy(error))
    for await (const piece of unpacked.pipe(packer)) {
      if (!Buffer.isBuffer(piece)) continue
      entry.packedBytes += piece.length
      this.#put(piece)
    }
    if (entry.bytes > bytesMax || entry.packedBytes > bytesMax) throw new ZipTooLarge('4 GiB')
    writeFully(this.#handle, localHeader(entry), entry.headerAt)
    this.#directory.push(centralHeader(entry))
  }

  /** Writes the directory and makes the file durable. */
  end(): void {
    const directoryAt = this.#at
    const directory = Buffer.concat(this.#directory)
    if (this.#directory.length >= entriesMax || directoryAt + directory.length > bytesMax) throw new ZipTooLarge('4 GiB')
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(this.#directory.length, 8)
    end.writeUInt16LE(this.#directory.length, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(directoryAt, 16)
    this.#put(directory)
    this.#put(end)
    fsyncSync(this.#handle)
  }

  #put(bytes: Buffer): void {
    writeFully(this.#handle, bytes, this.#at)
    this.#at += bytes.length
    if (this.#at > bytesMax) throw new ZipTooLarge('4 GiB')
  }
}

function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name, 'utf8')
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.set(commonFields(entry, name), 6)
  return Buffer.concat([header, name])
}

function centralHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name, 'utf8')
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.set(commonFields(entry, name), 8)
  header.writeUInt32LE(entry.headerAt, 42)
  return Buffer.concat([header, name])
}

/** Flags (bit 11: the name is UTF-8), method, time, date, checksum, sizes, length of the name: the same in both headers. */
function commonFields(entry: ZipEntry, name: Buffer): Buffer {
  const fields = Buffer.alloc(24)
  fields.writeUInt16LE(name.length === entry.name.length ? 0 : 0x0800, 0)
  fields.writeUInt16LE(entry.method, 2)
  fields.writeUInt16LE(dosDate, 6)
  fields.writeUInt32LE(entry.crc >>> 0, 8)
  fields.writeUInt32LE(Math.min(entry.packedBytes, bytesMax), 12)
  fields.writeUInt32LE(Math.min(entry.bytes, bytesMax), 16)
  fields.writeUInt16LE(name.length, 20)
  return fields
}

function writeFully(handle: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done, at + done)
}

function readExactly(handle: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const n = readSync(handle, buffer, done, bytes - done, at + done)
    if (n === 0) throw new Error('assertion failed: the directory was checked against the file')
    done += n
  }
  return buffer
}
