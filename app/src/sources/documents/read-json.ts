// SPDX-License-Identifier: Apache-2.0
import { assert } from '../../kit/assert.ts'
import { surveyText } from '../decode-text.ts'
import type { TextSurvey } from '../decode-text.ts'
import { notReadReasons } from '../not-read-reasons.ts'
import type { ReadPlace } from '../read-csv.ts'
import { noRows } from '../source-events.ts'
import type { Cell, ReadEvent, SourceRow } from '../source-events.ts'
import type { ReadSetting } from '../source-limits.ts'
import { sourceFailures } from '../sources-failures.ts'
import { decodedPieces } from './read-text.ts'
import { JsonRefused, JsonScan } from './scan-json.ts'
import type { JsonHandler } from './scan-json.ts'
import { textCell } from './text-data-sets.ts'

/** Lists beyond so many are told as not read; each is one more pass over the file. */
const LISTS_MAX = 32
const LIST_PATHS_MAX = 10_000
const BATCH = 500
const BATCH_CHARS = 4 * 1024 * 1024
/** Field of the number of the record that a nested record belongs to; the file says it by nesting. */
const parentField = '#上级记录'
const valueField = '值'

/**
 * Reads JSON and NDJSON: every list of records is a data set, its fields are the paths of values in a record (`address.city`), a list inside a record is a data set of its own whose first field says which record it belongs to.
 * Numbers keep their text. Streams: one pass finds the lists and their fields, then one pass a list. Refuses malformed JSON with its line, since what stands behind would be lost.
 */
export async function* readJson(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const survey = surveyText(at.fd, at.place, setting.encoding, setting.alive)
  yield { kind: 'source', source: { index: at.source, path: at.path, place: at.place, kind: 'json', bytes: survey.bytes, sha256: survey.sha256, encoding: survey.encoding } }
  const lists = findLists(at, survey, setting)
  let next = at.firstDataSet
  for (const list of [...lists.values()].filter(({ fields }) => fields.size > 0)) {
    if (next - at.firstDataSet >= LISTS_MAX) yield { kind: 'notRead', where: `${at.place}#${list.path}`, why: notReadReasons.otherPart }
    else yield* listDataSet({ at, survey, setting, list, isNested: (lists.get(list.parent ?? '')?.records ?? 0) > 1 && list.parent !== null }, next++)
  }
}

interface JsonList {
  path: string
  parent: string | null
  fields: Map<string, number>
  records: number
}

/** One record while it is read. */
interface OpenRecord {
  list: string
  number: number
  parent: number
  values: Map<string, Cell>
  /** How often a key that repeats came so far; its own for each record, since records lie in one another. */
  doubled: Map<string, number> | null
}

/** A doubled key loses neither value. */
function anotherName(name: string, record: OpenRecord): string {
  record.doubled ??= new Map()
  let times = record.doubled.get(name) ?? 2
  while (record.values.has(`${name}#${times}`)) times++
  record.doubled.set(name, times)
  return `${name}#${times}`
}

/** Follows the nesting of a file and gives each record when it is complete. */
class RecordFinder implements JsonHandler {
  private readonly records: OpenRecord[] = []
  /** What is open: a record, an object in it, or a list; with the path so far. */
  private readonly frames: { kind: 'record' | 'object' | 'list'; path: string }[] = []
  private readonly countByList = new Map<string, number>()
  private name = ''
  private readonly fieldsMax: number
  private readonly take: (record: OpenRecord) => void
  private readonly begin: (list: string, parent: string | null) => void

  constructor(fieldsMax: number, take: (record: OpenRecord) => void, begin: (list: string, parent: string | null) => void = () => {}) {
    this.fieldsMax = fieldsMax
    this.take = take
    this.begin = begin
  }

  open(kind: 'object' | 'array'): void {
    const isElement = this.isElement()
    if (kind === 'object') {
      if (isElement) this.beginRecord()
      this.frames.push({ kind: isElement ? 'record' : 'object', path: isElement ? '' : this.path() })
      return
    }
    // A list in a list has no record of its own to hang on.
    const record = this.records.at(-1)
    const outer = this.frames.at(-1)
    const base = isElement ? (outer?.path ?? '') : `${record?.list ?? ''}${record === undefined || record.list === '' ? '' : '.'}${this.path()}`
    this.frames.push({ kind: 'list', path: `${base}[]` })
  }

  close(): void {
    const frame = this.frames.pop()
    if (frame?.kind === 'record') this.endRecord()
  }

  key(name: string): void {
    this.name = name
  }

