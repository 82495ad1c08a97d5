// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { verifyFile } from '@handover/proof'
import { postOf } from '../app/src/demo/index.ts'
import { readAcceptedContent } from '../stories/read-proof.ts'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { endOf, isRefusal } from './answer-code.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { filesOfLog, wrongWithLog } from './log-folder.ts'
import { addOtherFact, landingOf, peopleOf, type PartName } from './matter-parts.ts'
import { differencesBetween, landedRecords } from './outcome.ts'
import type { SoakStage } from './soak-stage.ts'

/** What became of a damaged file: refused, harmless because the result is the same, or what is wrong. */
type Verdict = 'refused' | 'harmless' | { wrong: string }

interface Target {
  name: string
  /** The part before which its commands run. */
  from: PartName
  files(): readonly string[]
  /** What a party does with the damaged file, and whether that was right. */
  judge(stage: SoakStage): Promise<Verdict>
}

interface Point {
  number: number
  target: Target
  pick: number
  place: number
  bit: number
}

/** Every so many points one of the log's files: a process opens the home anew for it. */
const logEvery = 20
const packageCodes = /^(PACKAGE_REFUSED|NOT_A_PACKAGE|SENDER_UNKNOWN|PACKAGE_OF_OTHER_MATTER|NOT_FOR_US|PACKAGE_REPLACED)$/
const acceptanceCodes = /^(ACCEPTANCE_REFUSED|ACCEPTANCE_OF_OTHER)$/
const logCodes = /^(LOG_DIFFERS|LOG_BEHIND|LOG_ENTRIES_DAMAGED)$/
let factNumber = 0

/** Flips one bit of one byte in the package (for a recipient that has not received it yet), the acceptance, the proof bundle and the log's files; each must be refused by its code, or change nothing of the result (SECURITY P03). */
export async function flipBytes(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const targets = await targetsOf(run, stage)
  const draw = draws(`${run.seed}/flip`)
  const all = Array.from({ length: count }, (_, at): Point[] => {
    const [target, pick, place, bit] = [targetOf(targets, at + 1), draw(), draw(), draw()]
    return target === undefined ? [] : [{ number: at + 1, target, pick, place, bit }]
  }).flat()
  const wanted = point === undefined ? all : all.filter((one) => one.number === point)
  // The numbers say where a point strikes; those that begin at the same part are played together.
  for (const [from, points] of Map.groupBy(wanted, (one) => one.target.from)) {
    await stage.takeBack(from)
    for (const one of points) {
      const { said, isWrong } = await flipOnce(stage, one)
      findings.points += 1
      run.say(`    ${said}`)
      if (isWrong) findings.found.push(said)
    }
  }
  return findings
}

async function flipOnce(stage: SoakStage, { number, target, pick, place, bit }: Point): Promise<{ said: string; isWrong: boolean }> {
  const files = target.files()
  const file = files[Math.floor(pick * files.length)] ?? ''
  const bytes = readFileSync(file)
  const at = Math.floor(place * bytes.length)
  const flipped = Buffer.from(bytes)
  flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(bit * 8))
  writeFileSync(file, flipped)
  const judged = await target.judge(stage)
  // What was published or taken back meanwhile is not put back to something older.
  if (readFileSync(file).equals(flipped)) writeFileSync(file, bytes)
  const verdict = (await liftHalt(stage)) ?? judged
  const said = typeof verdict === 'string' ? verdict : `WRONG ${verdict.wrong}`
  return { said: `point ${number}: ${target.name} ${relative(stage.folder, file).split('/').slice(-2).join('/')} byte ${at}: ${said}`, isWrong: typeof verdict !== 'string' }
}

/** A log that differs stops the home; once the file is whole again, a named person lifts that, as the refusal says. */
async function liftHalt(stage: SoakStage): Promise<Verdict | null> {
  if (!existsSync(join(stage.folder, 'seller', 'home', 'halted.json'))) return null
  const reason = join(stage.folder, 'reason.txt')
  writeFileSync(reason, 'the file is whole again\n')
  const lifted = await stage.asMay('seller', on.acceptance, anyExit, 'halt', 'clear', '--reason', `@${reason}`, '--key', peopleOf(stage).legal)
  return lifted.exit === 0 ? null : { wrong: `the home stopped, and halt clear ended with ${endOf(lifted)}` }
}

interface Targets {
  cheap: readonly Target[]
  log: readonly Target[]
}

function targetOf({ cheap, log }: Targets, number: number): Target | undefined {
  if (number % logEvery === 0) return log[(number / logEvery) % log.length]
  return cheap[number % cheap.length]
}

