// SPDX-License-Identifier: Apache-2.0
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a stream to a file so that the name shows nothing or the whole: temporary name, fsync, rename, fsync of the folder. Returns the number of bytes. */
export async function writeStream(file: string, stream: AsyncIterable<Uint8Array>): Promise<number> {
  const temporary = `${file}.part`
  const handle = await open(temporary, 'w', 0o600)
  let bytes = 0
  try {
    for await (const chunk of stream) {
      await handle.writeFile(chunk)
      bytes += chunk.length
    }
    await handle.sync()
  } catch (error) {
    await handle.close()
    await rm(temporary, { force: true })
    throw namingFile(error, file)
  }
  await handle.close()
  await rename(temporary, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync()
  await folder.close()
  return bytes
}

/** The system names no path when a write to an open file fails, and its owner has to know which disk is full (SECURITY P02). */
function namingFile(error: unknown, file: string): unknown {
  return error instanceof Error && 'code' in error && !('path' in error) ? Object.assign(error, { path: file }) : error
}
