// SPDX-License-Identifier: Apache-2.0
import {
  emptyRoot, equalBytes, fromBase64Strict, openNote, parseCheckpoint, parseNote, ProofError, verifyConsistency,
  type Checkpoint, type Cosigner, type Vkey,
} from '@handover/proof'
import type { RememberedHead, WitnessMemory } from './witness-memory.store.ts'

/** What a witness answers over HTTP. */
export interface WitnessReply {
  status: 200 | 400 | 403 | 404 | 409 | 422
  contentType: string
  body: string
}

/** What a witness needs to decide. */
export interface WitnessRoom {
  cosigner: Cosigner
  memory: WitnessMemory
  /** The logs that this witness watches. */
  logs(): readonly Vkey[]
  /** Real time in seconds. */
  seconds(): number
  /** Keeps two signed roots for one size: proof that a log shows two histories. */
  keepEquivocation(proof: { log: Vkey; size: bigint; first: string; second: string }): void
}

/** One request of the witness protocol. */
interface AddCheckpoint {
  old: bigint
  path: Uint8Array[]
  note: string
}

const PATH_HASHES_MAX = 63

/**
 * 见证. Answers an add-checkpoint request, every row of FORMATS §5: 404 unknown log · 403 not signed by it · 400 malformed, or old beyond the
 * size · 409 with our size when old is not it · 422 when the proof does not fit or the same size has another root · else the cosignature.
 * Comparing and remembering are one step, on disk before the answer: two requests at once cannot roll the log back.
 */
export function addCheckpoint(room: WitnessRoom, requestText: string): WitnessReply {
  const request = parseRequest(requestText)
  if (request === null) return plain(400, 'malformed request')
  const opened = openSigned(room, request.note)
  if ('status' in opened) return opened
  const { checkpoint, body, log } = opened
  return room.memory.alone(() => {
    const known = room.memory.head(checkpoint.origin)
    const knownSize = known?.size ?? 0n
    // Whatever size the sender asked from, also an impossible one: the two signatures are proof whatever was asked.
    if (known !== null && known.size === checkpoint.size && !equalBytes(known.root, checkpoint.root)) room.keepEquivocation({ log, size: checkpoint.size, first: onlyLinesOf(known.note, log), second: onlyLinesOf(request.note, log) })
    if (request.old > checkpoint.size) return plain(400, 'old size is larger than the checkpoint')
    if (request.old !== knownSize) return { status: 409, contentType: 'text/x.tlog.size', body: `${knownSize}\n` }
    if (!continues(checkpoint, request.path, known)) return plain(422, 'the checkpoint does not continue the tree seen before')
    const line = room.cosigner.cosign(body, room.seconds())
    // Only the log's own line is kept with ours: what else a sender attached was not checked.
    room.memory.remember(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root, note: `${onlyLinesOf(request.note, log)}${line}` })
    return plain(200, line)
  })
}

function parseRequest(text: string): AddCheckpoint | null {
  const at = text.indexOf('\n\n')
  const [first, ...hashes] = at < 0 ? [] : text.slice(0, at).split('\n')
  if (first?.startsWith('old ') !== true || hashes.length > PATH_HASHES_MAX) return null
  try {
    const path = hashes.map(fromBase64Strict)
    return /^old (0|[1-9][0-9]{0,18})$/.test(first) && path.every((hash) => hash.length === 32) ? { old: BigInt(first.slice(4)), path, note: text.slice(at + 2) } : null
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

/** The origin is read before any signature only to tell 404 from 403; everything used afterwards comes from the verified note. */
function openSigned(room: WitnessRoom, note: string): WitnessReply | { checkpoint: Checkpoint; body: string; log: Vkey } {
  try {
    const claimed = parseCheckpoint(parseNote(note).body)
    const log = room.logs().find((vkey) => vkey.name === claimed.origin)
    if (log === undefined) return plain(404, 'this witness does not watch that log')
    const opened = verifiedNote(note, log)
    return opened === null ? plain(403, 'not signed by the log') : { checkpoint: parseCheckpoint(opened), body: opened, log }
  } catch (error) {
    if (error instanceof ProofError) return plain(400, 'malformed checkpoint')
    throw error
  }
}

function verifiedNote(note: string, log: Vkey): string | null {
  try {
    return openNote(note, [log]).body
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

function continues(checkpoint: Checkpoint, path: readonly Uint8Array[], known: RememberedHead | null): boolean {
  if (checkpoint.size === 0n && !equalBytes(checkpoint.root, emptyRoot())) return false
  // Every tree continues the empty one, and there is nothing to prove (FORMATS §3).
  if (known === null || known.size === 0n) return path.length === 0
  try {
    verifyConsistency({ first: known.size, second: checkpoint.size, path, firstRoot: known.root, secondRoot: checkpoint.root })
    return true
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}

function onlyLinesOf(note: string, log: Vkey): string {
  const { body, lines } = parseNote(note)
  return `${body}\n${lines.filter((line) => line.name === log.name && equalBytes(line.keyId, log.keyId)).map((line) => line.text).join('')}`
}

function plain(status: WitnessReply['status'], text: string): WitnessReply {
  return { status, contentType: 'text/plain; charset=utf-8', body: text.endsWith('\n') ? text : `${text}\n` }
}
