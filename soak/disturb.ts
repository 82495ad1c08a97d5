// SPDX-License-Identifier: Apache-2.0
import type { ArmedParty, CommandEnd } from './armed-party.ts'
import { describePoint, drawPoints, judgeDisk, pointDirector, type FaultPoint, type Findings } from './fault-points.ts'
import { diskModes, killModes, powerModes, type FaultMode } from './fault-state.ts'
import { playDisturbed, type Reference, type SoakRun } from './journey.ts'
import type { PartName } from './matter-parts.ts'
import type { Call, Director, PartyName, SoakStage } from './soak-stage.ts'

/** Kinds of faults that strike at counted writes of a journey. */
export const journeyKinds = ['kill', 'power', 'disk', 'zombie'] as const

/** One such kind. */
export type JourneyKind = (typeof journeyKinds)[number]

interface KindPlan {
  modes: readonly FaultMode[]
  counted: 'all' | 'files'
  judge: (end: CommandEnd) => string | null
}

const dies = (end: CommandEnd): string | null => (end.how === 'answered' ? 'the process went on' : null)
const plans: Record<JourneyKind, KindPlan> = {
  kill: { modes: killModes, counted: 'all', judge: dies },
  power: { modes: powerModes, counted: 'all', judge: dies },
  disk: { modes: diskModes, counted: 'files', judge: judgeDisk },
  zombie: { modes: ['stop'], counted: 'all', judge: () => null },
}

/** What to disturb: how many points of which kind, from which part on; one of them alone for a replay. */
export interface Disturbance {
  kind: JourneyKind
  count: number
  from?: PartName
  only?: RegExp
  point?: number
  tree?: string
}

/** Plays a matter with so many faults in it, each followed by the same command again, and compares its end with the undisturbed one (SECURITY P01, P02). */
export async function disturb(run: SoakRun, { reference, stage }: { reference: Reference; stage: SoakStage }, order: Disturbance): Promise<Findings> {
  const plan = plans[order.kind]
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const from = order.from ?? 'ingest'
  const drawn = drawPoints(reference, { seed: `${run.seed}/${order.kind}`, count: order.count, modes: plan.modes, counted: plan.counted, ...(order.only === undefined ? {} : { only: order.only }) })
  const points = order.point === undefined ? drawn : drawn.filter((point) => point.number === order.point)
  const director = pointDirector(points, (_, end) => plan.judge(end), findings, run.say)
  const different = await playDisturbed(stage, reference, { from, director: order.kind === 'zombie' ? { ...director, stopped: takeOver(run, stage, findings) } : director, ...(order.tree === undefined ? {} : { tree: order.tree }) })
  findings.found.push(...different.map((line) => `at the end: ${line}`))
  return findings
}

const patienceMs = 20_000

/** A stopped process is overtaken by another one of the same party that runs the same command; then it wakes, and may change nothing any more. */
function takeOver(run: SoakRun, stage: SoakStage, findings: Findings): NonNullable<Director['stopped']> {
  return async (call: Call, argv: readonly string[], zombie: ArmedParty) => {
    const second = stage.second(partyName(call))
    const first = await second.run(argv, { mode: 'none', nth: 0 }, patienceMs)
    zombie.signal('SIGCONT')
    const woken = await zombie.later()
    const end = first.how === 'waits' ? await second.later() : first
    for (const [who, one] of [['the second', end], ['the woken', woken]] as const) {
      if (one.how !== 'answered') findings.found.push(`${call.verb} #${call.number}: ${who} process ${one.how === 'died' ? 'ended' : 'never answered'}`)
      else if (one.answer.exit === 1) findings.found.push(`${call.verb} #${call.number}: ${who} process met a bug: ${one.answer.messages.join(' ').slice(0, 200)}`)
    }
    run.say(`      ${first.how === 'waits' ? 'the second waited for the stopped one' : `the second answered ${first.how === 'answered' ? first.answer.exit : first.how}`}; the woken one ${woken.how === 'answered' ? `answered ${woken.answer.exit}` : woken.how}`)
    await second.stop()
  }
}

function partyName(call: Call): PartyName {
  return call.party
}

/** The points of a kind in words, for those who plan a replay. */
export function listPoints(points: readonly FaultPoint[]): string[] {
  return points.map((point) => `${point.number}: ${describePoint(point)}`)
}
