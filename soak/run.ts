// SPDX-License-Identifier: Apache-2.0
// npm run soak -- KIND… [--points N] [--point N] [--customers N] [--write]: faults of every kind over a small matter by real processes; HANDOVER_SEED repeats a run.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { storySeed } from '../stories/seeded-draws.ts'
import { editAsOwner } from './dba.ts'
import { disturb, journeyKinds } from './disturb.ts'
import { flipBytes } from './flip.ts'
import type { Findings } from './fault-points.ts'
import { plantBugs, type PlantedResult } from './planted-bugs.ts'
import { playReference, type SoakRun } from './journey.ts'
import { writeFigures, writePlanted } from './soak-page.ts'
import { copyTree } from './tree-copy.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { points: { type: 'string', default: '20' }, point: { type: 'string' }, customers: { type: 'string', default: '120' }, folder: { type: 'string' }, write: { type: 'boolean', default: false } } })
const seed = storySeed()
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'handover-soak-'))
mkdirSync(folder, { recursive: true, mode: 0o700 })
const started = Date.now()
const say = (line: string): void => void process.stdout.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s ${line}\n`)
const run: SoakRun = { folder, seed, customers: Number(values.customers), tree: join(folder, 'tree'), say }
if (!existsSync(run.tree)) copyTree(join(import.meta.dirname, '..'), run.tree)
say(`HANDOVER_SEED=${seed}`)

let planted: { controls: string[]; results: PlantedResult[] } = { controls: [], results: [] }
const results: { kind: string; findings: Findings }[] = []
const base = await playReference({ ...run, seed: 'soak' })
try {
  for (const kind of journeyKinds.filter((one) => positionals.length === 0 || positionals.includes(one))) {
    say(`${kind}:`)
    const findings = await disturb(run, base, { kind, count: Number(values.points), ...(values.point === undefined ? {} : { point: Number(values.point) }) })
    note(kind, findings)
  }
  for (const [kind, play] of [['flip', flipBytes], ['dba', editAsOwner]] as const) {
    if (positionals.length > 0 && !positionals.includes(kind)) continue
    say(`${kind}:`)
    note(kind, await play(run, base, Number(values.points), values.point === undefined ? undefined : Number(values.point)))
  }
  if (positionals.length === 0 || positionals.includes('planted')) {
    say('planted bugs:')
    planted = await plantBugs(run, base, values.point === undefined ? undefined : Number(values.point))
    say(`planted: ${planted.results.length} planted, ${planted.results.filter((one) => one.caught).length} caught; controls found ${planted.controls.length}`)
  }
} finally {
  await base.stage.down('kill')
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
if (values.write && values.point === undefined) {
  writeFigures(results, run)
  if (planted.results.length > 0) writePlanted(planted.results)
}
const isClean = results.every(({ findings }) => findings.found.length === 0) && planted.controls.length === 0 && planted.results.every((one) => one.caught)
process.exit(!isClean ? 3 : 0)

function note(kind: string, findings: Findings): void {
  results.push({ kind, findings })
  say(`${kind}: ${findings.points} points, ${findings.unreached} not reached, ${findings.found.length} found`)
  for (const line of findings.found) say(`  FOUND ${line}`)
}
