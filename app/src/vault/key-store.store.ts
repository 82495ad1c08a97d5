// SPDX-License-Identifier: Apache-2.0
// SQL of the key store database. Lock order everywhere: slot counter, then directories ascending; pages and matter keys only under those locks.
import { keptPlan, type Queryable, type Tx } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'

/** One wrapped directory of page keys. */
export interface DirectoryRow {
  dir: number
  epoch: number
  wrapped: Buffer
}

/** One wrapped page of record secrets. */
export interface PageRow {
  page: number
  version: number
  wrapped: Buffer
}

/** One wrapped matter key. */
export interface MatterKeyRow {
  name: string
  epoch: number
  wrapped: Buffer
}

/** One epoch's state; times are instants. */
export interface EpochRow {
  epoch: number
  state: 'turning' | 'current' | 'dropped'
  opened_at: string
  dropped_at: string | null
}

/** Holds the matter's turn lock until the end of this transaction: turns, creation of matter keys and restores come one after the other. */
export async function lockTurn(tx: Tx, scope: KeyScope): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`handover-turn/${scope.tenant}/${scope.matterId}`])
}

/** All epochs, oldest first. */
export async function epochRows(db: Queryable, scope: KeyScope): Promise<EpochRow[]> {
  return db.query<EpochRow>('select epoch, state, opened_at, dropped_at from key_epoch where tenant = $1 and matter_id = $2 order by epoch', [scope.tenant, scope.matterId])
}

/** Notes a new epoch as turning; keeps it when it is there. */
export async function insertTurningEpoch(db: Queryable, scope: KeyScope, epoch: number, at: string): Promise<void> {
  await db.execute(`insert into key_epoch (tenant, matter_id, epoch, state, opened_at) values ($1, $2, $3, 'turning', $4) on conflict do nothing`, [scope.tenant, scope.matterId, epoch, at])
}

/** Writes the epochs of a restored key store. */
export async function putEpochs(tx: Tx, scope: KeyScope, rows: readonly EpochRow[]): Promise<void> {
  await tx.execute(
    `insert into key_epoch (tenant, matter_id, epoch, state, opened_at, dropped_at)
     select $1::uuid, $2::text, * from unnest($3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[])`,
    [scope.tenant, scope.matterId, rows.map((row) => row.epoch), rows.map((row) => row.state), rows.map((row) => row.opened_at), rows.map((row) => row.dropped_at)],
  )
}

/** The turn to this epoch is done: it is the current one, every earlier one is dropped. */
export async function finishEpoch(tx: Tx, scope: KeyScope, epoch: number, at: string): Promise<void> {
  await tx.execute(`update key_epoch set state = 'current' where tenant = $1 and matter_id = $2 and epoch = $3`, [scope.tenant, scope.matterId, epoch])
  await tx.execute(`update key_epoch set state = 'dropped', dropped_at = $4 where tenant = $1 and matter_id = $2 and epoch < $3 and state <> 'dropped'`, [scope.tenant, scope.matterId, epoch, at])
}

/** Every matter of the tenant with its newest epoch. */
export async function matterEpochs(db: Queryable, tenant: string): Promise<{ matter_id: string; epoch: number; state: string }[]> {
  return db.query('select distinct on (matter_id) matter_id, epoch, state from key_epoch where tenant = $1 order by matter_id, epoch desc', [tenant])
}

/** Locks the slot counter and reads it; null when the matter has none. */
export async function lockSlotCounter(tx: Tx, scope: KeyScope): Promise<number | null> {
  const rows = await tx.query<{ next_slot: number }>('select next_slot from key_slot where tenant = $1 and matter_id = $2 for update', [scope.tenant, scope.matterId])
  return rows[0]?.next_slot ?? null
}

/** The next slot to be given out, without a lock; null when the matter has none. */
export async function nextSlot(db: Queryable, scope: KeyScope): Promise<number | null> {
  const rows = await db.query<{ next_slot: number }>('select next_slot from key_slot where tenant = $1 and matter_id = $2', [scope.tenant, scope.matterId])
  return rows[0]?.next_slot ?? null
}

