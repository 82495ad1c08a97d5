// SPDX-License-Identifier: Apache-2.0
import { erasureCertificateStatement, signStatement, statementDigest, type DsseEnvelope, type ErasureCertificate } from '@handover/proof'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { instantOf } from '../../kit/time.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import type { DestructionOrder } from './destruction-order.ts'

/** What was verified, by whom and how; the rest of a certificate stands in the order. */
export interface Certified {
  order: DestructionOrder
  status: 'pending' | 'final'
  /** e.g. `vault`, `csv`. */
  system: string
  tombstones: { tombstones: number; tombstoneRoot: string }
  keys: ErasureCertificate['keys']
  verification: { how: string; sample: number; result: string }
}

/** 销毁证明. Signs a certificate in the spirit of NIST SP 800-88 (FORMATS §10): nothing is said that was not verified, and what could not be reached is on it. */
export async function signCertificate(ctx: Context, matter: Matter, certified: Certified): Promise<DsseEnvelope> {
  const { order } = certified
  const { facts } = order
  const certificate: ErasureCertificate = {
    order: order.id, matter: matter.id, status: certified.status,
    method: 'clear', // file slots and files are only ever cleared (CONTRACTS §5)
    tool: { name: 'handover', version: toolVersion() },
    target: {
      system: certified.system, copies: facts.copies.map((copy) => copy.copy), records: facts.records, values: facts.values, recordSet: order.recordSet.toString('hex'), ...certified.tombstones,
    },
    keys: certified.keys, backups: await backupsStillThere(ctx, matter), outOfReach: await outOfReach(ctx, matter, facts),
    verification: { by: 'handover', ...certified.verification },
    requester: required(facts.requestedBy, 'an order that ran was asked for'), executor: ownParty(matter).id, approvers: facts.approvedBy, approval: order.approvalRequest,
    identitiesVerified: facts.identitiesVerified, clock: matter.isDemo ? 'declared' : 'real',
    ...(facts.withoutReceipts === null ? {} : { withoutReceipts: facts.withoutReceipts }),
    ...(await overridden(ctx, matter)),
    requestedAt: facts.requestedAt, destroyedAt: required(facts.destroyedAt, 'a certificate follows a destruction'), issuedAt: ctx.now(),
  }
  return signStatement(erasureCertificateStatement(certificate), [ctx.signer.noteSigner])
}

/** Books the event of a certificate. */
export async function bookCertificate(ctx: Context, tx: Tx, matter: Matter, issued: { orderId: string; status: 'pending' | 'final'; envelope: DsseEnvelope }): Promise<number> {
  const body = { order: issued.orderId, status: issued.status, statement: statementDigest(issued.envelope) }
  return (await ctx.ledger.append(tx, matter.id, { type: 'CertificateIssued', body }, `destroy/${issued.orderId}/certificate/${issued.status}`)).seq
}

/** Gate rules that named people overrode stand on every certificate (law register §9), ended overrides too: the destruction may rest on them. */
async function overridden(ctx: Context, matter: Matter): Promise<Pick<ErasureCertificate, 'gateOverrides'>> {
  const all = (await ctx.ledger.eventsOfType(matter.id, 'GateOverridden')).map(({ json }) => overriddenBody.parse(JSON.parse(json)))
  return all.length === 0 ? {} : { gateOverrides: all }
}

const overriddenBody = z.object({ override: z.string(), rule: z.string(), codes: z.array(z.string()), article: z.string(), opinion: z.string(), until: z.string(), approval: z.string() })

const backupBody = z.object({ backup: z.string(), expires: z.string() })

/** Backups with ciphertext that have not expired; without the keys they open nothing. */
async function backupsStillThere(ctx: Context, matter: Matter): Promise<ErasureCertificate['backups']> {
  const events = await ctx.ledger.eventsOfType(matter.id, 'BackupCreated')
  return events.map((event) => backupBody.parse(JSON.parse(event.json))).map(({ backup, expires }) => ({ backup, expires: instantOf(expires) })).filter(({ expires }) => expires > ctx.now())
}

/** Copies that nobody could reach, parts of rewritten files that no reader of ours reads, and files of which no part could be removed: printed, never passed over in silence. */
async function outOfReach(ctx: Context, matter: Matter, { notRead, refused, beyond }: DestructionOrder['facts']): Promise<ErasureCertificate['outOfReach']> {
  const copies = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === 'out-of-reach' || copy.endedHow === 'attested')
  return [
    ...copies.map((copy) => ({ copy: copy.id, why: `${copy.endedHow ?? ''}:${copy.ended?.details['reason'] ?? ''}` })),
    ...notRead.map(({ copy, why }) => ({ copy, why: `not-read:${why}` })), ...refused.map(({ copy, why }) => ({ copy, why: `not-rewritten:${why}` })), ...beyond,
  ]
}

const packageFile = z.object({ version: z.string() })

function toolVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).version
}