/** What the undisturbed matter landed and accepted is read first. */
async function targetsOf(run: SoakRun, stage: SoakStage): Promise<Targets> {
  await stage.takeBack('reconcile')
  const { packageFile, acceptance } = postOf(stage)
  const expected = { landed: landedRecords(landingOf(stage)), accepted: await readAcceptedContent(acceptance) }
  const bundle = join(run.folder, 'bundle.tar')
  copyFileSync(join(run.folder, 'aside', 'end', '证据包.tar'), bundle)
  const log = new Map<string, Buffer>()
  const filesNow = (): string[] => {
    log.clear()
    for (const [file, bytes] of filesOfLog(join(stage.folder, 'seller', 'home'))) log.set(file, bytes)
    return [...log.keys()]
  }
  const logTarget = (isWarm: boolean): Target => ({ name: isWarm ? 'log of a running process' : 'log', from: 'reconcile', files: filesNow, judge: (on) => judgeLog(on, { isWarm, whole: log }) })
  return {
    cheap: [
      { name: 'package', from: 'receive', files: () => [packageFile], judge: (on) => judgePackage(on, expected) },
      { name: 'acceptance', from: 'reconcile', files: () => [acceptance], judge: (on) => judgeAcceptance(on, expected.accepted) },
      { name: 'bundle', from: 'receive', files: () => [bundle], judge: (on) => judgeBundle(on, bundle) },
    ],
    log: [logTarget(false), logTarget(true)],
  }
}

/** Who receives it has nothing yet. Accepted, it must have given exactly what the whole one gives; then the recipient begins anew. */
async function judgePackage(stage: SoakStage, expected: { landed: unknown; accepted: unknown }): Promise<Verdict> {
  const { packageFile, acceptance, policy } = postOf(stage)
  const received = await stage.asMay('buyer', on.acceptance, anyExit, 'receive', packageFile, '--into', `sqlite:${landingOf(stage)}`, '-o', acceptance, '--policy', policy)
  if (isRefusal(received, packageCodes)) return 'refused'
  if (received.exit !== 0) return { wrong: `receive ended with ${endOf(received)}` }
  const differences = differencesBetween(expected, { landed: landedRecords(landingOf(stage)), accepted: await readAcceptedContent(acceptance) })
  await stage.takeBack('receive')
  return differences.length === 0 ? 'harmless' : { wrong: `ACCEPTED, and it differs: ${differences.join(' | ').slice(0, 300)}` }
}

/** Reconciled without a difference although damaged, it must still say what it said. */
async function judgeAcceptance(stage: SoakStage, expected: unknown): Promise<Verdict> {
  const { acceptance, reconciliation } = postOf(stage)
  const reconciled = await stage.asMay('seller', on.acceptance, anyExit, 'reconcile', acceptance, '-o', reconciliation)
  if (isRefusal(reconciled, acceptanceCodes)) return 'refused'
  if (reconciled.exit !== 0) return { wrong: `reconcile ended with ${endOf(reconciled)}` }
  const differences = differencesBetween(expected, await readAcceptedContent(acceptance))
  return differences.length === 0 ? 'harmless' : { wrong: `ACCEPTED, and it says something else: ${differences.join(' | ').slice(0, 300)}` }
}

async function judgeBundle(stage: SoakStage, bundle: string): Promise<Verdict> {
  const verdict = await verifyFile(bundle, { policy: readFileSync(postOf(stage).policy, 'utf8') })
  return verdict.ok ? { wrong: 'ACCEPTED' } : 'refused'
}

/** A process that opens the home anew compares the log with its witnesses before it signs anything; one that runs looks at its files. What is published then must be whole. */
async function judgeLog(stage: SoakStage, { isWarm, whole }: { isWarm: boolean; whole: ReadonlyMap<string, Buffer> }): Promise<Verdict> {
  if (!isWarm) await stage.rest('seller')
  const added = await addOtherFact(stage, on.acceptance, (factNumber += 1))
  if (isRefusal(added, logCodes)) return 'refused'
  if (added.exit !== 0) return { wrong: `fact add ended with ${endOf(added)}` }
  const published = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'publish')
  if (isRefusal(published, logCodes)) return 'refused'
  if (published.exit !== 0) return { wrong: `log publish ended with ${endOf(published)}` }
  const wrong = wrongWithLog({ home: join(stage.folder, 'seller', 'home'), policy: readFileSync(postOf(stage).policy, 'utf8'), whole })
  return wrong === null ? 'harmless' : { wrong: `published, and ${wrong}` }
}
