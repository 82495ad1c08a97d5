// SPDX-License-Identifier: Apache-2.0
import { decodeEntryBundle, equalBytes, leafHash, MerkleAccumulator, openNote, parseCheckpoint, parseNote, parsePolicy, ProofError, sha256, toHex, utf8, verifyCosignedCheckpoint, type Checkpoint } from '@handover/proof'
import { required } from '../kit/assert.ts'

/** Log files of a backup that are looked at, by name: checkpoints, policies, entry bundles, all small. */
export type LogFiles = Map<string, Buffer>

/** Whether a file is kept for the check of the log. */
export function isLogFile(name: string): boolean {
  return /^objects\/policy\/|^objects\/log\/[0-9a-f]{64}\/(checkpoint$|tile\/entries\/)/.test(name)
}

/** What the rows say of a matter's log. */
export interface LogOfRows {
  origin: string
  /** Log entries by place. */
  entries: readonly Uint8Array[]
  /** Digest of the policy in force; null when none was set. */
  policy: string | null
}

/** How a matter's log stands in a backup. */
export interface LogCheck {
  matter: string
  /** Entries under the cosigned checkpoint; null when nothing was published. */
  size: number | null
  witnesses: number
  problems: string[]
}

/** Compares the log's public files with the cosigned checkpoint under the policy, and the rows with both. */
export function checkLog(matter: string, rows: LogOfRows, files: LogFiles): LogCheck {
  const folder = `objects/log/${toHex(sha256(utf8(rows.origin)))}`
  const note = files.get(`${folder}/checkpoint`)
  if (note === undefined) return { matter, size: null, witnesses: 0, problems: [] }
  try {
    const { checkpoint, witnesses } = openHead(note.toString('utf8'), policyText(matter, rows, files))
    const size = Number(checkpoint.size)
    return { matter, size, witnesses, problems: [...checkEntries(entriesOf(files, folder), rows.entries, checkpoint)] }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    return { matter, size: null, witnesses: 0, problems: [error.message] }
  }
}

function policyText(matter: string, rows: LogOfRows, files: LogFiles): string | null {
  if (rows.policy === null) return null
  const bytes = files.get(`objects/policy/${matter}-${rows.policy.slice(0, 16)}.txt`)
  if (bytes === undefined || toHex(sha256(bytes)) !== rows.policy) throw new ProofError('POLICY', 'the policy in force is missing or another one')
  return bytes.toString('utf8')
}

/** The published head, accepted by the policy that the books name; a policy without quorum accepts the log's own signature. */
function openHead(text: string, policy: string | null): { checkpoint: Checkpoint; witnesses: number } {
  if (policy === null) return { checkpoint: parseCheckpoint(parseNote(text).body), witnesses: 0 }
  const parsed = parsePolicy(policy)
  const { checkpoint } = verifyCosignedCheckpoint(text, parsed)
  openNote(text, parsed.logs)
  return { checkpoint, witnesses: parseNote(text).lines.length - 1 }
}

function* checkEntries(files: readonly Uint8Array[], rows: readonly Uint8Array[], checkpoint: Checkpoint): Generator<string> {
  const size = Number(checkpoint.size)
  if (files.length < size) {
    yield `the log files hold ${files.length} entries, the checkpoint ${size}`
    return
  }
  const tree = new MerkleAccumulator()
  for (let at = 0; at < size; at++) {
    tree.push(leafHash(required(files[at], 'the entries have no gaps')))
  }
  if (!equalBytes(tree.root(), checkpoint.root)) yield 'the log files do not have the root of the cosigned checkpoint'
  for (let at = 0; at < Math.min(rows.length, files.length); at++) {
    const [row, file] = [rows[at], files[at]]
    if (row !== undefined && file !== undefined && equalBytes(row, file)) continue
    yield `entry ${at} of the log files is not that of the rows`
    return
  }
}

/** Entries of the widest bundles, in order. */
function entriesOf(files: LogFiles, folder: string): Uint8Array[] {
  const bundles = new Map<number, Uint8Array[]>()
  for (const [name, bytes] of files) {
    const found = new RegExp(`^${folder}/tile/entries/((?:x\\d{3}/)*\\d{3})(?:\\.p/\\d+)?$`).exec(name)
    if (found?.[1] === undefined) continue
    const index = Number(found[1].replaceAll(/[x/]/g, ''))
    const entries = decodeEntryBundle(bytes)
    if (entries.length > (bundles.get(index)?.length ?? 0)) bundles.set(index, entries)
  }
  const all: Uint8Array[] = []
  for (let index = 0; bundles.has(index); index++) all.push(...(bundles.get(index) ?? []))
  return all
}
