// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from '../home.ts'

/** Files of a home that a data backup takes along: its settings and everything below `objects/` (log tiles, checkpoints, policies, tombstones, packages). Never `keys/`, and the database not as files. */
export function* backedUpFiles(home: Home): Generator<{ name: string; bytes: number }> {
  for (const name of ['home.json', ...below(home.path, 'objects')]) {
    const stat = lstatSync(join(home.path, name), { throwIfNoEntry: false })
    // Links are not ours, and what is being written has its name in a moment; it may be gone then.
    if (stat?.isFile() === true && !name.endsWith('.new')) yield { name, bytes: stat.size }
  }
}

function* below(home: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(home, folder), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* below(home, name)
    else yield name
  }
}

/** Whether a restore may write a file of this name: inside the home, where `backedUpFiles` takes from, and nowhere else. */
export function isBackedUpName(name: string): boolean {
  return name === 'home.json' || (name.startsWith('objects/') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0:]/.test(part)))
}

const partBytes = 256 * 1024

/** The bytes of a file as it is now; what is appended meanwhile belongs to the next backup. A file that is gone gives null. */
export async function readFileOf(home: Home, name: string): Promise<AsyncGenerator<Uint8Array, number, undefined> | null> {
  try {
    const handle = await open(join(home.path, name), 'r')
    return partsOf(handle, (await handle.stat()).size)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function* partsOf(handle: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Uint8Array, number, undefined> {
  try {
    for (let at = 0; at < size; ) {
      const part = Buffer.alloc(Math.min(partBytes, size - at))
      const { bytesRead } = await handle.read(part, 0, part.length, at)
      if (bytesRead === 0) break
      at += bytesRead
      yield part.subarray(0, bytesRead)
    }
    return 0
  } finally {
    await handle.close()
  }
}
