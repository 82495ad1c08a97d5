// SPDX-License-Identifier: Apache-2.0
// SQL of the blind indexes in the main database.
import type { Queryable, Tx } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'

/** A blind index as it is stored. */
export interface BlindRow {
  key_type: string
  blind: Buffer
}

/** Keeps the outer key of the blind index from being exchanged until the end of this transaction. */
export async function holdOuterKey(tx: Tx, scope: KeyScope): Promise<void> {
  await tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [lockName(scope)])
}

/** Waits until no transaction holds the outer key, and keeps new ones out. */
export async function lockOuterKey(tx: Tx, scope: KeyScope): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockName(scope)])
}

/** Every blind index of the matter once, in batches. The two-byte tags of names and birth days stand in the same table; what is shorter than a block cannot be moved and stays. */
export function blindRows(tx: Tx, scope: KeyScope): AsyncGenerator<BlindRow[], void, undefined> {
  return tx.stream<BlindRow>(
    `select key_type, blind from record_key where tenant = $1 and matter_id = $2 and length(blind) = 16 group by key_type, blind
     union select key_type, blind from demoted_key where tenant = $1 and matter_id = $2`,
    [scope.tenant, scope.matterId],
    5000,
  )
}

/** Puts new blind indexes in the place of old ones; the transaction does nothing else. */
export async function replaceBlinds(tx: Tx, scope: KeyScope, rows: readonly (BlindRow & { fresh: Buffer })[]): Promise<void> {
  // A table that has just been filled has no statistics, and a nested loop over a batch would compare every pair.
  await tx.execute('set local enable_nestloop = off')
  const params = [scope.tenant, scope.matterId, rows.map((row) => row.key_type), rows.map((row) => row.blind), rows.map((row) => row.fresh)]
  for (const table of ['record_key', 'demoted_key']) {
    await tx.execute(
      `update ${table} k set blind = change.fresh from unnest($3::text[], $4::bytea[], $5::bytea[]) as change (key_type, old, fresh)
       where k.tenant = $1 and k.matter_id = $2 and k.key_type = any($3) and k.blind = any($4) and k.key_type = change.key_type and k.blind = change.old`,
      params,
    )
  }
}

/** Notes with the rewriting, in its transaction, that the indexes stand under this outer key. */
export async function noteRewritten(tx: Tx, scope: KeyScope, effect: string, at: string): Promise<void> {
  await tx.execute(`insert into step_done (tenant, matter_id, effect, result, at) values ($1, $2, $3, '{}', $4)`, [scope.tenant, scope.matterId, effect, at])
}

/** Whether the indexes stand under this outer key. */
export async function isRewritten(db: Queryable, scope: KeyScope, effect: string): Promise<boolean> {
  return (await db.query('select 1 from step_done where tenant = $1 and matter_id = $2 and effect = $3', [scope.tenant, scope.matterId, effect])).length > 0
}

function lockName(scope: KeyScope): string {
  return `handover-blind/${scope.tenant}/${scope.matterId}`
}
