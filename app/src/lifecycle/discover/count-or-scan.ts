// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../kit/failure.ts'
import { answerParent, readSourceWith, type ReadEvent, type SourceFile } from '../../sources/byte-rows/index.ts'
import { countTables } from './count-tables.ts'
import { countCsv, type CountedTable, type CountEvent } from './scan-csv-bytes.ts'
import { endEarly } from './scan-csv-threads.ts'
import type { FileEvent, FileToScan } from './scan-files.ts'
import type { ScanEvent, ScanSetting } from './scan-one-source.ts'

/** Scans one file after the other and tells the thread that started this one; a refused file is told, and the next follows. */
export async function scanAll(files: readonly FileToScan[], options: ScanSetting): Promise<void> {
  await answerParent(async function* scan(alive): AsyncGenerator<FileEvent> {
    for (const { path, place } of files) {
      try {
        for await (const event of countOrScan(path, { ...options, shownAs: place }, alive)) yield event
        yield { kind: 'end' }
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        yield { kind: 'refused', code: error.code, facts: error.facts }
      } finally {
        await endEarly()
      }
    }
  })
}

/** A file whose tables are counted and not yet classified: the main thread has loaded what that takes, a worker would have to (`reportCounted`). */
export interface CountedFile {
  kind: 'countedFile'
  source: SourceFile
  tables: CountedTable[]
}

/** Names that the main thread reads; more or longer ones could make it slow, and are read in the worker, which is watched. */
const FIELDS_MAX = 256
const NAME_CHARS_MAX = 256

/** Reads one path in a worker. A file of tables comes out counted; a file with texts, or with other files inside, is classified here, with what is loaded only then. */
async function* countOrScan(path: string, options: ScanSetting, alive: (msNeeded?: number) => void): AsyncGenerator<ScanEvent | CountedFile> {
  const events = countTables(readSourceWith<CountEvent>(path, options, alive, (at, bytes, setting) => countCsv(at, bytes, setting)))
  const file = new HeldFile()
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      const event = next.value
      if (event.kind === 'rowsCounted') yield { kind: 'rows', rows: event.rows }
      else if (event.kind === 'notRead') yield notReadEvent(event)
      else if (event.kind === 'pages') yield event
      else if (!file.hold(event)) {
        yield* await classified(joined([...file.events, event], events), options, alive)
        return
      }
    }
  } finally {
    await events.return(undefined)
  }
  const { source, tables } = file
  if (source !== null) yield { kind: 'countedFile', source, tables }
}

/** A source and its counted tables, as long as nothing else comes. */
class HeldFile {
  source: SourceFile | null = null
  readonly tables: CountedTable[] = []
  private fields = 0

  get events(): (ReadEvent | CountEvent)[] {
    return this.source === null ? [] : [{ kind: 'source', source: this.source }, ...this.tables]
  }

  /** Keeps an event; false when it is another. */
  hold(event: ReadEvent | CountEvent): boolean {
    if (event.kind === 'source') {
      if (this.source !== null || event.source.inside !== undefined) return false
      this.source = event.source
      return true
    }
    if (event.kind !== 'counted' || this.source === null) return false
    const { fields, comment = '', name } = event.dataSet
    this.fields += fields.length
    const longest = fields.reduce((most, field) => Math.max(most, field.name.length, field.comment?.length ?? 0), Math.max(name.length, comment.length))
    if (this.fields > FIELDS_MAX || longest > NAME_CHARS_MAX) return false
    this.tables.push(event)
    return true
  }
}

async function* joined(held: readonly (ReadEvent | CountEvent)[], rest: AsyncIterable<ReadEvent | CountEvent>): AsyncGenerator<ReadEvent | CountEvent> {
  yield* held
  yield* rest
}

async function classified(events: AsyncIterable<ReadEvent | CountEvent>, options: ScanSetting, alive: (msNeeded?: number) => void): Promise<AsyncGenerator<ScanEvent>> {
  await endEarly()
  const { reportEvents } = await import('./scan-one-source.ts')
  return reportEvents(events, { ruleSet: options.ruleSet, isByCells: false, alive })
}

function notReadEvent({ where, why }: { where: string; why: { zh: string; en: string; code: string } }): ScanEvent {
  return { kind: 'notRead', entry: { where, why: why.zh, whyEn: why.en, code: why.code } }
}
