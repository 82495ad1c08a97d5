// SPDX-License-Identifier: Apache-2.0
import { fromBase64Strict, ProofError, toBase64 } from './bytes.ts'

/** Head of a log (FORMATS §2). */
export type Checkpoint = { origin: string; size: bigint; root: Uint8Array }

/** Body of a checkpoint note: origin, size, root, one a line. */
export function checkpointBody(checkpoint: Checkpoint): string {
  const body = `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`
  parseCheckpoint(body)
  return body
}

/** The checkpoint of a body; refuses leading zeros, short roots, missing lines, and extension lines, which we never write. */
export function parseCheckpoint(body: string): Checkpoint {
  const [origin, size, root, rest, ...more] = body.split('\n')
  if (origin === undefined || origin === '' || size === undefined || root === undefined) throw new ProofError('BAD_CHECKPOINT', 'a checkpoint has three lines')
  if (rest !== '' || more.length > 0) throw new ProofError('BAD_CHECKPOINT', 'a checkpoint has extension lines')
  const hash = fromBase64Strict(root)
  if (hash.length !== 32) throw new ProofError('BAD_CHECKPOINT', 'the root is not 32 bytes')
  return { origin, size: parseDecimal(size), root: hash }
}

/** A decimal number below 2^64 without leading zeros; refuses anything else. */
export function parseDecimal(text: string): bigint {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) throw new ProofError('BAD_NUMBER', 'not a plain decimal number')
  const value = BigInt(text)
  if (value >= 2n ** 64n) throw new ProofError('BAD_NUMBER', 'the number is too large')
  return value
}
