// SPDX-License-Identifier: Apache-2.0
import { DatabaseSync } from 'node:sqlite'

/** What a witness remembers of one log: the largest consistent tree it has cosigned. */
export interface RememberedHead {
  size: bigint
  root: Uint8Array
  /** The log's note with our own cosignature. */
  note: string
}

/** 见证记录. The witness's memory; losing or rolling back this file lets a log roll back too. */
export interface WitnessMemory {
  /** The remembered head of a log, or null. */
  head(origin: string): RememberedHead | null
  /** Runs a part that may read and remember, alone among all processes on this file; what it remembered is on disk when this returns. */
  alone<T>(part: () => T): T
  /** Replaces the head of a log; only inside `alone`. */
  remember(origin: string, head: RememberedHead): void
  close(): void
}

/** Opens the memory in this file, or makes it. */
export function openWitnessMemory(file: string): WitnessMemory {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  // FULL: an answer must never be ahead of the disk, or a power cut would let the log roll back (FORMATS §5).
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec('create table if not exists head (origin text primary key, size text not null, root blob not null, note text not null) strict, without rowid')
  const read = db.prepare('select size, root, note from head where origin = ?')
  const write = db.prepare('insert into head (origin, size, root, note) values (?, ?, ?, ?) on conflict (origin) do update set size = excluded.size, root = excluded.root, note = excluded.note')
  return {
    head: (origin) => headOfRow(read.get(origin)),
    alone: (part) => alone(db, part),
    remember: (origin, head) => void write.run(origin, String(head.size), head.root, head.note),
    close: () => db.close(),
  }
}

function alone<T>(db: DatabaseSync, part: () => T): T {
  db.exec('begin immediate')
  try {
    const result = part()
    db.exec('commit')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}

function headOfRow(row: Record<string, unknown> | undefined): RememberedHead | null {
  if (row === undefined) return null
  const { size, root, note } = row
  if (typeof size !== 'string' || !(root instanceof Uint8Array) || typeof note !== 'string') throw new TypeError('the memory of the witness has a malformed row')
  return { size: BigInt(size), root, note }
}
