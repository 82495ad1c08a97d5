// SPDX-License-Identifier: Apache-2.0
import { equalBytes, ProofError } from './bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { NOTE_ED25519, openNote, parseVkey } from './note.ts'
import type { Vkey } from './note.ts'

const FIRST_LINE = 'handover-equivocation/v1'

/** 两套历史的证据. Two checkpoints of one log and one size with different roots, both signed by the log (FORMATS §2: a log must never do that). */
export type Equivocation = { origin: string; size: bigint; log: Vkey; notes: [string, string] }

/** Whether a text says of itself that it is such a proof. */
export function isEquivocationText(text: string): boolean {
  return text.startsWith(`${FIRST_LINE}\n`)
}

/** The proof file of two notes (docs/formats.md): first line, the log's verifier key, the two notes as they were signed. Refuses two notes that prove nothing. */
export function equivocationText(log: Vkey, first: string, second: string): string {
  const text = `${FIRST_LINE}\nlog ${log.text}\n\n${first}\n${second}`
  openEquivocation(text, [log])
  return text
}

/** Opens a proof file; the log's key must be among `known` (null: the key that the file names). Refuses notes that the key did not sign, of another log or size, or with one root. */
export function openEquivocation(text: string, known: readonly Vkey[] | null): Equivocation {
  const parts = text.split('\n\n')
  const [head, firstBody, firstLines, secondBody, secondLines] = parts
  if (!isEquivocationText(text) || parts.length !== 5 || head === undefined || firstBody === undefined || firstLines === undefined || secondBody === undefined || secondLines === undefined) throw new ProofError('BAD_EQUIVOCATION', 'a first line, a log and two notes')
  const [, line, ...more] = head.split('\n')
  if (line?.startsWith('log ') !== true || more.length > 0) throw new ProofError('BAD_EQUIVOCATION', 'the line "log" is missing')
  const log = parseVkey(line.slice('log '.length))
  if (log.type !== NOTE_ED25519) throw new ProofError('BAD_EQUIVOCATION', 'not the key of a log')
  if (known !== null && !known.some((vkey) => vkey.text === log.text)) throw new ProofError('UNKNOWN_SIGNER', `key ${log.name}`)
  const notes: [string, string] = [`${firstBody}\n\n${firstLines}\n`, `${secondBody}\n\n${secondLines}`]
  const [first, second] = notes.map((note) => parseCheckpoint(openNote(note, [log]).body))
  if (first === undefined || second === undefined || first.origin !== log.name || second.origin !== log.name) throw new ProofError('BAD_EQUIVOCATION', 'a checkpoint of another log')
  if (first.size !== second.size || equalBytes(first.root, second.root)) throw new ProofError('NO_EQUIVOCATION', 'the two checkpoints do not contradict each other')
  return { origin: log.name, size: first.size, log, notes }
}
