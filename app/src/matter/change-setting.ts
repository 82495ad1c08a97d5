// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '@handover/proof'
import type { Context } from '../context.ts'
import { required } from '../kit/assert.ts'
import type { Tx } from '../store/index.ts'
import { matterFailures } from './matter-failures.ts'
import { changeSetting, settingsDigest, type MatterSettings } from './matter-settings.ts'
import { countUnusedRequests, loadMatter, lockMatter, updateSettings } from './matter.store.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from './matter.ts'

/** One setting, its new value as text, who changes it, and who else has to allow it. */
export interface SettingChange {
  key: string
  value: string
  by: string
  permit?: (tx: Tx, before: MatterSettings, after: MatterSettings) => Promise<void>
}

/**
 * 变更设置. Changes one setting of a matter on behalf of a registered person (law register §2: counsel decides per matter); the event keeps
 * key, old and new value and who did it. `permit` is asked in the transaction, before anything is written. Refuses while approvals are open or unused that
 * were given under the old setting (those for weakening a safeguard are about the change itself).
 */
export async function changeMatterSetting(ctx: Context, matter: Matter, change: SettingChange): Promise<{ settings: MatterSettings; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const before = required(await loadMatter(tx, ctx.tenant, matter.id), 'the matter is there').settings
    const settings = changeSetting(before, change.key, change.value)
    if (settingsDigest(settings) === settingsDigest(before)) return { settings, repeated: true }
    await change.permit?.(tx, before, settings)
    const uses = await countUnusedRequests(tx, ctx.tenant, matter.id)
    if (uses > 0) throw matterFailures.SETTING_FIXED({ key: change.key, n: uses })
    await updateSettings(tx, ctx.tenant, matter.id, settings)
    const body = { key: change.key, from: valueText(before, change.key), to: valueText(settings, change.key), by: change.by, before: settingsDigest(before), settings: settingsDigest(settings) }
    // The same change may be made again later, after it was taken back, so the act has a name of its own; a repeat was found above.
    await ctx.ledger.append(tx, matter.id, { type: 'SettingsChanged', body }, `settings/${ctx.ids.bytes('evt').toString("hex")}`)
    return { settings, repeated: false }
  })
}

function valueText(settings: MatterSettings, key: string): string {
  const found = Object.entries(settings).find(([name]) => name === key)
  return canonicalJson(found?.[1] ?? null)
}
