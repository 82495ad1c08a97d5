// SPDX-License-Identifier: Apache-2.0
// Both sides of giving back: the recipient destroys what it loaded and signs; the transferor takes the certificate into the books (CONTRACTS §§9, 18).
import { emptyRoot, envelopeText, erasureCertificateStatement, isPresent, parseEnvelope, readErasureCertificate, readPackageOuter, signStatement, statementDigest, toHex, unverifiedStatement, PACKAGE_FILES, readAll, readTar, decodeUtf8Strict, type ErasureCertificate } from '@handover/proof'
import { createReadStream, openSync, readFileSync, rmSync, statSync, writeSync, fsyncSync, closeSync } from 'node:fs'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { instantOf } from '../../kit/time.ts'
import { accountCode } from '../../law/index.ts'
import type { DispositionChange, Posting } from '../../ledger/index.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import { endCopyByProof } from '../destroy/index.ts'
import { allPackages, noteVoid, openLanding } from '../hand-over/index.ts'
import { abandonFailures } from './abandon-failures.ts'
import { recipientsEffect, stillOpen } from './abandon-matter.ts'
import { readNotice } from './abandon-notice.ts'
import { findCertified, keepCertified, streamReturned } from './abandon.store.ts'

/** Where a recipient loaded what it must destroy, and its files of the packages. */
export interface ReturnOrder {
  notice: string
  into: string | undefined
  passwordFile: string | undefined
  packageFiles: readonly string[]
}

/** What a recipient destroyed and signed. */
export interface Returned {
  certificate: string
  digest: string
  rows: number
  files: number
  repeated: boolean
}

/** 归还销毁. The recipient's part of an abandoned matter: declares the packages void here, destroys what it loaded and its files of the packages, reads back that nothing is left, and signs a certificate for each line of the sender's copies book. Again: the same certificate. Refuses a notice that is not the confirmed sender's. */
export async function destroyReceived(ctx: Context, matter: Matter, order: ReturnOrder): Promise<Returned> {
  const own = ownParty(matter)
  const { notice, digest, at } = readNotice(matter, own.id, readFileSync(order.notice, 'utf8'))
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  // Void first: from here on nothing is loaded any more, whatever interrupts this.
  await ctx.db.transaction(async (tx) => {
    for (const packageId of notice.packages) await noteVoid(tx, ctx.tenant, { matterId: matter.id, packageId, at: ctx.now() })
  })
  const known = await findCertified(ctx.db, scope, digest)
  if (known !== null) return { certificate: known, digest: statementDigest(parseEnvelope(known)), rows: 0, files: 0, repeated: true }
  const destroyed = await destroyLoaded(order, notice.packages)
  for (const file of order.packageFiles) await destroyPackageFile(file, notice.packages)
  const envelope = signStatement(erasureCertificateStatement(certificateOf(ctx, matter, { notice, digest, at, destroyed, files: order.packageFiles.length })), [ctx.signer.noteSigner])
  const certificate = envelopeText(envelope)
  await ctx.db.transaction((tx) => keepCertified(tx, scope, { notice: digest, certificate, at: ctx.now() }))
  return { certificate, digest: statementDigest(envelope), rows: destroyed.rows, files: order.packageFiles.length, repeated: false }
}

async function destroyLoaded(order: ReturnOrder, packages: readonly string[]): Promise<{ kind: string; rows: number }> {
  if (order.into === undefined) return { kind: 'none', rows: 0 }
  const landing = await openLanding(order.into, order.passwordFile)
  try {
    const { rows, left } = await landing.destroy(packages)
    if (left > 0) throw abandonFailures.ABANDON_ROWS_LEFT({ rows: left })
    return { kind: landing.kind, rows }
  } finally {
    await landing.close()
  }
}

const blockBytes = 1024 * 1024

