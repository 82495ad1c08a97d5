// SPDX-License-Identifier: Apache-2.0
import { parseVkey } from '@handover/proof'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchLog } from '../witness/index.ts'
import { startWitness, type WitnessProcess } from '../witness/witness-process.fixture.ts'
import { composePolicy, type PublishedCheckpoint } from './index.ts'
import { addMatter, openTestLedger, type TestLedger } from './test-ledger.fixture.ts'

let books: TestLedger
let buyer: WitnessProcess
let broker: WitnessProcess
let matter = ''
let published: PublishedCheckpoint
const folder = mkdtempSync(join(tmpdir(), 'handover-head-'))
const servers: Server[] = []

beforeAll(async () => {
  ;[books, buyer, broker] = await Promise.all([openTestLedger({ witnessTimeoutMs: 3000 }), startWitness(join(folder, 'buyer'), 'witness.buyer.example'), startWitness(join(folder, 'broker'), 'witness.broker.example')])
  matter = await addMatter(books, 'head')
  await books.db.transaction((tx) => books.ledger.append(tx, matter, { type: 'MatterOpened', body: { type: 'asset-transfer', origin: 'o', parties: [], settings: '00', demo: false } }, 'opened'))
  const log = await books.ledger.logVkey(matter)
  const witnesses = [buyer, broker].map((witness) => ({ name: witness.name, vkey: parseVkey(witness.vkey), url: witness.url }))
  for (const witness of [buyer, broker]) watchLog(witness.home, log.text)
  await books.db.transaction((tx) => books.ledger.append(tx, matter, { type: 'BackupCreated', body: { backup: 'b', records: 1, expires: '2027-01-01' } }, 'b'))
  await books.db.transaction((tx) => books.ledger.setPolicy(tx, matter, composePolicy({ log, witnesses, ownWitnesses: [], needed: 2, parties: [], approvers: [] }), { ownKeys: [] }))
  published = await books.ledger.publish(matter)
})
afterAll(async () => {
  for (const server of servers) server.close()
  await Promise.all([buyer?.kill(), broker?.kill()])
  await books?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Somebody else at the address of the buyer's witness. */
async function inItsPlace(answer: (method: string) => { status: number; text: string }): Promise<void> {
  const { port } = new URL(buyer.url)
  const server = createServer((request, response) => {
    const { status, text } = answer(request.method ?? '')
    response.writeHead(status).end(text)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))
}

test('two witnesses confirm with fresh signatures that they know nothing newer', async () => {
  expect(await books.ledger.confirmHead(matter)).toEqual({ isQuorum: true, confirmedBy: ['witness.buyer.example', 'witness.broker.example'], missing: [] })
})

test('a server that answers 404, or shows our own checkpoint or a signature of yesterday, is no witness', async () => {
  await buyer.kill()
  const line = `${published.text.split('\n').find((each) => each.startsWith('— witness.buyer.example')) ?? ''}\n`
  expect(line).toMatch(/^— witness.buyer.example /)
  let reply = { status: 404, text: '' }
  await inItsPlace((method) => (method === 'GET' ? { status: 200, text: published.text } : reply))
  expect(await books.ledger.confirmHead(matter)).toMatchObject({ isQuorum: false, confirmedBy: ['witness.broker.example'], missing: ['witness.buyer.example: HTTP 404'] })
  reply = { status: 200, text: line.replace('buyer', 'broker') }
  expect((await books.ledger.confirmHead(matter))?.isQuorum).toBe(false)
  reply = { status: 200, text: line }
  // What it signed when the checkpoint was published counts as long as it is minutes old; a day later it does not.
  expect((await books.ledger.confirmHead(matter))?.isQuorum).toBe(true)
  const tomorrow = Date.now() / 1000 + 86_400
  expect(await books.ledger.confirmHead(matter, tomorrow)).toMatchObject({ isQuorum: false, confirmedBy: [] })
})
