// SPDX-License-Identifier: Apache-2.0
// What a certificate says of a live database, and what it does not claim: a DELETE ends rows in tables, not in logs, replicas, backups and freed pages (CONTRACTS §9).
import type { Context } from '../../context.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import type { DatabaseOutcome } from './destroy-in-database.ts'
import { findWork } from './originals.store.ts'
import type { OriginalFile } from './rewrite-original.ts'
import { rowsFoundGone, verifiedBy } from './verification-words.ts'

/** A database of an order with what was done in it. */
export interface DoneDatabase extends DatabaseOutcome {
  file: OriginalFile
}

/** A copy with a code of why it, or a part of it, was not reached. */
interface Unreached {
  copy: string
  why: string
}

/** Copies of tables in which rows were left, with their numbers. */
export function leftInDatabase({ file, left }: DoneDatabase): Unreached[] {
  return left.map(({ copy, refused, changed, unknown, pointedAt, extra }) => {
    const numbers = Object.entries({ changed, unknown, pointedAt, extra }).flatMap(([name, n]) => (n === 0 ? [] : [`${name}=${n}`]))
    return { copy, why: `${file.source.kind}:${refused === '' ? numbers.join(',') : 'table-refused'}` }
  })
}

/** Where the deletion does not reach: said of every copy, since nothing of it can be seen from here. */
export function beyondDatabase({ file, left, notRebuilt, triggersUnseen }: DoneDatabase): Unreached[] {
  const refused = new Set(left.filter((one) => one.refused !== '').map((one) => one.dataSetId))
  return file.expected.flatMap(({ copy, dataSet }) => {
    if (copy === null || refused.has(dataSet.id)) return []
    const why = notRebuilt.get(dataSet.id)
    return ['logs', 'replicas-and-backups', why === undefined ? 'freed-disk-blocks' : `free-pages-and-undo(${why})`, ...(triggersUnseen.includes(dataSet.id) ? ['triggers-not-shown'] : [])].map((one) => ({ copy, why: `database:${one}` }))
  })
}

/** How the destruction was verified, in the words of the certificate. */
export function howVerified(files: number, databases: readonly DoneDatabase[]): string {
  const found = databases.reduce((sum, one) => sum + one.found, 0)
  return [
    ...(files > databases.length ? [verifiedBy.files.en] : []),
    ...(databases.length > 0 ? [verifiedBy.databases.en] : []),
    ...(found > 0 ? [rowsFoundGone(found).en] : []),
  ].join('; ')
}

/** Backups, logs and replicas of a source database hold what was deleted in it until somebody says how they ended: a line of the copies book for each such source. */
export async function openSourceBackups(ctx: Context, tx: Tx, matter: Matter, { orderId, databases }: { orderId: string; databases: readonly DoneDatabase[] }): Promise<void> {
  const known = await ctx.ledger.copies(matter.id)
  for (const { source } of databases.map(({ file }) => file)) {
    const values = (await findWork(tx, { tenant: ctx.tenant, matterId: matter.id }, orderId, source.id))?.counts.values ?? 0
    const isOpen = known.some((copy) => copy.kind === 'backup' && copy.sourceId === source.id && copy.endedHow === null)
    if (!isOpen && values > 0) await ctx.ledger.openCopy(tx, matter.id, { kind: 'backup', holder: ownParty(matter).id, dataSetId: null, sourceId: source.id, values }, `copy/backup/${source.id}/${orderId}`)
  }
}
