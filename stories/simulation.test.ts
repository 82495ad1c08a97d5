// SPDX-License-Identifier: Apache-2.0
// SECURITY P30: invariants hold whatever actors and faults do; planted bugs are found; a home whose books are broken stops and says so; P13.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseJsonStrict } from '@handover/proof'
import { shorten } from '../simulation/shorten.ts'
import { preparePhases, simulate, type RunResult } from '../simulation/simulate.ts'
import { plantBug, type PlantedBug } from '../simulation/statement-faults.ts'
import { makeWorld, runBegins, type SimulatedAnswer, type World } from '../simulation/world.ts'

let world: World

beforeAll(async () => {
  world = await makeWorld()
  await preparePhases(world)
}, 240_000)

afterAll(() => world.remove())

const saidOf = (result: RunResult): string => JSON.stringify({ seed: result.seed, breaches: result.breaches, trace: result.trace }, null, 1)
const seller = (...argv: string[]): Promise<SimulatedAnswer> => world.run('seller', runBegins, argv, null)

describe('random schedules with crashes, lost connections, silent witnesses and wrong people', () => {
  test('the same seed gives the same schedule and the same end, and nothing breaks', async () => {
    const order = { seed: 11, steps: 12, actors: 3, phase: 'planned' } as const
    const [first, again] = [await simulate(world, order), await simulate(world, order)]
    expect(first.breaches, saidOf(first)).toEqual([])
    expect(again.trace).toEqual(first.trace)
    expect(again.digest).toBe(first.digest)
  })

  test('a seed that nobody has chosen breaks nothing either', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    process.stdout.write(`simulation: random seed ${seed}\n`)
    const result = await simulate(world, { seed, steps: 15, actors: 4 })
    expect(result.breaches, saidOf(result)).toEqual([])
  })
})

describe('bugs planted in the simulation are found', () => {
  const bugs: { bug: PlantedBug; phase: 'planned' | 'ordered'; script: string; found: RegExp }[] = [
    { bug: { name: 'a path that posts without moving the records', statement: /update record r set dispositions/ }, phase: 'planned', script: 'hand over', found: /vectors recounted give the postings/ },
    { bug: { name: 'an approval that is not used up', statement: /update approval_request/, parameter: 'used' }, phase: 'ordered', script: 'carry out', found: /uses up an approval of its own/ },
    { bug: { name: 'a key that does not end though its tombstone stands', statement: /update key_page/ }, phase: 'ordered', script: 'carry out', found: /KEYS_NOT_GONE/ },
  ]
  test.each(bugs)('$bug.name', async ({ bug, phase, script, found }) => {
    plantBug(bug)
    try {
      const result = await simulate(world, { seed: 1, steps: 12, actors: 1, phase, script })
      expect(JSON.stringify(result.breaches), saidOf(result)).toMatch(found)
    } finally {
      plantBug(null)
    }
  })
})

test('a failed schedule is shortened to the steps that break the same invariant, and what is left plays again', async () => {
  plantBug({ name: 'a path that posts without moving the records', statement: /update record r set dispositions/ })
  try {
    const order = { seed: 7, steps: 12, actors: 2, phase: 'planned', script: 'hand over' } as const
    const failed = await simulate(world, order)
    expect(failed.breaches, saidOf(failed)).not.toEqual([])
    expect(failed.trace.length, saidOf(failed)).toBeGreaterThan(1)
    const short = await shorten(world, order, failed, 15_000)
    expect(short.result.trace.length, saidOf(short.result)).toBeLessThan(failed.trace.length)
    const again = await simulate(world, { ...order, steps: short.result.steps, skip: short.skip })
    expect(again.breaches.map((breach) => breach.invariant)).toContain(failed.breaches[0]?.invariant)
  } finally {
    plantBug(null)
  }
})

describe('a broken invariant stops the home', () => {
  test('changes are refused with the reason, looking goes on, and only a named person lifts it when the books balance again', async () => {
    await world.reset('planned')
    const ofSeller = 'where (tenant, matter_id) in (select tenant, matter_id from event)'
    const broken = await world.books.query<{ id: Buffer; before: Buffer }>(`update record r set dispositions = set_byte(dispositions, 0, 1) from (select id, dispositions as before from record ${ofSeller} order by ordinal limit 1) o where r.id = o.id returning r.id, o.before`)
    expect(await seller('log', 'verify')).toMatchObject({ exit: 14 })
    const refused = await seller('pack', '--to', 'transferee', '-o', join(world.folder, 'post', 'p.tar'))
    expect(refused).toMatchObject({ exit: 65, code: 'HOME_HALTED' })
    expect(refused.said).toMatch(/halt clear/)
    expect(refused.said).toMatch(/halted\.json/)
    for (const look of [['matter', 'show'], ['log', 'show'], ['copies'], ['destroy', 'list']]) expect((await seller(...look)).exit).toBe(0)
    expect((await seller('doctor')).said).toMatch(/BOOKS_DIFFER/)
    const reason = join(world.folder, 'reason.txt')
    writeFileSync(reason, 'restored\n')
    const clear = ['halt', 'clear', '--reason', `@${reason}`, '--key']
    expect(await seller(...clear, world.people.stranger)).toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect(await seller(...clear, world.people.legal)).toMatchObject({ exit: 14, code: 'STILL_BROKEN' })
    for (const { id, before } of broken.rows) await world.books.query('update record set dispositions = $2 where id = $1', [id, before])
    expect(await seller(...clear, world.people.legal)).toMatchObject({ exit: 0 })
    const lifted = await world.books.query<{ body: string }>(`select body from event where type = 'HaltLifted'`)
    expect(lifted.rows).toHaveLength(1)
    expect(parseJsonStrict(lifted.rows[0]?.body ?? '')).toMatchObject({ code: 'BOOKS_DIFFER', reason: createHash('sha256').update('restored').digest('hex') })
    expect(existsSync(join(world.folder, 'seller', 'home', 'halted.json'))).toBe(false)
    expect((await seller('pack', '--to', 'transferee', '-o', join(world.folder, 'post', 'p.tar'))).exit).toBe(0)
  })

  test('postings that do not balance are refused by the books themselves, and stop the home', async () => {
    await world.reset('planned')
    plantBug({ name: 'no posting is written', statement: /insert into posting/ })
    const refused = await seller('pack', '--to', 'transferee', '-o', join(world.folder, 'post', 'p.tar'))
    plantBug(null)
    expect(refused).toMatchObject({ exit: 14, code: 'BOOKS_OUT_OF_BALANCE' })
    expect(readFileSync(join(world.folder, 'seller', 'home', 'halted.json'), 'utf8')).toMatch(/BOOKS_OUT_OF_BALANCE/)
    expect(await seller('log', 'publish')).toMatchObject({ code: 'HOME_HALTED' })
  })
})

test('while the audit of reads cannot be written, no personal value is read (P13)', async () => {
  await world.reset('planned')
  await world.books.query('revoke insert on read_audit from handover_app')
  const file = join(world.folder, 'post', 'p.tar')
  const refused = await seller('pack', '--to', 'transferee', '-o', file)
  expect(refused.exit).not.toBe(0)
  expect(existsSync(file)).toBe(false)
  expect((await seller('matter', 'show')).exit).toBe(0)
  await world.books.query('grant insert on read_audit to handover_app')
  expect((await seller('pack', '--to', 'transferee', '-o', file)).exit).toBe(0)
})