/** The recipient's file of a package holds everything for whoever has its key: overwritten, then deleted. */
async function destroyPackageFile(file: string, packages: readonly string[]): Promise<void> {
  for await (const { name, content } of readTar(createReadStream(file))) {
    const isOurs = name === PACKAGE_FILES.outer && packages.includes(readPackageOuter(unverifiedStatement(decodeUtf8Strict(await readAll(content, 64 * blockBytes)))).package)
    if (!isOurs) throw abandonFailures.ABANDON_PACKAGE_FILE({ file })
    break
  }
  const handle = openSync(file, 'r+')
  const zeros = Buffer.alloc(blockBytes)
  try {
    for (let at = 0, size = statSync(file).size; at < size; at += blockBytes) writeSync(handle, zeros, 0, Math.min(blockBytes, size - at), at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  rmSync(file)
}

interface Certifying {
  notice: ReturnType<typeof readNotice>['notice']
  digest: string
  at: string
  destroyed: { kind: string; rows: number }
  files: number
}

function certificateOf(ctx: Context, matter: Matter, { notice, digest, at, destroyed, files }: Certifying): ErasureCertificate {
  const own = ownParty(matter)
  return {
    order: `abandonment-${digest.slice(0, 16)}`, matter: matter.id, status: 'final', method: 'clear', tool: { name: 'handover', version: toolVersion() },
    target: { system: destroyed.kind, copies: notice.copies.map(({ copy }) => copy), records: destroyed.rows, values: notice.copies.reduce((sum, { values }) => sum + values, 0), recordSet: digest, tombstones: 0, tombstoneRoot: toHex(emptyRoot()) },
    keys: { destroyed: 0, epoch: 0, chain: 'none', storedAt: [] }, backups: [], outOfReach: [],
    verification: { by: 'handover', how: `all rows of ${notice.packages.length} packages deleted, the place written anew and read back; ${files} package files overwritten and deleted; further files of the packages by the holder's word`, sample: destroyed.rows, result: '0 rows left' },
    requester: own.id, executor: own.id, approvers: [], approval: digest, identitiesVerified: false, clock: matter.isDemo ? 'declared' : 'real',
    requestedAt: instantOf(at), destroyedAt: ctx.now(), issuedAt: ctx.now(),
  }
}

function toolVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).version
}

/** What a certificate ended in the sender's books. */
export interface TakenProof {
  copies: string[]
  /** Values that stood as handed over and are pending again. */
  values: number
}

/** 收下归还证明. Takes a recipient's certificate: ends the lines it names, and what stood as handed over by a reconciled package comes back into the books. Again it changes nothing. Refuses a certificate that is not its holder's, not final, or about other copies. */
export async function takeReturnProof(ctx: Context, matter: Matter, text: string): Promise<TakenProof> {
  const certificate = readErasureCertificate(unverifiedStatement(parseEnvelope(text))) // its signature is checked for each copy
  const copies = await ctx.ledger.copies(matter.id)
  const named = copies.filter((copy) => certificate.target.copies.includes(copy.id))
  for (const copy of named) if (copy.endedHow === null) await endCopyByProof(ctx, stillOpen(matter), { copy: copy.id, how: 'destroyed', proof: text })
  let values = 0
  const digest = statementDigest(parseEnvelope(text))
  for (const { id } of await allPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    const opened = await ctx.ledger.eventByEffect(matter.id, recipientsEffect(id))
    const copy = named.find((one) => one.openedSeq === opened?.seq)
    if (copy !== undefined) values += await reverse(ctx, matter, { packageId: id, digest })
  }
  await ctx.ledger.publish(matter.id)
  return { copies: named.map(({ id }) => id), values }
}

async function reverse(ctx: Context, matter: Matter, { packageId, digest }: { packageId: string; digest: string }): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    if ((await ctx.ledger.eventByEffect(matter.id, `abandon/${packageId}/reversed`, tx)) !== undefined) return 0
    const sums = new Map<string, Posting>()
    for await (const batch of streamReturned(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, packageId)) {
      const changes = batch.flatMap(({ id, fields, dispositions }): DispositionChange[] => {
        const back = (code: number): number[] => [...dispositions.keys()].filter((position) => isPresent(fields, position) && dispositions[position] === code)
        return [{ recordIds: [id], fields: back(accountCode.transferred), from: 'transferred', to: 'pending' }]
      }).filter((change) => change.fields.length > 0)
      for (const posting of await ctx.ledger.setDispositions(tx, matter.id, changes)) {
        const key = `${posting.ds} ${posting.f}`
        sums.set(key, { ...posting, n: posting.n + (sums.get(key)?.n ?? 0) })
      }
    }
    const postings = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, posting]) => posting)
    await ctx.ledger.append(tx, matter.id, { type: 'TransferReversed', body: { package: packageId, statement: digest, postings } }, `abandon/${packageId}/reversed`)
    return postings.reduce((sum, { n }) => sum + n, 0)
  })
}
