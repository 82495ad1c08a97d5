// SPDX-License-Identifier: Apache-2.0
// For the restore matrix: copies of whole databases, and what a thief of one reads in it.
import { Client, escapeIdentifier, type ClientConfig } from 'pg'
import type { Database } from '../app/src/store/index.ts'

/** Copies a database that nobody is connected to. */
export async function copyDatabase(owner: (database: string) => ClientConfig, from: string, to: string): Promise<void> {
  await asOwner(owner, `CREATE DATABASE ${escapeIdentifier(to)} TEMPLATE ${escapeIdentifier(from)} STRATEGY FILE_COPY`)
}

/** Takes a copy away. */
export async function dropDatabase(owner: (database: string) => ClientConfig, name: string): Promise<void> {
  await asOwner(owner, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
}

async function asOwner(owner: (database: string) => ClientConfig, statement: string): Promise<void> {
  const client = new Client(owner('postgres'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** One row of ciphertext. */
export interface StolenCipher {
  record_id: Buffer
  compartment: string
  version: number
  sealed: Buffer
}

/** Rows of the key store that matter to a thief. */
export interface StolenKeys {
  directories: { dir: number; epoch: number; wrapped: Buffer }[]
  pages: { page: number; version: number; wrapped: Buffer }[]
}

/** All ciphertext of the matter. */
export async function stealCipher(main: Database, matterId: string): Promise<StolenCipher[]> {
  return main.query<StolenCipher & Record<string, unknown>>('select record_id, compartment, version, sealed from record_cipher where matter_id = $1', [matterId])
}

/** Directories and pages of the matter. */
export async function stealKeys(keys: Database, matterId: string): Promise<StolenKeys> {
  return {
    directories: await keys.query('select dir, epoch, wrapped from key_dir where matter_id = $1', [matterId]),
    pages: await keys.query('select page, version, wrapped from key_page where matter_id = $1', [matterId]),
  }
}

/** Ids of the records of the smallest and the largest data set ordinal: the victim is a customer of the text file, the survivors are invoices under seal. */
export async function recordsOfType(main: Database, matterId: string, kind: 'csv' | 'sqlite'): Promise<Buffer[]> {
  const rows = await main.query<{ id: Buffer }>(
    `select r.id from record r join data_set d on d.tenant = r.tenant and d.matter_id = r.matter_id and d.id = r.data_set_id join source s on s.tenant = d.tenant and s.matter_id = d.matter_id and s.id = d.source_id
      where r.matter_id = $1 and s.kind = $2 order by r.inventory_index`, [matterId, kind])
  return rows.map((row) => row.id)
}
