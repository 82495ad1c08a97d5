// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Failure } from '../app/src/kit/failure.ts'
import { scanOneSource } from '../app/src/lifecycle/discover/scan-one-source.ts'
import { csvFiles } from '../tools/hostile/csv-files.ts'
import type { HostileFile } from '../tools/hostile/hostile-file.ts'
import { scanHostile } from '../tools/hostile/scan-hostile.ts'
import { hostileFiles } from '../tools/generate-hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const perKind = Number(process.env['HANDOVER_HOSTILE_PER_KIND'] ?? 2)
const seed = Number(process.env['HANDOVER_HOSTILE_SEED'] ?? 1)

/** Some files of each kind, spread over the kind; all kinds of the generator are there. */
function chosen(): HostileFile[] {
  const byKind = Map.groupBy(hostileFiles(seed, 8).filter(({ isHeavy }) => isHeavy !== true), ({ kind }) => kind)
  return [...byKind.values()].flatMap((files) => Array.from({ length: Math.min(perKind, files.length) }, (_, i) => files[Math.floor((i * files.length) / perKind)] ?? []).flat())
}

test('hostile files of every kind end in a clear refusal or a right reading, with little memory, and touch nothing', async () => {
  const files = chosen()
  expect(new Set(files.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(25)
  const wrong: string[] = []
  for await (const { file, outcome, problems } of scanHostile(files, join(folder, 'scanned'))) if (problems.length > 0) wrong.push(`${file.kind}/${file.name}: ${problems.join('; ')} (${outcome})`)
  expect(wrong).toEqual([])
})

/** What a scan in this thread came to: its report without times, or the code and the row of its refusal. */
async function outcome(path: string, isByCells: boolean): Promise<unknown> {
  const events: unknown[] = []
  try {
    for await (const event of isByCells ? scanOneSource(path, {}, () => undefined, null) : scanOneSource(path, {}, () => undefined)) if (event.kind !== 'rows') events.push(event)
    return events
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { code: error.code, facts: error.facts }
  }
}

test('hostile delimited text comes to the same, byte by byte and cell by cell', async () => {
  const files = csvFiles(seed, 40).filter(({ isHeavy, kind, name }) => isHeavy !== true && kind !== 'lying-ending' && !/9-mb|wide|20-k/.test(name))
  const differ: string[] = []
  for (const [i, file] of files.entries()) {
    const place = join(folder, `csv-${i}`)
    mkdirSync(place)
    const path = file.make(place)
    const [byBytes, byCells] = [await outcome(path, false), await outcome(path, true)]
    if (JSON.stringify(byBytes) !== JSON.stringify(byCells)) differ.push(`${file.kind}/${file.name}`)
  }
  expect(differ).toEqual([])
})
