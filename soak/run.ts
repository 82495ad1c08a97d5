// SPDX-License-Identifier: Apache-2.0
// npm run soak -- KIND… [--points N] [--point N] [--customers N] [--folder DIR] [--results DIR] [--write]: faults of every kind over a small matter by real processes; HANDOVER_SEED repeats a run.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { storySeed } from '../stories/seeded-draws.ts'
import { editAsOwner } from './dba.ts'
import { disturb, journeyKinds } from './disturb.ts'
import { flipBytes } from './flip.ts'
import { flipHome } from './flip-home.ts'
import type { Findings } from './fault-points.ts'
import { plantBugs } from './planted-bugs.ts'
import { playReference, type SoakRun } from './journey.ts'
import { writePage } from './soak-page.ts'
import { keepRun, readResults, type PlantedRun } from './soak-results.ts'
import { fillDisk } from './small-disk.ts'
import { snapshotHomes } from './snapshot.ts'
import { showTwoHistories } from './split-view.ts'
import { copyProgram } from './tree-copy.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { points: { type: 'string', default: '20' }, point: { type: 'string' }, customers: { type: 'string', default: '120' }, folder: { type: 'string' }, results: { type: 'string' }, write: { type: 'boolean', default: false } } })
const seed = storySeed()
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'handover-soak-'))
mkdirSync(folder, { recursive: true, mode: 0o700 })
const started = Date.now()
const say = (line: string): void => void process.stdout.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s ${line}\n`)
const tree = join(folder, 'tree')
const results = values.results ?? folder
const commit = copyProgram(join(import.meta.dirname, '..'), tree)
const run: SoakRun = { folder, seed, customers: Number(values.customers), tree, commit, results, say }
say(`HANDOVER_SEED=${seed} over ${commit}`)

let planted: PlantedRun[] = []
const played: { kind: string; findings: Findings }[] = []
const base = await playReference({ ...run, seed: 'soak' })
try {
  for (const kind of journeyKinds.filter((one) => positionals.length === 0 || positionals.includes(one))) {
    say(`${kind}:`)
    const findings = await disturb(run, base, { kind, count: Number(values.points), ...(values.point === undefined ? {} : { point: Number(values.point) }) })
    note(kind, findings)
  }
  for (const [kind, play] of [['flip', flipBytes], ['dba', editAsOwner], ['snapshot', snapshotHomes], ['flip-home', flipHome], ['full', fillDisk], ['split', showTwoHistories]] as const) {
    if (positionals.length > 0 && !positionals.includes(kind)) continue
    say(`${kind}:`)
    const findings = await play(run, base, Number(values.points), values.point === undefined ? undefined : Number(values.point))
    if (findings !== null) note(kind, findings)
  }
  if (positionals.length === 0 || positionals.includes('planted')) {
    say('planted bugs:')
    planted = await plantBugs(run, base, values.point === undefined ? undefined : Number(values.point))
    say(`planted: ${planted.length} planted, ${planted.filter((one) => one.caught).length} caught; in the program as it is they found ${planted.flatMap((one) => one.control).length}`)
  }
} finally {
  await base.stage.down('kill')
  if (values.write) writePage(readResults(results))
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
const isClean = played.every(({ findings }) => findings.found.length === 0) && planted.every((one) => one.caught && one.control.length === 0)
process.exit(!isClean ? 3 : 0)

function note(kind: string, findings: Findings): void {
  played.push({ kind, findings })
  if (values.point === undefined) keepRun(results, { kind, seed, asked: Number(values.points), ...findings, customers: run.customers, commit, day: new Date().toISOString().slice(0, 10) })
  say(`${kind}: ${findings.points} points, ${findings.unreached} not reached, ${findings.found.length} found`)
  for (const line of findings.found) say(`  FOUND ${line}`)
}
