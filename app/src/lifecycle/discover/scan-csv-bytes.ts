// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { columnCheck, inspectPending, mergeCounts, movePlaces, noCounts, noSketchLimit, sketchLimit, type ColumnCounts } from '../../detection/counting/index.ts'
import { Failure } from '../../kit/failure.ts'
import {
  guessEncoding, layOutCsv, partCount, readCsv, sourceFailures, TextSurveyor, type CsvLayout, type ReadEvent, type ReadPlace, type ReadSetting, type RowCounts, type SourceDataSet, type TextSurvey,
} from '../../sources/byte-rows/index.ts'
import { CsvPartCounter, type PartCounts } from './scan-csv-part.ts'
import { controlAt, takePart, type PartsWork } from './scan-csv-work.ts'
import { takeHelper, threadsFor } from './scan-csv-threads.ts'
import { DuplicateRows } from './scan-duplicates.ts'

/** A table that was counted as bytes: its columns' counts instead of its rows. */
export interface CountedTable {
  kind: 'counted'
  dataSet: SourceDataSet
  counts: RowCounts
  columns: ColumnCounts[]
  duplicateRows: number | null
}

/** How a file is cut and by how many threads it is counted; neither changes the result. */
export interface PartsPlan {
  partBytes: number
  /** 1, or 2 when the file is large enough that a second thread pays for its start. */
  threads: number
}

/** What counting a CSV file tells: the events of a reader, the rows done so far, and the counted table. */
export type CountEvent = ReadEvent | CountedTable | { kind: 'rowsCounted'; rows: number }

const PART_BYTES = 4 * 1024 * 1024

/** The usual way to cut a file of so many bytes. */
export function usualPlan(bytes: number): PartsPlan {
  return { partBytes: PART_BYTES, threads: threadsFor(bytes) }
}

/**
 * Counts a CSV file as bytes (PERFORMANCE.md §3.1): the survey (digest, encoding) and the parts in one go, by one or two threads. What the byte reader does not take (UTF-16, bytes that are no text,
 * a quote that never ends, a record that is too long) goes through `readCsv`, which counts the same and refuses with place and reason.
 */
export async function* countCsv(at: ReadPlace, bytes: number, setting: ReadSetting, plan: PartsPlan = usualPlan(bytes)): AsyncGenerator<CountEvent> {
  const layout = layoutOf(at, bytes, setting)
  if (layout === null) {
    yield* readCsv(at, setting)
    return
  }
  const run = new PartsRun(at, { bytes, layout: layout.layout, plan, isGb18030: layout.encoding === 'gb18030' }, setting)
  let result: CountedParts | null
  try {
    result = yield* run.run()
  } finally {
    await run.close()
  }
  const survey = result === null ? null : run.survey()
  if (result === null || survey === null || survey.encoding !== layout.encoding || !survey.isStrict || survey.bytes !== bytes) {
    yield* readCsv(at, setting)
    return
  }
  yield { kind: 'source', source: { index: at.source, path: at.path, place: at.place, kind: 'csv', bytes, sha256: survey.sha256, encoding: survey.encoding, delimiter: layout.layout.delimiterText } }
  yield* layout.layout.titles
  yield tableOf(at, layout.layout, result)
}

function layoutOf(at: ReadPlace, bytes: number, setting: ReadSetting): { layout: CsvLayout; encoding: TextSurvey['encoding'] } | null {
  const head = Buffer.alloc(Math.min(bytes, 256 * 1024))
  readSync(at.fd, head, 0, head.length, 0)
  const guess = guessEncoding(head, setting.encoding)
  if (guess.encoding !== 'utf-8' && guess.encoding !== 'gb18030') return null
  try {
    const layout = layOutCsv(at, { ...guess, bytes, sha256: '', isStrict: true }, setting)
    if (guess.encoding === 'gb18030' && !isStrictGb18030(at.fd, layout.bodyStart)) return null
    return { layout, encoding: guess.encoding }
  } catch (error) {
    if (error instanceof Failure) return null // `readCsv` meets it again, after the survey that has to come first
    throw error
  }
}

