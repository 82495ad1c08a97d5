// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { postOf } from '../app/src/demo/index.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { endOf, isRefusal } from './answer-code.ts'
import type { FaultMode } from './fault-state.ts'
import { anyExit } from './journey.ts'
import { landingOf, playParts, type PartName } from './matter-parts.ts'
import { booksAfterKill, sweep, type Scenario, type Strikes } from './sweep.ts'
import { publishedHead, publishTwiceAtOnce } from './two-sequencers.ts'

const foundSchema = z.object({ differences: z.array(z.object({ kind: z.string() })) })

/** A cell is edited at the destination after loading: the recipient's own reading back must name it, and so must the sender when the recipient says nothing. */
const editedLanding = (seenBy: 'recipient' | 'sender'): Scenario => async ({ stage, tree }) => {
  await stage.takeBack('reconcile', tree)
  const database = new DatabaseSync(landingOf(stage))
  const [table] = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds!_%' escape '!'`).all().map((row) => String(row['name']))
  const edited = database.prepare(`update ${table} set f1 = f1 || ' ' where rowid = (select min(rowid) from ${table} where f1 is not null)`).run().changes
  database.close()
  const strikes = Number(edited)
  const { packageFile, acceptance, policy, reconciliation } = postOf(stage)
  const received = await stage.asMay('buyer', on.acceptance, anyExit, 'receive', packageFile, '--into', `sqlite:${landingOf(stage)}`, '-o', acceptance, '--policy', policy)
  const listed = foundSchema.safeParse(received.document)
  const isNamed = received.exit === 3 && listed.success && listed.data.differences.length === 1
  if (seenBy === 'recipient') return { strikes, found: isNamed ? [] : [`an edited cell at the destination: receive answered ${received.exit}`] }
  const reconciled = await stage.asMay('seller', on.acceptance, anyExit, 'reconcile', acceptance, '-o', reconciliation)
  return { strikes, found: reconciled.exit === 3 ? [] : [`an edited cell at the destination: the sender's reconcile answered ${reconciled.exit}`] }
}

/** A home is put back to an older copy after its log had gone on: nothing may be signed over the history that the witnesses know. */
const staleHome: Scenario = async ({ stage, tree, say }) => {
  await stage.takeBack('pack', tree)
  const home = join(stage.folder, 'seller', 'home')
  const older = join(stage.folder, 'seller', 'home.older')
  execFileSync('cp', ['-a', home, older])
  await playParts(stage, { from: 'pack', to: 'pack' })
  const strikes = publishedHead(older).size < publishedHead(home).size ? 1 : 0
  await stage.down('kill')
  rmSync(home, { recursive: true, force: true })
  renameSync(older, home)
  await stage.wake()
  const ask = async (...argv: string[]) => stage.asMay('seller', on.packing, anyExit, ...argv)
  const added = await ask('plan', 'request', '--key', join(stage.folder, 'people', '李明.key'))
  const published = await ask('pack', '--to', 'transferee', '-o', join(stage.folder, 'post', '另一个.tar'))
  say(`      plan request: ${endOf(added)}; pack: ${endOf(published)}`)
  const found = [
    ...(added.exit === 0 || isRefusal(added, behind) ? [] : [`a home that was put back: plan request ended with ${endOf(added)}`]),
    ...(isRefusal(published, behind) ? [] : [published.exit === 0 ? 'a home that was put back issued a second history; its witnesses let it' : `a home that was put back: pack ended with ${endOf(published)}`]),
  ]
  return { found, strikes }
}

/** How a home says that others know a newer history of it. */
const behind = /^(LOG_BEHIND|LOG_DIFFERS|TOMBSTONES_BEHIND)$/

/** Files that a command acknowledged must be there. */
const diskIsFull = (mode: FaultMode, part: PartName, verb: RegExp, expected: PartName): Scenario => async (room) => {
  const { found, strikes } = await sweep({ from: part, to: part, expected, verb, strikes: [{ mode, of: 'files', points: 6 }] })(room)
  const { packageFile, acceptance } = postOf(room.stage)
  const gone = [packageFile, ...(part === 'receive' ? [acceptance] : [])].filter((file) => !existsSync(file))
  return { found: [...found, ...gone.map((file) => `acknowledged, but ${file} is not there`)], strikes }
}

const keyTurn = { from: 'destroy vault', to: 'turn', expected: 'close', verb: /^key turn/ } as const
const everyCommit = (points: number): readonly Strikes[] => [{ mode: 'kill-before', of: 'commits', points }]

/** The scenarios by name. */
export const scenarios = {
  'kill -9 at every commit of pack': booksAfterKill({ part: 'pack', verb: /^pack/ }),
  'kill -9 at every commit of receive': sweep({ from: 'receive', to: 'receive', expected: 'reconcile', verb: /^receive/, strikes: everyCommit(12) }),
  'kill -9 at every commit of destroy': booksAfterKill({ part: 'destroy vault', verb: /^destroy run/ }),
  'kill -9 at every commit of key turn': sweep({ ...keyTurn, strikes: everyCommit(16) }),
  'power cut in key turn': sweep({ ...keyTurn, strikes: [{ mode: 'power-cut', of: 'renames', points: 40 }, { mode: 'power-names', of: 'renames', points: 40 }, { mode: 'power-names', of: 'all', points: 24 }] }),
  'disk full in pack': diskIsFull('ENOSPC', 'pack', /^pack/, 'receive'),
  'disk full in receive': diskIsFull('ENOSPC', 'receive', /^receive/, 'reconcile'),
  'edited cell, seen by the recipient': editedLanding('recipient'),
  'edited cell, seen by the sender': editedLanding('sender'),
  'two sequencers': publishTwiceAtOnce,
  'stale home': staleHome,
} as const satisfies Record<string, Scenario>

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios
