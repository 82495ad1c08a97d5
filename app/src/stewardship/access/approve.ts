// SPDX-License-Identifier: Apache-2.0
import { addSignatures, envelopeText, parseEnvelope, parseVkey, toHex, verifyEnvelope, type DsseEnvelope, type NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { addHours } from '../../kit/time.ts'
import { refuseEnded, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { accessFailures } from './access-failures.ts'
import { insertSignature, loadPersons, loadSignatures, lockRequest, updateRequest, type SignatureRow } from './access.store.ts'
import { areIdentitiesVerified, missingApprovers } from './approval.rules.ts'
import { readSignedRequest, type ApprovalRequest, type SignedRequest } from './approval.ts'
import type { Person } from './person.ts'
import { firstSigned, joined, markOf, requesterMark } from './signatures.ts'
import { refuseUnfit, signingPerson } from './signing-person.ts'
import { actRules, type ActRule } from './two-person-acts.ts'

/** How a request stands after somebody approved it. */
export interface Approved {
  request: ApprovalRequest
  missing: number
  /** The same person had approved before; nothing was written. */
  repeated: boolean
}

/** 审批. A second person signs a request in this home (CONTRACTS §18); with the last one the cooling-off begins and the ledger learns of it. Refuses the requester and requests that have ended. */
export async function approve(ctx: Context, matter: Matter, approval: { requestId: string; keyFile: string }): Promise<Approved> {
  refuseEnded(matter)
  const { person, signer } = await signingPerson(ctx, approval.keyFile)
  return ctx.db.transaction(async (tx) => {
    const { request, signatures } = await openRequest(ctx, tx, matter, approval.requestId)
    const unsigned: DsseEnvelope = { ...firstSigned(signatures), signatures: [] }
    return record(ctx, tx, matter, { request, signatures, person, envelope: addSignatures(unsigned, [signer]), fromOtherHome: false })
  })
}

/** The request with all signatures so far as a file, for a person who signs on a device of their own or in another home. */
export async function exportApproval(ctx: Context, matter: Matter, requestId: string): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const { signatures } = await openRequest(ctx, tx, matter, requestId)
    return `${envelopeText(joined(signatures))}\n`
  })
}

/** Reads an approval file for a person: what they would sign, and the same file with their signature; needs no home. Refuses a file whose digest is not that of its parameters. */
export function signApprovalFile(source: string, signer: NoteSigner): { asked: SignedRequest; text: string } {
  try {
    const envelope = parseEnvelope(source)
    return { asked: readSignedRequest(envelope), text: `${envelopeText(addSignatures(envelope, [signer]))}\n` }
  } catch (error) {
    throw accessFailures.APPROVAL_FILE_REFUSED({ why: 'BAD_FILE' }, { cause: error })
  }
}

/** Takes the signatures of an approval file that came back; refuses other bytes than those of the request, and files without a new signature by a registered person. */
export async function importApproval(ctx: Context, matter: Matter, source: string): Promise<Approved[]> {
  refuseEnded(matter)
  const { envelope, asked } = readApprovalFile(source)
  const persons = await loadPersons(ctx.db, ctx.tenant)
  return ctx.db.transaction(async (tx) => {
    const results: Approved[] = []
    for (const person of signersOf(envelope, persons)) {
      const { request, signatures } = await openRequest(ctx, tx, matter, asked.request)
      // The file comes from outside: only signatures over the very bytes of our own request count.
      if (firstSigned(signatures).payload !== envelope.payload) throw accessFailures.APPROVAL_FILE_REFUSED({ why: 'OTHER_CONTENT' })
      if (person.id === request.requestedBy) continue
      refuseUnfit(person)
      results.push(await record(ctx, tx, matter, { request, signatures, person, envelope: only(envelope, person), fromOtherHome: true }))
    }
    if (results.length === 0) throw accessFailures.APPROVAL_FILE_REFUSED({ why: 'NO_NEW_SIGNATURE' })
    return results
  })
}

interface Signing {
  request: ApprovalRequest
  signatures: SignatureRow[]
  person: Person
  envelope: DsseEnvelope
  fromOtherHome: boolean
}

