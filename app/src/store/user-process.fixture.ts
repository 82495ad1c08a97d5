// SPDX-License-Identifier: Apache-2.0
// A process of its own that uses a home's database, for the tests of sharing and killing: says `ready`, then obeys one command per line.
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { Failure } from '../kit/failure.ts'
import { ownerRole } from './postgres-cluster.ts'
import { startPostgres, type RunningPostgres } from './postgres-server.ts'

const [homeDir = ''] = process.argv.slice(2)

try {
  const server = await startPostgres(homeDir)
  say(`ready ${server.host}`)
  for await (const line of createInterface(process.stdin)) say(line === 'release' ? await release(server) : await ask(server, line))
} catch (error) {
  say(error instanceof Failure ? `refused ${error.code} ${error.exitCode} ${error.message}` : `failed ${String(error)}`)
}

async function release(server: RunningPostgres): Promise<string> {
  await server.release()
  return 'released'
}

async function ask(server: RunningPostgres, text: string): Promise<string> {
  const client = new Client({ host: server.host, port: server.port, user: ownerRole, password: server.credentials.ownerPassword, database: 'postgres' })
  try {
    await client.connect()
    const { rows } = await client.query<{ answer: unknown }>(text)
    return `answer ${String(rows[0]?.answer)}`
  } catch (error) {
    return `error ${String(error)}`
  } finally {
    await client.end()
  }
}

function say(text: string): void {
  process.stdout.write(`${text.replaceAll('\n', ' ')}\n`)
}
