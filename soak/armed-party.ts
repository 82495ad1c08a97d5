// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { ArmedFault, LayerOrder, SeenWrites } from './fault-state.ts'

const answerSchema = z.object({ exit: z.number(), document: z.unknown(), human: z.array(z.string()), messages: z.array(z.string()) })
const seenSchema = z.object({ all: z.int(), files: z.int(), commits: z.int(), renames: z.int(), database: z.int(), struck: z.int(), paths: z.array(z.string()) })

/** What a command answered. */
export type Answer = z.infer<typeof answerSchema>

/** How a command ended under a fault: with an answer, with its process, or not within the time it was given. */
export type CommandEnd = { how: 'answered'; answer: Answer; seen: SeenWrites } | { how: 'died' } | { how: 'waits' }

/** 带故障层的一方进程. A party's own process (`handover shell`) with the fault layer loaded before the product. */
export interface ArmedParty {
  pid: number
  /** Runs a command with this fault waiting in it. */
  run(argv: readonly string[], fault: ArmedFault, patienceMs?: number): Promise<CommandEnd>
  /** The answer of a command that was still waiting. */
  later(): Promise<CommandEnd>
  signal(name: NodeJS.Signals): void
  /** Lets it end by itself, or after a while by force. */
  stop(): Promise<void>
}

/** Which tree's program runs over which home. */
export interface PartyPlace {
  tree: string
  home: string
}

const layer = pathToFileURL(join(import.meta.dirname, 'fault-layer.ts')).href
const patienceOfAll = 240_000

/** The command line of a tree. */
export function binaryOf(tree: string): string {
  return join(tree, 'app', 'bin', 'handover.mjs')
}

/** A stranger's environment: no home and no database of ours. */
export function soakEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { HANDOVER_HOME: _home, DATABASE_URL: _database, KEYSTORE_URL: _keys, NODE_OPTIONS: _options, VITEST: _vitest, ...rest } = process.env
  return { ...rest, ...more }
}

/** Starts a party's process; it opens its home at the first command. */
export function startArmedParty({ tree, home }: PartyPlace): ArmedParty {
  const child = spawn(process.execPath, [binaryOf(tree), 'shell', '--home', home, '--lang', 'en'], { stdio: ['pipe', 'pipe', 'ignore', 'ipc'], env: soakEnvironment({ NODE_OPTIONS: `--import=${layer}`, SOAK_UNDO: join(dirname(home), 'undo') }) })
  const ended = new Promise<'died'>((resolve) => child.once('exit', () => resolve('died')))
  child.stdin?.on('error', () => undefined) // its end is reported by the exit
  child.on('error', () => undefined)
  const answers = answersOf(child)
  const ask = (order: LayerOrder): Promise<SeenWrites | 'died'> => Promise.race([askLayer(child, order), ended])
  // One answer is awaited at a time; who gave up waiting for it leaves it to the next who asks.
  let expected: Promise<Answer> | null = null
  const awaited = async (patienceMs: number): Promise<CommandEnd> => {
    const mine = (expected ??= answers.next())
    const answer = await Promise.race([mine, ended, afterMs(patienceMs)])
    if (answer !== 'waits' && expected === mine) expected = null
    if (answer === 'died') return { how: 'died' }
    if (answer === 'waits') return { how: 'waits' }
    const seen = await ask({ soak: 'read' })
    return seen === 'died' ? { how: 'died' } : { how: 'answered', answer, seen }
  }
  return {
    pid: child.pid ?? 0,
    run: async (argv, fault, patienceMs = patienceOfAll) => {
      if ((await ask({ soak: 'arm', fault })) === 'died') return { how: 'died' }
      child.stdin?.write(`${JSON.stringify({ argv })}\n`)
      return awaited(patienceMs)
    },
    later: () => awaited(patienceOfAll),
    signal: (name) => void child.kill(name),
    stop: async () => {
      child.stdin?.end()
      child.kill('SIGCONT')
      if ((await Promise.race([ended, afterMs(60_000)])) === 'waits') child.kill('SIGKILL')
      await ended
    },
  }
}

/** A process's answers, one at a time; an answer that nobody waited for stays for the next who asks. */
function answersOf(child: ChildProcess): { next(): Promise<Answer> } {
  const there: Answer[] = []
  let wake: (() => void) | undefined
  if (child.stdout !== null) {
    createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      there.push(answerSchema.parse(JSON.parse(line)))
      wake?.()
    })
  }
  return {
    next: async () => {
      for (;;) {
        const answer = there.shift()
        if (answer !== undefined) return answer
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

function askLayer(child: ChildProcess, order: LayerOrder): Promise<SeenWrites> {
  return new Promise((resolve) => {
    child.once('message', (seen) => resolve(seenSchema.parse(seen)))
    if (child.connected) child.send(order, () => undefined)
  })
}

function afterMs(ms: number): Promise<'waits'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('waits'), ms).unref()
  })
}

/** 见证进程. A witness of a tree, which can be ended as a power cut would. */
export interface ArmedWitness {
  pid: number
  ready: { url: string }
  stop(signal: NodeJS.Signals): Promise<void>
}

/** Starts `handover witness`; resolves when it answers. */
export async function startArmedWitness(witness: { tree: string; home: string; name: string; logs: readonly string[]; port: number }): Promise<ArmedWitness> {
  const allowed = witness.logs.flatMap((vkey) => ['--allow-log', vkey])
  const child = spawn(process.execPath, [binaryOf(witness.tree), 'witness', '--home', witness.home, '--name', witness.name, '--port', String(witness.port), '--until-eof', ...allowed], { stdio: ['pipe', 'pipe', 'ignore'], env: soakEnvironment() })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', (exit) => reject(new Error(`the witness ended with ${String(exit)}`)))
  })
  return {
    pid: child.pid ?? 0,
    ready: z.looseObject({ url: z.string() }).parse(JSON.parse(line)),
    stop: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

/** Whether a process was stopped by a signal and waits for SIGCONT. */
export function isStopped(pid: number): boolean {
  try {
    return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
