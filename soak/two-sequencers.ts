// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postOf } from '../app/src/demo/index.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { endOf } from './answer-code.ts'
import type { ArmedParty, CommandEnd } from './armed-party.ts'
import { anyExit } from './journey.ts'
import { addOtherFact } from './matter-parts.ts'
import { untilStopped, type SoakStage } from './soak-stage.ts'
import type { Played } from './sweep.ts'

const publish = ['--clock', on.closing, 'log', 'publish'] as const
const none = { mode: 'none', nth: 0 } as const
const patienceMs = 1200
const roundsMax = 60

/** 两个编序者. Two processes of one party publish the same events at once, one of them stopped at every write of it in turn and woken when the other is done or waits: no bug, no checkpoint that goes back, and one root for each size. */
export async function publishTwiceAtOnce({ stage, tree, say }: { stage: SoakStage; tree: string; say: (line: string) => void }): Promise<Played> {
  await stage.takeBack('pack', tree)
  const pair = { zombie: stage.second('seller'), other: stage.second('seller') }
  const home = join(stage.folder, 'seller', 'home')
  const found: string[] = []
  const roots = new Map<string, string>()
  const counts = { stopped: 0, waited: 0 }
  try {
    const writes = await writesOfPublishing(stage, pair)
    const step = Math.max(1, Math.ceil(writes / roundsMax))
    for (let nth = 1; nth <= writes && found.length === 0; nth += step) {
      await addOtherFact(stage, on.packing, nth)
      const before = publishedHead(home)
      const round = await oneRound(pair, nth)
      counts.stopped += round.stopped ? 1 : 0
      counts.waited += round.waited ? 1 : 0
      found.push(...round.ends.flatMap((end) => troubleOf(end, nth)), ...contradictions(before, publishedHead(home), roots).map((line) => `stopped at write ${nth}: ${line}`))
    }
    say(`      ${writes} writes to the database in publishing: stopped at ${counts.stopped}, the other one waited ${counts.waited} times, ${roots.size} sizes published`)
  } finally {
    await Promise.all([pair.zombie.stop(), pair.other.stop()])
  }
  return { found: [...found, ...(await continued(stage))], strikes: counts.stopped }
}

interface Pair {
  zombie: ArmedParty
  other: ArmedParty
}

/** Both have opened the home and compared the log with its witnesses before, so that only the publishing itself is counted. */
async function writesOfPublishing(stage: SoakStage, { zombie, other }: Pair): Promise<number> {
  let writes = 0
  for (const [at, party] of [zombie, other, zombie].entries()) {
    await addOtherFact(stage, on.packing, 900 + at)
    const end = await party.run(publish, none)
    writes = end.how === 'answered' ? end.seen.database : 0
  }
  return writes
}

async function oneRound({ zombie, other }: Pair, nth: number): Promise<{ ends: CommandEnd[]; stopped: boolean; waited: boolean }> {
  const stopped = await untilStopped(zombie, publish, { mode: 'stop', nth, only: 'database' })
  const first = await other.run(publish, none, patienceMs)
  zombie.signal('SIGCONT')
  const woken = stopped.how === 'waits' ? await zombie.later() : stopped
  const ended = first.how === 'waits' ? await other.later() : first
  return { ends: [woken, ended], stopped: stopped.how === 'waits', waited: first.how === 'waits' }
}

function troubleOf(end: CommandEnd, nth: number): string[] {
  if (end.how === 'answered' && end.answer.exit === 0) return []
  return [`publishing twice at once (stopped at write ${nth}): ${end.how === 'answered' ? `${endOf(end.answer)} ${end.answer.messages.join(' ').slice(0, 160)}` : end.how}`]
}

/** Size and root of a published log. */
interface Head {
  size: number
  root: string
}

/** The checkpoint of a home's log that everybody may fetch. */
export function publishedHead(home: string): Head {
  const [file] = globSync('*/checkpoint', { cwd: join(home, 'objects', 'log') })
  if (file === undefined) return { size: 0, root: '' }
  const [, size, root] = readFileSync(join(home, 'objects', 'log', file), 'utf8').split('\n')
  return { size: Number(size), root: root ?? '' }
}

/** What two heads that were published one after the other must not show. */
function contradictions(before: Head, after: Head, roots: Map<string, string>): string[] {
  const known = roots.get(String(after.size))
  roots.set(String(after.size), after.root)
  return [
    ...(after.size < before.size ? [`the published checkpoint went back from ${before.size} to ${after.size}`] : []),
    ...(after.size === before.size ? [`both answered, and nothing was published (size ${after.size})`] : []),
    ...(known !== undefined && known !== after.root ? [`two roots for size ${after.size}`] : []),
  ]
}

/** The log must still be continuable, by a process that compares everything anew. */
async function continued(stage: SoakStage): Promise<string[]> {
  const again = await stage.asMay('seller', on.closing, anyExit, 'pack', '--to', 'transferee', '-o', postOf(stage).packageFile)
  return again.exit === 0 ? [] : [`the log cannot be continued: exit ${again.exit} ${[...again.human, ...again.messages].join(' ').slice(0, 200)}`]
}
