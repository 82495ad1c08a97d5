// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { draws } from './seeded-draws.ts'

/** A backup file with one flaw. */
export interface DamagedBackup {
  what: string
  bytes: Buffer
}

interface Part {
  name: string
  from: number
  to: number
}

const block = 512

/** Files of a tar as ranges of its bytes, each with its header and padding. */
function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = []
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8)
    const to = at + block + Math.ceil(size / block) * block
    parts.push({ name: bytes.toString('latin1', at, at + 100).replace(/\0+$/, ''), from: at, to })
    at = to
  }
  return parts
}

/** Refuses a file in which some byte belongs to no part: damages would miss it. */
export function allBytesAreCovered(file: string): void {
  const bytes = readFileSync(file)
  const end = partsOf(bytes).at(-1)?.to ?? 0
  if (bytes.length - end !== 2 * block) throw new Error('the backup has bytes outside its parts')
}

/** Two good backups and a stream of chances. */
interface Material {
  bytes: Buffer
  parts: Part[]
  pieces: Buffer[]
  other: Buffer
  others: Part[]
  upTo: (max: number) => number
}

/** Damages of a backup drawn from a seed, one after the other: flipped bits, cuts, parts swapped, dropped or repeated, parts and lists spliced from another good backup, bytes behind the end. */
export function* damagesOf(plan: { file: string; other: string; seed: string; count: number }): Generator<DamagedBackup> {
  const [bytes, other] = [readFileSync(plan.file), readFileSync(plan.other)]
  const draw = draws(plan.seed)
  const parts = partsOf(bytes)
  const material: Material = { bytes, parts, pieces: parts.map((each) => bytes.subarray(each.from, each.to)), other, others: partsOf(other), upTo: (max) => Math.floor(draw() * max) }
  const kinds = [...damagedBytes(material), ...damagedOrder(material)]
  for (let number = 0; number < plan.count; number += 1) {
    const kind = kinds[number % kinds.length]
    if (kind !== undefined) yield kind()
  }
}

function damagedBytes({ bytes, parts, upTo }: Material): (() => DamagedBackup)[] {
  const flippedAt = (at: number): Buffer => {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << upTo(8))
    return flipped
  }
  return [
    () => {
      const at = upTo(bytes.length)
      return { what: `bit flipped at ${at}`, bytes: flippedAt(at) }
    },
    () => {
      const { name, from, to } = parts[upTo(parts.length)] ?? { name: '', from: 0, to: 1 }
      const at = from + upTo(to - from)
      return { what: `bit flipped in ${name} at ${at - from}`, bytes: flippedAt(at) }
    },
    () => {
      const length = upTo(bytes.length)
      return { what: `cut to ${length}`, bytes: bytes.subarray(0, length) }
    },
    () => {
      const length = 1 + upTo(64)
      return { what: `${length} zero bytes behind the end`, bytes: Buffer.concat([bytes, Buffer.alloc(length)]) }
    },
    () => {
      const [from, length] = [upTo(bytes.length - 4096), 1 + upTo(4096)]
      const zeroed = Buffer.from(bytes).fill(0, from, from + length)
      if (zeroed.equals(bytes)) zeroed[from] = 1
      return { what: `${length} bytes zeroed at ${from}`, bytes: zeroed }
    },
  ]
}

function damagedOrder({ bytes, parts, pieces, other, others, upTo }: Material): (() => DamagedBackup)[] {
  const rejoined = (list: readonly Buffer[]): Buffer => Buffer.concat([...list, Buffer.alloc(2 * block)])
  const spliced = (names: readonly string[]): Buffer => rejoined(pieces.map((piece, at) => {
    const foreign = names.includes(parts[at]?.name ?? '') ? others.find((each) => each.name === parts[at]?.name) : undefined
    return foreign === undefined ? piece : other.subarray(foreign.from, foreign.to)
  }))
  return [
    () => {
      const a = upTo(pieces.length)
      const b = (a + 1 + upTo(pieces.length - 1)) % pieces.length
      return { what: `files ${a} and ${b} swapped`, bytes: rejoined(pieces.map((piece, at) => (at === a ? (pieces[b] ?? piece) : at === b ? (pieces[a] ?? piece) : piece))) }
    },
    () => {
      const gone = upTo(pieces.length)
      return { what: `file ${gone} dropped`, bytes: rejoined(pieces.filter((_, at) => at !== gone)) }
    },
    () => {
      const at = upTo(pieces.length)
      return { what: `file ${at} twice`, bytes: rejoined(pieces.flatMap((piece, index) => (index === at ? [piece, piece] : [piece]))) }
    },
    () => {
      const { name } = parts[upTo(parts.length)] ?? { name: '' }
      const damaged = spliced([name])
      return { what: `${name} of another backup`, bytes: damaged.equals(bytes) ? bytes.subarray(0, -1) : damaged }
    },
    () => ({ what: 'signed list of another backup', bytes: spliced(['outer.json', 'backup.sig']) }),
  ]
}
