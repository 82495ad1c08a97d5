// SPDX-License-Identifier: Apache-2.0
// The world of a simulation: parties with their homes, one PostgreSQL server, two witnesses behind gates. It is made once a process and put back before each run.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { z } from 'zod'
import { runCommand } from '../app/src/cli/run-command.ts'
import { newSession, type Session } from '../app/src/cli/session.ts'
import { addPeople, companyFacts, factsBeforeDestroying, factsBeforePacking, joinAndConfirm, openHomes, setUpLog, type DemoPeople, type Stage } from '../app/src/demo/index.ts'
import { databaseServers, type DatabaseServers } from '../app/src/store/database-servers.ts'
import { watchLog, openWitness } from '../app/src/witness/index.ts'
import { installStatementFaults, underFault, type StatementFault } from './statement-faults.ts'
import { openWitnessGate, type WitnessGate } from './witness-gate.ts'

/** Parties that act. */
export type ActingParty = 'seller' | 'buyer' | 'broker'

/** What a command answered; `exit` is null when its process died. */
export interface SimulatedAnswer {
  exit: number | null
  code: string | null
  document: unknown
  /** Everything it said, to be searched for personal values. */
  said: string
  statements: number
}

/** The world at the beginning of a run, and what changes it. */
export interface World {
  folder: string
  people: DemoPeople & { stranger: string }
  gates: readonly WitnessGate[]
  /** The checker's own connections: a superuser's, which no row-level security binds. */
  books: Client
  keys: Client
  /** Runs a command of a party at a legal time, in the process of that party; a fault may end the process. */
  run(party: ActingParty, at: string, argv: readonly string[], fault: StatementFault | null): Promise<SimulatedAnswer>
  /** A party's process ends and starts again. */
  restart(party: ActingParty): Promise<void>
  /** Keeps the world as it is now under a name. */
  save(phase: string): Promise<void>
  /** Puts everything back to what was saved under this name. */
  reset(phase: string): Promise<void>
  remove(): Promise<void>
}

const live = 'sim_live'
const opening = '2026-09-01T09:00:00+08:00'
/** When a run begins. */
export const runBegins = '2026-10-20T09:00:00+08:00'
const errorSchema = z.object({ error: z.object({ code: z.string() }) })

/** What nobody may find in clear outside the parties' own files: invented people and their words. */
export const canaries = { mobiles: '1700555', notes: '金丝雀备注', names: '赵金丝' } as const

/** A line of a register that is full of canaries. */
export function canaryLine(number: number): string {
  return [`KH${String(number).padStart(5, '0')}`, `${canaries.mobiles}${String(1000 + number)}`, `${canaries.names}${'甲乙丙丁戊己庚辛壬癸'[number % 10] ?? ''}`, `${canaries.notes}${number}`].join(',')
}

/** Writes a register of these lines. */
export function writeRegister(file: string, lines: readonly string[]): void {
  writeFileSync(file, `${['客户编号,手机号,姓名,备注', ...lines].join('\r\n')}\r\n`)
}

class SimulatedWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'handover-simulation-'))
  readonly folder = join(this.root, 'live')
  readonly gates: WitnessGate[] = []
  readonly sessions = new Map<ActingParty, Session>()
  people: DemoPeople & { stranger: string } = { lead: '', legal: '', counsel: '', stranger: '' }
  books = new Client()
  keys = new Client()
  #servers: DatabaseServers | null = null
  readonly #environment = { url: process.env['DATABASE_URL'], password: process.env['DATABASE_PASSWORD_FILE'] }

  async make(): Promise<void> {
    installStatementFaults()
    mkdirSync(this.folder)
    this.#servers = await databaseServers(join(this.root, 'server'), {})
    const login = this.#servers.main.owner('postgres')
    writeFileSync(join(this.root, 'password'), String(login.password), { mode: 0o600 })
    process.env['DATABASE_URL'] = `postgresql://${String(login.user)}@${encodeURIComponent(String(login.host))}:${String(login.port)}/${live}`
    process.env['DATABASE_PASSWORD_FILE'] = join(this.root, 'password')
    // The server itself never fails here, so that its own durability need not be paid for.
    await this.#administer(['alter system set fsync = off', 'alter system set full_page_writes = off', 'alter system set synchronous_commit = off', 'select pg_reload_conf()'])
    await this.#playOpening()
  }

  async save(phase: string): Promise<void> {
    await this.#closeAll()
    for (const suffix of ['', '_keys']) await this.#administer([`create database sim_${phase}${suffix} template ${live}${suffix}`])
    copyFolder(this.folder, join(this.root, phase))
    await this.reset(phase)
  }

  async reset(phase: string): Promise<void> {
    await this.#closeAll()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
    copyFolder(join(this.root, phase), this.folder)
    for (const suffix of ['', '_keys']) await this.#administer([`drop database if exists ${live}${suffix} with (force)`, `create database ${live}${suffix} template sim_${phase}${suffix}`])
    for (const gate of this.gates) await gate.open()
    const owner = this.#owner()
    this.books = new Client(owner(live))
    this.keys = new Client(owner(`${live}_keys`))
    for (const client of [this.books, this.keys]) {
      client.on('error', () => undefined) // the next check reports it
      await client.connect()
      await client.query(`set timezone to 'UTC'`)
    }
  }

  async run(party: ActingParty, at: string, argv: readonly string[], fault: StatementFault | null): Promise<SimulatedAnswer> {
    const session = this.sessions.get(party) ?? newSession()
    this.sessions.set(party, session)
    const said: string[] = []
    let document: unknown = null
    const streams = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text), isTty: false, document: (given: unknown) => void (document = given), progress: () => undefined }
    const line = [...argv, '--clock', at, '--home', join(this.folder, party, 'home'), '--lang', 'zh']
    const done = await underFault(fault, () => runCommand(line, { session, streams, pause: new AbortController().signal }), (backends) => this.#endBackends(backends))
    // Nothing of a dead process is closed in order; its next command starts a new one.
    if (!done.ended) this.sessions.delete(party)
    const error = errorSchema.safeParse(document)
    return { exit: done.ended ? done.value : null, code: error.success ? error.data.error.code : null, document, said: said.join('\n'), statements: done.statements }
  }

  async restart(party: ActingParty): Promise<void> {
    const session = this.sessions.get(party)
    this.sessions.delete(party)
    await session?.close()
  }

  async remove(): Promise<void> {
    await this.#closeAll()
    for (const gate of this.gates) await gate.stop()
    await this.#servers?.release()
    for (const [name, value] of [['DATABASE_URL', this.#environment.url], ['DATABASE_PASSWORD_FILE', this.#environment.password]] as const) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 })
  }

  #owner(): DatabaseServers['main']['owner'] {
    if (this.#servers === null) throw new Error('the server is not running')
    return this.#servers.main.owner
  }

  async #administer(statements: readonly string[]): Promise<void> {
    const client = new Client(this.#owner()('postgres'))
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }

  /** The server notices a dead client only when it speaks to it; the locks of a dead process must be gone before anybody else acts. */
  async #endBackends(backends: readonly number[]): Promise<void> {
    if (backends.length === 0) return
    await this.books.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where pid = any($1::int[])', [backends])
  }

  async #closeAll(): Promise<void> {
    for (const party of this.sessions.keys()) await this.restart(party)
    for (const gate of this.gates) await gate.close()
    for (const client of [this.books, this.keys]) await client.end().catch(() => undefined)
  }

  async #playOpening(): Promise<void> {
    const stage = this.#stage()
    for (const party of ['seller', 'buyer', 'broker'] as const) await openHomes(stage, opening, [party])
    await joinAndConfirm(stage, opening, { name: '模拟事项', type: 'asset-transfer', settings: ['notice_wait_days=0'], others: ['buyer', 'broker'] })
    const people = await addPeople(stage, opening)
    this.people = { ...people, stranger: join(this.folder, 'people', 'stranger.key') }
    await stage.as('buyer', opening, 'user', 'key', '-o', this.people.stranger)
    await setUpLog(stage, opening, ['buyer', 'broker'])
    const register = join(this.folder, 'seller', '客户.csv')
    writeRegister(register, Array.from({ length: 8 }, (_, number) => canaryLine(number)))
    await stage.as('seller', opening, 'ingest', register)
    await stage.as('seller', opening, 'subjects')
    await stage.as('seller', opening, ...treatWords('客户.csv'))
    await companyFacts(stage, opening, { people, deal: 'contract' })
    await factsBeforePacking(stage, opening, { people, guardiansAgreed: 0 })
    await factsBeforeDestroying(stage, opening, people)
    await stage.as('seller', opening, 'log', 'publish')
  }

  #stage(): Stage {
    const asMay: Stage['asMay'] = async (party, at, accepted, ...argv) => {
      if (party === 'custodian') throw new Error('there is no custodian on this stage')
      const { exit, document, said } = await this.run(party, at, argv, null)
      if (exit === null || !accepted.includes(exit)) throw new Error(`the opening stopped at ${party} ${argv.join(' ')}: exit ${String(exit)}\n${said}`)
      return { exit, document, human: said.split('\n'), messages: [] }
    }
    const post = join(this.folder, 'post')
    for (const folder of [post, join(this.folder, 'seller')]) mkdirSync(folder, { recursive: true })
    return {
      folder: this.folder, seed: 'simulation', customers: 8, lang: 'zh', post, asMay,
      as: (party, at, ...argv) => asMay(party, at, [0], ...argv),
      witness: (party, logs) => this.#addWitness(party, logs, post),
      hasEvent: async () => false,
      step: () => undefined,
      stop: async () => undefined,
    }
  }

  async #addWitness(party: string, logs: readonly string[], post: string): Promise<void> {
    const home = join(this.folder, party, 'witness')
    const name = `witness.${party}.example`
    const made = openWitness(home, name)
    made.close()
    for (const log of logs) watchLog(home, log)
    const gate = await openWitnessGate(home, name)
    await gate.open()
    this.gates.push(gate)
    writeFileSync(join(post, `witness-${party}.json`), `${JSON.stringify({ name, vkey: made.cosigner.vkey.text, url: gate.url })}\n`)
  }
}

/** With owners, modes and times: a home that others can enter would be another home. */
function copyFolder(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
}

/** How an ordinary register of customers is treated. */
export function treatWords(dataSet: string): string[] {
  return ['treat', dataSet, '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer']
}

/** Makes the world; the caller resets it before each run and removes it at the end. */
export async function makeWorld(): Promise<World> {
  const world = new SimulatedWorld()
  try {
    await world.make()
  } catch (error) {
    await world.remove()
    throw error
  }
  return world
}
