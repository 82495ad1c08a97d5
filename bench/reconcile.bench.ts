// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { compareSpills, digestRowBytes, RecordSpill, type DifferenceCounts } from '../app/src/lifecycle/hand-over/index.ts'
import type { Benchmark, Sample } from './harness.ts'
import { duckdb } from './peers.ts'

/** `id,root` in hexadecimal and a line feed. */
const lineBytes = 98
const blockLines = 20_000
const sides = ['sent.csv', 'accepted.csv'] as const

/** Exact lists of what is missing, extra, there twice or altered, from two unordered files of digests; partitions spill to disk. */
export const benchmark: Benchmark = {
  name: 'reconcile',
  row: '两份摘要表对账:缺失、多出、重复、被改的精确清单 · reconcile two tables of digests: exact lists of missing, extra, duplicate, altered',
  compare: 'cost',
  target: 0.7,
  unit: 'records',
  sizes: [100_000, 1_000_000, 10_000_000],
  prepare: (size, folder) => {
    if (!existsSync(join(folder, sides[1]))) writeSides(size, folder)
    return Promise.resolve()
  },
  ours: (size, folder) => Promise.resolve(reconcileFiles(size, folder)),
  yardsticks: [
    { name: 'DuckDB full outer join on digests, 2 threads, whole run', run: (size, folder) => joinWithDuckdb(size, folder) },
  ],
}

function reconcileFiles(size: number, folder: string): Sample {
  const started = performance.now()
  const [sent, accepted] = [new RecordSpill(folder), new RecordSpill(folder)]
  readSide(join(folder, sides[0]), sent)
  readSide(join(folder, sides[1]), accepted)
  const read = (performance.now() - started) / 1000
  const counts: DifferenceCounts = { matched: 0, missing: 0, extra: 0, changed: 0, duplicate: 0 }
  let listed = 0
  for (const part of compareSpills(sent, accepted)) {
    for (const kind of ['matched', 'missing', 'extra', 'changed', 'duplicate'] as const) counts[kind] += part.counts[kind]
    listed += part.differences.length
  }
  sent.close()
  accepted.close()
  const seconds = (performance.now() - started) / 1000
  refuseOther(counts, plantedIn(size))
  return { seconds, units: size, notes: { 'reading s': read, 'joining s': seconds - read, listed } }
}

/** Lines of fixed width, read as bytes: no string is made of a digest. */
function readSide(file: string, into: RecordSpill): void {
  const handle = openSync(file, 'r')
  const block = Buffer.allocUnsafe(lineBytes * blockLines)
  const row = Buffer.alloc(digestRowBytes)
  row.writeUInt32LE(1, 48)
  for (let count = readSync(handle, block); count > 0; count = readSync(handle, block)) {
    for (let at = 0; at + lineBytes <= count; at += lineBytes) {
      for (let byte = 0; byte < 16; byte++) row[byte] = hexByte(block, at + 2 * byte)
      for (let byte = 0; byte < 32; byte++) row[16 + byte] = hexByte(block, at + 33 + 2 * byte)
      into.add(row)
    }
  }
  closeSync(handle)
}

function hexByte(block: Buffer, at: number): number {
  return ((nibbles[block[at] ?? 0] ?? 0) << 4) | (nibbles[block[at + 1] ?? 0] ?? 0)
}

const nibbles = Uint8Array.from({ length: 256 }, (_, code) => Math.max(0, '0123456789abcdef'.indexOf(String.fromCharCode(code))))

/** In a thousand records one is missing, one altered, one there twice, and one is nobody's. */
const every = 1000
type Planted = Omit<DifferenceCounts, 'matched'>

function plantedIn(size: number): Planted {
  const each = Math.ceil(size / every)
  return { missing: each, changed: each, duplicate: each, extra: each }
}

function refuseOther(found: Planted, planted: Planted): void {
  for (const kind of ['missing', 'changed', 'duplicate', 'extra'] as const) if (found[kind] !== planted[kind]) throw new Error(`${kind}: ${found[kind]} found, ${planted[kind]} planted`)
}

/** The same records on both sides in different orders, with the planted differences. */
function writeSides(size: number, folder: string): void {
  write(join(folder, sides[0]), size, (number) => [lineOf(number, 'root')])
  write(join(folder, sides[1]), size, (place) => {
    // Another order: a step that has no factor in common with any round size.
    const number = (place * 7_654_321) % size
    if (number % every === 1) return []
    if (number % every === 2) return [lineOf(number, 'altered')]
    if (number % every === 3) return [lineOf(number, 'root'), lineOf(number, 'root')]
    return number % every === 0 ? [lineOf(number, 'root'), lineOf(number + size, 'root')] : [lineOf(number, 'root')]
  })
}

function write(file: string, size: number, linesOf: (number: number) => string[]): void {
  const handle = openSync(`${file}.part`, 'w', 0o600)
  let text = ''
  for (let number = 0; number < size; number++) {
    text += linesOf(number).join('')
    if (text.length < 1 << 20) continue
    writeSync(handle, text)
    text = ''
  }
  writeSync(handle, text)
  closeSync(handle)
  renameSync(`${file}.part`, file)
}

function lineOf(number: number, root: string): string {
  return `${createHash('sha256').update(`${number}`).digest('hex').slice(0, 32)},${createHash('sha256').update(`${root} ${number}`).digest('hex')}\n`
}

/** The whole run: both files read, joined, the four lists made. */
async function joinWithDuckdb(size: number, folder: string): Promise<Sample | null> {
  const connection = await duckdb(folder)
  if (connection === null) return null
  await connection.run('set threads = 2')
  const started = performance.now()
  for (const side of sides) {
    const table = side.replace('.csv', '')
    await connection.run(`create table ${table} as select unhex(id) as id, unhex(root) as root from read_csv('${join(folder, side)}', header = false, columns = {'id': 'varchar', 'root': 'varchar'})`)
  }
  const read = (performance.now() - started) / 1000
  await connection.run(`create table lists as
    with counted as (select id, min(root) as root, max(root) as other, count(*) as n from accepted group by id)
    select coalesce(s.id, a.id) as id, s.id is null as extra, a.id is null as missing, s.root <> a.root or a.root <> a.other as changed, a.n > 1 as duplicate
      from sent s full outer join counted a on s.id = a.id where s.id is null or a.id is null or s.root <> a.root or a.root <> a.other or a.n > 1`)
  const seconds = (performance.now() - started) / 1000
  const found = await connection.runAndReadAll('select count(*) filter (missing)::int, count(*) filter (changed)::int, count(*) filter (duplicate)::int, count(*) filter (extra)::int from lists')
  const [missing, changed, duplicate, extra] = (found.getRows()[0] ?? []).map(Number)
  refuseOther({ missing: missing ?? 0, changed: changed ?? 0, duplicate: duplicate ?? 0, extra: extra ?? 0 }, plantedIn(size))
  return { seconds, units: size, notes: { 'reading s': read, 'joining s': seconds - read } }
}
