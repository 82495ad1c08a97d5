// SPDX-License-Identifier: Apache-2.0
// The books of a backup are added up again from its rows alone, without a database.
import { encodeInventoryEntry, equalBytes, eventCommitment, isPresent, leafHash, logEntry, MerkleAccumulator, toHex } from '@handover/proof'
import { z } from 'zod'
import { idBytes } from '../kit/ids.ts'
import { accountOfCode } from '../law/nouns.ts'
import type { CopyRow } from './copy-rows.ts'

/** Something in the rows that contradicts something else in them: the matter and what, without any value. */
export interface RowProblem {
  matter: string
  why: string
}

const inventorySaid = z.looseObject({ ds: z.string(), first: z.int(), records: z.int(), root: z.string() })
const policySaid = z.looseObject({ policy: z.string() })

interface FieldPlace {
  id: string
  position: number
}

/** What was read of one matter. */
class MatterRows {
  readonly fields = new Map<string, FieldPlace[]>()
  /** Values by data set, position and disposition code, as the records' vectors say. */
  readonly counted = new Map<string, Float64Array[]>()
  /** Values by data set, field and account, as the postings say. */
  readonly posted = new Map<string, number>()
  readonly trees = new Map<string, { tree: MerkleAccumulator; first: number; records: number }>()
  readonly inventories: z.infer<typeof inventorySaid>[] = []
  /** Log entries by place. */
  readonly entries: Uint8Array[] = []
  policy: string | null = null
  origin = ''
  records = 0
  events = 0
}

/** Takes the rows of the tables that the books are made of, and says at the end what does not fit. */
export class RowsCheck {
  readonly problems: RowProblem[] = []
  readonly #matters = new Map<string, MatterRows>()

  /** Whether rows of this table are looked at; of all others only the number is. */
  static reads(table: string): boolean {
    return table in columnsOf
  }

  /** Takes rows of a table whose columns are these. */
  take(table: string, columns: readonly string[], rows: readonly CopyRow[]): void {
    const wanted = columnsOf[table]
    if (wanted === undefined) return
    const at = wanted.map((name) => columns.indexOf(name))
    if (at.includes(-1)) return this.#say('', `table ${table} lacks a column`)
    for (const row of rows) {
      const values = at.map((column) => row[column] ?? empty)
      this.#takeRow(table, values)
    }
  }

  /** The matters that were read, with their logs, after the books of each were added up. */
  end(): { id: string; rows: MatterRows }[] {
    for (const [id, rows] of this.#matters) this.#endMatter(id, rows)
    return [...this.#matters].map(([id, rows]) => ({ id, rows }))
  }

  #takeRow(table: string, values: readonly Buffer[]): void {
    const [matterId = empty, ...rest] = values
    const id = matterId.toString('latin1')
    const matter = this.#matters.get(id) ?? new MatterRows()
    this.#matters.set(id, matter)
    if (table === 'record') takeRecord(matter, rest, (why) => this.#say(id, why))
    if (table === 'event') takeEvent(matter, rest, (why) => this.#say(id, why))
    if (table === 'posting') takePosting(matter, rest)
    if (table === 'field') takeField(matter, rest)
    if (table === 'matter') matter.origin = rest[0]?.toString('utf8') ?? ''
    if (table === 'log_padding') matter.entries[integer(rest[0])] = Buffer.from(rest[1] ?? empty)
  }

  #endMatter(id: string, matter: MatterRows): void {
    for (const { ds, first, records, root } of matter.inventories) {
      const found = matter.trees.get(ds)
      const isSame = records === 0 ? found === undefined : found?.first === first && found.records === records && toHex(found.tree.root()) === root
      if (!isSame) this.#say(id, `data set ${ds}: the records do not have the committed root`)
    }
    const committed = new Set(matter.inventories.map((inventory) => inventory.ds))
    const counted = countedLines(matter)
    for (const place of new Set([...counted.keys(), ...matter.posted.keys()])) {
      if (!committed.has(place.split(' ')[0] ?? '')) continue
      const [records, postings] = [counted.get(place) ?? 0, matter.posted.get(place) ?? 0]
      if (records !== postings) this.#say(id, `${place}: the records hold ${records} values, the postings ${postings}`)
    }
  }

  #say(matter: string, why: string): void {
    if (this.problems.length < 100) this.problems.push({ matter, why })
  }
}

const empty = Buffer.alloc(0)

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  matter: ['id', 'origin'],
  field: ['matter_id', 'data_set_id', 'id', 'position'],
  record: ['matter_id', 'id', 'data_set_id', 'inventory_index', 'presence', 'dispositions', 'inventory_root'],
  posting: ['matter_id', 'data_set_id', 'field_id', 'from_account', 'to_account', 'amount'],
  event: ['matter_id', 'type', 'body', 'salt', 'commitment', 'leaf_index'],
  log_padding: ['matter_id', 'leaf_index', 'entry'],
}

