// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, parseJsonStrict, isJsonObject, type DsseEnvelope, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import { instantOf, type Instant } from '../../kit/time.ts'
import { twoPersonActs, type TwoPersonAct } from '../../law/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { ApprovalRequest, RequestStatus } from './approval.ts'
import { requestStatuses } from './approval.ts'
import { personRoles, type Person } from './person.ts'

const personRow = z.object({
  id: z.string(), partyId: z.string(), role: z.enum(personRoles), vkey: z.string(), custody: z.enum(['own-device', 'this-home']), registeredAt: z.string().transform(instantOf), endedAt: z.string().transform(instantOf).nullable(),
})
const personColumns = `id, party_id as "partyId", role, vkey, custody, registered_at as "registeredAt", ended_at as "endedAt"`

/** All people registered in the home, in the order of registration. */
export async function loadPersons(db: Queryable, tenant: string): Promise<Person[]> {
  const rows = await db.query(`select ${personColumns} from person where tenant = $1 order by registered_at, id`, [tenant])
  return rows.map((row) => personRow.parse(row))
}

/** The person with this id or this public key, or null. */
export async function findPerson(db: Queryable, tenant: string, idOrVkey: string): Promise<Person | null> {
  const [row] = await db.query(`select ${personColumns} from person where tenant = $1 and (id = $2 or vkey = $2)`, [tenant, idOrVkey])
  return row === undefined ? null : personRow.parse(row)
}

/** Holds off other changes to the people of the home until the transaction ends. */
export async function lockPersons(tx: Tx, tenant: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('handover.persons/' || $1, 0))`, [tenant])
}

/** Writes a person. */
export async function insertPerson(tx: Tx, tenant: string, person: Person): Promise<void> {
  await tx.execute('insert into person (tenant, id, party_id, role, vkey, custody, registered_at) values ($1, $2, $3, $4, $5, $6, $7)', [
    tenant, person.id, person.partyId, person.role, person.vkey, person.custody, person.registeredAt,
  ])
}

/** Notes the end of a person's rights; the first end stays. */
export async function endPersonRow(tx: Tx, tenant: string, id: string, at: Instant): Promise<void> {
  await tx.execute('update person set ended_at = coalesce(ended_at, $3) where tenant = $1 and id = $2', [tenant, id, at])
}

const requestRow = z.object({
  id: z.string(), matterId: z.string(), act: z.enum(twoPersonActs), parameters: z.string().transform(jsonObject), digest: z.instanceof(Buffer), requestedBy: z.string(),
  requestedAt: z.string().transform(instantOf), coolingOffUntil: z.string().transform(instantOf).nullable(), status: z.enum(requestStatuses), usedSeq: z.number().nullable(),
})
const requestColumns = `id, matter_id as "matterId", act, parameters::text as parameters, digest, requested_by as "requestedBy", requested_at as "requestedAt",
  cooling_off_until as "coolingOffUntil", status, used_seq as "usedSeq"`

/** Writes a request. */
export async function insertRequest(tx: Tx, tenant: string, request: ApprovalRequest): Promise<void> {
  await tx.execute(
    'insert into approval_request (tenant, matter_id, id, act, parameters, digest, requested_by, requested_at, cooling_off_until, status) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    [tenant, request.matterId, request.id, request.act, JSON.stringify(request.parameters), request.digest, request.requestedBy, request.requestedAt, request.coolingOffUntil, request.status],
  )
}

/** The requests of a matter, newest first. */
export async function loadRequests(db: Queryable, tenant: string, matterId: string): Promise<ApprovalRequest[]> {
  const rows = await db.query(`select ${requestColumns} from approval_request where tenant = $1 and matter_id = $2 order by requested_at desc, id`, [tenant, matterId])
  return rows.map((row) => requestRow.parse(row))
}

/** The requests for an act, newest first, held until the transaction ends. */
export async function lockRequestsFor(tx: Tx, tenant: string, matterId: string, act: TwoPersonAct): Promise<ApprovalRequest[]> {
  const rows = await tx.query(`select ${requestColumns} from approval_request where tenant = $1 and matter_id = $2 and act = $3 order by requested_at desc, id for update`, [tenant, matterId, act])
  return rows.map((row) => requestRow.parse(row))
}

/** One request, held until the transaction ends, or null. */
export async function lockRequest(tx: Tx, tenant: string, matterId: string, id: string): Promise<ApprovalRequest | null> {
  const [row] = await tx.query(`select ${requestColumns} from approval_request where tenant = $1 and matter_id = $2 and id = $3 for update`, [tenant, matterId, id])
  return row === undefined ? null : requestRow.parse(row)
}

/** Moves a request to another status; the end of a cooling-off and the event of its use are noted with it. */
export async function updateRequest(tx: Tx, tenant: string, request: { matterId: string; id: string; status: RequestStatus; coolingOffUntil?: Instant | null; usedSeq?: number }): Promise<void> {
  await tx.execute(
    'update approval_request set status = $4, cooling_off_until = coalesce($5, cooling_off_until), used_seq = coalesce($6, used_seq) where tenant = $1 and matter_id = $2 and id = $3',
    [tenant, request.matterId, request.id, request.status, request.coolingOffUntil ?? null, request.usedSeq ?? null],
  )
}

/** A signature under a request with who gave it. */
export interface SignatureRow {
  personId: string
  envelope: DsseEnvelope
  at: Instant
  fromOtherHome: boolean
  custody: 'own-device' | 'this-home'
}

/** The people whose signature stands under a request of this matter. */
export async function loadSigners(db: Queryable, tenant: string, matterId: string): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>('select distinct person_id as id from approval where tenant = $1 and matter_id = $2', [tenant, matterId])
  return new Set(rows.map((row) => row.id))
}

/** Writes a signature under a request. */
export async function insertSignature(tx: Tx, tenant: string, signature: Omit<SignatureRow, 'custody'> & { matterId: string; requestId: string }): Promise<void> {
  await tx.execute('insert into approval (tenant, matter_id, request_id, person_id, statement, at, from_other_home) values ($1, $2, $3, $4, $5, $6, $7)', [
    tenant, signature.matterId, signature.requestId, signature.personId, envelopeText(signature.envelope), signature.at, signature.fromOtherHome,
  ])
}

/** The signatures under a request, the requester's first. */
export async function loadSignatures(db: Queryable, tenant: string, request: Pick<ApprovalRequest, 'matterId' | 'id' | 'requestedBy'>): Promise<SignatureRow[]> {
  const rows = await db.query<{ personId: string; envelope: string; at: string; fromOtherHome: boolean; custody: SignatureRow['custody'] }>(
    `select a.person_id as "personId", a.statement::text as envelope, a.at, a.from_other_home as "fromOtherHome", p.custody
     from approval a join person p on p.tenant = a.tenant and p.id = a.person_id
     where a.tenant = $1 and a.matter_id = $2 and a.request_id = $3 order by a.person_id <> $4, a.at, a.person_id`,
    [tenant, request.matterId, request.id, request.requestedBy],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope), at: instantOf(row.at) }))
}

function jsonObject(text: string): JsonObject {
  const value = parseJsonStrict(text)
  if (!isJsonObject(value)) throw new Error('assertion failed: the parameters of a request are an object')
  return value
}
