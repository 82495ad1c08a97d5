// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { normaliseKey } from '../../detection/index.ts'
import { addHours } from '../../kit/time.ts'
import { accountCode } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type ReadGrant } from '../../vault/index.ts'
import { recordFactsFor } from '../classify/index.ts'
import { identityFields, labelKinds, loadDataSets, type IdentityField, type Scope } from '../discover/index.ts'

/** 退订名单. Opt-outs that must outlive the hand-over (rule B11): HMAC-SHA256 under the package's nonce of `type NUL normalised key`, sorted, so that the recipient can test a customer it meets. Whoever holds the manifest can try numbers out, so the list stays inside it: it is for the recipient's eyes, as the law wants, and hides the numbers from nobody who sets out to guess them. */
export async function suppressionList(ctx: Context, matter: Matter, { nonce, planId }: { nonce: Uint8Array; planId: string }): Promise<string[]> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const fieldsBySet = await ownKeyFields(ctx, scope)
  const recordIds: Buffer[] = []
  for await (const batch of recordFactsFor(ctx, matter.id, { withChoices: true })) {
    for (const record of batch) if (record.onSuppressionList && isReadable(record.dispositions)) recordIds.push(record.recordId)
  }
  const grant: ReadGrant = { person: ctx.signer.vkey.name, purpose: 'pack', compartments, until: addHours(ctx.now(), 1), approval: planId }
  const entries = new Set<string>()
  if (recordIds.length === 0) return []
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds })) {
    for (const { values, dataSetId } of batch) {
      for (const { position, type } of fieldsBySet.get(dataSetId) ?? []) {
        const value = values[position]
        const normalised = typeof value === 'string' ? normaliseKey(type, value) : null
        if (normalised !== null) entries.add(createHmac('sha256', nonce).update(`${type}\0${normalised}`).digest('hex'))
      }
    }
  }
  return [...entries].sort()
}

/** Fields that reach the person who opted out; the number of a clerk or an emergency contact in the same record is somebody else's, and a customer number means nothing to the recipient. */
async function ownKeyFields(ctx: Context, { tenant, matterId }: Scope): Promise<Map<string, IdentityField[]>> {
  const titles = await ctx.vault.openLabels(matterId, labelKinds.fieldName)
  const sets = await loadDataSets(ctx.db, { tenant, matterId })
  return new Map(sets.map((set) => [set.id, identityFields(set.fields.map(({ id, position, type }) => ({ position, type, name: titles.get(id) ?? '' }))).filter((field) => field.proven && field.type !== 'customer-id')]))
}

/** What is sealed as a whole is not opened for this (PIPL 47(2)); such a person is on the list through other records. */
function isReadable(dispositions: Uint8Array): boolean {
  return dispositions.some((code) => code !== 0 && code !== accountCode.sealed)
}
