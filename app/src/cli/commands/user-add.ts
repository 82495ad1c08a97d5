// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { parseVkey } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText, randomIds } from '../../kit/ids.ts'
import { makeSigningKey, ownParty, readSigningKey, type Matter } from '../../matter/index.ts'
import { grantParameters, personRoles, registerPerson, requestApproval, type Custody } from '../../stewardship/access/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { neededWords } from '../words-flag.ts'

/** `handover user add --name @FILE`: a person's name stands in a file or is typed in, never on the command line. */
export const command: Command = {
  name: 'user add',
  summary: { zh: '登记一个有签名密钥的人员', en: 'register a person with a signing key' },
  usage: 'handover user add --name @FILE --role ROLE (--vkey VKEY | --key-out FILE) [--party ID] [--request --key FILE]',
  example: 'handover user add --name @姓名.txt --role legal --vkey per_…+1a2b3c4d+AQ…',
  options: {
    name: { type: 'string', doc: { zh: '写有姓名的文件 @文件,或 @- 取自标准输入;在终端上不给则询问(姓名不上命令行)', en: 'file with the name: @FILE, or @- for standard input; asked for at a terminal (no name on the command line)' } },
    role: { type: 'string', doc: { zh: `角色: ${personRoles.join(' ')}`, en: `role: ${personRoles.join(' ')}` } },
    vkey: { type: 'string', doc: { zh: '本人在自己设备上生成的公钥', en: 'public key that the person made on a device of their own' } },
    'key-out': { type: 'string', doc: { zh: '在本机代为生成密钥并写入此文件(审批时身份不算已核验)', en: 'make the key here and write it to this file (identities then count as not verified)' } },
    party: { type: 'string', doc: { zh: '所代表的当事方编号(默认本方)', en: 'id of the party they act for (default: this one)' } },
    request: { type: 'boolean', doc: { zh: '只提出授权申请(已有两人后增员须经审批)', en: 'only ask for the grant (needed once two people are registered)' } },
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
  },
  run: async (call) => {
    if (call.positionals.length > 0) throw cliFailures.WORDS_ON_COMMAND_LINE({ option: '--name', command: 'user add' })
    const role = oneOf(neededFlag(call, 'role', 'user add'), personRoles, { what: '--role', command: 'user add' })
    // Asking for the grant needs no name: the approval is of the key, its role and its party.
    const name = call.flags['request'] === true ? '' : await neededName(call)
    const { ctx, matter } = await matterOf(call)
    const { vkey, custody } = keyOf(call)
    const party = matter.parties.find((each) => each.id === (textFlag(call, 'party') ?? ownParty(matter).id))
    if (party === undefined) throw cliFailures.WRONG_ARGUMENT({ what: '--party', why: { zh: '没有这个当事方,见 handover party list', en: 'there is no such party; see handover party list' }, command: 'user add' })
    if (call.flags['request'] === true) return request(ctx, matter, call, { id: parseVkey(vkey).name, partyId: party.id, role, vkey })
    const { person, repeated } = await registerPerson(ctx, matter, { name, role, vkey, custody, partyId: party.id })
    call.out.result({ person: person.id, role, party: party.id, vkey, custody, repeated }, `✔ ${person.id} · ${role}${repeated ? (call.out.lang === 'zh' ? '(此前已登记)' : ' (registered before)') : ''}`)
    return 0
  },
}

async function neededName(call: CommandCall): Promise<string> {
  const name = await neededWords(call, 'name', 'user add', { zh: '姓名:', en: 'Name:' })
  if (name.includes('\n')) throw cliFailures.WRONG_ARGUMENT({ what: '--name', why: { zh: '文件里只写一行', en: 'one line only' }, command: 'user add' })
  return name
}

/** The key that the person made, or one made here; a key file that is there from an interrupted run is used again. */
function keyOf(call: CommandCall): { vkey: string; custody: Custody } {
  const vkey = textFlag(call, 'vkey')
  const file = textFlag(call, 'key-out')
  if (vkey !== undefined && file === undefined) return { vkey, custody: 'own-device' }
  if (file === undefined || vkey !== undefined) throw cliFailures.WRONG_ARGUMENT({ what: 'user add', why: { zh: '--vkey 与 --key-out 二选一', en: 'either --vkey or --key-out' }, command: 'user add' })
  const signer = existsSync(file) ? readSigningKey(file) : makeSigningKey(file, idText('per', randomIds.bytes('per')))
  return { vkey: signer.vkey.text, custody: 'this-home' }
}

async function request(ctx: Context, matter: Matter, call: CommandCall, person: Parameters<typeof grantParameters>[0]): Promise<number> {
  const asked = await requestApproval(ctx, matter, { act: 'role-grant', parameters: grantParameters(person), keyFile: neededFlag(call, 'key', 'user add') })
  call.out.result({ request: asked.request.id, status: asked.request.status, repeated: asked.repeated }, `✔ ${call.out.lang === 'zh' ? '已申请' : 'asked'}: ${asked.request.id}`)
  call.out.next(`handover approve ${asked.request.id} --key FILE`)
  return 0
}