async function record(ctx: Context, tx: Tx, matter: Matter, signing: Signing): Promise<Approved> {
  const { request, signatures, person } = signing
  const rule: ActRule = actRules[request.act]
  if (person.id === request.requestedBy) throw accessFailures.OWN_REQUEST({ request: request.id })
  if (signatures.some((signature) => signature.personId === person.id)) return { request, missing: missingApprovers(rule, request.requestedBy, signatures.map(markOf)), repeated: true }
  if (request.status !== 'open') throw accessFailures.REQUEST_ENDED({ request: request.id, status: request.status })
  const added = { personId: person.id, envelope: signing.envelope, at: ctx.now(), fromOtherHome: signing.fromOtherHome }
  await insertSignature(tx, ctx.tenant, { ...added, matterId: matter.id, requestId: request.id })
  const all = [...signatures, { ...added, custody: person.custody }]
  const missing = missingApprovers(rule, request.requestedBy, all.map(markOf))
  return { request: missing === 0 ? await grant(ctx, tx, matter, { request, rule, signatures: all }) : request, missing, repeated: false }
}

/** The last signature is there: the cooling-off begins, and the event says who approved what. */
async function grant(ctx: Context, tx: Tx, matter: Matter, granted: { request: ApprovalRequest; rule: ActRule; signatures: SignatureRow[] }): Promise<ApprovalRequest> {
  const { request, rule } = granted
  const marks = granted.signatures.map(markOf)
  const approvers = marks.filter((mark) => mark.person !== request.requestedBy)
  const coolingOffUntil = rule.coolsOff ? addHours(ctx.now(), matter.settings.cooling_off_hours) : null
  await updateRequest(tx, ctx.tenant, { matterId: matter.id, id: request.id, status: 'approved', coolingOffUntil })
  if (matter.keepsBooks) {
    const identitiesVerified = areIdentitiesVerified(rule, requesterMark(request, marks), approvers)
    const body = { request: request.id, act: request.act, digest: toHex(request.digest), by: approvers.map((mark) => mark.person), identitiesVerified, coolingOffHours: rule.coolsOff ? matter.settings.cooling_off_hours : null }
    await ctx.ledger.append(tx, matter.id, { type: 'ApprovalGranted', body }, `approval/${request.id}`)
  }
  return { ...request, status: 'approved', coolingOffUntil }
}

async function openRequest(ctx: Context, tx: Tx, matter: Matter, requestId: string): Promise<{ request: ApprovalRequest; signatures: SignatureRow[] }> {
  const request = await lockRequest(tx, ctx.tenant, matter.id, requestId)
  if (request === null) throw accessFailures.REQUEST_UNKNOWN({ request: requestId.slice(0, 60) })
  return { request, signatures: await loadSignatures(tx, ctx.tenant, request) }
}

/** Which matter and request an approval file is about, without trusting it. Refuses a file that is none. */
export function requestOfFile(source: string): { matter: string; request: string } {
  return readApprovalFile(source).asked
}

function readApprovalFile(source: string): { envelope: DsseEnvelope; asked: SignedRequest } {
  try {
    const envelope = parseEnvelope(source)
    return { envelope, asked: readSignedRequest(envelope) }
  } catch (error) {
    throw accessFailures.APPROVAL_FILE_REFUSED({ why: 'BAD_FILE' }, { cause: error })
  }
}

function signersOf(envelope: DsseEnvelope, persons: readonly Person[]): Person[] {
  return persons.filter((person) => isSignedBy(envelope, person))
}

function isSignedBy(envelope: DsseEnvelope, person: Person): boolean {
  try {
    return verifyEnvelope(envelope, [parseVkey(person.vkey)], 1).signedBy.length === 1
  } catch {
    return false
  }
}

/** The envelope with this person's signature alone, spelled as we spell it: key id and alphabet of a file from outside are covered by no signature, and the proof bundle refuses others. */
function only(envelope: DsseEnvelope, person: Person): DsseEnvelope {
  const [own] = envelope.signatures.filter((signature) => isSignedBy({ ...envelope, signatures: [signature] }, person))
  return { ...envelope, signatures: own === undefined ? [] : [{ keyid: person.vkey, sig: own.sig.replaceAll('-', '+').replaceAll('_', '/') }] }
}
