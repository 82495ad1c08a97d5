// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, ID_PREFIX, isJsonObject, parseJsonStrict, parseVkey, sha256, signStatement, statementDigest, toHex, utf8, verifyEnvelope, type JsonObject } from '@handover/proof'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { paperDigest, paperJson, type Paper } from '../../kit/paper/paper.ts'
import { addYears, dayOf, instantOf, type Day } from '../../kit/time.ts'
import type { EventType } from '../../ledger/index.ts'
import { lawOf, lockMatter, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { loadPersons, ownSide, safeguardingRoles, signingPersonOf, type SignerRule } from '../access/index.ts'
import type { Tx } from '../../store/index.ts'
import { auditFailures } from './audit-failures.ts'
import { insertAudit, insertAuditReport, insertFinding, insertSample, loadFindingRows, loadSampleRows, newestAudit, type FindingRow } from './audit.store.ts'
import { auditNatures, type Audit, type AuditNature, type Finding, type FindingResult, type FindingSeverity, type Sample } from './audit.ts'
import { newDraw } from './draw-sample.ts'
import { eventsOfPoint, newTally, type EventTally } from './point-evidence.rules.ts'

const findingPredicateType = `${ID_PREFIX}attestation/audit-finding/v1`
/** What the person signs: point, result, days, and the digest of the sealed words. */
const findingPredicate = z.strictObject({
  matter: z.string(), audit: z.string(), number: z.int(), point: z.string(), result: z.string(), severity: z.string(), due: z.string().nullable(), fixedOn: z.string().nullable(), said: z.string(), signedBy: z.string(), at: z.iso.datetime(),
})
const saidShape = z.strictObject({ text: z.string(), fix: z.string(), salt: z.string() })

/** Who audits: people who answer for law, data or money, of this party, its adviser or an audit institution that is a party of the matter. */
const auditors: SignerRule = { roles: [...safeguardingRoles, 'finance'], parties: [...ownSide, 'auditor'] }

/** 审计底稿. The audit of a matter with its samples and findings; of several findings on a point the newest counts and all stay. */
export interface Binder {
  audit: Audit
  samples: Sample[]
  findings: Finding[]
  /** Ids of the points of the law in use. */
  points: readonly string[]
}

/** 立项. Opens an audit over a period; a matter may be audited again. Refuses periods that end before they begin or after today. Works in ended matters too: audits look back. */
export async function openAudit(ctx: Context, matter: Matter, given: { nature: AuditNature; from: string | undefined; to: string | undefined; keyFile: string }): Promise<Audit> {
  refuseUnlessBookkeeper(matter)
  const { person } = await signingPersonOf(ctx, matter, given.keyFile, auditors)
  const to = dayGiven(given.to) ?? ctx.today()
  const from = dayGiven(given.from) ?? addYears(to, -1)
  if (from > to || to > ctx.today()) throw auditFailures.AUDIT_PERIOD({ why: `${from} – ${to}` })
  const audit: Audit = { id: idText('aud', ctx.ids.bytes('aud')), nature: given.nature, from, to, openedBy: person.id, at: ctx.now() }
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    await insertAudit(tx, scopeOf(ctx, matter), audit)
    await ctx.ledger.append(tx, matter.id, { type: 'AuditOpened', body: { audit: audit.id, nature: audit.nature, from, to, by: person.id } }, `audit/${audit.id}`)
  })
  return audit
}

function dayGiven(text: string | undefined): Day | null {
  if (text === undefined) return null
  try {
    return dayOf(text)
  } catch (error) {
    throw auditFailures.AUDIT_PERIOD({ why: text.slice(0, 20) }, { cause: error })
  }
}

/** The statutory points that the law in use asks about (CONTRACTS §17). */
async function pointsOf(ctx: Context, matter: Pick<Matter, 'id'>): Promise<string[]> {
  return (await lawOf(ctx, matter)).auditPoints.map(({ id }) => id)
}

const scopeOf = (ctx: Context, matter: Pick<Matter, 'id'>) => ({ tenant: ctx.tenant, matterId: matter.id })

/** 事件统计. The matter's events counted by type, read one by one: a long ledger takes time and no more memory. */
export async function binderEvents(ctx: Context, matter: Pick<Matter, 'id'>): Promise<EventTally> {
  const { tally, count } = newTally()
  for await (const { seq, type, at, leafIndex } of ctx.ledger.events(matter.id)) count({ seq, type, at, leaf: leafIndex })
  return tally
}

