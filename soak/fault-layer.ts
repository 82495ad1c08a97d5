// SPDX-License-Identifier: Apache-2.0
// Preloaded into a party's process (NODE_OPTIONS=--import): counts every write to files, to the database and to the network, and lets one of them fail.
// Outside the product's code: the product does not know that it is there. Worker threads load it too and share the counters.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { faultModes, type FaultMode, type LayerOrder, type SeenWrites } from './fault-state.ts'
import { beforeNameChange, forgetSynced, isReading, loseUnsynced, noteLinked, noteMade, noteMoved, noteOpened, noteSynced, noteWritten, pathOfHandle } from './unsynced-files.ts'

const environmentKey = 'handover-soak-fault'
const slots = { mode: 0, nth: 1, all: 2, files: 3, struck: 4, pathBytes: 5, commits: 6, only: 7, renames: 8, database: 9 } as const
const onlyCodes = { all: 0, commits: 1, renames: 2, database: 3 } as const
const headBytes = 64
const pathBytesMax = 32_768

const shared = sharedState()
const counters = new Int32Array(shared, 0, headBytes / 4)
const pathArea = new Uint8Array(shared, headBytes, pathBytesMax)

type Target = 'file' | 'database' | 'network'
interface Write {
  target: Target
  path: string
  /** Whether it takes room on the disk: a full disk refuses it. */
  takesRoom: boolean
  /** Whether the system's own error would name the path: it does so for calls by path, not for calls by descriptor. */
  byPath?: boolean
  isCommit?: boolean
  isRename?: boolean
  /** Does the first half of it, for a write that dies in the middle. */
  half?: () => void
}

function sharedState(): SharedArrayBuffer {
  const given = getEnvironmentData(environmentKey)
  if (given instanceof SharedArrayBuffer) return given
  const made = new SharedArrayBuffer(headBytes + pathBytesMax)
  setEnvironmentData(environmentKey, made)
  return made
}

function modeNow(): FaultMode {
  return faultModes[Atomics.load(counters, slots.mode)] ?? 'none'
}

/** Counts this write; the error when the disk refuses it, 'after' when the process is to die behind it, undefined when it may pass. */
function count(write: Write): Error | 'after' | undefined {
  const all = Atomics.add(counters, slots.all, 1) + 1
  const files = write.target === 'file' ? Atomics.add(counters, slots.files, 1) + 1 : Atomics.load(counters, slots.files)
  const commits = write.isCommit === true ? Atomics.add(counters, slots.commits, 1) + 1 : 0
  const renames = write.isRename === true ? Atomics.add(counters, slots.renames, 1) + 1 : 0
  const database = write.target === 'database' ? Atomics.add(counters, slots.database, 1) + 1 : 0
  const mode = modeNow()
  const nth = Atomics.load(counters, slots.nth)
  if (nth === 0 || mode === 'none') return undefined
  if (mode === 'ENOSPC' || mode === 'EIO' || mode === 'EROFS') return refusal(write, { mode, reached: files >= nth, exact: files === nth })
  const only = Atomics.load(counters, slots.only)
  if ([all, commits, renames, database][only] !== nth) return undefined
  if (mode === 'kill-after' || only === onlyCodes.renames) return 'after'
  if (mode === 'stop') process.kill(process.pid, 'SIGSTOP')
  else die(mode, write)
  return undefined
}

/** A full or read-only disk stays so until the command ends; an I/O error strikes once. */
function refusal(write: Write, { mode, reached, exact }: { mode: 'ENOSPC' | 'EIO' | 'EROFS'; reached: boolean; exact: boolean }): Error | undefined {
  const strikes = write.target === 'file' && (mode === 'EIO' ? exact : reached) && (mode !== 'ENOSPC' || write.takesRoom)
  if (!strikes) return undefined
  Atomics.add(counters, slots.struck, 1)
  notePath(write.path)
  const code = { ENOSPC: -28, EIO: -5, EROFS: -30 }[mode]
  return Object.assign(new Error(`${mode}: soak, write`), { errno: code, code: mode, syscall: 'write', ...(write.byPath === true ? { path: write.path } : {}) })
}

/** Appends a path that was refused, a line each, as long as there is room. */
function notePath(path: string): void {
  const bytes = new TextEncoder().encode(`${path}\n`)
  const at = Atomics.add(counters, slots.pathBytes, bytes.length)
  if (at + bytes.length <= pathBytesMax) pathArea.set(bytes, at)
  else Atomics.sub(counters, slots.pathBytes, bytes.length)
}

function die(mode: FaultMode, write?: Write): void {
  if (mode === 'kill-torn') write?.half?.()
  if (mode === 'power-cut' || mode === 'power-names') loseUnsynced(mode === 'power-names')
  process.kill(process.pid, 'SIGKILL')
}

type Ending = 'throws' | 'calls back' | 'rejects'
type Describe = (self: unknown, args: readonly unknown[]) => Write | null

