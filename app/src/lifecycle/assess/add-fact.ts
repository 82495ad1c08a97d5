// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { canonicalJson, sha256, signStatement, statementDigest, toHex, type JsonObject, type NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { factKind, isFactName, type FactKind, type FactName, type PartyRole } from '../../law/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { signingPerson, type Person } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { assessFailures } from './assess-failures.ts'
import { readFactValue, refuseDaysAhead, refuseNobody } from './fact-value.ts'
import { factPredicateType, factScope, factsOfActs, isFactOfAct, type Evidence, type FactOfAct, type FactRecord } from './fact.ts'
import { hasDataSet, insertFact, supersedeFact } from './facts.store.ts'
import { askingTwo, permitLessening } from './lessen-incident.ts'
import { loadFacts } from './load-facts.ts'

/** A fact to be recorded: its name, its value as given, the document behind it, and the key file of who signs. */
export interface NewFact {
  name: string
  value: JsonObject
  evidenceFile: string | undefined
  keyFile: string
}

/**
 * 登记事实. Records a fact for the gates, signed by a person (CONTRACTS §17). Refuses unknown names, facts that only an act records (FACT_BY_ACT), values that do not fit, a missing document,
 * and people of a party that may not sign it; an incident that would become smaller is asked of two people first (INCIDENT_SMALLER). The same fact by the same person again returns the first; another value supersedes it, and both stay.
 */
export async function addFact(ctx: Context, matter: Matter, input: NewFact): Promise<{ fact: FactRecord; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  if (isFactOfAct(input.name)) throw assessFailures.FACT_BY_ACT({ name: input.name, command: factsOfActs[input.name].command })
  if (!isFactName(input.name)) throw assessFailures.FACT_UNKNOWN({ name: input.name.slice(0, 60) })
  const name = input.name
  return askingTwo(ctx, matter, input.keyFile, () => ctx.db.transaction((tx) => sign(ctx, tx, matter, { ...input, name })))
}

/** 随行为登记. Records the fact of an act in the act's own transaction, so that there is never one without the other; the event that names it is the caller's. Works in ended matters too: audits look back. */
export async function addFactOfAct(ctx: Context, tx: Tx, matter: Matter, input: NewFact & { name: FactOfAct }): Promise<{ fact: FactRecord; repeated: boolean }> {
  refuseUnlessBookkeeper(matter)
  return sign(ctx, tx, matter, input)
}

async function sign(ctx: Context, tx: Tx, matter: Matter, input: NewFact & { name: FactName }): Promise<{ fact: FactRecord; repeated: boolean }> {
  const { name } = input
  const kind = factKind(name)
  const value = readFactValue(name, input.value)
  refuseDaysAhead(name, value, { today: ctx.today(), now: ctx.now() })
  refuseNobody(name, value)
  if (kind.evidence === 'required' && input.evidenceFile === undefined) throw assessFailures.FACT_EVIDENCE({ name })
  const { person, signer } = await signingPerson(ctx, input.keyFile)
  const signerRole = roleOf(matter, person, name, kind)
  await lockMatter(tx, ctx.tenant, matter.id)
  await refuseUnknownDataSet(ctx, tx, matter, value)
  const scope = factScope(name, value, kind.per)
  const valid = (await loadFacts(ctx, matter, tx)).filter((fact) => fact.supersededBy === null && factScope(fact.name, fact.value, kind.per) === scope)
  const before = valid.at(-1)
  if (before !== undefined && before.signedBy === person.id && (await isSame(before, value, input.evidenceFile))) return { fact: before, repeated: true }
  await permitLessening(ctx, tx, matter, { name, before, value })
  const evidence = input.evidenceFile === undefined ? null : await evidenceOf(input.evidenceFile, randomBytes(32))
  const draft = { id: idText('fct', ctx.ids.bytes('fct')), name, value, evidence, signedBy: person.id, signerRole, recordedAt: ctx.now(), replaces: before?.id ?? null, supersededBy: null }
  return { fact: await record(ctx, tx, matter, { draft, signer, valid }), repeated: false }
}

async function record(ctx: Context, tx: Tx, matter: Matter, { draft, signer, valid }: { draft: Omit<FactRecord, 'digest'>; signer: NoteSigner; valid: FactRecord[] }): Promise<FactRecord> {
  const { id, supersededBy: _none, evidence, ...said } = draft
  const predicate: JsonObject = { ...said, fact: id, matter: matter.id, evidence: evidence === null ? null : { ...evidence } }
  // The subject is the predicate itself; what the event names is the digest of the signed bytes.
  const envelope = signStatement({ subject: [{ name: id, digest: { sha256: toHex(sha256(Buffer.from(canonicalJson(predicate)))) } }], predicateType: factPredicateType, predicate }, [signer])
  const digest = Buffer.from(statementDigest(envelope), 'hex')
  await insertFact(tx, ctx.tenant, { matterId: matter.id, id, name: draft.name, envelope, digest, signedBy: draft.signedBy, recordedAt: draft.recordedAt })
  for (const fact of valid) await supersedeFact(tx, ctx.tenant, { matterId: matter.id, id: fact.id, by: id })
  const body = { fact: id, name: draft.name, digest: toHex(digest), by: draft.signedBy, replaces: draft.replaces }
  await ctx.ledger.append(tx, matter.id, { type: 'FactRecorded', body }, `fact/${id}`)
  return { ...draft, digest }
}

function roleOf(matter: Matter, person: Person, name: FactName, kind: FactKind): PartyRole {
  const role = matter.parties.find((party) => party.id === person.partyId)?.role
  if (role === undefined || !kind.signers.includes(role)) throw assessFailures.FACT_SIGNER({ name, signers: kind.signers.join(', '), role: role ?? '–' })
  return role
}

async function refuseUnknownDataSet(ctx: Context, tx: Tx, matter: Matter, value: JsonObject): Promise<void> {
  const { dataSet } = value
  if (typeof dataSet === 'string' && !(await hasDataSet(tx, ctx.tenant, matter.id, dataSet))) throw assessFailures.FACT_DATA_SET({ dataSet })
}

async function isSame(fact: FactRecord, value: JsonObject, evidenceFile: string | undefined): Promise<boolean> {
  if (canonicalJson(fact.value) !== canonicalJson(value)) return false
  if (evidenceFile === undefined || fact.evidence === null) return (evidenceFile === undefined) === (fact.evidence === null)
  return (await evidenceOf(evidenceFile, Buffer.from(fact.evidence.salt, 'hex'))).digest === fact.evidence.digest
}

/** Salted digest of a document: SHA-256(salt ‖ bytes). */
async function evidenceOf(file: string, salt: Buffer): Promise<Evidence> {
  const hash = createHash('sha256').update(salt)
  let bytes = 0
  try {
    for await (const chunk of createReadStream(file)) {
      if (!Buffer.isBuffer(chunk)) continue // a stream without encoding yields buffers only
      hash.update(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    throw assessFailures.FACT_EVIDENCE_UNREADABLE({ file, why: error instanceof Error && 'code' in error ? String(error.code) : 'EIO' }, { cause: error })
  }
  return { salt: salt.toString('hex'), digest: hash.digest('hex'), bytes }
}
