// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openForEditing } from './edit-database.ts'
import type { DatabaseLogin } from './foreign-table.ts'
import { openDatabase } from './open-database.ts'
import { pinDatabaseAddress } from './pin-host.ts'

/** What vitest's matchers are, for the type checker. */
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern)

const canary = '甲乙丙丁-canary-file'
const password = 'canary-password-7391'
const folder = mkdtempSync(join(tmpdir(), 'handover-rogue-'))
const wanted = join(folder, 'wanted.txt')
writeFileSync(wanted, canary)

let server: Server | null = null
afterEach(() => void server?.close())
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const packet = (sequence: number, payload: Buffer): Buffer => Buffer.concat([Buffer.from([payload.length & 255, (payload.length >> 8) & 255, 0, sequence]), payload])
const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0])
/** A greeting that claims every ability, LOCAL files and several statements among them. */
const greeting = Buffer.concat([
  Buffer.from([10]), Buffer.from('5.7.99-rogue\0'), Buffer.from([1, 0, 0, 0]), Buffer.from('abcdefgh'), Buffer.from([0]), Buffer.from([0xff, 0xf7]), Buffer.from([45]), Buffer.from([2, 0]), Buffer.from([0xff, 0x81]), Buffer.from([21]),
  Buffer.alloc(10), Buffer.from('ijklmnopqrst\0'), Buffer.from('mysql_native_password\0'),
])

interface Rogue {
  login: DatabaseLogin
  /** Everything that the client sent. */
  received(): Buffer
}

/** A server that answers the n-th packet of a client by a script of its own; nothing of it is an honest MySQL. */
async function rogue(answer: (nth: number, payload: Buffer, socket: Socket) => void): Promise<Rogue> {
  const pieces: Buffer[] = []
  const listening = createServer((socket) => {
    let nth = 0
    let waiting = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.write(packet(0, greeting))
    socket.on('data', (piece) => {
      pieces.push(piece)
      waiting = Buffer.concat([waiting, piece])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUIntLE(0, 3)) {
        const size = 4 + waiting.readUIntLE(0, 3)
        answer(nth++, waiting.subarray(4, size), socket)
        waiting = waiting.subarray(size)
      }
    })
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const at = listening.address()
  const port = typeof at === 'object' && at !== null ? at.port : 0
  const address = await pinDatabaseAddress(`mysql://root@127.0.0.1:${port}/shop`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 5, connectMs: 2000, isOrdered: false, tables: [] }
  return { login: { address, place: 'rogue', password, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits }, received: () => Buffer.concat(pieces) }
}

const askForFile = Buffer.concat([Buffer.from([0xfb]), Buffer.from(wanted)])

test.each([[1], [2], [3], [5]])('a server that asks for a local file at statement %i gets none, and is named for what it is', async (nthStatement) => {
  const made = await rogue((nth, _, socket) => socket.write(packet(nth === 0 ? 2 : 1, nth === nthStatement ? askForFile : ok)))
  await expect(openDatabase(made.login, new Uint8Array(256))).rejects.toMatchObject({ code: 'CONNECTOR_ASKED_FOR_FILE', exitCode: 65 })
  expect(made.received().includes(canary)).toBe(false)
})

test('a server that asks for a file right after the login, before any statement, gets none', async () => {
  const made = await rogue((nth, _, socket) => (nth === 0 ? socket.write(packet(2, askForFile)) : socket.write(packet(1, ok))))
  await expect(openDatabase(made.login, new Uint8Array(256))).rejects.toMatchObject({ code: like(/^CONNECTOR_/) })
  expect(made.received().includes(canary)).toBe(false)
})

test('the door for deleting gives a rogue server no file either, and does not go to another machine without encryption', async () => {
  const made = await rogue((nth, _, socket) => socket.write(packet(nth === 0 ? 2 : 1, nth === 1 ? askForFile : ok)))
  await expect(openForEditing(made.login)).rejects.toMatchObject({ code: 'CONNECTOR_ASKED_FOR_FILE' })
  expect(made.received().includes(canary)).toBe(false)
  const address = await pinDatabaseAddress('mysql://root@203.0.113.9/shop', { allowed: ['203.0.113.9'], isLoopbackAllowed: true })
  await expect(openForEditing({ ...made.login, address })).rejects.toMatchObject({ code: 'CONNECTOR_TLS' })
})

test('we never say that we could send files or take several statements', async () => {
  let abilities = 0
  const made = await rogue((nth, payload, socket) => {
    if (nth === 0) abilities = payload.readUInt32LE(0)
    socket.end(packet(2, ok))
  })
  await expect(openDatabase(made.login, new Uint8Array(256))).rejects.toMatchObject({ code: like(/^CONNECTOR_/) })
  expect(abilities & 0x80).toBe(0) // CLIENT_LOCAL_FILES
  expect(abilities & 0x1_0000).toBe(0) // CLIENT_MULTI_STATEMENTS
  expect(abilities).toBeGreaterThan(0)
})

test.each([['mysql_clear_password'], ['dialog'], ['sha256_password'], ['mysql_old_password']])('a server that wants the password in clear by %s does not get it', async (plugin) => {
  const switching = Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), Buffer.from('abcdefghijklmnopqrst\0')])
  const made = await rogue((nth, _, socket) => socket.write(packet(nth === 0 ? 2 : 4, nth === 0 ? switching : ok)))
  await openDatabase(made.login, new Uint8Array(256)).catch(() => undefined)
  expect(made.received().includes(password)).toBe(false)
})

test('a server that says nothing, or nonsense, is left after the time limit', async () => {
  const made = await rogue((_, __, socket) => socket.write(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')))
  await expect(openDatabase({ ...made.login, limits: { ...made.login.limits, connectMs: 500 } }, new Uint8Array(256))).rejects.toMatchObject({ code: like(/^CONNECTOR_/) })
})

test('without encryption nothing but this machine is connected to, unless the operator says so', async () => {
  const address = await pinDatabaseAddress('mysql://root@203.0.113.9/shop', { allowed: ['203.0.113.9'], isLoopbackAllowed: true })
  const made = await rogue(() => undefined)
  await expect(openDatabase({ ...made.login, address }, new Uint8Array(256))).rejects.toMatchObject({ code: 'CONNECTOR_TLS' })
})

test('a server that does not encrypt gets no password where encryption is asked for', async () => {
  const made = await rogue((_, __, socket) => socket.write(packet(2, ok)))
  await expect(openDatabase({ ...made.login, tls: 'verify' }, new Uint8Array(256))).rejects.toMatchObject({ code: like(/^CONNECTOR_/) })
  expect(made.received().includes(password)).toBe(false)
})