/** Puts the counting in front of a function; `after` is told when it succeeded. */
function wrap(target: object, name: string, how: { ending: Ending; describe: Describe; after?: (self: unknown, args: readonly unknown[], result: unknown) => void }): void {
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== 'function') return
  const call = (self: unknown, args: readonly unknown[]): unknown => Reflect.apply(original, self, args)
  const wrapper = {
    [name](this: unknown, ...args: unknown[]): unknown {
      const write = how.describe(this, args)
      const verdict = write === null ? undefined : count(write)
      if (verdict instanceof Error) return refuse(how.ending, verdict, args)
      const passed = (result: unknown): void => {
        how.after?.(this, args, result)
        if (verdict === 'after') die(modeNow())
      }
      return finish(how.ending, { self: this, args, call, passed })
    },
  }[name]
  if (wrapper === undefined) return
  for (const symbol of Object.getOwnPropertySymbols(original)) Object.defineProperty(wrapper, symbol, Object.getOwnPropertyDescriptor(original, symbol) ?? {})
  Reflect.set(target, name, wrapper)
}

function refuse(ending: Ending, error: Error, args: readonly unknown[]): unknown {
  if (ending === 'throws') throw error
  if (ending === 'rejects') return Promise.reject(error)
  const callback = args.at(-1)
  if (typeof callback === 'function') process.nextTick(() => void Reflect.apply(callback, undefined, [error]))
  return undefined
}

interface Passing {
  self: unknown
  args: readonly unknown[]
  call: (self: unknown, args: readonly unknown[]) => unknown
  passed: (result: unknown) => void
}

function finish(ending: Ending, { self, args, call, passed }: Passing): unknown {
  const callback = args.at(-1)
  if (ending === 'calls back' && typeof callback === 'function') {
    return call(self, [...args.slice(0, -1), (...given: unknown[]) => {
      if (given[0] === null || given[0] === undefined) passed(given[1])
      Reflect.apply(callback, undefined, given)
    }])
  }
  const result = call(self, args)
  if (ending === 'rejects' && result instanceof Promise) return passing(result, passed)
  passed(result)
  return result
}

async function passing(promise: Promise<unknown>, passed: (result: unknown) => void): Promise<unknown> {
  const value = await promise
  passed(value)
  return value
}

const originalWriteSync = fs.writeSync
const originalSocketWrite: unknown = Reflect.get(net.Socket.prototype, 'write')

/** Half of a write's bytes, for the torn ones. */
function halfOf(handle: unknown, [data, offset, length, position]: readonly unknown[]): void {
  if (typeof handle !== 'number') return
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  if (!(bytes instanceof Uint8Array)) return
  const from = typeof offset === 'number' ? offset : 0
  const all = typeof length === 'number' ? length : bytes.length - from
  originalWriteSync(handle, bytes, from, Math.floor(all / 2), typeof position === 'number' ? position : null)
}

const isStandardStream = (handle: unknown): boolean => handle === 0 || handle === 1 || handle === 2
const onHandle: Describe = (_, [handle, ...rest]) => (isStandardStream(handle) ? null : { target: 'file', path: pathOfHandle(handle), takesRoom: true, half: () => halfOf(handle, rest) })
const onPath: Describe = (_, [path]) => {
  if (typeof path === 'number') return onHandle(undefined, [path])
  beforeNameChange(String(path))
  return { target: 'file', path: String(path), takesRoom: true, byPath: true }
}
const onFreeing: Describe = (_, [path]) => {
  beforeNameChange(String(path))
  return { target: 'file', path: String(path), takesRoom: false, byPath: true }
}
const onMove: Describe = (_, [, to]) => {
  beforeNameChange(String(to))
  return { target: 'file', path: String(to), takesRoom: false, byPath: true }
}
const onRename: Describe = (self, args) => ({ ...onMove(self, args), target: 'file', path: String(args[1]), takesRoom: false, isRename: true })
const onSync: Describe = (_, [handle]) => ({ target: 'file', path: pathOfHandle(handle), takesRoom: true })

const onOpen: Describe = (self, [path, flags]) => (isReading(flags) ? null : onPath(self, [path]))