/** 抽样. Draws events at random by a fresh seed that is recorded, so that anybody can draw the same again; of one point's events when it is given. */
export async function sampleEvents(ctx: Context, matter: Matter, given: { point: string | null; count: number; keyFile: string }): Promise<Sample> {
  refuseUnlessBookkeeper(matter)
  if (!Number.isInteger(given.count) || given.count < 1 || given.count > 500) throw auditFailures.AUDIT_SAMPLE()
  if (given.point !== null && eventsOfPoint[given.point] === undefined) throw auditFailures.AUDIT_POINT({ point: given.point.slice(0, 20) })
  const { person } = await signingPersonOf(ctx, matter, given.keyFile, auditors)
  const seed = randomBytes(32).toString('hex')
  const draw = newDraw(seed, given.count)
  let upTo = 0
  for await (const { seq, type } of ctx.ledger.events(matter.id)) {
    if (speaksOf(given.point, type)) draw.offer(seq)
    upTo = seq
  }
  const seqs = draw.seqs()
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const audit = await needed(ctx, matter, tx)
    const number = (await loadSampleRows(tx, scopeOf(ctx, matter), audit.id)).length + 1
    const sample: Sample = { number, point: given.point, seed, upTo, wanted: given.count, seqs, by: person.id, at: ctx.now() }
    await insertSample(tx, scopeOf(ctx, matter), { ...sample, seqs, seed: Buffer.from(seed, 'hex'), audit: audit.id })
    await ctx.ledger.append(tx, matter.id, { type: 'AuditSampled', body: { audit: audit.id, sample: number, seed, upto: upTo, events: seqs.length, by: person.id } }, `audit/${audit.id}/sample/${number}`)
    return sample
  })
}

/** Whether events of this type may be drawn for the point; every one where none is named. */
function speaksOf(point: string | null, type: EventType): boolean {
  return point === null || eventsOfPoint[point]?.includes(type) === true
}

/** A finding as a person gives it. */
export interface NewFinding {
  point: string
  result: FindingResult
  severity: FindingSeverity
  due: string | null
  fixedOn: string | null
  text: string
  fix: string
  keyFile: string
}

/** 审计结论. Records a signed finding on a point; a breach needs a severity, what is to be fixed and by when. Refuses unknown points, words that contradict the result, a fix of tomorrow, and a last day that has passed or lies more than a year ahead: it would never be overdue. */
export async function recordFinding(ctx: Context, matter: Matter, given: NewFinding): Promise<{ number: number }> {
  refuseUnlessBookkeeper(matter)
  if (!(await pointsOf(ctx, matter)).includes(given.point)) throw auditFailures.AUDIT_POINT({ point: given.point.slice(0, 20) })
  const { due, fixedOn } = checkedDays(given, ctx.today())
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile, auditors)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const audit = await needed(ctx, matter, tx)
    const number = (await loadFindingRows(tx, scopeOf(ctx, matter), audit.id)).length + 1
    const at = ctx.now()
    const said = canonicalJson({ text: given.text, fix: given.fix, salt: randomBytes(32).toString('hex') })
    const { point, result, severity } = given
    const predicate: JsonObject = { matter: matter.id, audit: audit.id, number, point, result, severity, due, fixedOn, said: toHex(sha256(utf8(said))), signedBy: person.id, at }
    const envelope = signStatement({ subject: [{ name: `${audit.id}/${number}`, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }], predicateType: findingPredicateType, predicate }, [signer])
    const statement = statementDigest(envelope)
    await insertFinding(tx, scopeOf(ctx, matter), { audit: audit.id, number, point, result, severity, due, fixedOn, saidSealed: await ctx.vault.sealText(matter.id, `audit/${audit.id}/${number}`, said), envelope, digest: Buffer.from(statement, 'hex'), by: person.id, at })
    await ctx.ledger.append(tx, matter.id, { type: 'AuditFindingRecorded', body: { audit: audit.id, finding: number, point, result, due, statement, by: person.id } }, `audit/${audit.id}/finding/${number}`)
    return { number }
  })
}

function checkedDays(given: NewFinding, today: Day): { due: Day | null; fixedOn: Day | null } {
  const isBreach = given.result === 'does-not-conform'
  const refuse = (what: string): Error => auditFailures.AUDIT_FINDING({ what })
  if (given.text.trim() === '') throw refuse('--text')
  if (isBreach && given.fix.trim() === '') throw refuse('--fix')
  if (isBreach !== (given.severity !== 'none')) throw refuse('--severity')
  if (isBreach !== (given.due !== null)) throw refuse('--due')
  const [due, fixedOn] = [findingDay(given.due), findingDay(given.fixedOn)]
  if (!isBreach && fixedOn !== null) throw refuse('--fixed')
  if (fixedOn !== null && fixedOn > today) throw auditFailures.AUDIT_FINDING_DAYS({ why: `--fixed ${fixedOn} > ${today}` })
  if (due !== null && (due < today || due > addYears(today, 1))) throw auditFailures.AUDIT_FINDING_DAYS({ why: `--due ${due}: ${today} … ${addYears(today, 1)}` })
  return { due, fixedOn }
}

function findingDay(text: string | null): Day | null {
  try {
    return text === null ? null : dayOf(text)
  } catch (error) {
    throw auditFailures.AUDIT_FINDING({ what: 'YYYY-MM-DD' }, { cause: error })
  }
}

async function needed(ctx: Context, matter: Pick<Matter, 'id'>, tx?: Tx): Promise<Audit> {
  const row = await newestAudit(tx ?? ctx.db, scopeOf(ctx, matter))
  const nature = auditNatures.find((one) => one === row?.nature)
  if (row === null || nature === undefined) throw auditFailures.AUDIT_NOT_OPEN()
  return { id: row.id, nature, from: dayOf(row.from), to: dayOf(row.to), openedBy: row.openedBy, at: instantOf(row.at) }
}

