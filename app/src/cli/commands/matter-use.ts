// SPDX-License-Identifier: Apache-2.0
import { chooseMatter, currentMatter } from '../../matter/index.ts'
import { neededArgument } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover matter use CODE` */
export const command: Command = {
  name: 'matter use',
  summary: { zh: '选定以后默认的事项', en: 'choose the matter that is meant from now on' },
  usage: 'handover matter use CODE',
  example: 'handover matter use 2026-A1B2C3',
  options: {},
  run: async (call) => {
    const code = neededArgument(call, 0, { zh: '事项代码', en: 'The code', command: 'matter use' })
    const ctx = await call.context()
    const matter = await currentMatter(ctx, code)
    chooseMatter(ctx, matter)
    call.out.result({ id: matter.id, code: matter.code }, `✔ ${matter.code}`)
    return 0
  },
}
