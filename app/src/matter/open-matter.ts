// SPDX-License-Identifier: Apache-2.0
import { toHex } from '@handover/proof'
import type { Context } from '../context.ts'
import { required } from '../kit/assert.ts'
import { idText } from '../kit/ids.ts'
import { holdsPersonalNumber } from '../kit/personal-number.rules.ts'
import type { MatterType, PartyRole } from '../law/index.ts'
import { chooseMatter } from './current-matter.ts'
import { matterFailures } from './matter-failures.ts'
import { defaultSettings, settingsDigest, settingsWith, type MatterSettings } from './matter-settings.ts'
import { insertMatter, insertParty, loadMatter } from './matter.store.ts'
import type { Matter } from './matter.ts'
import type { SignedPartyFile } from './party-file.ts'
import { ownPartyFile } from './register-home.ts'

/** What a matter is opened with. */
export interface NewMatter {
  /** The name that people use; kept encrypted, since it can give the deal away. */
  name: string
  type: MatterType
  role: PartyRole
  /** Short code for commands; made from the year and a random part when left out. */
  code?: string | undefined
  /** Settings that differ from the cautious defaults, as text. */
  settings?: Readonly<Record<string, string>>
  /** Signed files of parties that are known already. */
  parties?: readonly SignedPartyFile[]
}

/** Roles that open a matter and keep its books: whoever gives the information away or winds the company up. Verifiers take packages and certificates from nobody else. */
const openers: readonly PartyRole[] = ['transferor', 'liquidator']

/**
 * 立项. Opens a matter: its keys, its log's name, its parties and the first event (law register A01; CONTRACTS §§5, 6, 11).
 * The same code with the same content returns the matter that is there; with other content it is refused, and so is a code that holds a personal number.
 */
export async function openMatter(ctx: Context, input: NewMatter): Promise<{ matter: Matter; repeated: boolean }> {
  if (!openers.includes(input.role)) throw matterFailures.ROLE_MAY_NOT_OPEN({ role: input.role })
  if (input.code !== undefined && holdsPersonalNumber(input.code)) throw matterFailures.MATTER_CODE_PERSONAL()
  const settings = settingsWith(defaultSettings(input.type), input.settings ?? {})
  const existing = input.code === undefined ? null : await loadMatter(ctx.db, ctx.tenant, input.code)
  if (existing !== null) return { matter: refuseOther(existing, input, settings), repeated: true }

  const row = newRow(ctx, input, settings)
  const parties = [await ownPartyFile(ctx, input.role), ...(input.parties ?? [])]
  await ctx.vault.createMatterKeys(row.id) // keys before anything that is encrypted with them
  await ctx.db.transaction(async (tx) => {
    await insertMatter(tx, ctx.tenant, row)
    for (const [at, party] of parties.entries()) await insertParty(tx, ctx.tenant, row.id, { signed: party, confirmedAt: at === 0 ? ctx.now() : null })
    await ctx.vault.sealLabel(row.id, row.id, 'matter-name', input.name, tx)
    const digests = parties.map(({ file, digest }) => ({ role: file.role, party: file.party, digest: toHex(digest) }))
    await ctx.ledger.append(tx, row.id, { type: 'MatterOpened', body: { type: row.type, origin: row.origin, parties: digests, settings: settingsDigest(settings), demo: row.isDemo } }, 'matter/opened')
  })
  const matter = required(await loadMatter(ctx.db, ctx.tenant, row.id), 'the matter that was just written is there')
  chooseMatter(ctx, matter)
  return { matter, repeated: false }
}

function newRow(ctx: Context, input: NewMatter, settings: MatterSettings) {
  const seedName = input.code === undefined ? undefined : `${input.code}/${ctx.signer.vkey.name}`
  const id = ctx.ids.bytes('mat', seedName)
  const origin = ctx.ids.bytes('mat', seedName === undefined ? undefined : `${seedName}/log`)
  const code = input.code ?? `${ctx.today().slice(0, 4)}-${toHex(id.subarray(0, 3)).toUpperCase()}`
  return { id: idText('mat', id), code, type: input.type, origin: `handover.example/log/${toHex(origin)}`, openedAt: ctx.now(), settings, isDemo: ctx.home.settings.demo !== null }
}

function refuseOther(existing: Matter, input: NewMatter, settings: MatterSettings): Matter {
  const own = existing.parties.find((party) => party.isSelf)
  const isSame = existing.keepsBooks && existing.type === input.type && own?.role === input.role && settingsDigest(existing.settings) === settingsDigest(settings)
  if (!isSame) throw matterFailures.MATTER_EXISTS({ code: existing.code })
  return existing
}
