// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, DatabaseError } from 'pg'
import { z } from 'zod'

/** Runs one statement in a home's running database as its owner, triggers off, as somebody with all passwords could; how many rows it changed, or that a constraint refused it. */
export async function ownerOf(home: string, sql: string, seq: number): Promise<number | 'refused'> {
  const client = await ownerClient(home)
  try {
    // The owner passes row-level security and every trigger of ours.
    await client.query(`set session_replication_role = replica`)
    await client.query(`set row_security = off`)
    return (await client.query(sql, sql.includes('$1') ? [seq] : [])).rowCount ?? 0
  } catch (error) {
    // A constraint (SQLSTATE class 23) holds against the owner too; anything else is a fault of this statement.
    if (error instanceof DatabaseError && error.code?.startsWith('23') === true) return 'refused'
    throw error
  } finally {
    await client.end()
  }
}

/** How many events stand in a home's running database. */
export async function countEvents(home: string): Promise<number> {
  const client = await ownerClient(home)
  try {
    await client.query(`set row_security = off`)
    const { rows } = await client.query<{ events: number }>(`select count(*)::int as events from event`)
    return rows[0]?.events ?? 0
  } finally {
    await client.end()
  }
}

async function ownerClient(home: string): Promise<Client> {
  const place = z.looseObject({ host: z.string(), port: z.int() }).parse(JSON.parse(readFileSync(join(home, 'pg', 'server.json'), 'utf8')))
  const { ownerPassword } = z.looseObject({ ownerPassword: z.string() }).parse(JSON.parse(readFileSync(join(home, 'pg', 'credentials.json'), 'utf8')))
  const client = new Client({ ...place, database: 'handover', user: 'handover_owner', password: ownerPassword })
  await client.connect()
  return client
}