/** The newest audit with everything in it, each line checked: findings against their signatures, samples against their seeds. */
export async function loadBinder(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Binder> {
  const audit = await needed(ctx, matter)
  const draws = (await loadSampleRows(ctx.db, scopeOf(ctx, matter), audit.id)).map((row) => ({ row, draw: newDraw(row.seed.toString('hex'), row.wanted) }))
  if (draws.length > 0) {
    for await (const { seq, type } of ctx.ledger.events(matter.id)) {
      for (const { row, draw } of draws) if (seq <= row.upTo && speaksOf(row.point, type)) draw.offer(seq)
    }
  }
  const samples = draws.map(({ row, draw }): Sample => {
    const seed = row.seed.toString('hex')
    if (JSON.stringify(draw.seqs()) !== JSON.stringify(row.seqs)) throw auditFailures.AUDIT_DAMAGED({ number: row.number })
    return { ...row, seed, at: instantOf(row.at) }
  })
  const vkeyById = new Map((await loadPersons(ctx.db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  const findings: Finding[] = []
  for (const row of await loadFindingRows(ctx.db, scopeOf(ctx, matter), audit.id)) {
    const said = await ctx.vault.openText(matter.id, `audit/${audit.id}/${row.number}`, row.saidSealed).catch((error: unknown) => {
      throw auditFailures.AUDIT_DAMAGED({ number: row.number }, { cause: error }) // sealed for another line
    })
    findings.push(findingOfRow(row, { audit: audit.id, matterId: matter.id, vkey: vkeyById.get(row.by) ?? '', said }))
  }
  return { audit, samples, findings, points: await pointsOf(ctx, matter) }
}

function findingOfRow(row: FindingRow, about: { audit: string; matterId: string; vkey: string; said: string }): Finding {
  try {
    const { statement, payload } = verifyEnvelope(row.envelope, [parseVkey(about.vkey)], 1)
    const signed = findingPredicate.parse(statement.predicate)
    const { number, point, result, severity, due, fixedOn, by } = row
    const same = canonicalJson({ number, point, result, severity, due, fixedOn, signedBy: by, audit: about.audit, matter: about.matterId, said: toHex(sha256(utf8(about.said))), at: signed.at })
    const value = parseJsonStrict(about.said)
    if (same !== canonicalJson({ ...signed }) || !row.digest.equals(sha256(payload)) || statement.predicateType !== findingPredicateType || !isJsonObject(value)) throw new RangeError('row, words and statement differ')
    const { text, fix } = saidShape.parse(value)
    return { number, point, result, severity, due: due === null ? null : dayOf(due), fixedOn: fixedOn === null ? null : dayOf(fixedOn), text, fix, by, at: instantOf(row.at) }
  } catch (error) {
    throw auditFailures.AUDIT_DAMAGED({ number: row.number }, { cause: error })
  }
}

/** The newest finding of each point. */
export function standingFindings(findings: readonly Finding[]): Map<string, Finding> {
  return new Map(findings.map((finding) => [finding.point, finding]))
}

/** Refuses to conclude while a point has no finding. */
export function refuseUnfinished(binder: Binder): void {
  const found = standingFindings(binder.findings)
  const open = binder.points.filter((id) => !found.has(id))
  if (open.length > 0) throw auditFailures.AUDIT_OPEN_POINTS({ count: open.length, points: open.join(', ') })
}

/** How an audit is concluded: the binder, the report, and the signing of the fact `compliance-audit-done` with the report's digest, in the transaction that it is given. */
export interface Conclusion {
  binder: Binder
  report: Paper
  signFact: (tx: Tx) => Promise<{ id: string; signedBy: string }>
}

/** 办结审计. Signs the fact, keeps the report whole and books the event that names both, in one transaction: the gates count no fact without it (rule M05). Refuses open points, and findings that came in meanwhile. */
export async function concludeAudit(ctx: Context, matter: Matter, { binder, report, signFact }: Conclusion): Promise<{ fact: string }> {
  refuseUnfinished(binder)
  const digest = paperDigest(report)
  const sealed = await ctx.vault.sealText(matter.id, `audit-report/${digest}`, paperJson(report))
  const scope = scopeOf(ctx, matter)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    if ((await loadFindingRows(tx, scope, binder.audit.id)).length !== binder.findings.length || (await needed(ctx, matter, tx)).id !== binder.audit.id) throw auditFailures.AUDIT_CHANGED()
    const { id, signedBy } = await signFact(tx)
    await insertAuditReport(tx, scope, { audit: binder.audit.id, digest: Buffer.from(digest, 'hex'), factId: id, reportSealed: sealed, at: ctx.now() })
    await ctx.ledger.append(tx, matter.id, { type: 'AuditConcluded', body: { audit: binder.audit.id, report: digest, fact: id, by: signedBy } }, `audit/${binder.audit.id}/concluded/${digest}/${id}`)
    return { fact: id }
  })
}
