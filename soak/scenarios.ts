// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { postOf } from '../app/src/demo/index.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { CommandEnd } from './armed-party.ts'
import { judgeDisk } from './fault-points.ts'
import type { ArmedFault, FaultMode } from './fault-state.ts'
import { anyExit, type Reference } from './journey.ts'
import { factsOf } from './matter-facts.ts'
import { addOtherFact, landingOf, playParts, type PartName } from './matter-parts.ts'
import { differencesBetween } from './outcome.ts'
import { untilStopped, type Call, type SoakStage } from './soak-stage.ts'

/** What a scenario runs over. */
export interface ScenarioRoom {
  stage: SoakStage
  reference: Reference
  /** The program under test. */
  tree: string
  say: (line: string) => void
}

/** 情形. One short, targeted soak; returns what it found, nothing when all is well. */
export type Scenario = (room: ScenarioRoom) => Promise<string[]>

interface Sweep {
  from: PartName
  to: PartName
  /** The milestone whose copy shows what must stand afterwards. */
  expected: PartName
  /** The command in which the faults strike. */
  verb: RegExp
  mode: FaultMode
  of: 'commits' | 'files' | 'all'
  /** At most so many points, evenly spread over the command. */
  points: number
}

/** Faults at evenly spread writes of one command, each followed by the same command again; then the matter must be as in the undisturbed run. */
function sweep(plan: Sweep): Scenario {
  return async ({ stage, reference, tree, say }) => {
    const expected = await expectedAt(stage, plan.expected)
    await stage.takeBack(plan.from, tree)
    const found: string[] = []
    const left = new Map<number, ArmedFault[]>()
    stage.directedBy({
      fault: (call) => {
        if (!plan.verb.test(call.verb)) return null
        const waiting = left.get(call.number) ?? spread(reference, plan, call)
        left.set(call.number, waiting)
        return waiting.shift() ?? null
      },
      heard: (call, fault, end) => void found.push(...judged(plan, { call, fault, end })),
    })
    await playParts(stage, plan)
    say(`      ${plan.mode} in ${[...left.keys()].length} commands`)
    return [...found, ...differencesBetween(expected, await factsOf(stage))]
  }
}

const known = new WeakMap<SoakStage, Map<PartName, Record<string, unknown>>>()

/** What the undisturbed run had at a milestone; asked once. */
async function expectedAt(stage: SoakStage, part: PartName): Promise<Record<string, unknown>> {
  const ofStage = known.get(stage) ?? new Map<PartName, Record<string, unknown>>()
  known.set(stage, ofStage)
  const there = ofStage.get(part)
  if (there !== undefined) return there
  await stage.takeBack(part)
  const facts = await factsOf(stage)
  ofStage.set(part, facts)
  return facts
}

function spread(reference: Reference, plan: Sweep, call: Call): ArmedFault[] {
  const whole = reference.writes.find((one) => one.call.number === call.number)?.seen[plan.of] ?? 0
  const step = Math.max(1, whole / plan.points)
  const places = Array.from({ length: Math.min(plan.points, whole) }, (_, at) => 1 + Math.floor(at * step))
  return places.map((nth) => ({ mode: plan.mode, nth, commitsOnly: plan.of === 'commits' }))
}

function judged(plan: Sweep, { call, fault, end }: { call: Call; fault: ArmedFault; end: CommandEnd }): string[] {
  const isDisk = plan.mode === 'ENOSPC' || plan.mode === 'EIO' || plan.mode === 'EROFS'
  const wrong = isDisk && (end.how !== 'answered' || end.seen.struck > 0) ? judgeDisk(end) : null
  // Which path a message names is a question of its own, which the kind `disk` counts.
  return wrong === null || wrong.includes('names no path') ? [] : [`${call.verb} ${fault.mode} at ${fault.nth}: ${wrong}`]
}

const foundSchema = z.object({ differences: z.array(z.object({ kind: z.string() })) })

/** A cell is edited at the destination after loading: the recipient's own reading back must name it, and so must the sender when the recipient says nothing. */
const editedLanding = (seenBy: 'recipient' | 'sender'): Scenario => async ({ stage, tree }) => {
  await stage.takeBack('reconcile', tree)
  const database = new DatabaseSync(landingOf(stage))
  const [table] = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds!_%' escape '!'`).all().map((row) => String(row['name']))
  database.exec(`update ${table} set f1 = f1 || ' ' where rowid = (select min(rowid) from ${table} where f1 is not null)`)
  database.close()
  const { packageFile, acceptance, policy, reconciliation } = postOf(stage)
  const received = await stage.asMay('buyer', on.acceptance, anyExit, 'receive', packageFile, '--into', `sqlite:${landingOf(stage)}`, '-o', acceptance, '--policy', policy)
  const listed = foundSchema.safeParse(received.document)
  const isNamed = received.exit === 3 && listed.success && listed.data.differences.length === 1
  if (seenBy === 'recipient') return isNamed ? [] : [`an edited cell at the destination: receive answered ${received.exit}`]
  const reconciled = await stage.asMay('seller', on.acceptance, anyExit, 'reconcile', acceptance, '-o', reconciliation)
  return reconciled.exit === 3 ? [] : [`an edited cell at the destination: the sender's reconcile answered ${reconciled.exit}`]
}

