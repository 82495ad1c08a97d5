// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { dayInChina, instantOf } from '../kit/time.ts'
import { writeOnce } from '../ledger/index.ts'
import { startParty, startWitness, type PartyAnswer, type PartyProcess, type WitnessProcess } from './party-process.ts'

/** Parties of the demo, by the name of their folder. */
export type PartyName = 'seller' | 'buyer' | 'broker' | 'custodian'

/** Instead of a declared legal time: the machine's own running clock. */
export const realTime = 'now'

/** The Chinese date of a legal time on the stage. */
export function dateAt(at: string): string {
  return at === realTime ? dayInChina(instantOf(new Date())) : at.slice(0, 10)
}

/** 演示舞台. Folders, processes and the declared legal clock of one run; it keeps nothing that it could not see again after a crash. */
export interface Stage {
  folder: string
  seed: string
  customers: number
  lang: 'zh' | 'en'
  /** Folder by which files pass between parties, as a courier or mailbox would. */
  post: string
  /** Runs a command of a party at a declared legal time (`2026-12-01T09:00:00+08:00`), or at `realTime`. */
  as(party: PartyName, at: string, ...argv: string[]): Promise<PartyAnswer>
  /** The same, where the exit code may also be one of these. */
  asMay(party: PartyName, at: string, accepted: readonly number[], ...argv: string[]): Promise<PartyAnswer>
  witness(party: PartyName, logs: readonly string[]): Promise<void>
  /** Event types that the transferor's books have; what was done is not done again. */
  hasEvent(at: string, type: string): Promise<boolean>
  /** Announces a step, or that so many were done by an earlier run. */
  step(zh: string, en: string, count?: number): void
  stop(): Promise<void>
}

/** Opens a stage; party processes start when they are first spoken to. */
export function openStage(order: { folder: string; seed: string; customers: number; lang: 'zh' | 'en'; steps: number; say(line: string): void }): Stage {
  const parties = new Map<PartyName, PartyProcess>()
  const witnesses: WitnessProcess[] = []
  const post = join(order.folder, 'post')
  mkdirSync(post, { recursive: true })
  const started = Date.now()
  let step = 0
  const partyOf = (name: PartyName): PartyProcess => {
    const party = parties.get(name) ?? startParty({ name, home: join(order.folder, name, 'home'), lang: order.lang })
    parties.set(name, party)
    return party
  }
  const asMay: Stage['asMay'] = (party, at, accepted, ...argv) => partyOf(party).run(at === realTime ? argv : ['--clock', at, ...argv], accepted)
  return {
    ...order, post, asMay,
    as: (party, at, ...argv) => asMay(party, at, [0], ...argv),
    witness: async (party, logs) => {
      const file = join(post, `witness-${party}.json`)
      const port = existsSync(file) ? portOf(readFileSync(file, 'utf8')) : 0
      const running = await startWitness({ home: join(order.folder, party, 'witness'), name: `witness.${party}.example`, logs, port })
      witnesses.push(running)
      writeOnce(file, Buffer.from(`${running.ready}\n`), 0o644)
    },
    hasEvent: async (at, type) => {
      const { document } = await asMay('seller', at, [0], 'log', 'show')
      return z.object({ events: z.array(z.object({ type: z.string() })) }).parse(document).events.some((event) => event.type === type)
    },
    step: (zh, en, count = 1) => {
      step = Math.min(step + count, order.steps)
      order.say(`[${String(step).padStart(2)}/${order.steps}] ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${order.lang === 'zh' ? zh : en}`)
    },
    stop: async () => {
      await Promise.all([...parties.values()].map((party) => party.stop()))
      await Promise.all(witnesses.map((witness) => witness.stop()))
    },
  }
}

function portOf(ready: string): number {
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(ready))
  return Number(new URL(url).port)
}
