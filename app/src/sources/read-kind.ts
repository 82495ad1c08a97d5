// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path'
import { readGzip, readTar } from './archives/read-tar.ts'
import { readZip } from './archives/read-zip.ts'
import { digestOf } from './digest-file.ts'
import type { FoundKind } from './detect-kind.ts'
import { readDocx } from './documents/read-docx.ts'
import { readImage } from './documents/read-image.ts'
import { readJson } from './documents/read-json.ts'
import { readText } from './documents/read-text.ts'
import { openZip } from './open-zip.ts'
import { readCsv } from './read-csv.ts'
import type { ReadPlace } from './read-csv.ts'
import { readSqlite } from './read-sqlite.ts'
import { readXlsx } from './read-xlsx.ts'
import type { ReadEvent } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

type KindReader = (at: ReadPlace, setting: ReadSetting) => AsyncGenerator<ReadEvent>

const LOADING_MS = 30_000

const readers: Readonly<Record<FoundKind, KindReader>> = {
  csv: readCsv, text: readText, json: readJson, image: readImage, tar: readTar, gzip: readGzip, zip: readZipKind,
  // Large libraries are loaded when the first file of their kind comes.
  pdf: lazily(async () => (await import('./documents/read-pdf.ts')).readPdf),
  ole: lazily(async () => (await import('./documents/read-xls.ts')).readXls),
  eml: lazily(async () => (await import('./documents/read-eml.ts')).readEml),
  sqlite: async function* database(at, setting) {
    yield { kind: 'source', source: digestOf(at, 'sqlite', setting) }
    yield* readSqlite(at, setting)
  },
}

function lazily(load: () => Promise<KindReader>): KindReader {
  return async function* loaded(at, setting) {
    setting.alive(LOADING_MS)
    yield* (await load())(at, setting)
  }
}

/** Reads a file of a kind that is known by its first bytes or its ending. Refuses what its reader refuses. */
export function readKind(kind: FoundKind, at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  return readers[kind](at, setting)
}

/** A ZIP file is a workbook, a document, or a folder of files; what it is named, or another office format, must not be taken for a folder. */
async function* readZipKind(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const zip = openZip(at.fd, at.place, setting.limits)
  const names = [...zip.entries.keys()]
  const isOffice = zip.entries.has('[Content_Types].xml')
  if (isOffice && names.some((name) => /(^|\/)workbook\d*\.xml$/.test(name))) {
    yield { kind: 'source', source: digestOf(at, 'xlsx', setting) }
    yield* readXlsx(at, zip, setting)
  } else if (isOffice && names.some((name) => /(^|\/)document\d*\.xml$/.test(name))) {
    yield { kind: 'source', source: digestOf(at, 'docx', setting) }
    yield* readDocx(at, zip, setting)
  } else if (isOffice || zip.entries.has('mimetype') || /^\.(xls|doc|ppt|od|ep)/.test(extname(at.name).toLowerCase())) {
    throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: 'ZIP' })
  } else {
    yield { kind: 'source', source: digestOf(at, 'zip', setting) }
    yield* readZip(at, zip)
  }
}
