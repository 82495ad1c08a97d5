// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { declaredDays } from '../stories/whole-matter.ts'
import type { SeenWrites } from './fault-state.ts'
import { partNames, playParts, type PartName } from './matter-parts.ts'
import { differencesBetween, outcomeOf, type Outcome } from './outcome.ts'
import { openSoakStage, WrongEnd, type Call, type Director, type SoakStage } from './soak-stage.ts'

/** Commands in which faults are set: everything that moves data, books, keys or proof. */
const disturbed = /^(ingest|subjects|treat|notice|fact|plan|approve|pack|receive|reconcile|receipt|destroy|key turn|close|export|policy)/

/** A whole matter undisturbed: what must come out, and how many writes each of its commands makes. */
export interface Reference {
  /** Null when it was played only part of the way. */
  outcome: Outcome | null
  writes: { call: Call; seen: SeenWrites }[]
}

/** What a soak runs over: the folder of its stages, the seed, the size of its matters, the program under test. */
export interface SoakRun {
  folder: string
  seed: string
  customers: number
  tree: string
  /** What the program under test was copied from. */
  commit: string
  /** Folder of `results.json`. */
  results: string
  say: (line: string) => void
}

const milestones: readonly PartName[] = ['ingest', 'pack', 'receive', 'reconcile', 'destroy originals', 'destroy vault', 'turn', 'close']

/** Plays the matter once without faults, to its end or up to a part, keeping copies of the folder on the way; an earlier run's reference in the same folder is used again. */
export async function playReference(run: SoakRun, to: PartName = 'close'): Promise<{ reference: Reference; stage: SoakStage }> {
  const stage = openSoakStage(run)
  const kept = join(run.folder, 'reference.json')
  if (existsSync(kept)) return { reference: readReference(kept), stage }
  const writes: Reference['writes'] = []
  const counting: Director = { fault: () => null, ran: (call, seen) => void (disturbed.test(call.verb) && writes.push({ call, seen })) }
  stage.directedBy(counting)
  await playParts(stage, { from: 'open', to }, async (part) => {
    run.say(`  reference: ${part}`)
    if (!milestones.includes(part)) return
    await stage.putAside(part)
    await stage.wake()
  })
  const outcome = to === 'close' ? await outcomeOf(stage.folder) : null
  if (outcome?.verified.ok === false) throw new Error('the undisturbed run does not verify')
  await stage.putAside(partNames[partNames.indexOf(to) + 1] ?? 'end')
  const reference: Reference = { outcome, writes }
  writeFileSync(kept, JSON.stringify(reference))
  return { reference, stage }
}

/** What an earlier run over the same folder wrote there. */
function readReference(file: string): Reference {
  const reference: Reference = JSON.parse(readFileSync(file, 'utf8')) // oxlint-disable-line typescript/no-unsafe-assignment -- our own file of the run before
  return reference
}

/** Takes the folder back to a part, plays to the end under a director, and names what differs from the reference, or how it stopped. */
export async function playDisturbed(stage: SoakStage, reference: Reference, order: { from: PartName; director: Director; tree?: string }): Promise<string[]> {
  try {
    await stage.takeBack(order.from, order.tree)
    stage.directedBy(order.director)
    await playParts(stage, { from: order.from, to: 'close' })
    return [...differencesBetween(withoutTurns(reference.outcome), withoutTurns(await outcomeOf(stage.folder))), ...(await checkBooks(stage))]
  } catch (error) {
    if (!(error instanceof WrongEnd)) throw error
    return [error.message]
  }
}

/** How often the epoch key was turned is left out: a turn that was interrupted behind its booking turns once more when it is asked for again, which loses nothing. */
function withoutTurns(outcome: Outcome | null): unknown {
  if (outcome === null) throw new Error('the reference was not played to its end')
  const { EpochTurned: _turns, ...eventCounts } = outcome.proof.eventCounts
  return { ...outcome, proof: { ...outcome.proof, eventCounts } }
}

/** All exit codes: the caller judges. */
export const anyExit = Array.from({ length: 256 }, (_, exit) => exit)

/** The books are recounted, and tiles and events compared with the last checkpoint, as the party's own command does it. */
export async function checkBooks(stage: SoakStage): Promise<string[]> {
  stage.directedBy({ fault: () => null })
  const checked = await stage.asMay('seller', declaredDays.closing, anyExit, 'log', 'verify')
  return checked.exit === 0 ? [] : [`log verify: exit ${checked.exit} ${[...checked.human, ...checked.messages].join(' ').slice(0, 400)}`]
}
