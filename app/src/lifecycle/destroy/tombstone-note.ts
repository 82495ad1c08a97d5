// SPDX-License-Identifier: Apache-2.0
import { openNote, ProofError, signNote } from '@handover/proof'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { readIfThere, writeDurable } from '../../ledger/index.ts'
import { formerRanges } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { countTombstones } from './destroy.store.ts'
import { appendTombstones, openTombstones, tombstoneRoot } from './tombstone-file.ts'

/**
 * 名单说明. What the tombstone list was when the log had this size, signed by the party and kept beside the list. A database that comes back older than its witnesses has lost events that only it could
 * read; this note says for them how many destructions there were (CONTRACTS §10).
 */
export interface TombstoneNote {
  size: number
  tombstones: number
  root: string
  /** SHA-256 of the list's bytes: comparing it costs a fraction of the root. */
  sha256: string
  /** Which numbers of the list are versions that a delta revised: the record lives on under a later one. */
  revised: readonly NumberRange[]
}

/** Numbers of the list from the first to the last. */
export interface NumberRange {
  first: number
  last: number
}

const firstLine = 'handover/tombstones/v1'
const firstLineRevised = 'handover/tombstones/v2' // with a seventh line of ranges
const pattern = /^handover\/tombstones\/v[12]\n(?<matter>mat_[0-9a-f]{32})\n(?<size>0|[1-9]\d{0,15})\n(?<tombstones>0|[1-9]\d{0,15})\n(?<root>[0-9a-f]{64})\n(?<sha256>[0-9a-f]{64})\n(?:(?<revised>\d{1,16}-\d{1,16}(?:,\d{1,16}-\d{1,16})*)\n)?$/

/** Where the note of a matter stands, beside its list. */
export function tombstoneNoteFile(ctx: Context, matterId: string): string {
  return join(ctx.home.paths.objects, 'tombstones', `${matterId}.note`)
}

/** The note of a matter, or null when there is none; refuses one that this party did not sign or that speaks of another matter. */
export function readTombstoneNote(ctx: Context, matterId: string): TombstoneNote | null {
  const file = tombstoneNoteFile(ctx, matterId)
  const bytes = readIfThere(file)
  if (bytes === null) return null
  try {
    const found = pattern.exec(openNote(bytes.toString('utf8'), [ctx.signer.vkey]).body)?.groups
    if (found?.['matter'] === matterId) return { size: Number(found['size']), tombstones: Number(found['tombstones']), root: found['root'] ?? '', sha256: found['sha256'] ?? '', revised: rangesOf(found['revised']) }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
  }
  throw destroyFailures.TOMBSTONES_DIFFER({ file, why: '签名或事项不符 / not signed by this party for this matter' })
}

/** Signs what the list is now that the log was published at this size; the list is brought up to the database before. An older size than the note's changes nothing. */
export async function noteTombstones(ctx: Context, matterId: string, size: number): Promise<void> {
  const known = readTombstoneNote(ctx, matterId)
  if (known !== null && known.size >= size) return
  const tombstones = await countTombstones(ctx.db, { tenant: ctx.tenant, matterId })
  if (tombstones > 0) await appendTombstones(ctx, matterId)
  const same = known?.tombstones === tombstones ? known : null
  const list = openTombstones(ctx, matterId)
  try {
    const { root, sha256 } = same ?? { root: (await tombstoneRoot(ctx.db, { tenant: ctx.tenant, matterId })).tombstoneRoot, sha256: list.sha256(tombstones) }
    // A replayed list is of lost bookings: what the note said of them it goes on saying.
    const revised = same?.revised ?? joined([...(known?.revised ?? []), ...(await formerRanges(ctx.db, { tenant: ctx.tenant, matterId }))])
    const lines = [revised.length === 0 ? firstLine : firstLineRevised, matterId, size, tombstones, root, sha256, ...(revised.length === 0 ? [] : [revised.map(({ first, last }) => `${first}-${last}`).join(',')])]
    const body = `${lines.join('\n')}\n`
    writeDurable(tombstoneNoteFile(ctx, matterId), Buffer.from(signNote(body, [ctx.signer.noteSigner])), 0o600)
  } finally {
    list.close()
  }
}

function rangesOf(text: string | undefined): NumberRange[] {
  return (text ?? '').split(',').flatMap((range) => {
    const [first, last] = range.split('-')
    return first === undefined || last === undefined ? [] : [{ first: Number(first), last: Number(last) }]
  })
}

/** The same numbers in as few ranges as there can be. */
function joined(ranges: readonly NumberRange[]): NumberRange[] {
  const found: NumberRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = found.at(-1)
    if (before !== undefined && range.first <= before.last + 1) found[found.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
    else found.push(range)
  }
  return found
}
