// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { parseVkey, PARTY_ROLES } from '@handover/proof'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { composePolicy, type WitnessPlace } from '../../ledger/index.ts'
import { currentMatter, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { loadPersons, loadSigners, maySign } from '../../stewardship/access/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

const witnessLine = z.object({ name: z.string(), vkey: z.string(), url: z.url({ protocol: /^https?$/ }) })

/** `handover policy write`: composes the trust policy from the matter's parties, its people and the witnesses' own files. */
export const command: Command = {
  name: 'policy write',
  summary: { zh: '由当事方文件、人员与见证方文件拟出信任策略', en: "composes the trust policy from parties, people and the witnesses' files" },
  usage: 'handover policy write [--witness FILE]… [--own-witness FILE]… [--needed K] [-o FILE] [-m MATTER]',
  example: 'handover policy write --witness witness-buyer.json --witness witness-broker.json --needed 2 -o policy.txt',
  options: {
    witness: { type: 'string', multiple: true, doc: { zh: '其他方见证服务启动时打印的那一行 JSON 的文件,可多次', en: 'file with the JSON line that a witness of another party printed, repeatable' } },
    'own-witness': { type: 'string', multiple: true, doc: { zh: '转让方自己的见证服务(列出但不计数)', en: "the transferor's own witness (listed, never counted)" } },
    needed: { type: 'string', doc: { zh: '至少几家副署(默认过半)', en: 'how many must cosign (default: a majority)' } },
    output: { type: 'string', short: 'o', doc: { zh: '写入的文件(默认输出到屏幕)', en: 'file to write (default: standard output)' } },
  },
  run: async (call) => {
    const witnesses = listFlag(call, 'witness').map(readWitness)
    const ownWitnesses = listFlag(call, 'own-witness').map(readWitness)
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    const text = composePolicy({ log: await ctx.ledger.logVkey(matter.id), witnesses, ownWitnesses, needed: neededOf(call), ...(await signersOf(ctx, matter)) })
    const file = textFlag(call, 'output') ?? '-'
    if (file !== '-') writeNewFile(file, text)
    call.out.result({ policy: text, file: file === '-' ? null : file }, file === '-' ? text.trimEnd() : file)
    const unconfirmed = matter.parties.filter((party) => !party.isSelf && party.confirmedAt === null).length
    if (unconfirmed > 0) call.out.say({ zh: `注意: ${unconfirmed} 个当事方的六个口令词尚未核对`, en: `Note: the six spoken words of ${unconfirmed} parties have not been compared` })
    call.out.next(`handover policy set ${file === '-' ? 'FILE' : file}`)
    return 0
  },
}

function readWitness(file: string): WitnessPlace {
  const read = witnessLine.safeParse(parseJson(readFileSync(file, 'utf8')))
  if (!read.success) throw cliFailures.WRONG_ARGUMENT({ what: file, why: expects('JSON {name, vkey, url}'), command: 'policy write' })
  return { name: read.data.name, vkey: parseVkey(read.data.vkey), url: read.data.url }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? text)
  } catch {
    return null // the caller refuses it by name
  }
}

function neededOf(call: CommandCall): number | null {
  const text = textFlag(call, 'needed')
  if (text !== undefined && !/^[1-9][0-9]?$/.test(text)) throw cliFailures.WRONG_ARGUMENT({ what: '--needed', why: expects('1–99'), command: 'policy write' })
  return text === undefined ? null : Number(text)
}

/** One key may stand in a policy once; a party with two roles keeps its first. Mediators sign nothing that a verifier checks; whoever left stays while the matter rests on their approvals. */
async function signersOf(ctx: Context, matter: Matter): Promise<{ parties: { role: string; vkey: string }[]; approvers: string[] }> {
  const known = new Set<string>()
  const isNew = (vkey: string) => !known.has(vkey) && known.add(vkey).size > 0
  const roles: readonly string[] = PARTY_ROLES
  const parties = matter.parties.filter((party) => roles.includes(party.role) && isNew(party.file.vkey)).map((party) => ({ role: party.role, vkey: party.file.vkey }))
  const signed = await loadSigners(ctx.db, ctx.tenant, matter.id)
  const persons = (await loadPersons(ctx.db, ctx.tenant)).filter((person) => (person.endedAt === null || signed.has(person.id)) && maySign(person.role))
  return { parties, approvers: persons.map((person) => person.vkey).filter(isNew) }
}
