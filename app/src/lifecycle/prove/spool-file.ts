// SPDX-License-Identifier: Apache-2.0
import type { StoredFile } from '@handover/proof'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { namingFile } from '../../ledger/index.ts'

const readBytes = 256 * 1024
const writeBytes = 1024 * 1024

/** 暂存. A private folder for what is too large for memory and has to be read twice: leaves of random ids and roots, never a value. */
export interface Spool {
  /** Takes in framed entries (u32 length before each); the file can be read as often as asked. */
  frame(name: string, entries: AsyncIterable<Uint8Array>): Promise<StoredFile>
  remove(): void
}

/** Opens a spool below the home's scratch folder, which is emptied at the start of the program too. */
export function openSpool(tmp: string): Spool {
  mkdirSync(tmp, { recursive: true, mode: 0o700 })
  const folder = mkdtempSync(join(tmp, 'proof-'))
  return {
    frame: async (name, entries) => {
      const path = join(folder, name)
      try {
        return await spool(path, entries)
      } catch (error) {
        throw namingFile(error, path)
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function spool(path: string, entries: AsyncIterable<Uint8Array>): Promise<StoredFile> {
  const out = createWriteStream(path, { mode: 0o600, flags: 'wx' })
  const hash = createHash('sha256')
  let size = 0
  const send = async (part: Buffer): Promise<void> => {
    hash.update(part)
    size += part.length
    if (!out.write(part)) await once(out, 'drain')
  }
  let buffer = Buffer.allocUnsafe(writeBytes)
  let used = 0
  for await (const entry of entries) {
    if (used + 4 + entry.length > buffer.length) {
      await send(buffer.subarray(0, used))
      // The stream may still hold the old one.
      buffer = Buffer.allocUnsafe(Math.max(writeBytes, 4 + entry.length))
      used = 0
    }
    buffer.writeUInt32BE(entry.length, used)
    buffer.set(entry, used + 4)
    used += 4 + entry.length
  }
  if (used > 0) await send(buffer.subarray(0, used))
  out.end()
  await finished(out)
  return { size, sha256: hash.digest('hex'), open: () => createReadStream(path, { highWaterMark: readBytes }) }
}