/** A whole number as PostgreSQL sends it: four or eight bytes. */
function integer(bytes: Buffer | undefined): number {
  if (bytes?.length === 4) return bytes.readInt32BE(0)
  return bytes?.length === 8 ? Number(bytes.readBigInt64BE(0)) : -1
}

function takeRecord(matter: MatterRows, [id = empty, dsBytes = empty, indexBytes, presence = empty, vector = empty, root = empty]: readonly Buffer[], say: (why: string) => void): void {
  const ds = dsBytes.toString('latin1')
  const index = integer(indexBytes)
  const lines = matter.counted.get(ds) ?? []
  matter.counted.set(ds, lines)
  for (let position = 0; position < vector.length; position++) {
    const code = vector[position] ?? 0
    if (isPresent(presence, position) !== (code !== 0)) say(`record number ${index}: presence and disposition contradict each other`)
    const line = (lines[position] ??= new Float64Array(16))
    line[code] = (line[code] ?? 0) + 1
  }
  const state = matter.trees.get(ds) ?? { tree: new MerkleAccumulator(), first: index, records: 0 }
  matter.trees.set(ds, state)
  if (index !== state.first + state.records) say(`data set ${ds}: record number ${state.first + state.records} is missing`)
  state.tree.push(leafHash(encodeInventoryEntry({ index: BigInt(index), recordId: id, dataSetId: idBytes('ds', ds), presence, recordRoot: root })))
  state.records += 1
  matter.records += 1
}

function takeEvent(matter: MatterRows, [type = empty, body = empty, salt = empty, commitment = empty, leafIndex = empty]: readonly Buffer[], say: (why: string) => void): void {
  matter.events += 1
  const json = body.toString('utf8')
  if (!equalBytes(eventCommitment(json, salt), commitment)) return say(`event ${matter.events} does not fit its commitment`)
  if (leafIndex.length > 0) matter.entries[integer(leafIndex)] = logEntry(commitment)
  const name = type.toString('latin1')
  if (name === 'InventoryCommitted') matter.inventories.push(inventorySaid.parse(JSON.parse(json)))
  if (name === 'PolicyChanged') matter.policy = policySaid.parse(JSON.parse(json)).policy
}

function takePosting(matter: MatterRows, [ds = empty, field = empty, from = empty, to = empty, amount]: readonly Buffer[]): void {
  const place = `${ds.toString('latin1')} ${field.toString('latin1')}`
  const add = (account: string, n: number): void => {
    if (account !== 'discovered') matter.posted.set(`${place} ${account}`, (matter.posted.get(`${place} ${account}`) ?? 0) + n)
  }
  add(from.toString('latin1'), -integer(amount))
  add(to.toString('latin1'), integer(amount))
}

function takeField(matter: MatterRows, [ds = empty, id = empty, position]: readonly Buffer[]): void {
  const name = ds.toString('latin1')
  matter.fields.set(name, [...(matter.fields.get(name) ?? []), { id: id.toString('latin1'), position: integer(position) }])
}

function countedLines(matter: MatterRows): Map<string, number> {
  const lines = new Map<string, number>()
  for (const [ds, positions] of matter.counted) {
    for (const { id, position } of matter.fields.get(ds) ?? []) {
      positions[position]?.forEach((n, code) => {
        const account = accountOfCode(code)
        if (n > 0 && account !== undefined) lines.set(`${ds} ${id} ${account}`, n)
      })
    }
  }
  return lines
}
