// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { Stage } from '../app/src/demo/index.ts'
import { startArmedParty, startArmedWitness, isStopped, type Answer, type ArmedParty, type ArmedWitness, type CommandEnd } from './armed-party.ts'
import type { ArmedFault, SeenWrites } from './fault-state.ts'

/** A party by the name of its folder. */
export type PartyName = Parameters<Stage['as']>[0]

/** One command of the journey; the same number names the same command in every run. */
export interface Call {
  number: number
  party: PartyName
  /** Its words up to the first that is a value, e.g. `destroy run`. */
  verb: string
}

/** What decides which fault waits in a command, and hears how it ended. */
export interface Director {
  /** The fault of this attempt; null lets it run undisturbed, and its answer counts. */
  fault: (call: Call, attempt: number) => ArmedFault | null
  heard?: (call: Call, fault: ArmedFault, end: CommandEnd) => void
  /** A command that ran undisturbed and what it wrote. */
  ran?: (call: Call, seen: SeenWrites) => void
  /** The process ended in the middle of a command, and nothing was run since. */
  died?: (call: Call) => Promise<void>
  /** A stopped process, while another takes over; the default kills it. */
  stopped?: (call: Call, argv: readonly string[], zombie: ArmedParty) => Promise<void>
}

/** A stage whose parties carry the fault layer, and whose folder can be put aside and taken back. */
export interface SoakStage extends Stage {
  directedBy(director: Director): void
  /** Ends every process and database server, then copies the folder. */
  putAside(name: string): Promise<void>
  /** Ends everything and takes the copy back; the program of this tree goes on over it. */
  takeBack(name: string, tree?: string): Promise<void>
  /** Starts the witnesses again after everything was ended. */
  wake(): Promise<void>
  /** Another process of the same party, for those who take over; ended by the caller. */
  second(party: PartyName): ArmedParty
  kill(party: PartyName): Promise<void>
  /** Ends all processes (by kill -9 for the crash, otherwise in order); the next command starts anew. */
  down(how: 'end' | 'kill'): Promise<void>
  /** Ends the party process in order, so that its database is at rest. */
  rest(party: PartyName): Promise<void>
  witnesses(): readonly ArmedWitness[]
}

/** The program under test ended otherwise than it may; any other error is a fault of this harness and counts for nothing. */
export class WrongEnd extends Error {
  /** What it answered; null when its process ended or never came to an end. */
  readonly answer: Answer | null

  constructor(message: string, answer: Answer | null = null) {
    super(message)
    this.answer = answer
  }
}

const quiet: Director = { fault: () => null }
const attemptsMax = 90

interface Play {
  folder: string
  aside: string
  tree: string
  director: Director
  parties: Map<PartyName, ArmedParty>
  watching: Map<PartyName, { logs: readonly string[]; running: ArmedWitness | null }>
  calls: number
}

/** Opens a stage below `folder`; copies lie beside it. */
export function openSoakStage(order: { folder: string; seed: string; customers: number; tree: string }): SoakStage {
  const play: Play = { folder: join(order.folder, 'stage'), aside: join(order.folder, 'aside'), tree: order.tree, director: quiet, parties: new Map(), watching: new Map(), calls: 0 }
  const post = join(play.folder, 'post')
  mkdirSync(post, { recursive: true, mode: 0o700 })
  const asMay: Stage['asMay'] = async (party, at, accepted, ...argv) => runCall(play, { number: play.calls++, party, verb: verbOf(argv) }, { argv: ['--clock', at, ...argv], accepted })
  return {
    folder: play.folder, post, seed: order.seed, customers: order.customers, lang: 'en', asMay,
    as: (party, at, ...argv) => asMay(party, at, [0], ...argv),
    witness: async (party, logs) => {
      play.watching.set(party, { logs, running: null })
      await wakeWitness(play, party)
    },
    hasEvent: async (at, type) => z.object({ events: z.array(z.object({ type: z.string() })) }).parse((await asMay('seller', at, [0], 'log', 'show')).document).events.some((event) => event.type === type),
    step: () => undefined,
    stop: () => down(play, 'end'),
    directedBy: (director) => void (play.director = director),
    putAside: async (name) => {
      await down(play, 'end')
      mkdirSync(play.aside, { recursive: true })
      copyFolder(play.folder, join(play.aside, name))
      writeFileSync(join(play.aside, `${name}.json`), JSON.stringify({ calls: play.calls, watching: [...play.watching].map(([party, { logs }]) => [party, logs]) }))
    },
    wake: async () => {
      for (const party of play.watching.keys()) await wakeWitness(play, party)
    },
    takeBack: (name, tree) => takeBack(play, name, tree ?? order.tree),
    second: (party) => startArmedParty({ tree: play.tree, home: homeOf(play, party) }),
    kill: async (party) => endParty(play, party, 'kill'),
    down: (how) => down(play, how),
    rest: async (party) => endParty(play, party, 'end'),
    witnesses: () => [...play.watching.values()].flatMap(({ running }) => (running === null ? [] : [running])),
  }
}

async function endParty(play: Play, party: PartyName, how: 'end' | 'kill'): Promise<void> {
  const running = play.parties.get(party)
  play.parties.delete(party)
  if (how === 'kill') running?.signal('SIGKILL')
  await running?.stop()
}

const watchedSchema = z.object({ calls: z.int(), watching: z.array(z.tuple([z.enum(['seller', 'buyer', 'broker', 'custodian']), z.array(z.string())])) })

