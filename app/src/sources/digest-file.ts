// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { chunksOf } from './decode-text.ts'
import type { ReadPlace } from './read-csv.ts'
import { writeAheadLog } from './read-sqlite.ts'
import type { SourceFile, SourceKind } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'

/** The source that a file is, with the digest over its bytes; over the write-ahead log too where a database has one, since it is read as well. */
export function digestOf(at: ReadPlace, kind: SourceKind, setting: ReadSetting): SourceFile {
  const hash = createHash('sha256')
  let bytes = 0
  const add = (fd: number): void => {
    for (const chunk of chunksOf(fd)) {
      hash.update(chunk)
      bytes += chunk.length
      setting.alive()
    }
  }
  add(at.fd)
  const log = kind === 'sqlite' ? writeAheadLog(at) : null
  if (log !== null) {
    const wal = openSync(log, 'r')
    add(wal)
    closeSync(wal)
  }
  return { index: at.source, path: at.path, place: at.place, kind, bytes, sha256: hash.digest('hex') }
}
