// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import type { Database } from '../app/src/store/index.ts'

/** Seconds of a COPY of a CSV file of 12 columns into a plain temporary table without indexes: what PostgreSQL takes for the bytes alone, not even writing its log. */
export async function copyIntoPlainTable(db: Database, file: string): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.execute(`create temp table plain (${Array.from({ length: 12 }, (_, at) => `c${at} text`).join(', ')}) on commit drop`)
    const started = performance.now()
    await tx.copyIn('copy plain from stdin (format csv, header)', createReadStream(file))
    return (performance.now() - started) / 1000
  })
}
