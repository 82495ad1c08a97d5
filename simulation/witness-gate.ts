// SPDX-License-Identifier: Apache-2.0
// A real witness of the product behind a gate that loses, delays or refuses requests, and that remembers every cosignature it let through.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { parseCheckpoint, parseNote, toHex } from '@handover/proof'
import { openWitness, serveWitness, type OpenWitness, type RunningWitness } from '../app/src/witness/index.ts'

/** What the way to a witness does at present. `answer-lost`: it cosigned and remembers, and nobody hears of it. */
export type WitnessWay = 'open' | 'slow' | 'refusing' | 'unreachable' | 'answer-lost'

/** A witness that keeps one address while its memory is put back between runs. */
export interface WitnessGate {
  name: string
  url: string
  way: WitnessWay
  /** What it cosigned in this run, in order: `origin size root`. */
  cosigned: { origin: string; size: number; root: string }[]
  /** Opens the witness over its folder (again). */
  open(): Promise<void>
  /** Closes its memory, so that its folder can be put back. */
  close(): Promise<void>
  stop(): Promise<void>
}

/** Opens a gate on an address of its own; the witness behind it lives in `home`. */
export async function openWitnessGate(home: string, name: string): Promise<WitnessGate> {
  let room: OpenWitness | null = null
  let behind: RunningWitness | null = null
  const server = createServer((request, response) => {
    pass(gate, behind, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const gate: WitnessGate = {
    name, way: 'open', cosigned: [],
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    open: async () => {
      room = openWitness(home, name)
      behind = await serveWitness(room, { host: '127.0.0.1', port: 0 })
      gate.way = 'open'
      gate.cosigned = []
    },
    close: async () => {
      await behind?.stop()
      room?.close()
      behind = null
      room = null
    },
    stop: async () => {
      await gate.close()
      server.closeAllConnections()
      await new Promise<void>((stopped) => server.close(() => stopped()))
    },
  }
  return gate
}

async function pass(gate: WitnessGate, behind: RunningWitness | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (gate.way === 'unreachable' || behind === null) return void request.socket.destroy()
  if (gate.way === 'refusing') return void response.writeHead(500, { 'content-type': 'text/plain' }).end('not now\n')
  if (gate.way === 'slow') await wait(120)
  const isPost = request.method === 'POST'
  const answer = await fetch(`${behind.url}${request.url ?? ''}`, { method: request.method ?? 'GET', ...(isPost ? { body } : {}) })
  const text = await answer.text()
  if (isPost && answer.status === 200) gate.cosigned.push(cosignedHead(body))
  if (gate.way === 'answer-lost') return void request.socket.destroy()
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text)
}

function cosignedHead(body: string): { origin: string; size: number; root: string } {
  const { origin, size, root } = parseCheckpoint(parseNote(body.slice(body.indexOf('\n\n') + 2)).body)
  return { origin, size: Number(size), root: toHex(root) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) {
    const chunk: unknown = part
    if (Buffer.isBuffer(chunk)) parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}
