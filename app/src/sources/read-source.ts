// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, extname, join, relative, resolve } from 'node:path'
import { Failure, fillWords } from '../kit/failure.ts'
import { chunksOf } from './decode-text.ts'
import { notReadReasons } from './find-unread-parts.ts'
import { openZip } from './open-zip.ts'
import { readCsv } from './read-csv.ts'
import type { ReadPlace } from './read-csv.ts'
import { readSqlite, writeAheadLog } from './read-sqlite.ts'
import { readXlsx } from './read-xlsx.ts'
import type { ReadEvent, SourceFile, SourceKind, WhyNotRead } from './source-events.ts'
import { readSetting } from './source-limits.ts'
import type { ReadOptions, ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** How a delimited text file is read: `readCsv`, or a caller's own way that tells more kinds of events. */
export type CsvReader<T> = (at: ReadPlace, bytes: number, setting: ReadSetting) => AsyncGenerator<ReadEvent | T>

/** Reads a file or folder in this thread; use `readSource` for files from outside, which runs this in a limited worker. Refuses what does not exist, cannot be read, or is of an unknown kind; in a folder such files are listed as not read. */
export async function* readSourceHere(path: string, options: ReadOptions = {}, alive: (msNeeded?: number) => void = () => {}): AsyncGenerator<ReadEvent> {
  yield* readSourceWith<never>(path, options, alive, (at, _, setting) => readCsv(at, setting))
}

/** The same with another way to read delimited text; files, folders, changes while reading and refusals are handled alike. */
export async function* readSourceWith<T>(path: string, options: ReadOptions, alive: (msNeeded?: number) => void, csv: CsvReader<T>): AsyncGenerator<ReadEvent | T> {
  const setting = readSetting(options, alive)
  const full = resolve(path.replace(/^sqlite:/, ''))
  const stat = statOf(full, options.shownAs ?? path)
  if (!stat.isDirectory()) {
    yield* readFile({ path: full, place: options.shownAs ?? basename(path), source: 0, firstDataSet: 0 }, setting, csv)
    return
  }
  let source = 0
  let dataSet = 0
  for (const file of filesIn(full, path, setting.limits.filesMax)) {
    const place = relative(full, file.path)
    if (file.why !== null) {
      yield { kind: 'notRead', where: place, why: file.why }
      continue
    }
    try {
      for await (const event of readFile({ path: file.path, place, source, firstDataSet: dataSet }, setting, csv)) {
        if (isDataSet(event)) dataSet = event.dataSet.index + 1
        yield event
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      yield { kind: 'notRead', where: place, why: whyOf(error) } // a data set without its end stays incomplete
    }
    source++
  }
}

const isDataSet = (event: unknown): event is { dataSet: { index: number } } =>
  typeof event === 'object' && event !== null && 'dataSet' in event && typeof event.dataSet === 'object' && event.dataSet !== null && 'index' in event.dataSet

/** The reason that a failure gives for a file that was not read. */
export function whyOf(failure: Failure): WhyNotRead {
  const { words, facts } = failure
  return { code: failure.code, zh: fillWords(words.zh + words.remedy.zh, facts), en: fillWords(`${words.en} ${words.remedy.en}`, facts) }
}

function statOf(full: string, shown: string): Stats {
  try {
    return statSync(full)
  } catch (error) {
    throw sourceFailures.SOURCE_NOT_FOUND({ where: shown }, { cause: error })
  }
}

interface FoundFile {
  path: string
  why: WhyNotRead | null
}

/** All files below a folder in a fixed order. */
function filesIn(folder: string, shown: string, limit: number): FoundFile[] {
  const found: FoundFile[] = []
  const visit = (at: string): void => {
    const names = namesIn(at)
    if (names === null) found.push({ path: at, why: notReadReasons.unreadable })
    for (const name of names ?? []) {
      const path = join(at, name)
      const stat = statOrNull(path)
      if (stat === null) found.push({ path, why: notReadReasons.unreadable }) // its name is no UTF-8, or its path too long
      else if (stat.isDirectory()) visit(path)
      else if (isOfDatabase(path)) continue // read with its database
      else found.push({ path, why: stat.isSymbolicLink() ? notReadReasons.symbolicLink : !stat.isFile() ? notReadReasons.notAFile : name.startsWith('~$') ? notReadReasons.lockFile : null })
      if (found.length > limit) throw sourceFailures.TOO_MANY_FILES({ where: shown, limit })
    }
  }
  visit(folder)
  return found
}

function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder).sort()
  } catch {
    return null
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}