// What stands above the table; the table itself is checked as it is counted.
function isStrictGb18030(fd: number, bytes: number): boolean {
  const above = Buffer.alloc(bytes)
  readSync(fd, above, 0, bytes, 0)
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(above)
    return true
  } catch {
    return false
  }
}

function tableOf(at: ReadPlace, layout: CsvLayout, result: CountedParts): CountedTable {
  const more = Array.from({ length: result.columns.length - layout.fields.length }, (_, i) => ({ name: `列${layout.fields.length + i + 1}`, index: layout.fields.length + i }))
  return {
    kind: 'counted',
    dataSet: {
      index: at.firstDataSet + (layout.titles.length > 0 ? 1 : 0), source: at.source, name: at.name, kind: 'csv', hidden: false, fields: [...layout.fields, ...more],
      headerRow: layout.headerRow, blankHeaders: layout.blankHeaders, duplicateHeaders: layout.duplicateHeaders,
    },
    ...result,
  }
}

interface CountedParts {
  counts: RowCounts
  columns: ColumnCounts[]
  duplicateRows: number | null
}

/** One run over the parts of a file: this thread surveys, counts and puts together, a second one may help. */
class PartsRun {
  private readonly at: ReadPlace
  private readonly setting: ReadSetting
  private readonly work: PartsWork
  private readonly rowsBefore: number
  private readonly surveyor: TextSurveyor
  private readonly waiting = new Map<number, PartCounts>()
  private readonly columns: ColumnCounts[] = []
  private readonly duplicates = new DuplicateRows()
  private readonly counts: RowCounts = { rows: 0, blankRows: 0, shortRows: 0, longRows: 0, oddCells: 0, mergedRanges: 0 }
  private readonly helpers: Worker[] = []
  private counter: CsvPartCounter
  private records = 0
  private merged = 0
  private expected: number
  private failed: Error | null = null
  private wake: (() => void) | null = null

  constructor(at: ReadPlace, file: { bytes: number; layout: CsvLayout; plan: PartsPlan; isGb18030: boolean }, setting: ReadSetting) {
    const { layout, plan, bytes } = file
    this.at = at
    this.setting = setting
    this.rowsBefore = layout.rowsBefore
    this.expected = layout.bodyStart
    this.surveyor = new TextSurveyor(at.fd, at.place, setting.encoding)
    const { fieldsMax, recordBytesMax } = setting.limits
    this.work = {
      parts: { fd: at.fd, bytes, bodyStart: layout.bodyStart, partBytes: plan.partBytes, delimiter: layout.delimiter, namedWidth: layout.fields.length, fieldsMax, recordBytesMax, isGb18030: file.isGb18030 },
      options: columnCheck(), control: new Int32Array(new SharedArrayBuffer(12)),
      sketchLimits: new Uint32Array(new SharedArrayBuffer(4 * layout.fields.length)).fill(noSketchLimit),
    }
    this.columns = layout.fields.map(() => noCounts())
    if (plan.threads > 1) this.startHelper()
    this.counter = new CsvPartCounter(this.work.parts, this.work)
  }

  survey(): TextSurvey {
    return this.surveyor.result(this.setting.alive, this.work.parts.isGb18030)
  }

  /** All parts put together; null when the reader that explains has to take over. */
  async *run(): AsyncGenerator<{ kind: 'rowsCounted'; rows: number }, CountedParts | null> {
    const total = partCount(this.work.parts)
    let told = 0
    let isSurveyed = false
    let isTaken = false
    while (this.merged < total) {
      if (!isSurveyed) isSurveyed = !this.surveySome()
      else if (!isTaken) isTaken = !this.countOne()
      await this.breathe(isSurveyed && isTaken)
      if (this.failed !== null) throw this.failed
      if (!this.mergeReady()) return null
      if (this.counts.rows > told) yield { kind: 'rowsCounted', rows: this.counts.rows - told }
      told = this.counts.rows
    }
    while (this.surveySome());
    this.counts.oddCells += this.columns.reduce((sum, column) => sum + column.notText, 0)
    return { counts: this.counts, columns: this.columns, duplicateRows: this.duplicates.count }
  }

