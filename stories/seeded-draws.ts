// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'

/** The seed of a story with chance in it: HANDOVER_SEED when a failure is replayed, otherwise a new one; print it. */
export function storySeed(): string {
  return process.env['HANDOVER_SEED'] ?? randomBytes(6).toString('hex')
}

/** A repeatable stream of numbers in [0, 1) for a seed. */
export function draws(seed: string): () => number {
  let count = 0
  return () => {
    count += 1
    return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE(0) / 2 ** 32
  }
}
