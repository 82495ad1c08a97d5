// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../kit/failure.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import { readEntry } from '../open-zip.ts'
import type { ZipArchive, ZipEntry } from '../open-zip.ts'
import type { ReadPlace } from '../read-csv.ts'
import type { ReadEvent } from '../source-events.ts'
import { sourceFailures } from '../sources-failures.ts'

const FILE_TYPE = 0o170000
const SYMBOLIC_LINK = 0o120000

/** Reads a ZIP as a folder of files; its directory was checked before (sizes, ratio, doubled names, names that lead outside). Lists links, folders that hold bytes, and comments. */
export async function* readZip(at: ReadPlace, zip: ZipArchive): AsyncGenerator<ReadEvent> {
  if (zip.hasComment === true || [...zip.entries.values()].some(({ hasComment }) => hasComment)) yield { kind: 'notRead', where: at.place, why: notReadReasons.comment }
  for (const entry of zip.entries.values()) {
    const why = ((entry.unixMode ?? 0) & FILE_TYPE) === SYMBOLIC_LINK ? notReadReasons.symbolicLink : entry.name.endsWith('/') && entry.bytes > 0 ? notReadReasons.folderBytes : null
    if (why !== null) yield { kind: 'notRead', where: `${at.place}!${entry.name}`, why }
    else if (!entry.name.endsWith('/') && at.nest !== undefined) yield* at.nest(innerOf(zip, entry))
  }
}

/** An entry of an archive as a file of its own. */
export function innerOf(zip: ZipArchive, entry: ZipEntry): { name: string; pieces(): AsyncGenerator<Buffer> } {
  return { name: entry.name, pieces: () => pieces(zip, entry) }
}

async function* pieces(zip: ZipArchive, entry: ZipEntry): AsyncGenerator<Buffer> {
  try {
    yield* readEntry(zip, entry)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
    throw sourceFailures.ARCHIVE_REFUSED({ where: `${zip.where}!${entry.name}`, why: error.factText('why') ?? '' }, { cause: error })
  }
}
