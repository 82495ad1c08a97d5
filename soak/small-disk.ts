// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { postOf } from '../app/src/demo/index.ts'
import { draws } from '../stories/seeded-draws.ts'
import { endOf, errorOf } from './answer-code.ts'
import type { Answer } from './armed-party.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, checkBooks, type Reference, type SoakRun } from './journey.ts'
import { factsOf } from './matter-facts.ts'
import { playParts } from './matter-parts.ts'
import { differencesBetween } from './outcome.ts'
import type { SoakStage } from './soak-stage.ts'

/** Which folder lies on the small file system, and how much room is left there at most. */
const places = [
  { what: 'home with its database', folder: ['seller'], roomMax: 800_000 },
  { what: 'package', folder: ['post'], roomMax: 60_000 },
] as const

const spareBytes = 30_000_000

/** A real small file system that fills up under the transferor's home (PostgreSQL included) or under the package while `pack` runs: exit 74 with the path, then room is made and the same command ends as if nothing had happened (SECURITY P02). Null where this machine refuses to mount one. */
export async function fillDisk(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings | null> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  if (!mayMount(run.folder)) {
    run.say('!!! SKIPPED: this machine refuses to mount a small file system (root and mount are needed)')
    return null
  }
  await stage.takeBack('receive')
  const expected = await factsOf(stage)
  const draw = draws(`${run.seed}/full`)
  for (let number = 1; number <= count; number += 1) {
    const place = places[number % places.length]
    const chance = draw()
    if (place === undefined || (point !== undefined && point !== number)) continue
    const room = Math.floor(chance ** 2 * place.roomMax)
    const said = `point ${number}: ${place.what}, room for ${room} bytes`
    const found = await fillOnce(stage, join(stage.folder, ...place.folder), { room, expected })
    if (found === null) findings.unreached += 1
    else findings.points += 1
    run.say(`    ${said}${found === null ? ' (was enough)' : `: ${found.how}`}`)
    findings.found.push(...(found?.wrong ?? []).map((line) => `${said}: ${line}`))
  }
  return findings
}

async function fillOnce(stage: SoakStage, folder: string, { room, expected }: { room: number; expected: unknown }): Promise<{ how: string; wrong: string[] } | null> {
  await stage.takeBack('pack')
  await stage.down('end')
  const aside = `${folder}.aside`
  renameSync(folder, aside)
  mkdirSync(folder, { mode: 0o700 })
  mountSmall(folder, Number(spawnSync('du', ['-sb', aside], { encoding: 'utf8' }).stdout.split('\t')[0]) + spareBytes)
  try {
    if (spawnSync('cp', ['-a', `${aside}/.`, `${folder}/`]).status !== 0) throw new Error(`cp to ${folder}`)
    await stage.wake()
    return await packUntilThereIsRoom(stage, folder, { room, expected })
  } finally {
    await stage.down('kill')
    unmount(folder)
    rmSync(aside, { recursive: true, force: true })
  }
}

/** The first attempt meets a full disk; what was in the way is taken away before the second. */
async function packUntilThereIsRoom(stage: SoakStage, folder: string, { room, expected }: { room: number; expected: unknown }): Promise<{ how: string; wrong: string[] } | null> {
  const ballast = join(folder, 'ballast')
  const answers: Answer[] = []
  const packing: SoakStage = {
    ...stage,
    asMay: async (party, at, accepted, ...argv) => {
      if (argv[0] !== 'pack') return stage.asMay(party, at, accepted, ...argv)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, roomIn(folder) - room)))
      const first = await stage.asMay(party, at, anyExit, ...argv)
      answers.push(first)
      rmSync(ballast, { force: true })
      return first.exit === 0 ? first : stage.asMay(party, at, accepted, ...argv)
    },
    as: (party, at, ...argv) => packing.asMay(party, at, [0], ...argv),
  }
  const wrong: string[] = []
  await playParts(packing, { from: 'pack', to: 'pack' }).catch((error: unknown) => wrong.push(error instanceof Error ? error.message : String(error)))
  const [first] = answers
  if (first === undefined || first.exit === 0) return wrong.length === 0 ? null : { how: 'was enough', wrong }
  const { packageFile } = postOf(stage)
  if (!existsSync(packageFile)) wrong.push('the package is not there afterwards')
  return { how: endOf(first), wrong: [...judged(first, [folder, basename(packageFile), join('pg', 'data')]), ...wrong, ...differencesBetween(expected, await factsOf(stage)), ...(await checkBooks(stage))] }
}

/** Exit 74, and the message names the small file system, the package on it, or the database's folder. */
function judged(answer: Answer, names: readonly string[]): string[] {
  const { code, message } = errorOf(answer)
  return [
    ...(answer.exit === 74 ? [] : [`exit ${answer.exit} ${code} instead of 74: ${answer.messages.join(' ').slice(0, 200)}`]),
    ...(names.some((name) => message.includes(name)) ? [] : [`exit ${answer.exit} ${code} names no path there: ${message.slice(0, 160)}`]),
  ]
}

function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function mayMount(folder: string): boolean {
  const probe = join(folder, 'mount-probe')
  mkdirSync(probe, { recursive: true })
  const isMounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]).status === 0
  if (isMounted) unmount(probe)
  return isMounted
}

function mountSmall(folder: string, sizeBytes: number): void {
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=700`, 'tmpfs', folder], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`mount: ${done.stderr}`)
}

function unmount(folder: string): void {
  for (let tries = 0; tries < 20 && spawnSync('umount', [folder]).status !== 0; tries += 1) spawnSync('sleep', ['0.3'])
}