  value(kind: 'string' | 'number' | 'boolean' | 'null', text: string): void {
    const cell: Cell = kind === 'null' ? { value: null } : kind === 'string' ? textCell(text) : { value: text, extras: { cellType: kind } }
    if (!this.isElement()) {
      const record = this.records.at(-1)
      if (record === undefined) return
      const name = this.path()
      record.values.set(record.values.has(name) ? anotherName(name, record) : name, cell)
      if (record.values.size > this.fieldsMax) throw new JsonRefused(`字段超过 ${this.fieldsMax} 个 / fields`, null)
      return
    }
    this.beginRecord()
    this.records.at(-1)?.values.set(valueField, cell)
    this.endRecord()
  }

  private isElement(): boolean {
    const frame = this.frames.at(-1)
    return frame === undefined || frame.kind === 'list'
  }

  private path(): string {
    const outer = this.frames.at(-1)?.path ?? ''
    return outer === '' ? this.name : `${outer}.${this.name}`
  }

  private beginRecord(): void {
    const list = this.frames.at(-1)?.path ?? ''
    const number = (this.countByList.get(list) ?? 0) + 1
    this.countByList.set(list, number)
    if (number === 1) this.begin(list, this.records.at(-1)?.list ?? null)
    this.records.push({ list, number, parent: this.records.at(-1)?.number ?? 0, values: new Map(), doubled: null })
  }

  private endRecord(): void {
    const record = this.records.pop()
    if (record !== undefined) this.take(record)
  }
}

function findLists(at: ReadPlace, survey: TextSurvey, setting: ReadSetting): Map<string, JsonList> {
  const lists = new Map<string, JsonList>()
  const take = (record: OpenRecord): void => {
    const list = lists.get(record.list)
    assert(list !== undefined, 'a record was begun before it ends')
    list.records++
    for (const name of record.values.keys()) if (!list.fields.has(name)) list.fields.set(name, list.fields.size)
    if (list.fields.size > setting.limits.fieldsMax) throw sourceFailures.TOO_MANY_FIELDS({ where: at.place, row: list.records, limit: setting.limits.fieldsMax })
    if (list.records > setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where: at.place, limit: setting.limits.rowsMax })
  }
  const finder = new RecordFinder(setting.limits.fieldsMax, take, (path, parent) => {
    lists.set(path, { path, parent, fields: new Map(), records: 0 })
    if (lists.size > LIST_PATHS_MAX) throw new JsonRefused(`列表超过 ${LIST_PATHS_MAX} 处 / lists`, null)
  })
  for (const _ of scanned(at, survey, setting, finder)) setting.alive()
  return lists
}

function* scanned(at: ReadPlace, survey: TextSurvey, setting: ReadSetting, finder: RecordFinder): Generator<void> {
  const scan = new JsonScan(finder, setting.limits.cellCharsMax)
  try {
    for (const piece of decodedPieces(at, survey)) {
      scan.push(piece)
      yield
    }
    scan.end()
  } catch (error) {
    if (error instanceof JsonRefused) throw sourceFailures.JSON_CORRUPT({ where: at.place, line: error.line ?? scan.lineNow, why: error.message }, { cause: error })
    throw error
  }
  yield
}

interface ListRead {
  at: ReadPlace
  survey: TextSurvey
  setting: ReadSetting
  list: JsonList
  /** Its records belong to records of another list. */
  isNested: boolean
}

async function* listDataSet(read: ListRead, index: number): AsyncGenerator<ReadEvent> {
  const { at, list, setting } = read
  const names = [...(read.isNested ? [parentField] : []), ...list.fields.keys()]
  const name = list.path === '' || list.path === '[]' ? at.name : `${at.name}#${list.path}`
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name, kind: 'json', hidden: false, fields: names.map((field, i) => ({ name: field, index: i })), headerRow: 1, blankHeaders: 0, duplicateHeaders: 0 } }
  const counts = noRows()
  let rows: SourceRow[] = []
  let chars = 0
  const finder = new RecordFinder(setting.limits.fieldsMax, (record) => {
    if (record.list !== list.path) return
    if (record.values.size === 0) {
      counts.blankRows++
      return
    }
    const cells = Array.from(names, (): Cell => ({ value: null }))
    if (read.isNested) cells[0] = { value: String(record.parent) }
    for (const [field, cell] of record.values) cells[(list.fields.get(field) ?? 0) + (read.isNested ? 1 : 0)] = cell
    for (const cell of cells) chars += cell.value?.length ?? 1
    counts.oddCells += cells.filter((cell) => cell.extras?.flag !== undefined).length
    rows.push({ ordinal: counts.rows++, place: record.number, cells })
  })
  for (const _ of scanned(at, read.survey, setting, finder)) {
    setting.alive()
    while (rows.length >= BATCH || (chars > BATCH_CHARS && rows.length > 0)) {
      yield { kind: 'rows', dataSet: index, rows: rows.slice(0, BATCH) }
      rows = rows.slice(BATCH)
      if (rows.length === 0) chars = 0
    }
  }
  if (rows.length > 0) yield { kind: 'rows', dataSet: index, rows }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
}
