// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { writeHomeSettings } from '../home.ts'
import { matterFailures } from './matter-failures.ts'
import type { Matter } from './matter.ts'
import { loadMatter, loadMatters } from './matter.store.ts'

/** The matter that is meant: by its code (or id), else the chosen one, else the only one; refuses an unknown code and an open choice. */
export async function currentMatter(ctx: Context, code?: string): Promise<Matter> {
  const wanted = code ?? ctx.home.settings.currentMatter ?? undefined
  if (wanted !== undefined) {
    const matter = await loadMatter(ctx.db, ctx.tenant, wanted)
    if (matter === null) throw matterFailures.NO_MATTER({ code: wanted.slice(0, 60) })
    return matter
  }
  const [only, ...others] = await loadMatters(ctx.db, ctx.tenant)
  if (only === undefined) throw matterFailures.NO_MATTER({ code: '' })
  if (others.length > 0) throw matterFailures.MATTER_NOT_CHOSEN({ n: others.length + 1 })
  return only
}

/** Chooses the matter that is meant when none is named; kept in `home.json`. */
export function chooseMatter(ctx: Context, matter: Matter): void {
  if (ctx.home.settings.currentMatter === matter.id) return
  ctx.home.settings = { ...ctx.home.settings, currentMatter: matter.id }
  writeHomeSettings(ctx.home.path, ctx.home.settings)
}
