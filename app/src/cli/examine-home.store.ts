// SPDX-License-Identifier: Apache-2.0
import type { Queryable } from '../store/index.ts'

/** The version of the PostgreSQL server that serves this home. */
export async function serverVersion(db: Queryable): Promise<string> {
  const [row] = await db.query<{ version: string }>(`select current_setting('server_version') as version`)
  return row?.version ?? '?'
}
