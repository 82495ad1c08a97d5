// SPDX-License-Identifier: Apache-2.0
import { encodeBooksEntry, encodeInventoryEntry, encodeReceipt, exitCodeOf, formatTlogProof, inclusionPath, leafHash, multiproofRanges, nodeHash, once, splitPoint, toBase64, toHex, verifySource, type Receipt } from '@handover/proof'
import { createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark, Sample } from './harness.ts'
import { dataSet, logKey, matter, recordOf, seller, writeSampleBundle, type SampleLog } from './sample-bundle.ts'

/** Customers in the sample matter; the receipts are of the first of them. */
const CUSTOMERS = 20_000
/** Signatures under one receipt: its issuer's, and under the checkpoint of its events the log's and two witnesses'. */
const SIGNATURES = 4

/** P11: receipts verified one by one, as a public page or an auditor would. */
export const benchmark: Benchmark = {
  name: 'verify',
  row: 'verify receipts (signature, leaves, multiproofs, two cosigned log proofs each)',
  compare: 'cost',
  target: 2,
  unit: 'receipts',
  sizes: [100, 1000, 10_000],
  async prepare(size, folder) {
    if (existsSync(join(folder, 'receipts.ndjson'))) return
    const { log } = await writeSampleBundle(CUSTOMERS, folder)
    writeFileSync(join(folder, 'receipts.ndjson'), `${receipts(size, log).join('\n')}\n`)
  },
  async ours(size, folder) {
    const lines = readFileSync(join(folder, 'receipts.ndjson'), 'utf8').trimEnd().split('\n')
    const policy = readFileSync(join(folder, 'policy.txt'), 'utf8')
    const times: number[] = []
    const started = performance.now()
    for (const line of lines) {
      const before = performance.now()
      const bytes = Buffer.from(line)
      if (exitCodeOf(await verifySource(() => once(bytes), { policy })) !== 0) throw new Error('a receipt does not verify')
      times.push(performance.now() - before)
    }
    const seconds = (performance.now() - started) / 1000
    const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
    return { seconds, units: size, notes: { p99ms: p99, bytesEach: (lines[0] ?? '').length } }
  },
  yardsticks: [{ name: `${SIGNATURES} Ed25519 verifications by node:crypto`, run: async (size) => signaturesAlone(size) }],
}

function receipts(count: number, log: SampleLog): string[] {
  const leaves: { inventory: Uint8Array[]; books: Uint8Array[] } = { inventory: [], books: [] }
  for (let n = 0; n < CUSTOMERS; n += 1) {
    const { recordId, presence, vector, root } = recordOf(n)
    leaves.inventory.push(leafHash(encodeInventoryEntry({ index: BigInt(n), recordId, dataSetId: dataSet.id, presence, recordRoot: root })))
    leaves.books.push(leafHash(encodeBooksEntry({ index: BigInt(n), recordId, vector })))
  }
  const [inventory, books] = [new ProvenTree(leaves.inventory), new ProvenTree(leaves.books)]
  const entryLeaves = log.entries.map(leafHash)
  const events = log.events.filter(({ event }) => /"t":"(?:InventoryCommitted|MatterClosed)"/.test(event)).map(({ leaf, salt, event }) => ({
    event, salt: toBase64(salt), proof: formatTlogProof({ extra: null, index: BigInt(leaf), path: inclusionPath(BigInt(leaf), entryLeaves), checkpoint: log.checkpoint }),
  }))
  return Array.from({ length: count }, (_, n) => {
    const record = recordOf(n)
    const receipt: Receipt = {
      format: 'handover-receipt/v1', matter, asOf: '2026-11-21T08:00:00.000Z', dataSets: [{ id: dataSet.text, fields: dataSet.fields }],
      records: [{ index: n, recordId: toHex(record.recordId), dataSet: dataSet.text, presence: toHex(record.presence), leaves: record.leaves.map(toHex), vector: toHex(record.vector), opened: [] }],
      inventory: [{ event: 0, path: inventory.path(n) }], books: { event: 1, path: books.path(n) }, events,
    }
    return encodeReceipt(receipt, [seller])
  })
}

/** Multiproofs over one tree, each subtree hashed once: 10,000 of them would else take minutes. */
class ProvenTree {
  readonly #leaves: readonly Uint8Array[]
  readonly #roots = new Map<string, Uint8Array>()

  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves
  }

  path(index: number): string[] {
    return multiproofRanges([index], this.#leaves.length).map(({ from, to }) => toBase64(this.#root(from, to)))
  }

  #root(from: number, to: number): Uint8Array {
    const known = this.#roots.get(`${from} ${to}`) ?? (to - from === 1 ? this.#leaves[from] : undefined)
    if (known !== undefined) return known
    const middle = from + splitPoint(to - from)
    const root = nodeHash(this.#root(from, middle), this.#root(middle, to))
    this.#roots.set(`${from} ${to}`, root)
    return root
  }
}

/** What no verifier can do without, with the same keys and a message as long as a checkpoint. */
function signaturesAlone(size: number): Sample {
  const message = Buffer.alloc(120, 7)
  const signature = logKey.sign(message)
  const key = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), logKey.vkey.publicKey]), format: 'der', type: 'spki' })
  const started = performance.now()
  for (let n = 0; n < size * SIGNATURES; n += 1) if (!verify(null, message, key, signature)) throw new Error('the yardstick is broken')
  return { seconds: (performance.now() - started) / 1000, units: size }
}
