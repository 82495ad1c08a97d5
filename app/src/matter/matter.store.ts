// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import { z } from 'zod'
import { instantOf, type Instant } from '../kit/time.ts'
import { matterTypes } from '../law/index.ts'
import type { Queryable, Tx } from '../store/index.ts'
import { matterStatuses, type Matter, type MatterStatus, type Party } from './matter.ts'
import { matterSettingsSchema, type MatterSettings } from './matter-settings.ts'
import { readPartyFile, type SignedPartyFile } from './party-file.ts'

/** The party to which a home belongs. */
export interface PartyHome {
  partyId: string
  envelope: DsseEnvelope
}

/** The party of this home, or null before `handover init`. */
export async function loadPartyHome(db: Queryable, tenant: string): Promise<PartyHome | null> {
  const [row] = await db.query<{ party_id: string; envelope: string }>('select party_id, party_file::text as envelope from party_home where tenant = $1', [tenant])
  return row === undefined ? null : { partyId: row.party_id, envelope: parseEnvelope(row.envelope) }
}

/** Notes to whom this home belongs; keeps what is there. */
export async function insertPartyHome(tx: Tx, tenant: string, signed: SignedPartyFile): Promise<void> {
  await tx.execute('insert into party_home (tenant, party_id, party_file) values ($1, $2, $3) on conflict (tenant) do nothing', [tenant, signed.file.party, envelopeText(signed.envelope)])
}

/** A matter as it is written. */
export type NewMatterRow = Pick<Matter, 'id' | 'code' | 'type' | 'origin' | 'openedAt' | 'settings' | 'isDemo'>

/** Writes a matter; its code is unique in the home. */
export async function insertMatter(tx: Tx, tenant: string, matter: NewMatterRow): Promise<void> {
  await tx.execute('insert into matter (tenant, id, code, type, opened_at, origin, settings, is_demo) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
    tenant, matter.id, matter.code, matter.type, matter.openedAt, matter.origin, JSON.stringify(matter.settings), matter.isDemo,
  ])
}

/** Writes a party of a matter. */
export async function insertParty(tx: Tx, tenant: string, matterId: string, { signed, confirmedAt }: { signed: SignedPartyFile; confirmedAt: Instant | null }): Promise<void> {
  await tx.execute('insert into party (tenant, matter_id, id, role, party_file, digest, confirmed_words_at) values ($1, $2, $3, $4, $5, $6, $7)', [
    tenant, matterId, signed.file.party, signed.file.role, envelopeText(signed.envelope), signed.digest, confirmedAt,
  ])
}

/** Notes that the six words of a party were compared; the first time stays. */
export async function confirmParty(tx: Tx, tenant: string, party: { matterId: string; id: string; at: Instant }): Promise<void> {
  await tx.execute('update party set confirmed_words_at = coalesce(confirmed_words_at, $4) where tenant = $1 and matter_id = $2 and id = $3', [tenant, party.matterId, party.id, party.at])
}

/** Replaces the settings of a matter. */
export async function updateSettings(tx: Tx, tenant: string, matterId: string, settings: MatterSettings): Promise<void> {
  await tx.execute('update matter set settings = $3 where tenant = $1 and id = $2', [tenant, matterId, JSON.stringify(settings)])
}

/** Ends a matter as closed or abandoned. */
export async function setMatterStatus(tx: Tx, tenant: string, matterId: string, status: MatterStatus): Promise<void> {
  await tx.execute('update matter set status = $3 where tenant = $1 and id = $2', [tenant, matterId, status])
}

/** Holds the matter's row until the transaction ends, so that settings, parties and approvals change one after the other. */
export async function lockMatter(tx: Tx, tenant: string, matterId: string): Promise<void> {
  await tx.query('select 1 from matter where tenant = $1 and id = $2 for update', [tenant, matterId])
}

/** How many requests for approval are open or unused. */
export async function countUnusedRequests(tx: Tx, tenant: string, matterId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(*) as n from approval_request where tenant = $1 and matter_id = $2 and act <> 'weaken-safeguard' and status in ('open', 'approved')`, [tenant, matterId])
  return row?.n ?? 0
}

const matterRow = z.object({
  id: z.string(), code: z.string(), type: z.enum(matterTypes), openedAt: z.string(), origin: z.string(), settings: matterSettingsSchema, isDemo: z.boolean(), status: z.enum(matterStatuses), keepsBooks: z.boolean(),
})

const matterColumns = `m.id, m.code, m.type, m.opened_at as "openedAt", m.origin, m.settings, m.is_demo as "isDemo", m.status,
  exists (select 1 from event e where e.tenant = m.tenant and e.matter_id = m.id and e.type = 'MatterOpened') as "keepsBooks"`

/** The matter with this id or code, or null. */
export async function loadMatter(db: Queryable, tenant: string, idOrCode: string): Promise<Matter | null> {
  const [row] = await db.query(`select ${matterColumns} from matter m where m.tenant = $1 and (m.id = $2 or m.code = $2)`, [tenant, idOrCode])
  return row === undefined ? null : withParties(db, tenant, row)
}

/** All matters of the home, newest first. */
export async function loadMatters(db: Queryable, tenant: string): Promise<Matter[]> {
  const rows = await db.query(`select ${matterColumns} from matter m where m.tenant = $1 order by m.opened_at desc, m.code`, [tenant])
  const matters: Matter[] = []
  for (const row of rows) matters.push(await withParties(db, tenant, row))
  return matters
}

async function withParties(db: Queryable, tenant: string, row: unknown): Promise<Matter> {
  const matter = matterRow.parse(row)
  const home = await loadPartyHome(db, tenant)
  const rows = await db.query<{ envelope: string; digest: Buffer; confirmedAt: string | null }>(
    `select party_file::text as envelope, digest, confirmed_words_at as "confirmedAt" from party where tenant = $1 and matter_id = $2 order by role, id`, [tenant, matter.id])
  return { ...matter, openedAt: instantOf(matter.openedAt), parties: rows.map((party) => partyOf(party, home?.partyId)) }
}

function partyOf(row: { envelope: string; digest: Buffer; confirmedAt: string | null }, ownId: string | undefined): Party {
  const { file, envelope } = readPartyFile(row.envelope) // its signature is checked at every load: the database is not trusted with keys
  return { id: file.party, role: file.role, file, digest: row.digest, envelope, confirmedAt: row.confirmedAt === null ? null : instantOf(row.confirmedAt), isSelf: file.party === ownId }
}
