// SPDX-License-Identifier: Apache-2.0
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import { draws } from '../stories/seeded-draws.ts'
import type { CommandEnd } from './armed-party.ts'
import type { ArmedFault, FaultMode } from './fault-state.ts'
import type { Reference } from './journey.ts'
import type { Call, Director } from './soak-stage.ts'

/** 故障点. One fault at one counted write of one command; its number names it under its seed. */
export interface FaultPoint {
  number: number
  call: Call
  fault: ArmedFault
}

/** What a kind of fault found: how many points came about, and what went wrong where. */
export interface Findings {
  /** Points whose write came: the fault struck. */
  points: number
  /** Points whose command had become shorter, so that the write never came. */
  unreached: number
  /** One line for each thing that is wrong. */
  found: string[]
}

/** How many faults of one command follow each other at most, so that it ends within its attempts. */
const pointsOfOneCommand = 9

/** Draws points over the commands of a journey, more where more is written, at uniformly drawn writes. */
export function drawPoints(reference: Reference, plan: { seed: string; count: number; modes: readonly FaultMode[]; only?: RegExp; counted: 'all' | 'files' }): FaultPoint[] {
  const draw = draws(plan.seed)
  const commands = reference.writes.filter(({ call, seen }) => seen[plan.counted] > 0 && (plan.only === undefined || plan.only.test(call.verb)))
  const weights = commands.map(({ seen }) => Math.sqrt(seen[plan.counted]))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const taken = new Map<number, number>()
  const points: FaultPoint[] = []
  for (let tries = 0; points.length < plan.count && tries < plan.count * 20; tries += 1) {
    let left = draw() * whole
    const at = Math.max(0, weights.findIndex((weight) => (left -= weight) < 0))
    const command = commands[at]
    const mode = plan.modes[Math.floor(draw() * plan.modes.length)]
    if (command === undefined || mode === undefined) continue
    const nth = 1 + Math.floor(draw() * command.seen[plan.counted])
    const before = taken.get(command.call.number) ?? 0
    if (before >= pointsOfOneCommand) continue
    taken.set(command.call.number, before + 1)
    points.push({ number: points.length + 1, call: command.call, fault: { mode, nth } })
  }
  return points
}

/** Lets the points strike one after the other, each in an attempt of its command; `judge` says what is wrong with an end. */
export function pointDirector(points: readonly FaultPoint[], judge: (point: FaultPoint, end: CommandEnd) => string | null, findings: Findings, say: (line: string) => void): Director {
  const waiting = Map.groupBy(points, (point) => point.call.number)
  const struckNow = new Map<number, FaultPoint>()
  return {
    fault: (call) => {
      const next = waiting.get(call.number)?.shift()
      if (next === undefined) return null
      struckNow.set(call.number, next)
      return next.fault
    },
    heard: (call, _fault, end) => {
      const point = struckNow.get(call.number)
      if (point === undefined) return
      const struck = end.how !== 'answered' || end.seen.struck > 0
      if (struck) findings.points += 1
      else findings.unreached += 1
      const wrong = struck ? judge(point, end) : null
      if (wrong !== null) findings.found.push(`point ${point.number} (${describePoint(point)}): ${wrong}`)
      say(`    point ${point.number}: ${describePoint(point)} ${struck ? '' : '(write never came) '}${wrong ?? ''}`)
    },
  }
}

/** A point in words. */
export function describePoint({ call, fault }: FaultPoint): string {
  return `${call.party} · ${call.verb} #${call.number}, ${fault.mode} at write ${fault.nth}`
}

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.object({ en: z.string() }) }) })

/** What SECURITY P02 asks of a command whose disk refused a write: exit 74 and a message that names the path. */
export function judgeDisk(end: CommandEnd): string | null {
  if (end.how !== 'answered') return 'the process ended instead of answering'
  const { answer, seen } = end
  const said = errorSchema.safeParse(answer.document)
  // A refusal that changed nothing of the result was of no consequence; the comparison at the end shows whether that is true.
  if (answer.exit === 0 || answer.exit === 3) return null
  const code = said.success ? said.data.error.code : '?'
  if (answer.exit !== 74) return `exit ${answer.exit} ${code} instead of 74 at ${placeOf(seen.paths[0] ?? '?')}`
  const message = said.success ? said.data.error.message.en : ''
  // A full or read-only disk refuses more than the first write; one of the refused files has to be named, or, as the database's own small files are, the folder of one.
  const names = seen.paths.some((path) => message.includes(finalName(path)) || message.includes(dirname(path)))
  return names ? null : `exit 74 ${code}, but its message names no refused path (${seen.paths.slice(0, 3).map(placeOf).join(', ')}): ${message.slice(0, 200)}`
}

/** The name that a file gets when it is whole. */
function finalName(path: string): string {
  return basename(path).replace(/(\.\d+-[0-9a-f]{8}\.new|\.unverified|\.part|\.new)+$/, '').replace(/^\.(.+)\.[0-9a-f]{12}$/, '$1')
}

/** A path without what is random in it. */
function placeOf(path: string): string {
  return path.split('/').slice(-3).join('/').replace(/\d+-[0-9a-f]{8}/g, 'N').replace(/[0-9a-f]{16,}/g, 'X')
}
