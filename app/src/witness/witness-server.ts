// SPDX-License-Identifier: Apache-2.0
import { sha256, toHex, utf8 } from '@handover/proof'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { addCheckpoint, type WitnessReply, type WitnessRoom } from './add-checkpoint.ts'
import { witnessFailures } from './witness-failures.ts'

/** A witness that listens. */
export interface RunningWitness {
  url: string
  /** Stops listening, finishes what was begun and returns. */
  stop(): Promise<void>
}

/** A request is at most 63 hashes and one note. */
const REQUEST_BYTES_MAX = 128 * 1024

type Answer = { status: number; contentType: string; body: string }

/** Serves the witness protocol (FORMATS §5): POST /add-checkpoint and GET /<hex sha256(origin)>/checkpoint. Refuses a port that is taken. */
export async function serveWitness(room: WitnessRoom, place: { host: string; port: number }): Promise<RunningWitness> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    answer(room, request).then(
      (reply) => send(response, reply),
      // Our own disk failed: never answer as if something had been remembered.
      () => send(response, { status: 500, contentType: 'text/plain; charset=utf-8', body: 'the witness cannot answer now\n' }),
    )
  })
  await new Promise<void>((listening, refused) => {
    server.once('error', (error) => refused(witnessFailures.WITNESS_PORT_TAKEN({ ...place, why: 'code' in error ? String(error.code) : 'error' }, { cause: error })))
    server.listen(place.port, place.host, listening)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : place.port
  return {
    url: `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${port}`,
    stop: () => new Promise((stopped) => {
      server.close(() => stopped())
      server.closeIdleConnections()
    }),
  }
}

async function answer(room: WitnessRoom, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (path === '/add-checkpoint') return request.method === 'POST' ? addFromBody(room, request) : refuse(405, 'use POST')
  const found = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1]
  if (found === undefined) return refuse(404, 'not found')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'use GET')
  const log = room.logs().find((vkey) => toHex(sha256(utf8(vkey.name))) === found)
  const head = log === undefined ? null : room.memory.head(log.name)
  return head === null ? refuse(404, 'no checkpoint of that log') : { status: 200, contentType: 'text/plain; charset=utf-8', body: head.note }
}

async function addFromBody(room: WitnessRoom, request: IncomingMessage): Promise<Answer | WitnessReply> {
  const body = await readCapped(request)
  return body === null ? refuse(413, 'the request is too large') : addCheckpoint(room, body)
}

async function readCapped(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    const chunk: unknown = part
    if (!Buffer.isBuffer(chunk)) return null
    bytes += chunk.length
    if (bytes > REQUEST_BYTES_MAX) return null
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}

function refuse(status: number, why: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${why}\n` }
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(body)
}
