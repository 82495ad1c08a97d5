// SPDX-License-Identifier: Apache-2.0
import { required } from '../kit/assert.ts'
import { accountCode, accountOfCode, type Account } from '../law/nouns.ts'
import type { Tx } from '../store/index.ts'
import { fieldPlaces, lockRecords, writeVectors, type BookRecord } from './books.store.ts'
import type { Posting } from './events.ts'
import { lockEvents, type MatterScope } from './events.store.ts'
import { ledgerFailures } from './ledger-failures.ts'

/** A move in the disposition vectors: these fields (by position) of these records leave one account for another. Empty cells stay empty. */
export interface DispositionChange {
  recordIds: readonly Uint8Array[]
  fields: readonly number[]
  from: Account
  to: Account
}

const recordsPerStatement = 4000

/**
 * 改去向. Changes disposition vectors in the caller's transaction and returns the postings that say the same (CONTRACTS §§3, 4): put them
 * into the event of the same transaction, unchanged. Changes are applied in the order given. Refuses a record that is not in the
 * books and a field that does not stand in the account it should leave; then nothing is changed.
 */
export async function setDispositions(tx: Tx, scope: MatterScope, changes: readonly DispositionChange[]): Promise<Posting[]> {
  await lockEvents(tx, scope) // before any row, so that two acts cannot wait for each other
  const changesByRecord = groupByRecord(changes)
  const moved = new Map<string, { ds: string; position: number; from: Account; to: Account; n: number }>()
  const ids = [...changesByRecord.keys()].sort()
  for (let at = 0; at < ids.length; at += recordsPerStatement) {
    const part = ids.slice(at, at + recordsPerStatement)
    const records = await lockRecords(tx, scope, part.map((id) => Buffer.from(id, 'hex')))
    if (records.length !== part.length) throw ledgerFailures.RECORD_UNKNOWN({ count: part.length - records.length })
    const changed = records.map((record) => ({ id: record.id, vector: movedVector(record, changesByRecord.get(record.id.toString('hex')) ?? [], moved) }))
    await writeVectors(tx, scope, changed)
  }
  return postingsOfMoves(tx, scope, [...moved.values()])
}

function groupByRecord(changes: readonly DispositionChange[]): Map<string, DispositionChange[]> {
  const byRecord = new Map<string, DispositionChange[]>()
  for (const change of changes) {
    for (const id of change.recordIds) {
      const key = Buffer.from(id).toString('hex')
      const known = byRecord.get(key)
      if (known === undefined) byRecord.set(key, [change])
      else known.push(change)
    }
  }
  return byRecord
}

function movedVector(record: BookRecord, changes: readonly DispositionChange[], moved: Map<string, { ds: string; position: number; from: Account; to: Account; n: number }>): Buffer {
  const vector = Buffer.from(record.vector)
  for (const { fields, from, to } of changes) {
    for (const position of fields) {
      const code = vector[position]
      if (code === 0) continue
      if (code !== accountCode[from]) throw notAsExpected(record, position, from)
      vector[position] = accountCode[to]
      const key = `${record.ds} ${position} ${from} ${to}`
      const sum = moved.get(key)
      if (sum === undefined) moved.set(key, { ds: record.ds, position, from, to, n: 1 })
      else sum.n += 1
    }
  }
  return vector
}

function notAsExpected(record: BookRecord, position: number, expected: Account): Error {
  const found = record.vector[position]
  return ledgerFailures.DISPOSITION_NOT_AS_EXPECTED({
    index: record.index, position: position + 1, expected, found: found === undefined ? 'no such field' : (accountOfCode(found) ?? 'empty'),
  })
}

async function postingsOfMoves(tx: Tx, scope: MatterScope, moves: readonly { ds: string; position: number; from: Account; to: Account; n: number }[]): Promise<Posting[]> {
  if (moves.length === 0) return []
  const places = await fieldPlaces(tx, scope)
  const fieldByPlace = new Map(places.map((place) => [`${place.ds} ${place.position}`, place.f]))
  return moves
    .map(({ ds, position, from, to, n }) => ({ ds, f: required(fieldByPlace.get(`${ds} ${position}`), 'a field of a vector is not listed'), from, to, n }))
    .sort((a, b) => compareText(`${a.ds} ${a.f} ${a.from} ${a.to}`, `${b.ds} ${b.f} ${b.from} ${b.to}`))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
