// SPDX-License-Identifier: Apache-2.0
import { PACKAGE_FILES, parseEnvelope, statementDigest, type BundleParts, type DsseEnvelope } from '@handover/proof'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { exportApproval } from '../../stewardship/access/index.ts'
import { loadFactRows } from '../assess/index.ts'
import { copyStatements, loadOrders } from '../destroy/index.ts'
import { allPackages, packageFolder } from '../hand-over/index.ts'
import { packageStatements } from '../reconcile/index.ts'
import { proveFailures } from './prove-failures.ts'

type BundleStatement = BundleParts['statements'][number]

/** Where an event of each type names the statement that it is about, and what kind of file that is. */
const naming = {
  PackageIssued: { member: 'outer', kind: 'outer' },
  AcceptanceReceived: { member: 'acceptance', kind: 'acceptance' },
  Reconciled: { member: 'statement', kind: 'reconciliation' },
  CertificateIssued: { member: 'statement', kind: 'certificate' },
  FactRecorded: { member: 'digest', kind: 'fact' },
  CopyEnded: { member: 'proof', kind: 'copy' },
} as const satisfies Record<string, { member: string; kind: BundleStatement['kind'] }>

const eventShape = z.looseObject({ t: z.string(), s: z.int() })
const grantedShape = z.looseObject({ request: z.string() })

/** The signed statements that these events name, in the order of the events, each once (CONTRACTS §12); refuses when one is gone. What no event names is left out: it would be outside the log. */
export async function bundleStatements(ctx: Context, matter: Matter, events: readonly string[]): Promise<BundleStatement[]> {
  const words = new Map((await copyStatements(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).map(({ envelope }) => [statementDigest(envelope), envelope]))
  const envelopeByDigest = new Map([...words, ...(await knownStatements(ctx, matter))])
  const found = new Map<string, BundleStatement>()
  for (const text of events) {
    const event = eventShape.parse(JSON.parse(text))
    if (event.t === 'ApprovalGranted') {
      const { request } = grantedShape.parse(event)
      found.set(request, { kind: 'approval', envelope: parseEnvelope(await exportApproval(ctx, matter, request)) })
      continue
    }
    const named = namedStatement(event)
    if (named === null) continue
    const envelope = envelopeByDigest.get(named.digest)
    if (envelope === undefined) throw proveFailures.STATEMENT_MISSING({ seq: event.s, type: event.t })
    // A copy may end on a certificate, acceptance or reconciliation, which their own events name.
    if (named.kind === 'copy' && !words.has(named.digest)) continue
    found.set(`${named.kind} ${named.digest}`, { kind: named.kind, envelope })
  }
  return [...found.values()]
}

function namedStatement(event: z.infer<typeof eventShape>): { kind: BundleStatement['kind']; digest: string } | null {
  const rule = Object.entries(naming).find(([type]) => type === event.t)?.[1]
  if (rule === undefined) return null
  const digest = z.string().nullable().parse(event[rule.member])
  return digest === null ? null : { kind: rule.kind, digest }
}

/** Every signed file about the matter that this home has, by its digest; nothing here is trusted before the verifier has seen it. */
async function knownStatements(ctx: Context, matter: Matter): Promise<Map<string, DsseEnvelope>> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const envelopes: DsseEnvelope[] = []
  for (const { id } of await allPackages(ctx.db, scope)) {
    const file = join(packageFolder(ctx, id), PACKAGE_FILES.outer)
    if (existsSync(file)) envelopes.push(parseEnvelope(readFileSync(file, 'utf8')))
  }
  for (const { envelope } of await packageStatements(ctx.db, scope)) envelopes.push(parseEnvelope(envelope))
  for (const { certificate, finalCertificate } of await loadOrders(ctx.db, scope)) for (const envelope of [certificate, finalCertificate]) if (envelope !== null) envelopes.push(envelope)
  for (const { envelope } of await loadFactRows(ctx.db, ctx.tenant, matter.id)) envelopes.push(envelope)
  return new Map(envelopes.map((envelope) => [statementDigest(envelope), envelope]))
}
