// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Failure } from '../kit/failure.ts'
import { kindOf } from './detect-kind.ts'
import type { FoundKind } from './detect-kind.ts'
import { notReadReasons } from './not-read-reasons.ts'
import { listFiles, statOf } from './list-files.ts'
import { copyPrivately } from './private-copy.ts'
import type { Unpacked } from './private-copy.ts'
import { readCsv } from './read-csv.ts'
import type { InnerFile, Nest, ReadPlace } from './read-csv.ts'
import type { ReadEvent } from './source-events.ts'
import { readSetting } from './source-limits.ts'
import type { ReadOptions, ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'
import { whyOf } from './why-of.ts'

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
  const run: Run<T> = { setting, csv, sources: 0, dataSets: 0, unpacked: { bytes: 0 } }
  if (!statOf(full, options.shownAs ?? path).isDirectory()) {
    yield* readFile({ path: full, place: options.shownAs ?? basename(path) }, run)
    return
  }
  for (const file of listFiles(full, path, setting.limits.filesMax)) {
    if (file.why !== null) {
      yield { kind: 'notRead', where: file.place, why: file.why }
      continue
    }
    const firstSource = run.sources
    try {
      yield* readFile(file, run)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      yield { kind: 'discard', firstSource }
      yield { kind: 'notRead', where: file.place, why: whyOf(error) } // a data set without its end stays incomplete
    }
  }
}

/** One read over all its files: numbers that count up, and what was unpacked. */
interface Run<T> {
  setting: ReadSetting
  csv: CsvReader<T>
  sources: number
  dataSets: number
  unpacked: Unpacked
}

const isDataSet = (event: unknown): event is { dataSet: { index: number } } =>
  typeof event === 'object' && event !== null && 'dataSet' in event && typeof event.dataSet === 'object' && event.dataSet !== null && 'index' in event.dataSet

interface FileName {
  path: string
  place: string
}

async function* readFile<T>(file: FileName, run: Run<T>): AsyncGenerator<ReadEvent | T> {
  const fd = open(file)
  try {
    const before = fstatSync(fd)
    if (!before.isFile()) throw sourceFailures.SOURCE_UNSUPPORTED({ where: file.place, what: '不是普通文件 / not a file' })
    const at = placeOf(file, fd, run)
    const kind = kindOf(at, run.setting)
    const isDatabase = kind === 'sqlite'
    const logBefore = isDatabase ? stateOf(`${file.path}-wal`) : ''
    at.nest = nestIn(file.place, run, 1)
    yield* numbered(run, kind === 'csv' ? run.csv(at, before.size, run.setting) : (await otherReader())(kind, at, run.setting))
    const after = fstatSync(fd)
    const isChanged = after.size !== before.size || after.mtimeMs !== before.mtimeMs || (isDatabase && stateOf(`${file.path}-wal`) !== logBefore)
    if (isChanged) throw sourceFailures.SOURCE_CHANGED({ where: file.place })
  } catch (error) {
    throw isOfSystem(error) ? sourceFailures.SOURCE_UNREADABLE({ where: file.place, why: error.code }, { cause: error }) : error
  } finally {
    closeSync(fd)
  }
}

// Loading the other readers takes longer than reading a small table.
async function otherReader(): Promise<(kind: FoundKind, at: ReadPlace, setting: ReadSetting) => AsyncGenerator<ReadEvent>> {
  return (await import('./read-kind.ts')).readKind
}

/** What the medium or the system refused while a file was read (EIO, ESTALE …): that file cannot be read, the others can. */
function isOfSystem(error: unknown): error is Error & { code: string } {
  return !(error instanceof Failure) && error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code)
}

const placeOf = (file: FileName, fd: number, run: { sources: number; dataSets: number }): ReadPlace => ({ fd, path: file.path, place: file.place, name: basename(file.place), source: run.sources++, firstDataSet: run.dataSets })

/** Events of one file, whose data sets move the count on. */
async function* numbered<E>(run: { dataSets: number }, events: AsyncGenerator<E>): AsyncGenerator<E> {
  for await (const event of events) {
    if (isDataSet(event)) run.dataSets = Math.max(run.dataSets, event.dataSet.index + 1)
    yield event
  }
}

/** Reads files inside a file, so deep as the limit allows; whatever is wrong with one of them is listed and the others are read (SECURITY.md P23). */
function nestIn<T>(outer: string, run: Run<T>, depth: number): Nest {
  return async function* nest(inner) {
    const place = `${outer}!${inner.name}`
    if (depth > run.setting.limits.nestingMax) {
      yield { kind: 'notRead', where: place, why: notReadReasons.inside }
      return
    }
    const firstSource = run.sources
    try {
      yield* readInner(inner, place, { run, depth, outer })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      yield { kind: 'discard', firstSource }
      yield { kind: 'notRead', where: place, why: whyOf(error) }
    }
  }
}

async function* readInner<T>(inner: InnerFile, place: string, how: { run: Run<T>; depth: number; outer: string }): AsyncGenerator<ReadEvent> {
  const { run, depth, outer } = how
  const copy = await copyPrivately(inner, place, run)
  try {
    const at = placeOf({ path: copy.path, place }, copy.fd, run)
    at.name = basename(inner.name.replaceAll('\\', '/'))
    const kind = kindOf(at, run.setting)
    // SQLite opens by name only, and the copy has none.
    if (kind === 'sqlite') throw sourceFailures.SOURCE_UNSUPPORTED({ where: place, what: 'SQLite ← ZIP/TAR/EML' })
    at.nest = nestIn(place, run, depth + 1)
    for await (const event of numbered(run, kind === 'csv' ? readCsv(at, run.setting) : (await otherReader())(kind, at, run.setting))) {
      yield event.kind === 'source' ? { kind: 'source', source: { ...event.source, inside: event.source.inside ?? outer } } : event
    }
  } finally {
    copy.remove()
  }
}

/** What a file beside a source looks like from outside: the write-ahead log of a database holds rows too. */
function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`
}

function open(file: FileName): number {
  try {
    return openSync(file.path, constants.O_RDONLY | constants.O_NONBLOCK) // opening a pipe must not wait for its writer
  } catch (error) {
    throw sourceFailures.SOURCE_UNREADABLE({ where: file.place, why: error instanceof Error && 'code' in error ? String(error.code) : '' }, { cause: error })
  }
}
