// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The repository, where `app/` and `proof/` lie. */
export const repository = join(import.meta.dirname, '..')

const binary = join(repository, 'app', 'bin', 'handover.mjs')

/** How a process ended and what it said. */
export interface Ended {
  /** Null when a signal ended it. */
  exit: number | null
  stdout: string
  stderr: string
  seconds: number
}

/** A progress line of the demo: the title of the step that begins. */
export type StepListener = (title: string) => void

/** A demo that runs in a process group of its own, so that all its parties can be killed at once as a power cut would. */
export interface RunningDemo {
  ended: Promise<Ended>
  /** kill -9 to the orchestrator, every party and every witness. */
  killGroup(): void
}

/** Which demo to play and where; `tmp` is its temporary folder, so that what it leaves there is seen. */
export interface DemoPlay {
  folder: string
  customers: number
  seed: string
  story?: 'asset-transfer' | 'liquidation'
  onStep?: StepListener
}

/** Starts `handover demo` as a user would, with a temporary folder of its own inside the story's folder. */
export function startDemo(play: DemoPlay): RunningDemo {
  const argv = ['demo', '--lang', 'zh', '--folder', join(play.folder, 'demo'), '--customers', String(play.customers), '--seed', play.seed, '--story', play.story ?? 'asset-transfer']
  return startHandover(argv, { folder: play.folder, ...(play.onStep === undefined ? {} : { onStep: play.onStep }) })
}

/** Plays a demo to its end. */
export function playDemo(play: DemoPlay): Promise<Ended> {
  return startDemo(play).ended
}

/** Plays a demo to its end and refuses another end than a good one. */
export async function playToGoodEnd(play: DemoPlay): Promise<Ended> {
  const ended = await playDemo(play)
  if (ended.exit !== 0) throw new Error(`the demo ended with ${ended.exit} after ${ended.seconds.toFixed(1)} s:\n${ended.stderr.slice(-3000)}`)
  return ended
}

/** Prints the figures of a story. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Runs one command of the command line; stdout and stderr are kept apart. */
export function runHandover(argv: readonly string[], folder: string): Promise<Ended> {
  return startHandover(argv, { folder }).ended
}

function startHandover(argv: readonly string[], { folder, onStep }: { folder: string; onStep?: StepListener }): RunningDemo {
  mkdirSync(temporaryFolder(folder), { recursive: true })
  const started = Date.now()
  const child = spawn(process.execPath, [binary, ...argv], { cwd: folder, env: storyEnvironment(folder), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  let line = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) announce(whole, onStep)
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit) => resolve({ exit, ...said, seconds: (Date.now() - started) / 1000 }))
  })
  return { ended, killGroup: () => killIfAlive(child.pid === undefined ? 0 : -child.pid) }
}

function announce(line: string, onStep: StepListener | undefined): void {
  const title = /^\[ *\d+\/\d+\] +[\d.]+ s {2}(.+)$/.exec(line)?.[1]
  if (title !== undefined) onStep?.(title)
}

/** The environment of a stranger's machine: no home of ours, no database of ours, a temporary folder that the story can search. */
export function storyEnvironment(folder: string): NodeJS.ProcessEnv {
  const { HANDOVER_HOME: _home, DATABASE_URL: _database, KEYSTORE_URL: _keys, NODE_OPTIONS: _options, VITEST: _vitest, ...rest } = process.env
  return { ...rest, TMPDIR: temporaryFolder(folder) }
}

/** Where a story's processes put what is temporary. */
export function temporaryFolder(folder: string): string {
  return join(folder, 'tmp')
}

function killIfAlive(pid: number): void {
  if (pid === 0) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The living database servers below a folder; each runs in a session of its own and survives its party's kill -9. */
export function postmastersBelow(folder: string): number[] {
  return partyHomes(folder).flatMap((home) => {
    const file = join(home, 'pg', 'data', 'postmaster.pid')
    const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
    // The number may be a stranger's by now: only a process whose own command line names this cluster is one of ours.
    return pid > 1 && commandLine(pid).includes(join(home, 'pg', 'data')) ? [pid] : []
  })
}

/** Every process that names the folder on its command line: servers, parties, witnesses. */
export function processesBelow(folder: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => commandLine(Number(pid)).replaceAll('\0', ' ')).filter((line) => line.includes(folder))
}

/** kill -9 to database servers, as when memory runs out. */
export function killPostmasters(pids: readonly number[]): void {
  pids.forEach(killIfAlive)
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** The homes of the parties of a story. */
export function partyHomes(folder: string): string[] {
  const demo = join(folder, 'demo')
  if (!existsSync(demo)) return []
  return readdirSync(demo).map((party) => join(demo, party, 'home')).filter((home) => existsSync(home))
}

/** Ends what still runs and removes the folder. */
export function clearAway(folder: string): void {
  killPostmasters(postmastersBelow(folder))
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}
