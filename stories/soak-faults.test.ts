// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawPoints } from '../soak/fault-points.ts'
import { playReference, type Reference, type SoakRun } from '../soak/journey.ts'
import { plantedBugs } from '../soak/planted-bugs.ts'
import { scenarios, type ScenarioName } from '../soak/scenarios.ts'
import type { SoakStage } from '../soak/soak-stage.ts'
import type { Played } from '../soak/sweep.ts'
import { copyTree, editTree } from '../soak/tree-copy.ts'
import { tell } from './demo-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-soak-'))
const run: SoakRun = { folder, seed: 'soak', customers: 120, tree: join(import.meta.dirname, '..'), commit: 'here', results: folder, say: tell }
let base: { reference: Reference; stage: SoakStage }

beforeAll(async () => {
  base = await playReference(run, 'receive')
}, 240_000)

afterAll(async () => {
  await base.stage.down('kill')
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

const play = (name: ScenarioName, tree = run.tree): Promise<Played> => scenarios[name]({ ...base, tree, say: tell })

describe('the fault layer in a party\'s process', () => {
  test('counts what every command writes, so that a seed draws the same points again', () => {
    const pack = base.reference.writes.find(({ call }) => call.verb.startsWith('pack'))
    expect(pack?.seen.files).toBeGreaterThan(10)
    expect(pack?.seen.commits).toBeGreaterThan(3)
    expect(pack?.seen.all).toBeGreaterThan(pack?.seen.files ?? 0)
    const drawn = (seed: string) => drawPoints(base.reference, { seed, count: 20, modes: ['kill-before'], counted: 'all' })
    expect(drawn('a')).toEqual(drawn('a'))
    expect(drawn('a')).not.toEqual(drawn('b'))
  })

  test('kill -9 before every commit of a reception loses and doubles nothing', async () => {
    const { found, strikes } = await play('kill -9 at every commit of receive')
    expect(found).toEqual([])
    expect(strikes).toBeGreaterThan(3)
  }, 240_000)
})

describe('planted bugs', () => {
  test('one is caught by the scenario that finds nothing in the program as it is', async () => {
    const bug = plantedBugs[0]
    if (bug === undefined) throw new Error('no bug is planted')
    const tree = join(folder, 'planted')
    copyTree(run.tree, tree)
    editTree(tree, bug.edits)
    const { found, strikes } = await play(bug.caughtBy, tree)
    expect(found.join('\n')).toMatch(bug.finding)
    expect(strikes).toBeGreaterThan(0)
  }, 240_000)

  test('every one of them is still to be found in the sources, and a text that is gone fails loudly', () => {
    const tree = join(folder, 'texts')
    for (const bug of plantedBugs) {
      copyTree(run.tree, tree)
      expect(() => editTree(tree, bug.edits), bug.name).not.toThrow()
      rmSync(tree, { recursive: true, force: true })
    }
    copyTree(run.tree, tree)
    expect(() => editTree(tree, [{ file: 'app/src/home.ts', find: 'a text that nobody wrote', replace: '' }])).toThrow('0 times')
  }, 120_000)
})
