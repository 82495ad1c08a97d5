// SPDX-License-Identifier: Apache-2.0
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { CommandEnd } from './armed-party.ts'
import { judgeDisk } from './fault-points.ts'
import type { ArmedFault, FaultMode } from './fault-state.ts'
import type { Reference } from './journey.ts'
import { factsOf } from './matter-facts.ts'
import { playParts, type PartName } from './matter-parts.ts'
import { differencesBetween } from './outcome.ts'
import { WrongEnd, type Call, type SoakStage } from './soak-stage.ts'

/** What a scenario runs over. */
export interface ScenarioRoom {
  stage: SoakStage
  reference: Reference
  /** The program under test. */
  tree: string
  say: (line: string) => void
}

/** What a scenario came to: what it found, nothing when all is well, and how often its fault really struck; without a strike it has shown nothing. */
export interface Played {
  found: string[]
  strikes: number
}

/** 情形. One short, targeted soak. An error that is not the program's own wrong end is thrown on: it is a fault of the harness. */
export type Scenario = (room: ScenarioRoom) => Promise<Played>

/** How a command is struck. */
export interface Strikes {
  mode: FaultMode
  of: 'commits' | 'renames' | 'files' | 'all'
  /** At most so many points, evenly spread over the command. */
  points: number
}

interface Sweep {
  from: PartName
  to: PartName
  /** The milestone whose copy shows what must stand afterwards. */
  expected: PartName
  /** The command in which the faults strike. */
  verb: RegExp
  strikes: readonly Strikes[]
}

/** Faults at evenly spread writes of one command, each followed by the same command again, one kind of strikes after the other; then the matter must be as in the undisturbed run. */
export function sweep(plan: Sweep): Scenario {
  return async (room) => {
    const expected = await expectedAt(room.stage, plan.expected)
    const all: Played = { found: [], strikes: 0 }
    for (const strikes of plan.strikes) {
      const { found, strikes: struck } = await sweepOnce(room, plan, strikes, expected)
      all.found.push(...found)
      all.strikes += struck
    }
    return all
  }
}

async function sweepOnce({ stage, reference, tree, say }: ScenarioRoom, plan: Sweep, strikes: Strikes, expected: Record<string, unknown>): Promise<Played> {
  await stage.takeBack(plan.from, tree)
  const found: string[] = []
  const left = new Map<number, ArmedFault[]>()
  let struck = 0
  stage.directedBy({
    fault: (call) => {
      if (!plan.verb.test(call.verb)) return null
      const waiting = left.get(call.number) ?? spread(reference, strikes, call)
      left.set(call.number, waiting)
      return waiting.shift() ?? null
    },
    heard: (call, fault, end) => {
      if (end.how !== 'answered' || end.seen.struck > 0) struck += 1
      found.push(...judged({ call, fault, end }))
    },
  })
  try {
    await playParts(stage, plan)
  } catch (error) {
    if (!(error instanceof WrongEnd)) throw error
    return { found: [...found, error.message], strikes: struck }
  }
  say(`      ${strikes.mode} of ${strikes.of} in ${left.size} commands, ${struck} strikes`)
  return { found: [...found, ...differencesBetween(expected, await factsOf(stage))], strikes: struck }
}

class Enough extends Error {}

/** Kills one command before each of its commits, every time from the same copy, and lets the party look at its books right after it: between two commits they must be in order. */
export function booksAfterKill(plan: { part: PartName; verb: RegExp }): Scenario {
  return async ({ stage, reference, tree, say }) => {
    const found: string[] = []
    const commits = Math.max(...reference.writes.filter(({ call }) => plan.verb.test(call.verb)).map(({ seen }) => seen.commits))
    let deaths = 0
    // From the last on: what moves values comes late.
    for (let nth = commits; nth >= 1 && found.length === 0; nth -= 1) {
      await stage.takeBack(plan.part, tree)
      stage.directedBy({
        fault: (call, attempt) => (attempt === 0 && plan.verb.test(call.verb) ? { mode: 'kill-before', nth, only: 'commits' } : null),
        died: async (call) => {
          deaths += 1
          const wrong = await booksNow(stage, call)
          if (wrong !== null) found.push(`${call.verb}, killed at commit ${nth}: ${wrong}`)
          throw new Enough()
        },
      })
      await playParts(stage, { from: plan.part, to: plan.part }).catch((error: unknown) => {
        if (error instanceof Enough) return
        if (!(error instanceof WrongEnd)) throw error
        found.push(error.message)
      })
    }
    say(`      ${deaths} deaths at ${commits} commits`)
    return { found, strikes: deaths }
  }
}

/** What a party sees that looks at its books right after the crash. */
async function booksNow(stage: SoakStage, call: Call): Promise<string | null> {
  const looker = stage.second(call.party)
  const end = await looker.run(['--clock', on.closing, 'log', 'verify'], { mode: 'none', nth: 0 })
  await looker.stop()
  if (end.how !== 'answered') return `log verify ${end.how}`
  return end.answer.exit === 0 ? null : `log verify right after it: exit ${end.answer.exit} ${[...end.answer.human, ...end.answer.messages].join(' ').slice(0, 200)}`
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

function spread(reference: Reference, strikes: Strikes, call: Call): ArmedFault[] {
  const whole = reference.writes.find((one) => one.call.number === call.number)?.seen[strikes.of] ?? 0
  const step = Math.max(1, whole / strikes.points)
  const places = Array.from({ length: Math.min(strikes.points, whole) }, (_, at) => 1 + Math.floor(at * step))
  return places.map((nth) => ({ mode: strikes.mode, nth, ...(strikes.of === 'commits' || strikes.of === 'renames' ? { only: strikes.of } : {}) }))
}

function judged({ call, fault, end }: { call: Call; fault: ArmedFault; end: CommandEnd }): string[] {
  const isDisk = fault.mode === 'ENOSPC' || fault.mode === 'EIO' || fault.mode === 'EROFS'
  const wrong = isDisk && (end.how !== 'answered' || end.seen.struck > 0) ? judgeDisk(end) : null
  // Which path a message names is a question of its own, which the kind `disk` counts.
  return wrong === null || wrong.includes('names no refused path') ? [] : [`${call.verb} ${fault.mode} at ${fault.nth}: ${wrong}`]
}
