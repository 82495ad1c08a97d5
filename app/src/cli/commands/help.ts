// SPDX-License-Identifier: Apache-2.0
import type { Command } from '../command.ts'
import { commandNames, isBuilt, loadCommand } from '../commands.ts'
import { commandHelp, overallHelp } from '../help.ts'

/** `handover help [COMMAND]` */
export const command: Command = {
  name: 'help',
  summary: { zh: '命令一览,或某个命令的用法', en: 'all commands, or how to use one' },
  usage: 'handover help [COMMAND]',
  example: 'handover help fact add',
  options: {},
  run: async ({ positionals, out }) => {
    if (positionals.length === 0) out.result({ commands: commandNames.filter(isBuilt) }, await overallHelp(out.lang))
    else {
      const found = await loadCommand(positionals)
      out.result({ name: found.name, summary: found.summary, usage: found.usage, example: found.example, options: found.options }, commandHelp(found, out.lang))
    }
    return 0
  },
}
