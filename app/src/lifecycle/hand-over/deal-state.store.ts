// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** A line of the table of gate overrides. */
export interface GateOverrideRow {
  id: string
  rule: string
  codes: string[]
  article: string
  opinion: Buffer
  reasonSealed: Buffer
  until: string
  approvalId: string
  seq: number
  at: Instant
}

const columns = `id, rule, codes, article, opinion, reason_sealed as "reasonSealed", until::text as until, approval_id as "approvalId", seq, at`

/** Every gate override of the matter, the oldest first; ended ones too. */
export async function loadGateOverrides(db: Queryable, { tenant, matterId }: Scope): Promise<GateOverrideRow[]> {
  return db.query<{ id: string; rule: string; codes: string[]; article: string; opinion: Buffer; reasonSealed: Buffer; until: string; approvalId: string; seq: number; at: Instant }>(
    `select ${columns} from gate_override where tenant = $1 and matter_id = $2 order by seq, id`, [tenant, matterId])
}

/** Writes a gate override. */
export async function insertGateOverride(tx: Tx, { tenant, matterId }: Scope, row: GateOverrideRow): Promise<void> {
  await tx.execute(
    'insert into gate_override (tenant, matter_id, id, rule, codes, article, opinion, reason_sealed, until, approval_id, seq, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
    [tenant, matterId, row.id, row.rule, row.codes, row.article, row.opinion, row.reasonSealed, row.until, row.approvalId, row.seq, row.at],
  )
}

/** Records to whose persons a request for consent went out less than 48 hours after they had said no (数据条例 22(5); GB/T 35273 C.4). */
export async function countAskedAgain(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(distinct c.record_id)::bigint as n from choice c
       join notice_result n on n.tenant = c.tenant and n.matter_id = c.matter_id and n.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.choice in ('object', 'withdraw') and n.notice in ('art23', 'art30', 'art31') and n.result = 'delivered'
        and n.at > c.made_at and n.at < c.made_at + interval '48 hours'`,
    [tenant, matterId],
  )
  return row?.n ?? 0
}