/** Makes the counter, or moves it forward; it never goes back. */
export async function advanceSlotCounter(tx: Tx, scope: KeyScope, next: number): Promise<void> {
  await tx.execute(
    `insert into key_slot (tenant, matter_id, next_slot) values ($1, $2, $3)
     on conflict (tenant, matter_id) do update set next_slot = greatest(key_slot.next_slot, excluded.next_slot)`,
    [scope.tenant, scope.matterId, next],
  )
}

const lockOfDirectories = keptPlan('select dir, epoch, wrapped from key_dir where tenant = $1 and matter_id = $2 and dir = any($3) order by dir for update')

/** Locks these directories (all when null), ascending. */
export async function lockDirectories(tx: Tx, scope: KeyScope, dirs: readonly number[] | null): Promise<DirectoryRow[]> {
  if (dirs === null) return tx.query<DirectoryRow>('select dir, epoch, wrapped from key_dir where tenant = $1 and matter_id = $2 order by dir for update', [scope.tenant, scope.matterId])
  return tx.query<DirectoryRow>(lockOfDirectories, [scope.tenant, scope.matterId, dirs])
}

/** All directories as they stand. */
export async function directoryRows(db: Queryable, scope: KeyScope): Promise<DirectoryRow[]> {
  return db.query<DirectoryRow>('select dir, epoch, wrapped from key_dir where tenant = $1 and matter_id = $2 order by dir', [scope.tenant, scope.matterId])
}

/** Writes directories over what was there. */
export async function putDirectories(tx: Tx, scope: KeyScope, rows: readonly DirectoryRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(
    `insert into key_dir (tenant, matter_id, dir, epoch, wrapped) select $1::uuid, $2::text, * from unnest($3::int[], $4::int[], $5::bytea[])
     on conflict (tenant, matter_id, dir) do update set epoch = excluded.epoch, wrapped = excluded.wrapped`,
    [scope.tenant, scope.matterId, rows.map((row) => row.dir), rows.map((row) => row.epoch), rows.map((row) => row.wrapped)],
  )
}

/** Pages by number, ascending; only under the lock of their directories. */
export async function pageRows(tx: Queryable, scope: KeyScope, pages: readonly number[]): Promise<PageRow[]> {
  return tx.query<PageRow>('select page, version, wrapped from key_page where tenant = $1 and matter_id = $2 and page = any($3) order by page', [scope.tenant, scope.matterId, pages])
}

/** Writes pages over what was there. */
export async function putPages(tx: Tx, scope: KeyScope, rows: readonly PageRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(
    `insert into key_page (tenant, matter_id, page, version, wrapped) select $1::uuid, $2::text, * from unnest($3::int[], $4::int[], $5::bytea[])
     on conflict (tenant, matter_id, page) do update set version = excluded.version, wrapped = excluded.wrapped`,
    [scope.tenant, scope.matterId, rows.map((row) => row.page), rows.map((row) => row.version), rows.map((row) => row.wrapped)],
  )
}

/** Pages and their directories in one statement, hence one snapshot: an erasure in between cannot separate them. */
export async function pagesWithDirectories(db: Queryable, scope: KeyScope, pages: readonly number[], dirs: readonly number[]): Promise<{ pages: PageRow[]; directories: DirectoryRow[] }> {
  const rows = await db.query<{ kind: string; number: number; version: number; wrapped: Buffer }>(
    `select 'page' as kind, page as number, version, wrapped from key_page where tenant = $1 and matter_id = $2 and page = any($3)
     union all select 'dir', dir, epoch, wrapped from key_dir where tenant = $1 and matter_id = $2 and dir = any($4)`,
    [scope.tenant, scope.matterId, pages, dirs],
  )
  return {
    pages: rows.filter((row) => row.kind === 'page').map((row) => ({ page: row.number, version: row.version, wrapped: row.wrapped })),
    directories: rows.filter((row) => row.kind === 'dir').map((row) => ({ dir: row.number, epoch: row.version, wrapped: row.wrapped })),
  }
}

