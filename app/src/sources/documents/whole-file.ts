// SPDX-License-Identifier: Apache-2.0
import { fstatSync, readSync } from 'node:fs'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'

/** All bytes of a file, for formats that cannot be read piece by piece. Refuses files beyond the limit. */
export function wholeFile(at: ReadPlace, setting: ReadSetting): Buffer {
  const bytes = fstatSync(at.fd).size
  if (bytes > setting.limits.wholeFileBytesMax) throw sourceFailures.FILE_TOO_LARGE({ where: at.place, bytes, limit: setting.limits.wholeFileBytesMax })
  const buffer = Buffer.alloc(bytes)
  for (let filled = 0; filled < bytes; ) {
    const n = readSync(at.fd, buffer, filled, bytes - filled, filled)
    if (n === 0) return buffer.subarray(0, filled)
    filled += n
  }
  return buffer
}
