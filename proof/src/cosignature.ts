// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError, u64be, utf8, view } from './bytes.ts'
import { ed25519Signer, isEd25519Signature } from './ed25519.ts'
import { isLineOf, makeVkey, NOTE_COSIGNATURE, noteLine } from './note.ts'
import type { NoteLine, Vkey } from './note.ts'

/** A witness that cosigns checkpoints. */
export type Cosigner = { vkey: Vkey; cosign: (checkpointBody: string, timestamp: bigint | number) => string }
/** One witness's statement: at that time this was the largest consistent tree it had seen. */
export type Cosignature = { witness: Vkey; timestamp: bigint }

const TIMESTAMP_MAX = 2n ** 63n - 1n

/** A witness with the key of a 32-byte seed (FORMATS §4); `cosign` gives one note line and refuses times outside 0 … 2^63−1. */
export function cosigner(from: { name: string; seed: Uint8Array }): Cosigner {
  const key = ed25519Signer(from.seed)
  const vkey = makeVkey(from.name, NOTE_COSIGNATURE, key.publicKey)
  return {
    vkey,
    cosign(checkpointBody, timestamp) {
      const time = BigInt(timestamp)
      return noteLine(vkey, concat(u64be(checkedTime(time)), key.sign(cosignedMessage(checkpointBody, time))))
    },
  }
}

/** Cosignatures by known witnesses, each witness once (its latest). Refuses a wrong one by a known key; ignores unknown lines. */
export function readCosignatures(body: string, lines: readonly NoteLine[], witnesses: readonly Vkey[]): Cosignature[] {
  const found = new Map<string, Cosignature>()
  for (const line of lines) {
    const witness = witnesses.find((key) => key.type === NOTE_COSIGNATURE && isLineOf(line, key))
    if (witness === undefined) continue
    const timestamp = verifyCosignature(body, line, witness)
    const earlier = found.get(witness.text)
    if (earlier === undefined || earlier.timestamp < timestamp) found.set(witness.text, { witness, timestamp })
  }
  return [...found.values()]
}

function verifyCosignature(body: string, line: NoteLine, witness: Vkey): bigint {
  if (line.bytes.length !== 72) throw new ProofError('BAD_COSIGNATURE', 'a cosignature has 72 bytes')
  const timestamp = checkedTime(view(line.bytes).readBigUInt64BE(0))
  if (!isEd25519Signature(witness.publicKey, cosignedMessage(body, timestamp), line.bytes.subarray(8))) {
    throw new ProofError('BAD_COSIGNATURE', 'a cosignature by a known witness is wrong')
  }
  return timestamp
}

function cosignedMessage(body: string, timestamp: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timestamp}\n${body}`)
}

function checkedTime(timestamp: bigint): bigint {
  if (timestamp < 0n || timestamp > TIMESTAMP_MAX) throw new ProofError('BAD_COSIGNATURE', 'the time of a cosignature is out of range')
  return timestamp
}
