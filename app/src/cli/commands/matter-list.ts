// SPDX-License-Identifier: Apache-2.0
import { matterTypeWords } from '../../law/index.ts'
import { loadMatters } from '../../matter/index.ts'
import type { Command } from '../command.ts'

/** `handover matter list` */
export const command: Command = {
  name: 'matter list',
  summary: { zh: '本方的全部事项', en: 'all matters of this home' },
  usage: 'handover matter list',
  example: 'handover matter list --json',
  options: {},
  run: async (call) => {
    const ctx = await call.context()
    const chosen = ctx.home.settings.currentMatter
    const matters = []
    for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
      matters.push({ id: matter.id, code: matter.code, type: matter.type, status: matter.status, name: await ctx.vault.openLabel(matter.id, matter.id, 'matter-name'), chosen: matter.id === chosen })
    }
    const none = call.out.lang === 'zh' ? '没有事项' : 'no matters'
    call.out.result({ matters }, matters.length === 0 ? none : matters.map((matter) => `${matter.chosen ? '*' : ' '} ${matter.code}  ${matterTypeWords[matter.type][call.out.lang]} (${matter.type})  ${matter.status}  ${matter.name ?? ''}`))
    if (matters.length === 0) call.out.next('handover init NAME --type TYPE --role transferor')
    return 0
  },
}