/** How each directory's pages stand: enough to see which of them changed since the last key backup. */
export async function pageVersions(db: Queryable, scope: KeyScope, pagesADirectory: number): Promise<{ dir: number; pages: number; versions: number }[]> {
  return db.query(
    'select page / $3 as dir, count(*) as pages, sum(version)::bigint as versions from key_page where tenant = $1 and matter_id = $2 group by 1 order by 1',
    [scope.tenant, scope.matterId, pagesADirectory],
  )
}

/** All matter keys. */
export async function matterKeyRows(db: Queryable, scope: KeyScope): Promise<MatterKeyRow[]> {
  return db.query<MatterKeyRow>('select name, epoch, wrapped from matter_key where tenant = $1 and matter_id = $2 order by name', [scope.tenant, scope.matterId])
}

/** The epoch that present rows are sealed under; only under the counter's or a directory's lock, when no turn can begin. Null when the matter has no keys. */
export async function presentEpoch(tx: Queryable, scope: KeyScope): Promise<number | null> {
  const rows = await tx.query<{ epoch: number | null }>(
    `select coalesce((select max(epoch) from matter_key where tenant = $1 and matter_id = $2), (select max(epoch) from key_dir where tenant = $1 and matter_id = $2),
                     (select max(epoch) from key_epoch where tenant = $1 and matter_id = $2 and state = 'current')) as epoch`,
    [scope.tenant, scope.matterId],
  )
  return rows[0]?.epoch ?? null
}

/** Writes matter keys over what was there. */
export async function putMatterKeys(tx: Tx, scope: KeyScope, rows: readonly MatterKeyRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(
    `insert into matter_key (tenant, matter_id, name, epoch, wrapped) select $1::uuid, $2::text, * from unnest($3::text[], $4::int[], $5::bytea[])
     on conflict (tenant, matter_id, name) do update set epoch = excluded.epoch, wrapped = excluded.wrapped`,
    [scope.tenant, scope.matterId, rows.map((row) => row.name), rows.map((row) => row.epoch), rows.map((row) => row.wrapped)],
  )
}

/** Takes matter keys away. */
export async function deleteMatterKeys(tx: Tx, scope: KeyScope, names: readonly string[]): Promise<void> {
  await tx.execute('delete from matter_key where tenant = $1 and matter_id = $2 and name = any($3)', [scope.tenant, scope.matterId, names])
}

/** What an erasure needs to see, in one statement and under the lock of the directories. */
export interface ErasureView {
  nextSlot: number | null
  erased: Set<number>
  pages: PageRow[]
}

const viewOfErasure = keptPlan(
  `select 'next' as kind, next_slot as number, null::int as version, null::bytea as wrapped from key_slot where tenant = $1 and matter_id = $2
   union all select 'erased', slot, null, null from key_erasure where tenant = $1 and matter_id = $2 and slot = any($3)
   union all select 'page', page, version, wrapped from key_page where tenant = $1 and matter_id = $2 and page = any($4)`)

/** The counter, which of these slots are erased already, and these pages, ascending. */
export async function erasureView(tx: Tx, scope: KeyScope, slots: readonly number[], pages: readonly number[]): Promise<ErasureView> {
  const rows = await tx.query<{ kind: string; number: number; version: number | null; wrapped: Buffer | null }>(
    viewOfErasure,
    [scope.tenant, scope.matterId, slots, pages],
  )
  return {
    nextSlot: rows.find((row) => row.kind === 'next')?.number ?? null,
    erased: new Set(rows.flatMap((row) => (row.kind === 'erased' ? [row.number] : []))),
    pages: rows.flatMap(({ number: page, version, wrapped }) => (version === null || wrapped === null ? [] : [{ page, version, wrapped }])),
  }
}

