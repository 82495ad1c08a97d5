// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { judgeCandidates } from './destruction-set.ts'
import type { RowFate } from './row-fate.rules.ts'

/** A record that still has a row in the file, in order of its place at the first scan. */
export interface ExpectedRow {
  recordId: Buffer
  fate: RowFate
  /** Its key is gone, so its values can no longer be compared one by one. */
  isErased: boolean
  /** Which fields still stand in the original, one bit a field; null = all that were inventoried. */
  inOriginal: Buffer | null
  /** Which fields have a value, one bit a field. */
  presence: Buffer
}

/** Which rows of a data set are expected, and by what they are judged. */
export interface RowsOf {
  planId: string
  dataSetId: string
  /** Data sets outside the order stay as they are. */
  isInOrder: boolean
}

/** Every record of a data set that still has a row in its original, with what happens to the row; in batches, from one snapshot. */
export async function* expectedRows(ctx: Context, matter: Matter, { planId, dataSetId, isInOrder }: RowsOf): AsyncGenerator<ExpectedRow[], void, undefined> {
  const known = new Map<string, RowFate>()
  let batch: ExpectedRow[] = []
  for await (const { row, fate } of judgeCandidates(ctx, matter, { kind: 'originals', dataSetIds: [dataSetId], planId })) {
    if (row.in_original !== null && row.in_original.every((byte) => byte === 0)) continue
    const wanted: RowFate = !isInOrder || fate.act === 'unsettled' || fate.act === 'nothing' ? 'stays' : fate.act === 'erase' ? 'goes' : fate.keep
    const key = typeof wanted === 'string' ? wanted : wanted.toString('hex')
    const shared = known.get(key) ?? wanted
    known.set(key, shared)
    batch.push({ recordId: row.id, fate: shared, isErased: row.slot === null, inOriginal: row.in_original, presence: row.presence })
    if (batch.length < 1000) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Takes as many of the expected rows as the file has at a time. */
export class ExpectedRows {
  readonly #batches: AsyncGenerator<ExpectedRow[], void, undefined>
  #waiting: ExpectedRow[] = []

  constructor(batches: AsyncGenerator<ExpectedRow[], void, undefined>) {
    this.#batches = batches
  }

  /** The next so many; fewer at the end. */
  async next(count: number): Promise<ExpectedRow[]> {
    while (this.#waiting.length < count) {
      const { value, done } = await this.#batches.next()
      if (done === true || value === undefined) break
      this.#waiting.push(...value)
    }
    return this.#waiting.splice(0, count)
  }

  /** Gives the database connection back, also when the file ended early. */
  async end(): Promise<void> {
    await this.#batches.return()
  }
}
