// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, isPresent, recordRoot, toBase64, type ReceiptField } from '@handover/proof'
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { compartments, type OpenRecord, type ReadGrant } from '../../vault/index.ts'
import { loadDataSets } from '../discover/index.ts'
import { matchKeys, readKeyFile } from '../notify/index.ts'
import { assembleReceipt, type ReceiptSource } from './assemble-receipt.ts'
import { proveFailures } from './prove-failures.ts'
import { findSealedReceipt, isBlindIndexEnded, recordPlaces } from './prove.store.ts'
import { secretOfCode } from './receipt-code.rules.ts'
import { handleOf, openKernels, type ReceiptKernel } from './sealed-receipt.ts'

/** A receipt that was made; `text` is the subject's and goes into their file only. */
export interface IssuedReceipt {
  text: string
  asOf: string
  records: number
  erased: number
  /** Values opened in it. */
  opened: number
  closed: boolean
}

/** 按标识出具回执. The receipt of the records that hold a key which the requester proved (CONTRACTS §14), with all their values (个人信息保护法 第四十五条). Refuses unknown and shared keys, and every look-up after the close. */
export async function receiptByKeys(ctx: Context, matter: Matter, keyFile: string): Promise<IssuedReceipt> {
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const where = basename(keyFile)
  if (matter.status !== 'open' || (await isBlindIndexEnded(ctx.db, scope))) throw proveFailures.RECEIPT_NEEDS_CODE()
  const { rows } = await readKeyFile(ctx, matter.id, { path: keyFile, needed: [] })
  const { matched, unmatched } = await matchKeys(ctx, matter.id, rows)
  const proven = matched.filter((match) => match.isProven)
  if (proven.length === 0) throw matched.length > 0 || unmatched.some(({ code }) => code === 'SHARED') ? proveFailures.RECEIPT_NOT_PROVEN({ file: where }) : proveFailures.RECEIPT_KEY_UNKNOWN({ file: where, why: unmatched[0]?.code ?? 'NOT_FOUND' })
  const wanted = [...new Map(proven.flatMap((match) => match.holders).map((id) => [id.toString('hex'), id])).values()]
  const sources = await openSources(ctx, matter, wanted)
  if (sources.length === 0) throw proveFailures.RECEIPT_KEY_UNKNOWN({ file: where, why: 'ERASED' })
  return issue(ctx, matter, sources)
}

/** 按回执码出具回执. The receipt of a sealed one, completed by what the books say today; for erased records too. Values that the subject brings along are opened where they are the committed ones. Refuses malformed and unknown codes. */
export async function receiptByCode(ctx: Context, matter: Matter, given: { code: string; values: readonly string[] }): Promise<IssuedReceipt> {
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const secret = secretOfCode(given.code)
  if (secret === null) throw proveFailures.RECEIPT_CODE_MALFORMED()
  const sealed = await findSealedReceipt(ctx.db, scope, handleOf(secret, matter.id))
  const kernels = sealed === null ? null : openKernels(secret, matter.id, sealed)
  if (kernels === null) throw proveFailures.RECEIPT_CODE_UNKNOWN()
  const fieldIds = new Map((await loadDataSets(ctx.db, scope)).map((set) => [set.id, set.fields.map((field) => idBytes('fld', field.id))]))
  const places = new Map((await recordPlaces(ctx.db, scope, kernels.map(({ recordId }) => recordId))).map((place) => [place.recordId.toString('hex'), place]))
  const sources = kernels.map((kernel) => {
    const place = required(places.get(kernel.recordId.toString('hex')), 'a sealed receipt is about records of the inventory')
    return { recordId: kernel.recordId, leaves: kernel.leaves, opened: openedByValue(kernel, fieldIds.get(place.dataSetId) ?? [], given.values) }
  })
  return issue(ctx, matter, sources)
}

async function issue(ctx: Context, matter: Matter, sources: readonly ReceiptSource[]): Promise<IssuedReceipt> {
  const places = await recordPlaces(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, sources.map(({ recordId }) => recordId))
  const { text, receipt } = await assembleReceipt(ctx, matter, sources)
  return {
    text, asOf: receipt.asOf, records: receipt.records.length, erased: places.filter((place) => place.erased).length,
    opened: receipt.records.reduce((sum, record) => sum + record.opened.length, 0), closed: receipt.books !== null,
  }
}

/** Records with everything opened; one that was sealed anew or erased since the inventory can only be had by code. */
async function openSources(ctx: Context, matter: Matter, recordIds: readonly Buffer[]): Promise<ReceiptSource[]> {
  const present = (await recordPlaces(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, recordIds)).filter((place) => !place.erased)
  if (present.length === 0) return []
  const grant: ReadGrant = { person: ctx.signer.vkey.name, purpose: 'receipt', compartments, until: addHours(ctx.now(), 1), approval: null }
  const sources: ReceiptSource[] = []
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds: present.map((place) => place.recordId), withLeaves: true })) {
    for (const record of batch) {
      const leaves = required(record.leaves, 'commitments were asked for')
      if (record.inventoryRoot.equals(recordRoot(leaves))) sources.push({ recordId: record.recordId, leaves, opened: openedFields(record) })
    }
  }
  return sources
}

function openedFields({ values, salts, presence }: OpenRecord): ReceiptField[] {
  return values.flatMap((value, field) => {
    const salt = salts[field]
    if (value === undefined || value === null || salt === undefined || !isPresent(presence, field)) return []
    return [typeof value === 'string' ? { field, salt: toBase64(salt), kind: 't', value } : { field, salt: toBase64(salt), kind: 'b', value: toBase64(value) }]
  })
}

/** Fields whose commitment is that of one of these values. */
function openedByValue(kernel: ReceiptKernel, fieldIds: readonly Buffer[], values: readonly string[]): ReceiptField[] {
  return kernel.leaves.flatMap((leaf, field) => {
    const salt = required(kernel.salts[field], 'a salt a field')
    const fieldId = required(fieldIds[field], 'an id a field')
    const value = values.find((text) => leaf.equals(fieldLeaf({ salt, recordId: kernel.recordId, fieldId, value: text })))
    return value === undefined ? [] : [{ field, salt: toBase64(salt), kind: 't' as const, value }]
  })
}
