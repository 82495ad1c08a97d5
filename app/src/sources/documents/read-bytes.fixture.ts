// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSourceHere } from '../read-source.ts'
import type { ReadOptions } from '../source-limits.ts'

/** What reading a file came to: rows by data set, sources with their kinds, what was not read with its code, and whether anything was discarded. */
export interface ReadOutcome {
  tables: Record<string, unknown[][]>
  sources: string[]
  notRead: string[]
  discarded: number
}

/** Reads bytes as a file of this name, in a folder of its own. */
export async function readBytes(name: string, bytes: Buffer | string, options: ReadOptions = {}): Promise<ReadOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-read-'))
  const outcome: ReadOutcome = { tables: {}, sources: [], notRead: [], discarded: 0 }
  const names: string[] = []
  try {
    writeFileSync(join(folder, name), bytes)
    for await (const event of readSourceHere(join(folder, name), options)) {
      if (event.kind === 'source') outcome.sources.push(`${event.source.place} ${event.source.kind}`)
      if (event.kind === 'dataSet') outcome.tables[(names[event.dataSet.index] = event.dataSet.name)] = []
      if (event.kind === 'rows') outcome.tables[names[event.dataSet] ?? '']?.push(...event.rows.map((row) => row.cells.map((cell) => cell.value)))
      if (event.kind === 'notRead') outcome.notRead.push(`${event.where} ${event.why.code}`)
      if (event.kind === 'discard') outcome.discarded++
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return outcome
}
