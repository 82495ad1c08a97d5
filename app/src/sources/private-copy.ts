// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs'
import { openPrivateFile } from './private-file.ts'
import type { PrivateFile } from './private-file.ts'
import type { InnerFile } from './read-csv.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

const RATIO_FROM_BYTES = 1024 * 1024

/** Bytes that were unpacked so far in one read, over all depths. */
export interface Unpacked {
  bytes: number
}

/** Unpacks an inner file to a private one, without a name. Refuses what unpacks beyond the limits. */
export async function copyPrivately(inner: InnerFile, place: string, how: { setting: ReadSetting; unpacked: Unpacked }): Promise<PrivateFile> {
  const { setting, unpacked } = how
  const copy = openPrivateFile()
  try {
    let bytes = 0
    for await (const piece of inner.pieces()) {
      bytes += piece.length
      unpacked.bytes += piece.length
      if (unpacked.bytes > setting.limits.unzippedBytesMax) throw sourceFailures.ARCHIVE_REFUSED({ where: place, why: `解压后超过 ${setting.limits.unzippedBytesMax} 字节 / too large` })
      if (inner.packedBytes !== undefined && bytes > RATIO_FROM_BYTES && bytes > inner.packedBytes * setting.limits.zipRatioMax) throw sourceFailures.ARCHIVE_REFUSED({ where: place, why: `解压比超过 ${setting.limits.zipRatioMax} / ratio` })
      for (let at = 0; at < piece.length; ) at += writeSync(copy.fd, piece, at)
      setting.alive()
    }
  } catch (error) {
    copy.remove()
    throw error
  }
  return copy
}
