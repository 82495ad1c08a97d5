// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { normaliseKey } from '../../detection/index.ts'
import { accountCode } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type ReadGrant } from '../../vault/index.ts'
import { recordFactsFor } from '../classify/index.ts'
import { isIdentityKeyType, loadDataSets } from '../discover/index.ts'

/** 退订名单. Opt-outs that must outlive the hand-over (rule B11): HMAC-SHA256 under the package's nonce of `type NUL normalised key`, sorted, so that the recipient can test a customer it meets but learns nobody's number. */
export async function suppressionList(ctx: Context, matter: Matter, nonce: Uint8Array): Promise<string[]> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const typesBySet = new Map((await loadDataSets(ctx.db, scope)).map((set) => [set.id, set.fields.map((field) => field.type)]))
  const recordIds: Buffer[] = []
  for await (const batch of recordFactsFor(ctx, matter.id)) {
    for (const record of batch) if (record.onSuppressionList && isReadable(record.dispositions)) recordIds.push(record.recordId)
  }
  const grant: ReadGrant = { person: ctx.signer.vkey.name, purpose: 'pack', compartments, until: ctx.now(), approval: null }
  const entries = new Set<string>()
  if (recordIds.length === 0) return []
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds })) {
    for (const { values, dataSetId } of batch) {
      values.forEach((value, index) => {
        const type = typesBySet.get(dataSetId)?.[index]
        if (type === undefined || type === 'customer-id' || !isIdentityKeyType(type) || typeof value !== 'string') return
        const normalised = normaliseKey(type, value)
        if (normalised !== null) entries.add(createHmac('sha256', nonce).update(`${type}\0${normalised}`).digest('hex'))
      })
    }
  }
  return [...entries].sort()
}

/** What is sealed as a whole is not opened for this (PIPL 47(2)); such a person is on the list through other records. */
function isReadable(dispositions: Uint8Array): boolean {
  return dispositions.some((code) => code !== 0 && code !== accountCode.sealed)
}
