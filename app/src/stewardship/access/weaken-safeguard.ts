// SPDX-License-Identifier: Apache-2.0
import { sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { changeMatterSetting, refuseEnded, refuseUnlessBookkeeper, type Matter, type MatterSettings } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { loadPersons } from './access.store.ts'
import { approvalFor } from './approval-for.ts'
import { parametersDigest } from './approval.ts'
import { requestApproval } from './request-approval.ts'

/** 申请放宽信任策略. Asks another person to let exactly this policy replace the one in force (CONTRACTS §18). */
export async function requestPolicy(ctx: Context, matter: Matter, wish: { text: string; keyFile: string }): Promise<{ request: string; repeated: boolean }> {
  const { request, repeated } = await requestApproval(ctx, matter, { act: 'weaken-safeguard', parameters: policyParameters(wish.text), keyFile: wish.keyFile })
  return { request: request.id, repeated }
}

/**
 * 登记信任策略. Books a trust policy; one that asks for less than the policy in force only under the approval of two people for exactly its text.
 * Refuses what the ledger refuses (BAD_POLICY_FILE), and a weaker one without approval (APPROVAL_MISSING and its kin).
 */
export async function changePolicy(ctx: Context, matter: Matter, change: { text: string; ownKeys: readonly string[] }): Promise<{ seq: number; repeated: boolean }> {
  const people = (await loadPersons(ctx.db, ctx.tenant)).map((person) => person.vkey)
  const registered = new Set([...people, ...matter.parties.filter((party) => party.confirmedAt !== null).map((party) => party.file.vkey)])
  return ctx.db.transaction((tx) => ctx.ledger.setPolicy(tx, matter.id, change.text, {
    ownKeys: change.ownKeys, registered, permitWeaker: () => permit(ctx, tx, matter, policyParameters(change.text)),
  }))
}

/**
 * 变更事项设置. Changes a setting by name; a shorter cooling-off needs the approval of another person, which this asks for when there is none
 * (`asked`): run again once it is approved. Refuses what `changeMatterSetting` refuses.
 */
export async function changeSettingSafely(ctx: Context, matter: Matter, change: { key: string; value: string; by: string; keyFile: string }): Promise<{ settings: MatterSettings; repeated: boolean; asked: string | null }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  let lowered: JsonObject | null = null
  try {
    const done = await changeMatterSetting(ctx, matter, {
      ...change,
      permit: async (tx, before, after) => {
        if (after.cooling_off_hours >= before.cooling_off_hours) return
        lowered = { setting: 'cooling_off_hours', from: before.cooling_off_hours, to: after.cooling_off_hours }
        await permit(ctx, tx, matter, lowered)
      },
    })
    return { ...done, asked: null }
  } catch (error) {
    if (lowered === null || !isUnasked(error)) throw error
    const { request } = await requestApproval(ctx, matter, { act: 'weaken-safeguard', parameters: lowered, keyFile: change.keyFile })
    return { settings: matter.settings, repeated: false, asked: request.id }
  }
}

const unasked: readonly unknown[] = ['APPROVAL_MISSING', 'APPROVAL_VOID', 'APPROVAL_USED']

function isUnasked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unasked.includes(error.code)
}

async function permit(ctx: Context, tx: Tx, matter: Matter, parameters: JsonObject): Promise<void> {
  await approvalFor(ctx, tx, { matterId: matter.id, act: 'weaken-safeguard', digest: parametersDigest(matter.id, 'weaken-safeguard', parameters) })
}

const policyParameters = (text: string): JsonObject => ({ policy: toHex(sha256(utf8(text))) })
