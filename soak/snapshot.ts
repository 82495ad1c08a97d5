// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { startArmedParty, type ArmedParty } from './armed-party.ts'
import { countEvents } from './dba.store.ts'
import type { Findings } from './fault-points.ts'
import { whileFrozen } from './home-processes.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { playParts } from './matter-parts.ts'
import type { SoakStage } from './soak-stage.ts'

/** A copy of the home at one moment, and how many events had been acknowledged before it. */
interface Snapshot {
  number: number
  home: string
  acknowledged: number
  /** The command that was running. */
  during: string
}

const snapshotsOfOneMatter = 16
const none = { mode: 'none', nth: 0 } as const
const shownSchema = z.looseObject({ events: z.array(z.looseObject({ seq: z.int(), type: z.string(), at: z.string() })) })

/** Stops all processes of the transferor's home at random moments of a matter and copies the home; every copy must open to a valid prefix of what came of it, and hold everything that had been acknowledged (SECURITY P02). */
export async function snapshotHomes(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const draw = draws(`${run.seed}/snapshot`)
  for (let first = 1; first <= count; first += snapshotsOfOneMatter) {
    const numbers = Array.from({ length: Math.min(snapshotsOfOneMatter, count + 1 - first) }, (_, at) => first + at)
    const waits = numbers.map((number) => ({ number, ms: 100 + Math.floor(draw() * 3200) }))
    if (point !== undefined && !numbers.includes(point)) continue
    const { snapshots, events } = await playWithSnapshots(run, stage, waits)
    findings.unreached += numbers.length - snapshots.length
    for (const snapshot of snapshots) {
      if (point === undefined || point === snapshot.number) await judge(run, snapshot, events, findings)
      rmSync(snapshot.home, { recursive: true, force: true, maxRetries: 10 })
    }
  }
  return findings
}

type Events = z.infer<typeof shownSchema>['events']

async function playWithSnapshots(run: SoakRun, stage: SoakStage, waits: readonly { number: number; ms: number }[]): Promise<{ snapshots: Snapshot[]; events: Events }> {
  const home = join(stage.folder, 'seller', 'home')
  await stage.takeBack('pack')
  await stage.asMay('seller', on.packing, anyExit, 'log', 'verify') // starts the server
  const known = { acknowledged: await countEvents(home), during: '' }
  const snapshots: Snapshot[] = []
  let isOver = false
  // Every answer of the transferor's is an acknowledgement of all events that stand there by then.
  const watched: SoakStage = {
    ...stage,
    asMay: async (party, at, accepted, ...argv) => {
      if (party === 'seller') known.during = argv.filter((word, at) => at < 2 && /^[a-z]+$/.test(word)).join(' ')
      const answer = await stage.asMay(party, at, accepted, ...argv)
      if (party === 'seller') known.acknowledged = await countEvents(home)
      return answer
    },
    as: (party, at, ...argv) => watched.asMay(party, at, [0], ...argv),
  }
  const taking = (async () => {
    for (const { number, ms } of waits) {
      await sleep(ms)
      if (isOver) return
      const snapshot = await snapshotOf(run, home, { number, ...known })
      snapshots.push(snapshot)
    }
  })()
  await playParts(watched, { from: 'pack', to: 'turn' })
  isOver = true
  await taking
  const shown = await stage.asMay('seller', on.closing, anyExit, 'log', 'show')
  await stage.down('end')
  return { snapshots, events: shownSchema.parse(shown.document).events }
}

/** What is acknowledged is read before the processes are stopped: nothing is acknowledged while they are. */
async function snapshotOf(run: SoakRun, home: string, now: Omit<Snapshot, 'home'>): Promise<Snapshot> {
  const copy = join(run.folder, 'snapshots', String(now.number))
  mkdirSync(join(copy, '..'), { recursive: true })
  rmSync(copy, { recursive: true, force: true })
  await whileFrozen(home, () => spawnSync('cp', ['-a', '--reflink=auto', home, copy]))
  return { ...now, home: copy }
}

async function judge(run: SoakRun, snapshot: Snapshot, events: Events, findings: Findings): Promise<void> {
  const party = startArmedParty({ tree: run.tree, home: snapshot.home })
  const wrong = await wrongWith(party, snapshot, events)
  await party.stop()
  findings.points += 1
  const said = `point ${snapshot.number}: during ${snapshot.during}, ${snapshot.acknowledged} events acknowledged`
  run.say(`    ${said}${wrong === null ? '' : `: ${wrong}`}`)
  if (wrong !== null) findings.found.push(`${said}: ${wrong}`)
}

async function wrongWith(party: ArmedParty, { acknowledged }: Snapshot, events: Events): Promise<string | null> {
  const verified = await party.run(['--clock', on.closing, 'log', 'verify'], none)
  if (verified.how !== 'answered') return `log verify: the process ${verified.how}`
  if (verified.answer.exit !== 0) return `log verify: exit ${verified.answer.exit} ${[...verified.answer.human, ...verified.answer.messages].join(' ').slice(0, 300)}`
  const shown = await party.run(['--clock', on.closing, 'log', 'show'], none)
  if (shown.how !== 'answered' || shown.answer.exit !== 0) return 'log show does not answer'
  const there = shownSchema.parse(shown.answer.document).events
  if (there.length < acknowledged) return `${there.length} events, but ${acknowledged} had been acknowledged`
  const other = there.findIndex((event, at) => JSON.stringify([event.seq, event.type, event.at]) !== JSON.stringify([events[at]?.seq, events[at]?.type, events[at]?.at]))
  return other < 0 ? null : `event ${other + 1} is not the one that came of it`
}
