// SPDX-License-Identifier: Apache-2.0
import { fromBase64Strict, ProofError, toBase64 } from './bytes.ts'
import { parseDecimal } from './checkpoint.ts'
import { verifyInclusion } from './merkle.ts'
import { verifyCosignedCheckpoint } from './policy.ts'
import type { CosignedCheckpoint, Policy } from './policy.ts'

/** "This entry is in the log": index, path and a cosigned checkpoint (FORMATS §6). `extra` is not authenticated by the format. */
export type TlogProof = { extra: Uint8Array | null; index: bigint; path: Uint8Array[]; checkpoint: string }

const MAGIC = 'c2sp.org/tlog-proof@v1'

/** The text of a proof. */
export function formatTlogProof(proof: TlogProof): string {
  const extra = proof.extra === null ? '' : `extra ${toBase64(proof.extra)}\n`
  return `${MAGIC}\n${extra}index ${proof.index}\n${proof.path.map((hash) => `${toBase64(hash)}\n`).join('')}\n${proof.checkpoint}`
}

/** The proof of a text; refuses CRLF, leading zeros, hashes of another length, more than 63 hashes, non-canonical base64. */
export function parseTlogProof(text: string): TlogProof {
  const at = text.indexOf('\n\n')
  if (at < 0 || text.includes('\r')) throw new ProofError('BAD_PROOF', 'a proof has a head, an empty line and a checkpoint')
  const [magic, ...lines] = text.slice(0, at).split('\n')
  if (magic !== MAGIC) throw new ProofError('BAD_PROOF', 'the first line is not that of a proof')
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64Strict(lines.shift()?.slice(6) ?? '') : null
  const index = lines.shift()
  if (index === undefined || !index.startsWith('index ')) throw new ProofError('BAD_PROOF', 'the index is missing')
  const path = lines.map(fromBase64Strict)
  if (path.length > 63 || path.some((hash) => hash.length !== 32)) throw new ProofError('BAD_PROOF', 'a hash is not 32 bytes or there are too many')
  return { extra, index: parseDecimal(index.slice(6)), path, checkpoint: text.slice(at + 2) }
}

/** Checks signature, quorum and inclusion of a leaf; throws at the first that fails and returns the accepted checkpoint. */
export function verifyTlogProof(proof: TlogProof, leafHash: Uint8Array, policy: Policy): CosignedCheckpoint {
  const accepted = acceptedCheckpoint(proof.checkpoint, policy)
  const { size, root } = accepted.checkpoint
  verifyInclusion({ index: proof.index, size, leafHash, path: proof.path, root })
  return accepted
}

/** The proofs of one receipt come under the same checkpoint, whose signatures are the dear part: the last one that a policy accepted is remembered by its every byte. */
const lastAccepted = new WeakMap<Policy, { text: string; accepted: CosignedCheckpoint }>()

function acceptedCheckpoint(text: string, policy: Policy): CosignedCheckpoint {
  const known = lastAccepted.get(policy)
  if (known !== undefined && known.text === text) return known.accepted
  const accepted = verifyCosignedCheckpoint(text, policy)
  lastAccepted.set(policy, { text, accepted })
  return accepted
}
