// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const runSchema = z.object({ kind: z.string(), seed: z.string(), asked: z.int(), points: z.int(), unreached: z.int(), found: z.array(z.string()), customers: z.int(), day: z.string() })
const plantedSchema = z.object({ name: z.string(), scenario: z.string(), caught: z.boolean(), how: z.string(), control: z.array(z.string()) })
const resultsSchema = z.object({ runs: z.array(runSchema), planted: z.array(plantedSchema) })

/** What runs over one folder have found so far; docs/soak.md is written from it. */
export type SoakResults = z.infer<typeof resultsSchema>

/** One run of one kind. */
export type KindRun = z.infer<typeof runSchema>

/** One planted bug, and what its scenario found in the program as it is. */
export type PlantedRun = z.infer<typeof plantedSchema>

const fileOf = (folder: string): string => join(folder, 'results.json')

/** The results of a folder; none before its first run. */
export function readResults(folder: string): SoakResults {
  return existsSync(fileOf(folder)) ? resultsSchema.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8'))) : { runs: [], planted: [] }
}

/** Adds a run of a kind; the same kind with the same seed takes its former place. */
export function keepRun(folder: string, run: KindRun): void {
  const { runs, planted } = readResults(folder)
  writeFileSync(fileOf(folder), JSON.stringify({ runs: [...runs.filter((one) => one.kind !== run.kind || one.seed !== run.seed), run], planted }, null, 1))
}

/** Adds the result of a planted bug, or puts it in the place of its former one. */
export function keepPlanted(folder: string, result: PlantedRun): void {
  const { runs, planted } = readResults(folder)
  writeFileSync(fileOf(folder), JSON.stringify({ runs, planted: [...planted.filter((one) => one.name !== result.name), result] }, null, 1))
}
