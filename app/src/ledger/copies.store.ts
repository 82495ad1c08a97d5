// SPDX-License-Identifier: Apache-2.0
import type { CopyEnd, CopyKind } from '../law/nouns.ts'
import type { Queryable, Tx } from '../store/index.ts'
import type { MatterScope } from './events.store.ts'

/** 副本. One line of the copies book: a place where values still are, and how it ended (CONTRACTS §4). */
export type Copy = {
  id: string
  kind: CopyKind
  /** Party id of who holds it. */
  holder: string
  dataSetId: string | null
  sourceId: string | null
  values: number
  openedSeq: number
  endedHow: CopyEnd | null
  endedSeq: number | null
  ended: CopyEnding | null
}

/** How a copy ended: the digest of the proof (hexadecimal SHA-256 of a signed statement), until when it is sealed, and further codes and ids. */
export type CopyEnding = { proof: string | null; until: string | null; details: Record<string, string | number> }

const copyColumns = `id, kind, holder_party as holder, data_set_id as "dataSetId", source_id as "sourceId", values_held as "values", opened_seq as "openedSeq",
  ended_how as "endedHow", ended_seq as "endedSeq", ended`

/** All copies of the matter in the order in which they were opened. */
export async function allCopies(db: Queryable, scope: MatterScope): Promise<Copy[]> {
  return db.query<Copy>(`select ${copyColumns} from copy where tenant = $1 and matter_id = $2 order by opened_seq, id`, [scope.tenant, scope.matterId])
}

/** One copy, locked until the transaction ends; undefined when it is not in the book. */
export async function lockCopy(tx: Tx, scope: MatterScope, id: string): Promise<Copy | undefined> {
  const rows = await tx.query<Copy>(`select ${copyColumns} from copy where tenant = $1 and matter_id = $2 and id = $3 for update`, [scope.tenant, scope.matterId, id])
  return rows[0]
}

/** Writes a new line. */
export async function insertCopy(tx: Tx, scope: MatterScope, copy: Omit<Copy, 'endedHow' | 'endedSeq' | 'ended'>): Promise<void> {
  await tx.execute(
    `insert into copy (tenant, matter_id, id, kind, holder_party, data_set_id, source_id, values_held, opened_seq) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [scope.tenant, scope.matterId, copy.id, copy.kind, copy.holder, copy.dataSetId, copy.sourceId, copy.values, copy.openedSeq],
  )
}

/** Ends a line. */
export async function endCopyRow(tx: Tx, scope: MatterScope, end: { id: string; how: CopyEnd; seq: number; ended: CopyEnding }): Promise<void> {
  await tx.execute(
    `update copy set ended_how = $4, ended_seq = $5, ended = $6::jsonb where tenant = $1 and matter_id = $2 and id = $3 and ended_how is null`,
    [scope.tenant, scope.matterId, end.id, end.how, end.seq, JSON.stringify(end.ended)],
  )
}