function wrapFiles(target: object, suffix: '' | 'Sync', ending: Ending): void {
  const put = (name: string, describe: Describe, after?: (args: readonly unknown[], result: unknown) => void): void =>
    wrap(target, `${name}${suffix}`, { ending, describe, ...(after === undefined ? {} : { after: (_, args, result) => after(args, result) }) })
  put('open', onOpen, ([path, flags], result) => noteOpened(path, flags, result))
  for (const name of ['write', 'writev']) put(name, onHandle, ([handle]) => noteWritten(pathOfHandle(handle)))
  put('ftruncate', onHandle)
  for (const name of ['fsync', 'fdatasync']) put(name, onSync, ([handle]) => noteSynced(pathOfHandle(handle)))
  for (const name of ['writeFile', 'appendFile']) put(name, onPath, ([path, , options]) => {
    const isFlushed = typeof options === 'object' && options !== null && 'flush' in options && options.flush === true
    if (!isFlushed && typeof path === 'string') noteWritten(path)
  })
  for (const name of ['truncate', 'mkdtemp']) put(name, onPath)
  put('mkdir', onPath, ([path, options], made) => {
    const first = typeof made === 'string' ? made : typeof options === 'object' && options !== null && 'recursive' in options && options.recursive === true ? null : String(path)
    if (first !== null) noteMade(first)
  })
  for (const name of ['unlink', 'rm', 'rmdir']) put(name, onFreeing, ([path]) => forgetSynced(String(path)))
  put('rename', onRename, ([from, to]) => noteMoved(String(from), String(to)))
  put('link', onMove, ([from, to]) => noteLinked(String(from), String(to)))
  put('copyFile', onMove, ([, to]) => noteWritten(String(to)))
}

/** Methods of an open file of node:fs/promises. */
async function wrapHandles(): Promise<void> {
  const handle = await fs.promises.open('/dev/null', 'r')
  const prototype: unknown = Object.getPrototypeOf(handle)
  await handle.close()
  if (typeof prototype !== 'object' || prototype === null) return
  const pathOf = (self: unknown): string => pathOfHandle(typeof self === 'object' && self !== null && 'fd' in self ? self.fd : undefined)
  const describe: Describe = (self) => ({ target: 'file', path: pathOf(self), takesRoom: true })
  for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'truncate']) wrap(prototype, name, { ending: 'rejects', describe, after: (self) => noteWritten(pathOf(self)) })
  for (const name of ['sync', 'datasync']) wrap(prototype, name, { ending: 'rejects', describe, after: (self) => noteSynced(pathOf(self)) })
}

/** A simple query that ends a transaction: `Q`, length, `COMMIT`. */
function isCommit(data: unknown): boolean {
  return data instanceof Uint8Array ? data.length < 32 && Buffer.from(data).toString('latin1').includes('COMMIT') : typeof data === 'string' && /^commit$/i.test(data)
}

const targets = new WeakMap<object, Target>()

/** Writes to the database's socket and to other sockets; standard streams and the driver's channel are none of them. */
function wrapSockets(): void {
  wrap(net.Socket.prototype, 'connect', {
    ending: 'throws',
    describe: (self, args) => {
      if (typeof self === 'object' && self !== null) targets.set(self, JSON.stringify(args.filter((arg) => typeof arg !== 'function')).includes('.s.PGSQL') ? 'database' : 'network')
      return null
    },
  })
  wrap(net.Socket.prototype, 'write', {
    ending: 'throws',
    describe: (self, [data]) => {
      const target = typeof self === 'object' && self !== null ? targets.get(self) : undefined
      if (target === undefined || !(self instanceof net.Socket)) return null
      return { target, path: target, takesRoom: false, isCommit: target === 'database' && isCommit(data), half: () => (data instanceof Uint8Array && typeof originalSocketWrite === 'function' ? void Reflect.apply(originalSocketWrite, self, [data.subarray(0, data.length >> 1)]) : undefined) }
    },
  })
}

/** Statements of a database that the party writes itself (a destination, an original): a full disk shows as SQLite's own error. */
function wrapSqlite(): void {
  const describe: Describe = (_, [sql]) => ({ target: 'database', path: 'sqlite', takesRoom: false, isCommit: isCommit(sql) })
  wrap(DatabaseSync.prototype, 'exec', { ending: 'throws', describe })
  wrap(StatementSync.prototype, 'run', { ending: 'throws', describe })
}

function obey(order: LayerOrder): void {
  if (order.soak === 'arm') {
    for (const slot of Object.values(slots)) Atomics.store(counters, slot, 0)
    Atomics.store(counters, slots.only, onlyCodes[order.fault.only ?? 'all'])
    Atomics.store(counters, slots.nth, order.fault.nth)
    Atomics.store(counters, slots.mode, faultModes.indexOf(order.fault.mode))
  }
  const seen: SeenWrites = { all: Atomics.load(counters, slots.all), files: Atomics.load(counters, slots.files), commits: Atomics.load(counters, slots.commits), renames: Atomics.load(counters, slots.renames), database: Atomics.load(counters, slots.database), struck: Atomics.load(counters, slots.struck), paths: new TextDecoder().decode(pathArea.slice(0, Atomics.load(counters, slots.pathBytes))).split('\n').filter((path) => path !== '') }
  if (order.soak === 'read') Atomics.store(counters, slots.nth, 0)
  process.send?.(seen)
}

wrapFiles(fs, 'Sync', 'throws')
wrapFiles(fs, '', 'calls back')
wrapFiles(fs.promises, '', 'rejects')
await wrapHandles()
wrapSockets()
wrapSqlite()
syncBuiltinESMExports()
if (isMainThread && process.send !== undefined) {
  process.on('message', (order: LayerOrder) => obey(order))
  process.channel?.unref()
}
