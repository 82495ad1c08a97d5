// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyFile } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearAway, killPostmasters, playToGoodEnd, postmastersBelow, startDemo, tell, type Ended, type StepListener } from './demo-run.ts'
import { readAcceptedContent, readProofFacts } from './read-proof.ts'
import { draws, storySeed } from './seeded-draws.ts'

const customers = 60
const demoSeed = 'kill'
// As many as CI has minutes for; `npm run soak -- kill` plays as many as it is asked for.
const killsInAll = 3
const chains = 1
const seed = storySeed()
const top = mkdtempSync(join(tmpdir(), 'handover-story-kill-'))

/** When the reference reached which step, in milliseconds. */
let timeline: { title: string; atMs: number }[]
let reference: Outcome

/** What must be the same however often a matter was interrupted. */
type Outcome = Awaited<ReturnType<typeof outcomeOf>>

beforeAll(async () => {
  const folder = join(top, 'reference')
  const started = Date.now()
  timeline = []
  const ended = await playToGoodEnd({ folder, customers, seed: demoSeed, onStep: (title) => timeline.push({ title, atMs: Date.now() - started }) })
  timeline.push({ title: '(end)', atMs: Date.now() - started })
  reference = await outcomeOf(folder)
  tell(`HANDOVER_SEED=${seed}; reference in ${ended.seconds.toFixed(1)} s: content root ${reference.content.contentRoot}, ${reference.records.count} records, events ${JSON.stringify(reference.proof.eventCounts)}`)
}, 400_000)

afterAll(() => clearAwayAll())

describe(`kill -9 at ${killsInAll} random points of the journey, then the same command again`, () => {
  const draw = draws(`kills/${seed}`)
  const fractions = Array.from({ length: killsInAll }, draw)
  test.each(Array.from({ length: chains }, (_, chain) => chain))('chain %i ends as the uninterrupted run: nothing lost, nothing twice', async (chain) => {
    const folder = join(top, `chain-${chain}`)
    const mine = fractions.filter((_, index) => index % chains === chain).toSorted((a, b) => a - b)
    const chance = draws(`servers/${seed}/${chain}`)
    let killed = 0
    for (const fraction of mine) {
      const kill = await killAt(folder, fraction, chance())
      tell(`HANDOVER_SEED=${seed} chain ${chain}: ${kill.said}`)
      if (kill.ended.exit === null) killed += 1
      // In its last moments a run may end before its kill comes.
      expect(kill.ended.exit === null || (kill.ended.exit === 0 && fraction > 0.9), `HANDOVER_SEED=${seed} before the kill at ${kill.said}:\n${kill.ended.stderr.slice(-3000)}`).toBe(true)
    }
    const last = await startDemo({ folder, customers, seed: demoSeed }).ended
    expect(last.exit, `HANDOVER_SEED=${seed} chain ${chain}, the run after ${mine.length} kills:\n${last.stderr.slice(-3000)}`).toBe(0)
    const outcome = await outcomeOf(folder)
    expect(outcome.records.repeated).toBe(0)
    expect(outcome, `HANDOVER_SEED=${seed} chain ${chain}`).toEqual(reference)
    tell(`chain ${chain}: after ${killed} kills the last run took ${last.seconds.toFixed(1)} s and ended as the reference`)
  }, 600_000)
})

/** Runs the demo until it has done this part of the journey and kills its whole process group; by chance the database servers too. */
async function killAt(folder: string, fraction: number, chance: number): Promise<{ ended: Ended; said: string }> {
  const { title, delayMs } = pointAt(fraction)
  const reached = Promise.withResolvers<void>()
  const passed = Promise.withResolvers<void>()
  const onStep: StepListener = (now) => {
    if (rankOf(now) >= rankOf(title)) reached.resolve()
    if (rankOf(now) > rankOf(title)) passed.resolve()
  }
  const demo = startDemo({ folder, customers, seed: demoSeed, onStep })
  // A run that is faster than the reference, or has this step behind it, is killed soon after the next step begins.
  const inNext = passed.promise.then(() => sleep(delayMs % 500))
  await Promise.race([reached.promise.then(() => Promise.race([sleep(delayMs), inNext])), demo.ended])
  // A third of the times the servers die as well, before or after their users; otherwise they go on with nobody to serve.
  const servers = postmastersBelow(folder)
  const doomed = chance < 1 / 3 ? servers : chance < 1 / 2 ? servers.slice(0, 1) : []
  if (chance < 1 / 6) killPostmasters(doomed)
  demo.killGroup()
  killPostmasters(doomed)
  const ended = await demo.ended
  const how = ended.exit === null ? 'killed' : `had ended with ${ended.exit} before it was killed`
  return { ended, said: `${how} ${delayMs} ms into 「${title}」 (${(fraction * 100).toFixed(0)} % of the journey) after ${ended.seconds.toFixed(1)} s, with ${doomed.length} of ${servers.length} database servers` }
}

/** The step and the time into it that stand for this part of the reference's duration; later runs skip what is done, so the clock alone would not do. */
function pointAt(fraction: number): { title: string; delayMs: number } {
  const at = fraction * (timeline.at(-1)?.atMs ?? 0)
  const step = timeline.findLast(({ atMs }) => atMs <= at) ?? timeline[0]
  return step === undefined ? { title: '', delayMs: 0 } : { title: step.title, delayMs: Math.round(Math.max(0, at - step.atMs)) }
}

/** Titles that say that a step was done before are not in the reference and have no rank. */
function rankOf(title: string): number {
  return timeline.findIndex((step) => step.title === title)
}

async function outcomeOf(folder: string) {
  const demo = join(folder, 'demo')
  const verdict = await verifyFile(join(demo, '证据包.tar'), { policy: readFileSync(join(demo, 'post', '信任策略.txt'), 'utf8') })
  const { recordIds, ...proof } = await readProofFacts(join(demo, '证据包.tar'))
  const records = { count: recordIds.length, repeated: recordIds.length - new Set(recordIds).size, ids: digestOf(recordIds) }
  return { verified: { ok: verdict.ok, trust: verdict.trust }, records, proof, content: await readAcceptedContent(join(demo, 'post', '验收单.tar')), landed: landedRecords(join(demo, 'buyer', '接收库.sqlite')) }
}

/** How many records landed in each table of the buyer's database, and a digest over all their ids and values. */
function landedRecords(file: string): Record<string, { rows: number; digest: string }> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds!_%' escape '!' order by name`).all().map((row) => String(row['name']))
    return Object.fromEntries(tables.map((table) => {
      const rows = database.prepare(`select * from "${table}"`).all().map((row) => JSON.stringify(sameInEveryRun(row))).toSorted()
      return [table, { rows: rows.length, digest: digestOf(rows) }]
    }))
  } finally {
    database.close()
  }
}

/** Package ids are random; record and field ids follow from the demo's seed. */
function sameInEveryRun({ package: _random, ...row }: Record<string, unknown>): Record<string, unknown> {
  return row
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

function clearAwayAll(): void {
  for (const name of ['reference', ...Array.from({ length: chains }, (_, chain) => `chain-${chain}`)]) clearAway(join(top, name))
  clearAway(top)
}
