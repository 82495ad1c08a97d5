// SPDX-License-Identifier: Apache-2.0
import { importParty, spokenWords } from '../../matter/index.ts'
import { matterOf, neededArgument, readTextFile } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover party import FILE` */
export const command: Command = {
  name: 'party import',
  summary: { zh: '登记对方文件,用六个口令词核对', en: "register the other side's file and confirm it by six words" },
  usage: 'handover party import FILE [--words "…"]',
  example: 'handover party import 买方.json --words "红狮子 圆葡萄 …"',
  options: { words: { type: 'string', doc: { zh: '对方在电话中读出的六个词', en: 'the six words that the other side read out on the telephone' } } },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '当事方文件', en: 'The party file', command: 'party import' })
    const { ctx, matter } = await matterOf(call)
    const { party, repeated } = await importParty(ctx, matter, readTextFile(file), { words: textFlag(call, 'words') })
    const zh = call.out.lang === 'zh'
    const isConfirmed = party.confirmedAt !== null
    call.out.result(
      { party: party.id, role: party.role, name: party.file.name, creditCode: party.file.creditCode, confirmed: isConfirmed, words: { zh: spokenWords(party.digest, 'zh'), en: spokenWords(party.digest, 'en') }, repeated },
      [
        `✔ ${party.file.name} · ${party.file.creditCode} · ${party.role}`,
        `  ${isConfirmed ? (zh ? '口令词已核对' : 'words confirmed') : zh ? '口令词未核对;请对方读出,应为' : 'words not confirmed; have the other side read them out, they should be'}: ${spokenWords(party.digest, call.out.lang).join(' ')}`,
      ],
    )
    if (!isConfirmed) call.out.next(`handover party import ${file} --words "…"`)
    return isConfirmed ? 0 : 3
  },
}
