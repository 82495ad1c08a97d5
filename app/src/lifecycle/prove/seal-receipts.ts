// SPDX-License-Identifier: Apache-2.0
import { recordRoot } from '@handover/proof'
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { assert, required } from '../../kit/assert.ts'
import { addHours } from '../../kit/time.ts'
import { namingFile } from '../../ledger/index.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { compartments, type ReadGrant } from '../../vault/index.ts'
import { refuseUnlessResolved } from '../discover/index.ts'
import { proveFailures } from './prove-failures.ts'
import { greatestIndex, insertSealedReceipts, noteReceipted, subjectsAfter } from './prove.store.ts'
import { codeOfSecret } from './receipt-code.rules.ts'
import { handleOf, newReceiptSecret, sealKernels, type ReceiptKernel } from './sealed-receipt.ts'

/** How many receipts were sealed, and where the codes are. */
export interface SealedReceipts {
  file: string
  receipts: number
  records: number
}

const subjectsPerBatch = 500

/**
 * 封存回执. Before a destruction: seals for every subject what their receipt needs once the record's secret is gone, each under a secret of its own that is kept nowhere here (CONTRACTS §9). The codes go
 * into one file, to be sent to the people and then destroyed. Doing it again seals anew under other codes; the earlier ones stay good. Refuses when there is nobody to seal for.
 */
export async function sealReceipts(ctx: Context, matter: Matter, order: { file: string }): Promise<SealedReceipts> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const upTo = await greatestIndex(ctx.db, scope)
  const temporary = `${order.file}.part`
  const out = openSync(temporary, 'w', 0o600)
  const done: SealedReceipts = { file: order.file, receipts: 0, records: 0 }
  try {
    writeSync(out, '\ufeff主体,回执码\r\n')
    for (let after = ''; ; ) {
      const next = await subjectsAfter(ctx.db, scope, after, subjectsPerBatch)
      const last = next.at(-1)
      if (last === undefined) break
      after = last.subject
      const subjects = next.filter(({ recordIds }) => recordIds.length > 0)
      if (subjects.length === 0) continue
      const sealed = await sealBatch(ctx, matter, subjects)
      // The codes are on the disk before the rows are kept; a crash in between leaves codes that open nothing, and the same command is run again.
      writeSync(out, sealed.map(({ subject, code }) => `${subject},${code}\r\n`).join(''))
      fsyncSync(out)
      await ctx.db.transaction((tx) => insertSealedReceipts(tx, scope, byHandle(sealed)))
      done.receipts += sealed.length
      done.records += subjects.reduce((sum, { recordIds }) => sum + recordIds.length, 0)
      ctx.progress({ zh: '封存回执', en: 'sealing receipts' }, done.receipts, null)
    }
  } catch (error) {
    throw namingFile(error, order.file)
  } finally {
    closeSync(out)
  }
  if (done.receipts === 0) throw proveFailures.NOTHING_TO_SEAL()
  await noteReceipted(ctx.db, scope, upTo)
  renameSync(temporary, order.file)
  return done
}

interface SealedSubject {
  subject: string
  code: string
  handle: Buffer
  sealed: Buffer
}

async function sealBatch(ctx: Context, matter: Matter, subjects: readonly { subject: string; recordIds: Buffer[] }[]): Promise<SealedSubject[]> {
  const kernels = await kernelsOf(ctx, matter, subjects.flatMap(({ recordIds }) => recordIds))
  return subjects.map(({ subject, recordIds }) => {
    const secret = newReceiptSecret()
    const mine = recordIds.map((id) => required(kernels.get(id.toString('hex')), 'the vault opens what was asked for'))
    const sealed = { subject, code: codeOfSecret(secret), handle: handleOf(secret, matter.id), sealed: sealKernels(secret, matter.id, mine) }
    secret.fill(0)
    return sealed
  })
}

/** Stored in the order of their handles, which is random: the place of a row must not tell whose it is. */
function byHandle(sealed: readonly SealedSubject[]): SealedSubject[] {
  return sealed.toSorted((a, b) => Buffer.compare(a.handle, b.handle))
}

/** Commitments and salts of records as they were inventoried. */
async function kernelsOf(ctx: Context, matter: Matter, recordIds: readonly Buffer[]): Promise<Map<string, ReceiptKernel>> {
  const grant: ReadGrant = { person: ctx.signer.vkey.name, purpose: 'receipt', compartments, until: addHours(ctx.now(), 1), approval: null }
  const kernels = new Map<string, ReceiptKernel>()
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds, withLeaves: true })) {
    for (const record of batch) {
      const leaves = required(record.leaves, 'commitments were asked for')
      assert(record.inventoryRoot.equals(recordRoot(leaves)), 'a record of version 1 has the commitments of the inventory')
      // A field that is given to nobody any more has no salt here either; zeros open no leaf.
      kernels.set(record.recordId.toString('hex'), { recordId: record.recordId, leaves, salts: leaves.map((_, at) => record.salts[at] ?? Buffer.alloc(16)) })
    }
  }
  return kernels
}