  /** Ends the helping thread, whatever happened. */
  async close(): Promise<void> {
    Atomics.store(this.work.control, controlAt.stop, 1)
    Atomics.notify(this.work.control, controlAt.merged)
    this.counter.close()
    await Promise.all(this.helpers.map((helper) => helper.terminate()))
  }

  private startHelper(): void {
    const { heapMegabytesMax } = this.setting.limits
    const helper = takeHelper(heapMegabytesMax, (error) => {
      const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      this.failed = isMemory ? sourceFailures.READER_OUT_OF_MEMORY({ where: this.at.place, megabytes: heapMegabytesMax }) : sourceFailures.READER_FAILED({ where: this.at.place, kind: error instanceof Error ? error.name : 'unknown' })
      this.wake?.()
    })
    helper.on('message', (message: PartCounts | 'alive' | 'end') => {
      this.setting.alive()
      if (typeof message !== 'string') this.waiting.set(message.end.part, message)
      this.wake?.()
    })
    helper.postMessage(this.work)
    this.helpers.push(helper)
  }

  private surveySome(): boolean {
    for (let piece = 0; piece < 4; piece++) {
      if (!this.surveyor.step()) return false
      this.setting.alive()
    }
    return true
  }

  private countOne(): boolean {
    const part = takePart(this.work)
    if (part < 0) return false
    this.waiting.set(part, this.counter.count(part, null, this.setting.alive))
    return true
  }

  /** Lets messages in; when there is nothing else to do, until one comes. */
  private async breathe(isIdle: boolean): Promise<void> {
    if (this.helpers.length === 0) return
    if (isIdle && !this.waiting.has(this.merged) && this.failed === null) await new Promise<void>((resolve) => (this.wake = resolve))
    else await new Promise<void>((resolve) => setImmediate(resolve))
    this.wake = null
  }

  /** Puts together what is there, in order; false when a record needs the reader that explains. */
  private mergeReady(): boolean {
    const { parts, control } = this.work
    for (let counts = this.waiting.get(this.merged); counts !== undefined; counts = this.waiting.get(this.merged)) {
      this.waiting.delete(this.merged)
      const limit = Math.min(parts.bytes, parts.bodyStart + (this.merged + 1) * parts.partBytes)
      if (this.expected < limit) {
        const right = counts.end.start === this.expected ? counts : this.counter.count(this.merged, this.expected, this.setting.alive)
        if (right.end.problem || this.counts.rows + right.end.counts.rows > this.setting.limits.rowsMax) return false
        this.merge(right)
        this.expected = right.end.end
      }
      Atomics.store(control, controlAt.merged, ++this.merged)
      Atomics.notify(control, controlAt.merged)
    }
    return true
  }

  private merge(part: PartCounts): void {
    part.columns.forEach((column, i) => {
      movePlaces(column, this.rowsBefore + this.records)
      const merged = mergeCounts(this.columns[i] ?? noCounts(), column)
      inspectPending(merged)
      this.columns[i] = merged
      if (i < this.work.sketchLimits.length) this.work.sketchLimits[i] = sketchLimit(merged)
    })
    if (this.records === 0) this.duplicates.expect((part.end.counts.rows * this.work.parts.bytes) / Math.max(1, part.end.end - part.end.start))
    this.duplicates.addAll(part.rows)
    const { counts } = part.end
    this.counts.rows += counts.rows
    this.counts.blankRows += counts.blankRows
    this.counts.shortRows += counts.shortRows
    this.counts.longRows += counts.longRows
    this.counts.oddCells += counts.oddCells
    this.records += part.end.records
  }
}
