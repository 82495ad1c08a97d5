// SPDX-License-Identifier: Apache-2.0
// Faults at the database seam. Every statement of the product passes `Client.prototype.query` of the driver; a command that runs inside `underFault` counts its statements there.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Client } from 'pg'

/** What happens at the n-th statement of a command: the process ends (nothing of it goes on, not even its clean-up), or its connection breaks; before the server got the statement, or after it was carried out. */
export interface StatementFault {
  kind: 'crash' | 'lost'
  when: 'before' | 'after'
  statement: number
}

/** How a command under a fault ended. */
export type UnderFault<T> = { ended: true; value: T; statements: number } | { ended: false; statements: number }

interface Running {
  fault: StatementFault | null
  count: number
  isDead: boolean
  clients: Set<Client>
  die(): void
}

/** A bug that a simulation plants to see whether it is found: statements of the product that match are never carried out, and nobody is told. */
export interface PlantedBug {
  name: string
  statement: RegExp
  /** Only where a parameter says so, e.g. the state that a request is set to. */
  parameter?: string
}

let planted: PlantedBug | null = null

/** Plants a bug from now on, or takes it away; only commands that run inside `underFault` have it. */
export function plantBug(bug: PlantedBug | null): void {
  planted = bug
}

const running = new AsyncLocalStorage<Running>()
const never = new Promise<never>(() => undefined)
let isInstalled = false

/** Puts the seam into the driver, once a process. Statements outside `underFault` (the checks) pass untouched. */
export function installStatementFaults(): void {
  if (isInstalled) return
  isInstalled = true
  const original: unknown = Reflect.get(Client.prototype, 'query')
  if (typeof original !== 'function') throw new Error('the driver has no query')
  Reflect.set(Client.prototype, 'query', function query(this: Client, ...given: unknown[]): unknown {
    const state = running.getStore()
    const send = (): unknown => Reflect.apply(original, this, given)
    // A stream (COPY) is handed through as it is; it begins and ends between two counted statements.
    const asked = statementOf(given)
    if (state === undefined || asked === null || typeof given.at(-1) === 'function') return send()
    const isForgotten = planted?.statement.test(asked.text) === true && (planted.parameter === undefined || asked.params.includes(planted.parameter))
    const forget = (): unknown => Reflect.apply(original, this, ['select 1 where false'])
    return counted(this, state, isForgotten ? forget : send)
  })
}

/** The text and parameters of a call, given one after the other or as one object; null for a stream. */
function statementOf([first, second]: readonly unknown[]): { text: string; params: readonly unknown[] } | null {
  if (typeof first === 'string') return { text: first, params: Array.isArray(second) ? second : [] }
  if (typeof first !== 'object' || first === null || 'submit' in first || !('text' in first) || typeof first.text !== 'string') return null
  return { text: first.text, params: 'values' in first && Array.isArray(first.values) ? first.values : [] }
}

async function counted(client: Client, state: Running, send: () => unknown): Promise<unknown> {
  if (state.isDead) return never
  state.clients.add(client)
  state.count += 1
  const fault = state.fault?.statement === state.count ? state.fault : null
  if (fault?.when === 'before') strike(client, state, fault)
  if (state.isDead) return never
  const result = await send()
  if (state.isDead) return never
  if (fault?.when === 'after') strike(client, state, fault)
  return state.isDead ? never : result
}

function strike(client: Client, state: Running, fault: StatementFault): void {
  if (fault.kind === 'crash') {
    state.isDead = true
    state.die()
    return
  }
  client.connection.stream.destroy()
  throw new Error('Connection terminated unexpectedly')
}

/** Runs a command under a fault. After a crash its promise never ends, as a dead process answers nobody; its connections are cut and the server has forgotten them on return. */
export async function underFault<T>(fault: StatementFault | null, work: () => Promise<T>, forget: (backends: number[]) => Promise<void>): Promise<UnderFault<T>> {
  let die = (): void => undefined
  const death = new Promise<'dead'>((resolve) => {
    die = () => resolve('dead')
  })
  const state: Running = { fault, count: 0, isDead: false, clients: new Set(), die: () => die() }
  const outcome = await Promise.race([running.run(state, work).then((value) => ({ value })), death])
  if (outcome !== 'dead') return { ended: true, value: outcome.value, statements: state.count }
  const backends = [...state.clients].flatMap((client) => (typeof Reflect.get(client, 'processID') === 'number' ? [Number(Reflect.get(client, 'processID'))] : []))
  for (const client of state.clients) client.connection.stream.destroy()
  await forget(backends)
  return { ended: false, statements: state.count }
}
