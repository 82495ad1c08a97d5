// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InnerFile } from './read-csv.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** An inner file as an open file of its own. */
export interface PrivateCopy {
  fd: number
  path: string
  remove(): void
}

const RATIO_FROM_BYTES = 1024 * 1024

/** Bytes that were unpacked so far in one read, over all depths. */
export interface Unpacked {
  bytes: number
}

/** Unpacks an inner file to a private place: nobody else may open it, and on Linux it has no name while it is read, so that a reader that is killed leaves nobody's data behind. Refuses what unpacks beyond the limits. */
export async function copyPrivately(inner: InnerFile, place: string, how: { setting: ReadSetting; unpacked: Unpacked }): Promise<PrivateCopy> {
  const { setting, unpacked } = how
  const folder = mkdtempSync(join(tmpdir(), 'handover-inner-'))
  const path = join(folder, 'copy')
  const fd = openSync(path, 'wx+', 0o600)
  const isNameless = process.platform === 'linux'
  if (isNameless) rmSync(folder, { recursive: true, force: true })
  const remove = (): void => {
    closeSync(fd)
    if (!isNameless) rmSync(folder, { recursive: true, force: true })
  }
  try {
    let bytes = 0
    for await (const piece of inner.pieces()) {
      bytes += piece.length
      unpacked.bytes += piece.length
      if (unpacked.bytes > setting.limits.unzippedBytesMax) throw sourceFailures.ARCHIVE_REFUSED({ where: place, why: `解压后超过 ${setting.limits.unzippedBytesMax} 字节 / too large` })
      if (inner.packedBytes !== undefined && bytes > RATIO_FROM_BYTES && bytes > inner.packedBytes * setting.limits.zipRatioMax) throw sourceFailures.ARCHIVE_REFUSED({ where: place, why: `解压比超过 ${setting.limits.zipRatioMax} / ratio` })
      for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at)
      setting.alive()
    }
  } catch (error) {
    remove()
    throw error
  }
  return { fd, path: isNameless ? `/proc/self/fd/${fd}` : path, remove }
}
