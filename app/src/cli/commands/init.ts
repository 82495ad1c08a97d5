// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { homePath } from '../../home.ts'
import { matterTypes, partyRoles, type PartyRole } from '../../law/index.ts'
import { joinMatter, openMatter, partyDetails, prepareHome, readInvitation, readPartyFile, registerParty, spokenWords, type Matter, type SignedPartyFile } from '../../matter/index.ts'
import { oneOf, pairsOf, readTextFile } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover init`: makes this party's home, and opens or joins a matter in it. */
export const command: Command = {
  name: 'init',
  summary: { zh: '建立本方目录,立项或加入事项', en: "make the party's home; open or join a matter" },
  usage: 'handover init [NAME] [--type TYPE | --join FILE] --role ROLE --company NAME --credit-code CODE --contact TEXT',
  example: 'handover init 卫浴业务转让 --type asset-transfer --role transferor --company 沪上卫浴有限公司 --credit-code 91320500MA1AB00002 --contact 400-000-0000',
  options: {
    type: { type: 'string', doc: { zh: `事项类型: ${matterTypes.join(' ')}`, en: `type of matter: ${matterTypes.join(' ')}` } },
    role: { type: 'string', doc: { zh: `本方角色: ${partyRoles.join(' ')}`, en: `role of this party: ${partyRoles.join(' ')}` } },
    company: { type: 'string', doc: { zh: '本方全称(首次)', en: 'full name of this party (first time)' } },
    'credit-code': { type: 'string', doc: { zh: '统一社会信用代码(首次)', en: 'credit code (first time)' } },
    contact: { type: 'string', doc: { zh: '对外联系方式(首次)', en: 'contact for the public (first time)' } },
    code: { type: 'string', doc: { zh: '事项代码(默认自动)', en: 'code of the matter (default: made)' } },
    set: { type: 'string', multiple: true, doc: { zh: '事项设置 KEY=VALUE,可多次', en: 'a setting KEY=VALUE, repeatable' } },
    party: { type: 'string', multiple: true, doc: { zh: '已知当事方的文件,可多次', en: 'file of a known party, repeatable' } },
    join: { type: 'string', doc: { zh: '对方的邀请文件', en: "the opener's invitation" } },
    words: { type: 'string', doc: { zh: '电话中听到的邀请方六个口令词', en: "the inviter's six words as heard on the telephone" } },
    'demo-seed': { type: 'string', doc: { zh: '演示目录的种子(不得用于真实事项)', en: 'seed of a demo home (never for a real matter)' } },
  },
  run: async (call) => {
    const wish = wishOf(call)
    const path = homePath(textFlag(call, 'home'))
    const given = { name: textFlag(call, 'company'), creditCode: textFlag(call, 'credit-code'), contact: textFlag(call, 'contact') }
    if (!existsSync(join(path, 'home.json'))) refuseMissing(given, wish.role)
    await prepareHome(path, { company: given.name, demoSeed: textFlag(call, 'demo-seed') })
    const ctx = await call.context()
    const own = await registerParty(ctx, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), wish.role)
    const done = await openOrJoin(ctx, call, { ...wish, role: wish.role ?? own.file.role })
    report(call, own, done)
    return 0
  },
}

/** A new home is made only when all its details are there and right, so that a slip leaves nothing behind. */
function refuseMissing(given: Parameters<typeof partyDetails>[0], role: PartyRole | undefined): void {
  partyDetails(given)
  if (role === undefined) throw cliFailures.MISSING_ARGUMENT({ what: '--role', command: 'init' })
}

type Wish = ReturnType<typeof wishOf>

/** Everything is checked before anything is made. */
function wishOf(call: CommandCall) {
  const name = call.positionals[0]
  const type = textFlag(call, 'type')
  const role = textFlag(call, 'role')
  const join = textFlag(call, 'join')
  if (name === undefined && (type !== undefined || join !== undefined)) throw cliFailures.MISSING_ARGUMENT({ what: 'NAME', command: 'init' })
  if (name !== undefined && (type === undefined) === (join === undefined)) throw cliFailures.WRONG_ARGUMENT({ what: 'init', why: { zh: '--type TYPE 与 --join FILE 二选一', en: 'either --type TYPE or --join FILE' }, command: 'init' })
  return {
    name,
    type: type === undefined ? undefined : oneOf(type, matterTypes, { what: '--type', command: 'init' }),
    role: role === undefined ? undefined : oneOf(role, partyRoles, { what: '--role', command: 'init' }),
    invitation: join === undefined ? undefined : readInvitation(readTextFile(join)),
    parties: listFlag(call, 'party').map((file) => readPartyFile(readTextFile(file))),
    settings: Object.fromEntries(pairsOf(call, 'set', 'init')),
  }
}

async function openOrJoin(ctx: Context, call: CommandCall, wish: Wish & { role: NonNullable<Wish['role']> }): Promise<{ matter: Matter; repeated: boolean } | null> {
  const { name, role, invitation, type } = wish
  if (name === undefined) return null
  if (invitation !== undefined) return joinMatter(ctx, invitation, { name, role, words: textFlag(call, 'words') })
  if (type === undefined) return null
  return openMatter(ctx, { name, type, role, code: textFlag(call, 'code'), settings: wish.settings, parties: wish.parties })
}

function report(call: CommandCall, own: SignedPartyFile, done: { matter: Matter; repeated: boolean } | null): void {
  const { out } = call
  const zh = out.lang === 'zh'
  const words = spokenWords(own.digest, out.lang)
  const document = {
    party: own.file.party, role: own.file.role, vkey: own.file.vkey, words: { zh: spokenWords(own.digest, 'zh'), en: spokenWords(own.digest, 'en') },
    matter: done === null ? null : { id: done.matter.id, code: done.matter.code, type: done.matter.type, origin: done.matter.origin, keepsBooks: done.matter.keepsBooks }, repeated: done?.repeated ?? false,
  }
  out.result(document, [
    `✔ ${zh ? '本方' : 'This party'}: ${own.file.name} (${own.file.role})`,
    `  ${zh ? '口令词(电话中读给对方核对)' : 'Words (read them to the other side on the telephone)'}: ${words.join(' ')}`,
    ...(done === null ? [] : [`✔ ${done.matter.keepsBooks ? (zh ? '事项已立项' : 'Matter opened') : zh ? '已加入事项' : 'Matter joined'}: ${done.matter.code} (${done.matter.type})${done.repeated ? (zh ? ' — 此前已办' : ' — done before') : ''}`]),
  ])
  out.next(done === null || !done.matter.keepsBooks ? 'handover party export -o party.json' : 'handover user add --name @FILE --role lead --key-out FILE')
}
