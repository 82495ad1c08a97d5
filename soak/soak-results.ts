// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const runSchema = z.object({ kind: z.string(), seed: z.string(), asked: z.int(), points: z.int(), unreached: z.int(), found: z.array(z.string()), customers: z.int(), commit: z.string(), day: z.string() })
const plantedSchema = z.object({
  name: z.string(), scenario: z.string(), caught: z.boolean(), how: z.string(), strikes: z.int(), control: z.array(z.string()), controlStrikes: z.int(), seed: z.string(), commit: z.string(), day: z.string(),
})
const resultsSchema = z.object({ runs: z.array(runSchema), planted: z.array(plantedSchema) })

/** What runs have found so far; docs/soak.md is written from it. */
export type SoakResults = z.infer<typeof resultsSchema>

/** One run of one kind. */
export type KindRun = z.infer<typeof runSchema>

/** One planted bug: what its scenario found with it, and what in the program as it is; how often its faults struck in either. */
export type PlantedRun = z.infer<typeof plantedSchema>

const fileOf = (folder: string): string => join(folder, 'results.json')

/** The results of a folder; none before its first run. */
export function readResults(folder: string): SoakResults {
  return existsSync(fileOf(folder)) ? resultsSchema.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8'))) : { runs: [], planted: [] }
}

/** Adds a run of a kind; the same kind with the same seed takes its former place. */
export function keepRun(folder: string, run: KindRun): void {
  const { runs, planted } = readResults(folder)
  write(folder, { runs: [...runs.filter((one) => one.kind !== run.kind || one.seed !== run.seed), run], planted })
}

/** Adds the result of a planted bug, or puts it in the place of its former one. */
export function keepPlanted(folder: string, result: PlantedRun): void {
  const { runs, planted } = readResults(folder)
  write(folder, { runs, planted: [...planted.filter((one) => one.name !== result.name), result] })
}

function write(folder: string, results: SoakResults): void {
  mkdirSync(folder, { recursive: true })
  const fresh = `${fileOf(folder)}.${process.pid}`
  writeFileSync(fresh, JSON.stringify(results, null, 1))
  renameSync(fresh, fileOf(folder))
}
