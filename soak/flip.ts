// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { verifyFile } from '@handover/proof'
import { postOf } from '../app/src/demo/index.ts'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { addOtherFact, landingOf } from './matter-parts.ts'
import { landedRecords, differencesBetween } from './outcome.ts'
import type { SoakStage } from './soak-stage.ts'

let factNumber = 0
const logEvery = 20

interface Target {
  name: string
  files: string[]
  /** What a party would run over the damaged file, and whether it refused. */
  isDetected(stage: SoakStage): Promise<boolean>
  /** Whether the result is the same as without the flip. */
  isHarmless(stage: SoakStage): Promise<boolean>
}

/** Flips one bit of one byte in the package, the acceptance, the proof bundle and the log's files; each must be refused, or change nothing of the result (SECURITY P03). */
export async function flipBytes(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  await stage.takeBack('reconcile')
  const expected = landedRecords(landingOf(stage))
  const bundle = join(run.folder, 'bundle.tar')
  copyFileSync(join(run.folder, 'aside', 'end', '证据包.tar'), bundle)
  const targets = targetsOf(stage, bundle, () => differencesBetween(expected, landedRecords(landingOf(stage))).length === 0)
  const draw = draws(`${run.seed}/flip`)
  for (let number = 1; number <= count; number += 1) {
    const target = targetOf(targets, number)
    const [pick, place, bit] = [draw(), draw(), draw()]
    const file = target?.files[Math.floor(pick * target.files.length)]
    if (target === undefined || file === undefined || (point !== undefined && point !== number)) continue
    const bytes = readFileSync(file)
    if (bytes.length === 0) continue
    const at = Math.floor(place * bytes.length)
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(bit * 8))
    writeFileSync(file, flipped)
    const detected = await target.isDetected(stage)
    const harmless = detected || (await target.isHarmless(stage))
    // A checkpoint that was published meanwhile is not put back to an older one.
    if (readFileSync(file).equals(flipped)) writeFileSync(file, bytes)
    findings.points += 1
    const said = `point ${number}: ${target.name} ${relative(stage.folder, file).split('/').slice(-2).join('/')} byte ${at}: ${detected ? 'refused' : harmless ? 'harmless' : 'ACCEPTED'}`
    run.say(`    ${said}`)
    if (!harmless) findings.found.push(said)
  }
  return findings
}

/** The log's files take a process that opens the home anew, so they come less often. */
function targetOf({ cheap, log }: Targets, number: number): Target | undefined {
  if (number % logEvery === 0) return log[(number / logEvery) % log.length]
  return cheap[number % cheap.length]
}

interface Targets {
  cheap: readonly Target[]
  log: readonly Target[]
}

function targetsOf(stage: SoakStage, bundle: string, isSameLanding: () => boolean): Targets {
  const { packageFile, acceptance, policy, reconciliation } = postOf(stage)
  const objects = join(stage.folder, 'seller', 'home', 'objects', 'log')
  const log = filesBelow(objects)
  const original = new Map(log.map((file) => [file, readFileSync(file)]))
  const receive = ['receive', packageFile, '--into', `sqlite:${landingOf(stage)}`, '-o', acceptance, '--policy', policy]
  const logTarget = (isWarm: boolean): Target => ({
    name: isWarm ? 'log of a running process' : 'log', files: log,
    // A process that opens the home anew compares the log with its witnesses before it signs anything; one that runs looks at its tiles.
    isDetected: async () => {
      if (!isWarm) await stage.rest('seller')
      await addOtherFact(stage, on.acceptance, (factNumber += 1))
      return (await stage.asMay('seller', on.acceptance, anyExit, 'log', 'publish')).exit === 65
    },
    // Published again, the files are whole again: what was wrong on the disk was replaced by what the log signs. A partial tile that a wider one has replaced belongs to an older size and is not used any more.
    isHarmless: async () => [...original].every(([file, bytes]) => !existsSync(file) || file.endsWith('/checkpoint') || isReplaced(file) || readFileSync(file).equals(bytes)),
  })
  const cheap: Target[] = [
    {
      name: 'package', files: [packageFile],
      isDetected: async () => (await stage.asMay('buyer', on.acceptance, anyExit, ...receive)).exit === 65,
      isHarmless: async () => isSameLanding(),
    },
    {
      name: 'acceptance', files: [acceptance],
      isDetected: async () => (await stage.asMay('seller', on.acceptance, anyExit, 'reconcile', acceptance, '-o', reconciliation)).exit === 65,
      isHarmless: async () => (await stage.asMay('seller', on.acceptance, anyExit, 'reconcile', acceptance, '-o', reconciliation)).exit === 0,
    },
    {
      name: 'bundle', files: [bundle],
      isDetected: async () => !(await verifyFile(bundle, { policy: readFileSync(policy, 'utf8') })).ok,
      isHarmless: async () => false,
    },
  ]
  return { cheap, log: [logTarget(false), logTarget(true)] }
}

function isReplaced(file: string): boolean {
  if (!dirname(file).endsWith('.p')) return false
  return readdirSync(dirname(file)).some((other) => /^\d+$/.test(other) && Number(other) > Number(basename(file)))
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((file) => lstatSync(file).isFile() && statSync(file).size > 0)
}