/** Logs and shared memory of a SQLite file; what is only named like one is read for itself. */
function isOfDatabase(path: string): boolean {
  const database = path.replace(/-(wal|shm|journal)$/, '')
  if (database === path || statOrNull(database)?.isFile() !== true) return false
  try {
    const fd = openSync(database, constants.O_RDONLY | constants.O_NONBLOCK)
    const head = Buffer.alloc(15)
    readSync(fd, head, 0, 15, 0)
    closeSync(fd)
    return head.toString('latin1') === 'SQLite format 3'
  } catch {
    return false
  }
}

type FilePlace = Omit<ReadPlace, 'fd' | 'name'>

async function* readFile<T>(file: FilePlace, setting: ReadSetting, csv: CsvReader<T>): AsyncGenerator<ReadEvent | T> {
  const fd = open(file)
  try {
    const before = fstatSync(fd)
    if (!before.isFile()) throw sourceFailures.SOURCE_UNSUPPORTED({ where: file.place, what: '不是普通文件 / not a file' })
    const at: ReadPlace = { ...file, fd, name: basename(file.place) }
    const kind = kindOf(fd, at)
    const isDatabase = kind === 'sqlite'
    const logBefore = isDatabase ? stateOf(`${file.path}-wal`) : ''
    if (kind === 'csv') yield* csv(at, before.size, setting)
    else yield* readKind(kind, at, setting)
    const after = fstatSync(fd)
    const isChanged = after.size !== before.size || after.mtimeMs !== before.mtimeMs || (isDatabase && stateOf(`${file.path}-wal`) !== logBefore)
    if (isChanged) throw sourceFailures.SOURCE_CHANGED({ where: file.place })
  } finally {
    closeSync(fd)
  }
}

/** What a file beside a source looks like from outside: the write-ahead log of a database holds rows too. */
function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`
}

function open(file: FilePlace): number {
  try {
    return openSync(file.path, constants.O_RDONLY | constants.O_NONBLOCK) // opening a pipe must not wait for its writer
  } catch (error) {
    throw sourceFailures.SOURCE_UNREADABLE({ where: file.place, why: error instanceof Error && 'code' in error ? String(error.code) : '' }, { cause: error })
  }
}

async function* readKind(kind: SourceKind, at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  if (kind === 'csv') {
    yield* readCsv(at, setting)
    return
  }
  if (kind === 'sqlite') {
    yield { kind: 'source', source: digestOf(at, kind, setting) }
    yield* readSqlite(at, setting)
    return
  }
  const zip = openZip(at.fd, at.place, setting.limits)
  if (!zip.entries.has('[Content_Types].xml') || ![...zip.entries.keys()].some((name) => /(^|\/)workbook\d*\.xml$/.test(name))) {
    throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: 'ZIP' })
  }
  yield { kind: 'source', source: digestOf(at, kind, setting) }
  yield* readXlsx(at, zip, setting)
}

/** The digest over the file's bytes; over the write-ahead log too where a database has one, since it is read as well. */
function digestOf(at: ReadPlace, kind: SourceKind, setting: ReadSetting): SourceFile {
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

const textEndings = new Set(['.csv', '.tsv', '.txt', '.tab', '.dat', '.psv', ''])
const signatures: [string, string][] = [
  ['d0cf11e0a1b11ae1', 'XLS/DOC (OLE) 或加密的 XLSX'],
  ['25504446', 'PDF'],
  ['89504e47', 'PNG'],
  ['ffd8ff', 'JPEG'],
  ['47494638', 'GIF'],
  ['1f8b', 'GZIP'],
  ['52617221', 'RAR'],
  ['377abcaf', '7-Zip'],
]

/** The kind of a file by its first bytes, then by its ending. Refuses kinds that no reader knows, rather than reading them as text. */
function kindOf(fd: number, at: ReadPlace): SourceKind {
  const head = Buffer.alloc(16)
  const n = readSync(fd, head, 0, 16, 0)
  const hex = head.subarray(0, n).toString('hex')
  if (head.toString('latin1', 0, 15) === 'SQLite format 3') return 'sqlite'
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'xlsx'
  const known = signatures.find(([signature]) => hex.startsWith(signature))
  if (known !== undefined) throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: known[1] })
  const ending = extname(at.place).toLowerCase()
  if (['.xlsx', '.xlsm', '.xltx'].includes(ending)) return 'xlsx' // a broken one: its directory check says why
  if (!textEndings.has(ending)) throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: ending })
  return 'csv'
}
