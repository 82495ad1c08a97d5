// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from './context.ts'
import type { MatterType, PartyRole } from './law/index.ts'
import { currentMatter, importParty, makeSigningKey, openMatter, ownParty, partyFileText, prepareHome, registerParty, signPartyFile, spokenWords, type Matter } from './matter/index.ts'
import { openContext } from './open-context.ts'
import { idText, randomIds } from './kit/ids.ts'
import { approve, grantParameters, maySign, registerPerson, requestApproval, type Custody, type PersonRole } from './stewardship/access/index.ts'

/** A party's whole home in a temporary folder, for tests that need the real thing. */
export interface TestHome {
  path: string
  ctx: Context
  /** Sets the legal clock (test homes are demo homes for that), or lets real time run when undefined. */
  setTime(instant: string | undefined): void
  /** Opens a matter in it with a fresh code. */
  openMatter(type?: MatterType, role?: PartyRole): Promise<Matter>
  /** Registers a person and returns the path of their key file. */
  addPerson(matter: Matter, name: string, options?: { role?: PersonRole; custody?: Custody; partyId?: string }): Promise<{ id: string; vkey: string; keyFile: string }>
  /** Adds another party with keys of its own and confirmed words; returns the matter with it. */
  addParty(matter: Matter, name: string, role: PartyRole): Promise<{ matter: Matter; partyId: string }>
  remove(): Promise<void>
}

/** Time at which test homes start. */
export const testTime = '2026-11-21T08:00:00.000Z'

/** Opens a new home of a party with real database, vault and ledger. */
export async function openTestHome(company = '甲卫浴有限公司', role: PartyRole = 'transferor'): Promise<TestHome> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-home-'))
  const path = join(folder, 'home')
  await prepareHome(path, { company, demoSeed: `test-${folder}` })
  const opened = await openContext(path)
  opened.declareTime(testTime)
  const { context: ctx } = opened
  await registerParty(ctx, { name: company, creditCode: '91320500MA1AB00002', contact: '400-000-0000' }, role)
  let count = 0
  const founders: string[] = []
  return {
    path, ctx,
    setTime: (instant) => opened.declareTime(instant),
    openMatter: async (type = 'asset-transfer', as = role) => (await openMatter(ctx, { name: '测试事项', type, role: as, code: `T-${++count}` })).matter,
    addPerson: async (matter, name, options = {}) => {
      const keyFile = join(folder, `person-${++count}.key`)
      const { vkey } = makeSigningKey(keyFile, idText('per', randomIds.bytes('per')))
      const wished = { name, role: options.role ?? 'legal', custody: options.custody ?? 'this-home', vkey: vkey.text, partyId: options.partyId ?? ownParty(matter).id }
      const [lead, second] = founders
      if (wished.partyId !== ownParty(matter).id && lead !== undefined && second !== undefined) {
        const { request } = await requestApproval(ctx, matter, { act: 'role-grant', parameters: grantParameters({ ...wished, id: vkey.name }), keyFile: lead })
        await approve(ctx, matter, { requestId: request.id, keyFile: second })
      }
      const { person } = await registerPerson(ctx, matter, wished)
      if (wished.partyId === ownParty(matter).id && maySign(wished.role)) founders.push(keyFile)
      return { id: person.id, vkey: vkey.text, keyFile }
    },
    addParty: async (matter, name, asRole) => {
      const noteSigner = makeSigningKey(join(folder, `party-${++count}.key`), idText('pty', randomIds.bytes('pty')))
      const signer = { vkey: noteSigner.vkey, noteSigner, ageIdentity: ctx.signer.ageIdentity, ageRecipient: ctx.signer.ageRecipient }
      const file = signPartyFile(signer, { name, creditCode: 'TEST-0001', contact: '400' }, asRole)
      const { party } = await importParty(ctx, matter, partyFileText(file), { words: spokenWords(file.digest, 'zh').join(' ') })
      return { matter: await currentMatter(ctx, matter.id), partyId: party.id }
    },
    remove: async () => {
      await ctx.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The code of the failure with which a promise is refused. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error)),
  )
}