async function takeBack(play: Play, name: string, tree: string): Promise<void> {
  await down(play, 'kill')
  copyFolder(join(play.aside, name), play.folder)
  const { calls, watching } = watchedSchema.parse(JSON.parse(readFileSync(join(play.aside, `${name}.json`), 'utf8')))
  Object.assign(play, { tree, calls, director: quiet, watching: new Map(watching.map(([party, logs]) => [party, { logs, running: null }])) })
  for (const party of play.watching.keys()) await wakeWitness(play, party)
}

/** A copy with owners and times; cp does it in one process and shares blocks where the file system can. */
function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  const copied = spawnSync('cp', ['-a', '--reflink=auto', from, to])
  if (copied.status !== 0) cpSync(from, to, { recursive: true, preserveTimestamps: true })
}

function homeOf(play: Play, party: PartyName): string {
  return join(play.folder, party, 'home')
}

async function wakeWitness(play: Play, party: PartyName): Promise<void> {
  const watched = play.watching.get(party)
  if (watched === undefined || watched.running !== null) return
  const file = join(play.folder, 'post', `witness-${party}.json`)
  const port = existsSync(file) ? Number(new URL(z.looseObject({ url: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).url).port) : 0
  watched.running = await startArmedWitness({ tree: play.tree, home: join(play.folder, party, 'witness'), name: `witness.${party}.example`, logs: watched.logs, port })
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(watched.running.ready)}\n`)
}

async function down(play: Play, how: 'end' | 'kill'): Promise<void> {
  const parties = [...play.parties.values()]
  play.parties.clear()
  if (how === 'kill') for (const party of parties) party.signal('SIGKILL')
  await Promise.all(parties.map((party) => party.stop()))
  for (const watched of play.watching.values()) {
    await watched.running?.stop(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
    watched.running = null
  }
  for (const party of ['seller', 'buyer', 'broker', 'custodian'] as const) stopServer(join(homeOf(play, party), 'pg', 'data'))
}

/** A database server survives its party's kill -9; before its folder is copied or replaced it is stopped in order. */
function stopServer(dataFolder: string): void {
  const file = join(dataFolder, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  // The number may be a stranger's by now: only a process whose own command line names this cluster is ours.
  if (pid <= 1 || !commandLine(pid).includes(dataFolder)) return
  process.kill(pid, 'SIGINT')
  for (const deadline = Date.now() + 60_000; existsSync(file) && commandLine(pid) !== '' && Date.now() < deadline; ) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function partyOf(play: Play, name: PartyName): ArmedParty {
  const party = play.parties.get(name) ?? startArmedParty({ tree: play.tree, home: homeOf(play, name) })
  play.parties.set(name, party)
  return party
}

const noFault: ArmedFault = { mode: 'none', nth: 0 }

/** Runs a command until it has run undisturbed: faults strike in the attempts before. */
async function runCall(play: Play, call: Call, { argv, accepted }: { argv: readonly string[]; accepted: readonly number[] }): Promise<Answer> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const fault = play.director.fault(call, attempt)
    const party = partyOf(play, call.party)
    const end = await (fault?.mode === 'stop' ? untilStopped(party, argv, fault) : party.run(argv, fault ?? noFault))
    if (fault !== null) play.director.heard?.(call, fault, end)
    if (end.how === 'died') {
      play.parties.delete(call.party)
      await play.director.died?.(call)
    }
    if (end.how === 'waits') await besideZombie(play, call, { argv, party })
    if (end.how !== 'answered') {
      if (fault === null) throw new WrongEnd(`${call.party} · ${call.verb}: the process ${end.how === 'died' ? 'ended' : 'did not answer'} although no fault was set`)
      continue
    }
    // An answer of success is an acknowledgement, whatever struck before it: nobody would run the command again.
    if (fault !== null && end.seen.struck > 0 && !accepted.includes(end.answer.exit)) continue
    if (fault === null) play.director.ran?.(call, end.seen)
    if (accepted.includes(end.answer.exit) || (attempt > 0 && isThereAlready(end.answer))) return end.answer
    throw new WrongEnd(`${call.party} · ${argv.slice(2).join(' ')}: exit ${end.answer.exit}\n${[...end.answer.human, ...end.answer.messages].join('\n')}`, end.answer)
  }
  throw new WrongEnd(`${call.party} · ${call.verb}: ${attemptsMax} attempts and no end`)
}

/** The interrupted attempt had written the file that was asked for, and nobody overwrites it. */
function isThereAlready(answer: Answer): boolean {
  return z.object({ error: z.object({ code: z.literal('FILE_EXISTS') }) }).safeParse(answer.document).success
}

const lookMs = 50

/** Runs a command whose process is to stop itself in the middle; an answer means that it never came so far. */
export async function untilStopped(party: ArmedParty, argv: readonly string[], fault: ArmedFault): Promise<CommandEnd> {
  const end = party.run(argv, fault)
  let over = false
  void end.then(() => (over = true))
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    if (over) return end
    if (isStopped(party.pid)) return { how: 'waits' }
  }
}

async function besideZombie(play: Play, call: Call, { argv, party }: { argv: readonly string[]; party: ArmedParty }): Promise<void> {
  play.parties.delete(call.party)
  if (play.director.stopped !== undefined) await play.director.stopped(call, argv, party)
  party.signal('SIGKILL')
  await party.stop()
}

function verbOf(argv: readonly string[]): string {
  return argv.filter((word, at) => at < 2 && /^[a-z]+$/.test(word)).join(' ')
}
