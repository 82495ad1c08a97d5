// SPDX-License-Identifier: Apache-2.0
import { loadPersons, personRoleWords } from '../../stewardship/access/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover user list` */
export const command: Command = {
  name: 'user list',
  summary: { zh: '登记的人员', en: 'registered people' },
  usage: 'handover user list',
  example: 'handover user list --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const names = await ctx.vault.openLabels(matter.id, 'person-name')
    const people = (await loadPersons(ctx.db, ctx.tenant)).map((person) => ({ ...person, name: names.get(person.id) ?? null }))
    call.out.result({ people }, people.length === 0 ? '–' : people.map((person) => `${person.endedAt === null ? '✔' : '✗'} ${person.id}  ${personRoleWords[person.role][call.out.lang]}  ${person.custody}  ${person.name ?? ''}`))
    return 0
  },
}