const writeOfErasure = keptPlan(
  `with page as (
     update key_page k set version = fresh.version, wrapped = fresh.wrapped from unnest($3::int[], $4::int[], $5::bytea[]) as fresh (page, version, wrapped)
     where k.tenant = $1::uuid and k.matter_id = $2::text and k.page = any($3) and k.page = fresh.page),
   directory as (
     update key_dir k set wrapped = fresh.wrapped from unnest($6::int[], $7::bytea[]) as fresh (dir, wrapped)
     where k.tenant = $1::uuid and k.matter_id = $2::text and k.dir = any($6) and k.dir = fresh.dir)
   insert into key_erasure (tenant, matter_id, slot, order_id, epoch, erased_at)
   select $1::uuid, $2::text, slot, $8::text, epoch, $9::timestamptz from unnest($10::bigint[], $11::int[]) as erased (slot, epoch)`)

/** Writes an erasure in one statement: emptied pages, their directories, and which slots went under which epoch. The `any` repeats the join so that PostgreSQL uses the index even before it has statistics. */
export async function writeErasure(
  tx: Tx, scope: KeyScope, erasure: { orderId: string; at: string; slots: readonly { slot: number; epoch: number }[] }, rows: { pages: readonly PageRow[]; directories: readonly DirectoryRow[] },
): Promise<void> {
  await tx.execute(
    writeOfErasure,
    [
      scope.tenant, scope.matterId, rows.pages.map((row) => row.page), rows.pages.map((row) => row.version), rows.pages.map((row) => row.wrapped),
      rows.directories.map((row) => row.dir), rows.directories.map((row) => row.wrapped), erasure.orderId, erasure.at,
      erasure.slots.map((entry) => entry.slot), erasure.slots.map((entry) => entry.epoch),
    ],
  )
}

/** Notes erased slots with the epoch under which their old page could still be opened. */
export async function insertErasures(tx: Tx, scope: KeyScope, erasure: { orderId: string; at: string }, slots: readonly { slot: number; epoch: number }[]): Promise<void> {
  await tx.execute(
    `insert into key_erasure (tenant, matter_id, slot, order_id, epoch, erased_at)
     select $1::uuid, $2::text, slot, $3::text, epoch, $4::timestamptz from unnest($5::bigint[], $6::int[]) as erased (slot, epoch) on conflict do nothing`,
    [scope.tenant, scope.matterId, erasure.orderId, erasure.at, slots.map((entry) => entry.slot), slots.map((entry) => entry.epoch)],
  )
}

/** The epochs under which an order's slots were erased, with how many. */
export async function erasureEpochs(db: Queryable, scope: KeyScope, orderId: string): Promise<{ epoch: number; slots: number }[]> {
  return db.query('select epoch, count(*) as slots from key_erasure where tenant = $1 and matter_id = $2 and order_id = $3 group by epoch order by epoch', [scope.tenant, scope.matterId, orderId])
}

/** Orders all of whose erased slots stood under epochs before this one. */
export async function ordersErasedBefore(db: Queryable, scope: KeyScope, epoch: number): Promise<string[]> {
  const rows = await db.query<{ order_id: string }>(
    'select order_id from key_erasure where tenant = $1 and matter_id = $2 group by order_id having max(epoch) < $3 order by order_id',
    [scope.tenant, scope.matterId, epoch],
  )
  return rows.map((row) => row.order_id)
}

/** All erasures of a matter by ascending slot, for the key backup; a page at a time, since there may be millions. */
export async function* erasurePages(db: Queryable, scope: KeyScope): AsyncGenerator<{ slot: number; order_id: string; epoch: number }[]> {
  const size = 20_000
  for (let after = -1; ; ) {
    const rows: { slot: number; order_id: string; epoch: number }[] = await db.query('select slot, order_id, epoch from key_erasure where tenant = $1 and matter_id = $2 and slot > $3 order by slot limit $4', [scope.tenant, scope.matterId, after, size])
    if (rows.length > 0) yield rows
    if (rows.length < size) return
    after = rows.at(-1)?.slot ?? after
  }
}
