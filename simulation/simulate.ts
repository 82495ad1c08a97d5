// SPDX-License-Identifier: Apache-2.0
// One run of a seed: actors act in an order that follows from the seed, faults strike, and after every step everything is checked.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom, type SeededRandom } from '../app/src/demo/index.ts'
import { newActor, nextAct, ordinaryCourse, type Act, type Actor, type Scene } from './actors.ts'
import { breachesOf, digestOfState, newHistory, type Breach, type History } from './invariants.ts'
import { placesOf, readState, type SimulatedState } from './read-state.store.ts'
import type { StatementFault } from './statement-faults.ts'
import type { WitnessWay } from './witness-gate.ts'
import { canaries, runBegins, type SimulatedAnswer, type World } from './world.ts'

/** How a run is played. */
export interface RunOrder {
  seed: number
  steps: number
  actors: number
  /** Where it begins; drawn from the seed unless given. */
  phase?: (typeof phases)[number]
  /** The one script that all actors follow; drawn unless given. */
  script?: string
  /** Steps that are drawn but not carried out. */
  skip?: ReadonlySet<number>
  /** Said after each step. */
  say?(line: string): void
}

/** What a run came to. */
export interface RunResult {
  seed: number
  /** The steps played; the last one of a failed run is the one that broke something. */
  steps: number
  breaches: Breach[]
  /** The same for each run of the seed. */
  digest: string
  trace: string[]
  /** How often each kind of act was carried out. */
  done: Map<string, number>
}

/** Refusals that a party may meet whatever others and the faults do; everything else is a finding. */
const wrongCodes = new Set(['BUG', 'KEYS_NOT_GONE', 'HOME_HALTED', 'EFFECT_REUSED', 'BOOKS_OUT_OF_BALANCE', 'LOG_DIFFERS', 'LOG_BEHIND', 'LOG_ENTRIES_DAMAGED', 'LOG_KEY_MISSING', 'EPOCH_KEY_MISSING', 'POLICY_EDITED', 'STATEMENT_TIMEOUT', 'LOG_BUSY', 'FILE_TROUBLE', 'RECORD_UNKNOWN'])
const knownExits = new Set([0, 2, 3, 10, 11, 12, 13, 14, 15, 65, 69, 74, 75, 77, 78])

/** Where runs begin: the matter opened, its plan approved, its package reconciled, a destruction approved that still cools off. */
export const phases = ['opened', 'planned', 'handed', 'ordered'] as const

/** Plays the ordinary course without any fault and keeps the world at each phase, so that runs need not play it again. */
export async function preparePhases(world: World): Promise<void> {
  await world.save('opened')
  const scene = newScene(world, seededRandom('handover/simulation/phases'))
  for (const phase of ['planned', 'handed', 'ordered'] as const) {
    for (const step of ordinaryCourse[phase]) {
      look(scene, await readState(world.books, world.keys))
      const act = step(scene)
      if (act === null) throw new Error(`${phase}: there is nothing to go on with`)
      const answer = await world.run(act.party, runBegins, act.argv, null)
      if (answer.exit !== 0 && answer.exit !== 3) throw new Error(`${phase}: ${act.name} → ${ended(answer)}\n${answer.said}`)
    }
    await world.save(phase)
  }
  prepared.set(world, scene)
}

/** Who is left out goes on as if the process had ended before it began. */
const leftOut: SimulatedAnswer = { exit: null, code: null, said: '', document: null, statements: 0 }

const prepared = new WeakMap<World, Scene>()

/** Plays a seed in a world that is put back first; stops at the first step that breaks something. */
export async function simulate(world: World, order: RunOrder): Promise<RunResult> {
  const phase = order.phase ?? seededRandom(`handover/simulation/phase/${order.seed}`).pick(phases)
  await world.reset(phase)
  const known = prepared.get(world)?.files
  const run = new Run(world, order, known === undefined || !['handed', 'ordered'].includes(phase) ? null : known)
  return run.play()
}

function newScene(world: World, random: SeededRandom): Scene {
  return { world, random, requests: [], orders: [], holds: [], plans: [], customers: 8, count: 0, files: { package: [], acceptance: [], reconciliation: [], countersigned: [], exported: [], signed: [], register: [] } }
}

/** Ids in the order in which they came up, so that an act speaks of the same one in each run of a seed. */
function look(scene: Scene, state: SimulatedState): void {
  const note = <T>(known: T[], found: readonly T[], same: (one: T, other: T) => boolean): void => void known.push(...found.filter((one) => !known.some((other) => same(one, other))))
  note(scene.requests, state.requests.map(({ id, act }) => ({ id, act })), (one, other) => one.id === other.id)
  note(scene.orders, state.orders.map((order) => order.id), (one, other) => one === other)
  note(scene.holds, state.holds, (one, other) => one === other)
  note(scene.plans, state.plans.map((plan) => plan.id), (one, other) => one === other)
}

class Run {
  readonly #world: World
  readonly #order: RunOrder
  readonly #random: SeededRandom
  readonly #history: History = newHistory()
  readonly #trace: string[] = []
  readonly #done = new Map<string, number>()
  readonly #actors: Actor[]
  #clock = Date.parse(runBegins)
  #skew = 0

  readonly #files: Scene['files'] | null

  constructor(world: World, order: RunOrder, files: Scene['files'] | null) {
    this.#files = files
    this.#world = world
    this.#order = order
    this.#random = seededRandom(`handover/simulation/${order.seed}`)
    this.#actors = Array.from({ length: order.actors }, () => newActor(this.#random, order.script))
  }

