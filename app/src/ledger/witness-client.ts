// SPDX-License-Identifier: Apache-2.0
import { openNote, parseCheckpoint, parseNoteLines, ProofError, readCosignatures, sha256, toBase64, toHex, utf8, type Checkpoint, type TileTree, type Vkey } from '@handover/proof'
import type { WitnessPlace } from './policy-file.ts'

/** What a witness answered to a checkpoint: its line, or why there is none. `contradicts`: it has seen something else and must be compared before going on. */
export type WitnessAnswer =
  | { witness: WitnessPlace; kind: 'cosigned'; line: string }
  | { witness: WitnessPlace; kind: 'contradicts'; why: string }
  | { witness: WitnessPlace; kind: 'silent'; why: string }

/** The newest checkpoint that a witness has seen of a log: null when it has seen none; `silent` when it did not answer. */
export type WitnessHead =
  | { witness: WitnessPlace; kind: 'head'; checkpoint: Checkpoint | null; note: string }
  | { witness: WitnessPlace; kind: 'silent'; why: string }

/** A checkpoint to be cosigned, with the tree that proves it continues what a witness saw. */
export interface CosignRequest {
  size: number
  body: string
  /** The note with the log's signature. */
  signed: string
  tree: TileTree
  /** The size of the last checkpoint that this witness is known to have cosigned. */
  knownSize: number
  timeoutMs: number
}

/** A witness's answer is a few hundred bytes; the cap keeps a hostile one from filling memory. */
const ANSWER_BYTES_MAX = 64 * 1024

/** Asks one witness for its cosignature (FORMATS §5): starts from the size we believe it knows, and once more from the size it names. */
export async function askCosignature(witness: WitnessPlace, request: CosignRequest): Promise<WitnessAnswer> {
  try {
    const first = await postCheckpoint(witness, request, request.knownSize)
    if (first.status !== 409) return answerOf(witness, request, first)
    const old = Number(/^(0|[1-9][0-9]{0,15})\n$/.exec(first.text)?.[1] ?? NaN)
    if (!Number.isSafeInteger(old)) return { witness, kind: 'silent', why: 'answered 409 without a size' }
    if (old > request.size) return { witness, kind: 'contradicts', why: `knows size ${old}` }
    return answerOf(witness, request, await postCheckpoint(witness, request, old))
  } catch (error) {
    return { witness, kind: 'silent', why: reasonOf(error) }
  }
}

/** Asks one witness for the newest checkpoint it has seen of this log. What it shows counts only when our log key signed it. */
export async function askHead(witness: WitnessPlace, log: Vkey, timeoutMs: number): Promise<WitnessHead> {
  try {
    const answer = await ask(`${witness.url ?? ''}/${toHex(sha256(utf8(log.name)))}/checkpoint`, { method: 'GET' }, timeoutMs)
    if (answer.status === 404) return { witness, kind: 'head', checkpoint: null, note: '' }
    if (answer.status !== 200) return { witness, kind: 'silent', why: `HTTP ${answer.status}` }
    const { body } = openNote(answer.text, [log])
    const checkpoint = parseCheckpoint(body)
    return checkpoint.origin === log.name ? { witness, kind: 'head', checkpoint, note: answer.text } : { witness, kind: 'silent', why: 'showed another log' }
  } catch (error) {
    return { witness, kind: 'silent', why: reasonOf(error) }
  }
}

async function postCheckpoint(witness: WitnessPlace, request: CosignRequest, old: number): Promise<{ status: number; text: string }> {
  // A size 0 and the own size need no proof; anything between is proved from the tiles.
  const path = old === 0 || old >= request.size ? [] : await request.tree.consistencyPath(old)
  const body = `old ${old}\n${path.map((hash) => `${toBase64(hash)}\n`).join('')}\n${request.signed}`
  return ask(`${witness.url ?? ''}/add-checkpoint`, { method: 'POST', body, headers: { 'content-type': 'text/plain; charset=utf-8' } }, request.timeoutMs)
}

function answerOf(witness: WitnessPlace, request: CosignRequest, answer: { status: number; text: string }): WitnessAnswer {
  if (answer.status === 409 || answer.status === 422) return { witness, kind: 'contradicts', why: `HTTP ${answer.status}` }
  if (answer.status !== 200) return { witness, kind: 'silent', why: `HTTP ${answer.status}` }
  const lines = parseNoteLines(answer.text)
  const [cosignature] = readCosignatures(request.body, lines, [witness.vkey])
  if (cosignature === undefined) return { witness, kind: 'silent', why: 'signed with another key than the policy names' }
  const line = lines.find((each) => each.name === witness.vkey.name && toHex(each.keyId) === toHex(witness.vkey.keyId))
  return line === undefined ? { witness, kind: 'silent', why: 'signed with another key than the policy names' } : { witness, kind: 'cosigned', line: line.text }
}

async function ask(url: string, init: RequestInit, timeoutMs: number): Promise<{ status: number; text: string }> {
  // A redirect could lead the request to a place that the policy does not name.
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  return { status: response.status, text: await readCapped(response) }
}

async function readCapped(response: Response): Promise<string> {
  if (response.body === null) return ''
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  const parts: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (value !== undefined) parts.push(value)
    bytes += value?.length ?? 0
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel()
      throw new ProofError('ANSWER_TOO_LARGE', 'the answer is too large')
    }
    if (done) return Buffer.concat(parts).toString('utf8')
  }
}

/** The address of a witness may be private to the parties, so only the kind of the trouble is reported. */
function reasonOf(error: unknown): string {
  if (error instanceof ProofError) return error.code
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'not reachable'
}
