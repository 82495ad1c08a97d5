// SPDX-License-Identifier: Apache-2.0
import { spokenWords } from '../../matter/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover party list` */
export const command: Command = {
  name: 'party list',
  summary: { zh: '事项的当事方和核对情况', en: 'parties of the matter and whether they were confirmed' },
  usage: 'handover party list [-m CODE]',
  example: 'handover party list',
  options: {},
  run: async (call) => {
    const { matter } = await matterOf(call)
    const parties = matter.parties.map((party) => ({ id: party.id, role: party.role, name: party.file.name, creditCode: party.file.creditCode, vkey: party.file.vkey, confirmedAt: party.confirmedAt, isSelf: party.isSelf, words: spokenWords(party.digest, call.out.lang) }))
    call.out.result({ parties }, parties.map((party) => `${party.confirmedAt === null ? '✗' : '✔'} ${party.role.padEnd(12)} ${party.name} ${party.creditCode} ${party.id} · ${party.words.join(' ')}`))
    return 0
  },
}