  async play(): Promise<RunResult> {
    const world = this.#world
    let state = await readState(world.books, world.keys)
    const scene = newScene(world, this.#random)
    look(scene, state)
    if (this.#files !== null) scene.files = { ...scene.files, ...Object.fromEntries(Object.entries(this.#files).map(([kind, files]) => [kind, [...files]])) }
    scene.count = 100
    let breaches = breachesOf(state, world.gates, this.#history)
    let step = 0
    while (breaches.length === 0 && step < this.#order.steps) {
      step += 1
      const said = await this.#step(scene, step)
      state = await readState(world.books, world.keys)
      look(scene, state)
      breaches = [...said, ...breachesOf(state, world.gates, this.#history), ...(step % 10 === 0 || step === this.#order.steps ? await this.#canariesInTables() : [])]
    }
    const digest = createHash('sha256').update(JSON.stringify([this.#trace, digestOfState(state)])).digest('hex')
    return { seed: this.#order.seed, steps: step, breaches, digest, trace: this.#trace, done: this.#done }
  }

  async #step(scene: Scene, step: number): Promise<Breach[]> {
    const actor = this.#order.script !== undefined || this.#random.chance(0.75) ? this.#random.pick(this.#actors) : null
    const name = actor?.name ?? 'whim'
    const act = nextAct(scene, actor)
    if (act === null) {
      if (actor !== null) this.#restart(actor)
      return []
    }
    this.#passTime(act)
    const fault = this.#fault()
    const ways = this.#faultWitnesses()
    const isTwice = this.#random.chance(0.1)
    if (this.#order.skip?.has(step) === true) {
      this.#advance(actor, leftOut)
      return []
    }
    const answer = await this.#do(act, fault)
    const again = isTwice ? await this.#do(act, null) : null
    this.#advance(actor, answer)
    const line = `${step} ${name}: ${act.name}${fault === null ? '' : ` [${fault.kind} ${fault.when} ${fault.statement}]`}${ways === '' ? '' : ` [${ways}]`} → ${ended(answer)}${again === null ? '' : ` → again ${ended(again)}`}`
    this.#trace.push(line)
    this.#order.say?.(line)
    if (answer.exit === 0) this.#done.set(act.name, (this.#done.get(act.name) ?? 0) + 1)
    return [answer, ...(again === null ? [] : [again])].flatMap((one) => this.#wrongAnswer(act, one))
  }

  async #do(act: Act, fault: StatementFault | null): Promise<SimulatedAnswer> {
    // A file that a run before left half-made is taken away by whoever runs the command again.
    const out = act.argv.indexOf('-o')
    const target = out < 0 ? undefined : act.argv[out + 1]
    if (target !== undefined && existsSync(target)) rmSync(target, { recursive: true, force: true })
    return this.#world.run(act.party, new Date(this.#clock + this.#skew).toISOString(), act.argv, fault)
  }

  #passTime(act: Act): void {
    this.#clock += (act.wait ?? this.#random.below(20)) * 60_000
    if (this.#random.chance(0.03)) this.#clock += 36 * 3_600_000
    // A wrong clock that somebody sets right again.
    this.#skew = this.#random.chance(0.05) ? this.#random.pick([-90_000, -3 * 3_600_000]) : 0
  }

  #fault(): StatementFault | null {
    if (!this.#random.chance(0.3)) return null
    return { kind: this.#random.chance(0.6) ? 'crash' : 'lost', when: this.#random.chance(0.5) ? 'before' : 'after', statement: 1 + this.#random.below(this.#random.pick([8, 40, 120])) }
  }

  #faultWitnesses(): string {
    const ways: WitnessWay[] = ['slow', 'refusing', 'unreachable', 'answer-lost']
    return this.#world.gates.map((gate) => {
      gate.way = this.#random.chance(0.12) ? this.#random.pick(ways) : 'open'
      return gate.way === 'open' ? '' : `${gate.name} ${gate.way}`
    }).filter((word) => word !== '').join(', ')
  }

  #advance(actor: Actor | null, answer: SimulatedAnswer): void {
    if (actor === null) return
    const isDone = answer.exit === 0 || answer.exit === 3
    // Who is interrupted tries again; who is refused sometimes does, and sometimes goes on all the same.
    if (isDone || (answer.exit !== null && this.#random.chance(0.5))) actor.next += 1
    else if (this.#random.chance(0.3)) this.#restart(actor)
    if (actor.next >= actor.script.length) this.#restart(actor)
  }

  #restart(actor: Actor): void {
    Object.assign(actor, newActor(this.#random, this.#order.script))
  }

  #wrongAnswer(act: Act, answer: SimulatedAnswer): Breach[] {
    const words = Object.values(canaries).filter((word) => answer.said.includes(word) || JSON.stringify(answer.document ?? null).includes(word))
    return [
      ...(answer.exit === null || (knownExits.has(answer.exit) && !wrongCodes.has(answer.code ?? '')) ? [] : [{ invariant: 'a command is carried out or properly refused', where: `${act.name}: ${answer.said.slice(-700)}` }]),
      ...(words.length === 0 ? [] : [{ invariant: 'no command prints a personal value', where: act.name }]),
    ]
  }

  async #canariesInTables(): Promise<Breach[]> {
    const words = [...Object.values(canaries), '客户.csv', '手机号']
    const tables = [...(await placesOf(this.#world.books, words)), ...(await placesOf(this.#world.keys, words))]
    const log = join(this.#world.folder, 'seller', 'home', 'objects', 'log')
    const files = existsSync(log) ? readdirSync(log, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && words.some((word) => readFileSync(join(file.parentPath, file.name)).includes(word))) : []
    return [...tables, ...files.map((file) => file.name)].map((where) => ({ invariant: 'no personal value and no title stands in clear', where }))
  }
}

function ended(answer: SimulatedAnswer): string {
  return answer.exit === null ? 'process ended' : `${answer.exit}${answer.code === null ? '' : ` ${answer.code}`}`
}
