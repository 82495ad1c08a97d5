// SPDX-License-Identifier: Apache-2.0
// For tests: what is left in the tables that a look-up or a receipt would need.
import type { Database } from '../../store/index.ts'

/** Edges by which people could be looked up. */
export async function countEdges(db: Database, tenant: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from record_key where tenant = $1', [tenant])
  return row?.n ?? -1
}

/** All sealed receipts as text. */
export async function sealedReceiptsText(db: Database, tenant: string): Promise<string[]> {
  const rows = await db.query<{ text: string }>('select r::text as text from sealed_receipt r where tenant = $1', [tenant])
  return rows.map((row) => row.text)
}
