// SPDX-License-Identifier: Apache-2.0
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { namingFile } from '../../ledger/index.ts'

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
    await rm(temporary, { force: true }).catch(() => undefined) // a disk that is read-only by now keeps it; what failed first is said
    throw namingFile(error, file)
  }
  await handle.close()
  await rename(temporary, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync()
  await folder.close()
  return bytes
}