const publish = ['--clock', on.closing, 'log', 'publish'] as const

/** Two processes of one party publish the same events at once; one of them was stopped in the middle of it and wakes up later. */
const twoSequencers: Scenario = async ({ stage, tree, say }) => {
  await stage.takeBack('pack', tree)
  const found: string[] = []
  for (const nth of [1, 2, 3, 4, 5]) {
    await addOtherFact(stage, on.packing, nth)
    await stage.rest('seller')
    const zombie = stage.second('seller')
    const stopped = await untilStopped(zombie, publish, { mode: 'stop', nth, commitsOnly: true })
    const second = stage.second('seller')
    const other = await second.run(publish, { mode: 'none', nth: 0 }, 6000)
    zombie.signal('SIGCONT')
    const woken = stopped.how === 'waits' ? await zombie.later() : stopped
    const ended = other.how === 'waits' ? await second.later() : other
    for (const end of [woken, ended]) if (end.how !== 'answered' || end.answer.exit !== 0) found.push(`publishing twice at once (stopped at commit ${nth}): ${end.how === 'answered' ? `exit ${end.answer.exit} ${end.answer.messages.join(' ').slice(0, 160)}` : end.how}`)
    say(`      ${stopped.how === 'waits' ? 'stopped' : 'never stopped'} at commit ${nth}: ${other.how === 'waits' ? 'the other one waited' : 'the other one went ahead'}`)
    await Promise.all([zombie.stop(), second.stop()])
  }
  return [...found, ...(await signedTwice(stage))]
}

/** The log must still be continuable, by a process that compares everything anew. */
async function signedTwice(stage: SoakStage): Promise<string[]> {
  const again = await stage.asMay('seller', on.closing, anyExit, 'pack', '--to', 'transferee', '-o', postOf(stage).packageFile)
  return again.exit === 0 ? [] : [`the log cannot be continued: exit ${again.exit} ${[...again.human, ...again.messages].join(' ').slice(0, 200)}`]
}

/** A home is put back to an older copy after its log had gone on: nothing may be signed over the history that the witnesses know. */
const staleHome: Scenario = async ({ stage, tree }) => {
  await stage.takeBack('pack', tree)
  const home = join(stage.folder, 'seller', 'home')
  const older = join(stage.folder, 'seller', 'home.older')
  execFileSync('cp', ['-a', home, older])
  await playParts(stage, { from: 'pack', to: 'pack' })
  await stage.down('kill')
  rmSync(home, { recursive: true, force: true })
  renameSync(older, home)
  await stage.wake()
  const wrong: string[] = []
  const added = await stage.asMay('seller', on.packing, anyExit, 'plan', 'request', '--key', join(stage.folder, 'people', '李明.key'))
  const published = await stage.asMay('seller', on.packing, anyExit, 'pack', '--to', 'transferee', '-o', join(stage.folder, 'post', '另一个.tar'))
  if (published.exit === 0) wrong.push(`a home that was put back (plan request: ${added.exit}) issued a second history; its witnesses let it`)
  return wrong
}

/** Files that a command acknowledged must be there. */
const diskIsFull = (mode: FaultMode, part: PartName, verb: RegExp, expected: PartName): Scenario => async (room) => {
  const found = await sweep({ from: part, to: part, expected, verb, mode, of: 'files', points: 6 })(room)
  const { packageFile, acceptance } = postOf(room.stage)
  return [...found, ...[packageFile, ...(part === 'receive' ? [acceptance] : [])].filter((file) => !existsSync(file)).map((file) => `acknowledged, but ${file} is not there`)]
}

/** The scenarios by name. */
export const scenarios = {
  'kill -9 at every commit of pack': sweep({ from: 'pack', to: 'pack', expected: 'receive', verb: /^pack/, mode: 'kill-before', of: 'commits', points: 24 }),
  'kill -9 at every commit of receive': sweep({ from: 'receive', to: 'receive', expected: 'reconcile', verb: /^receive/, mode: 'kill-before', of: 'commits', points: 12 }),
  'kill -9 at every commit of destroy': sweep({ from: 'destroy vault', to: 'turn', expected: 'close', verb: /^destroy run/, mode: 'kill-before', of: 'commits', points: 24 }),
  'kill -9 at every commit of key turn': sweep({ from: 'destroy vault', to: 'turn', expected: 'close', verb: /^key turn/, mode: 'kill-before', of: 'commits', points: 12 }),
  'power cut in key turn': sweep({ from: 'destroy vault', to: 'turn', expected: 'close', verb: /^key turn/, mode: 'power-cut', of: 'all', points: 16 }),
  'disk full in pack': diskIsFull('ENOSPC', 'pack', /^pack/, 'receive'),
  'disk full in receive': diskIsFull('ENOSPC', 'receive', /^receive/, 'reconcile'),
  'edited cell, seen by the recipient': editedLanding('recipient'),
  'edited cell, seen by the sender': editedLanding('sender'),
  'two sequencers': twoSequencers,
  'stale home': staleHome,
} as const satisfies Record<string, Scenario>

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios
