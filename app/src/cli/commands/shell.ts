// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { z } from 'zod'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { jsonText } from '../output.ts'
import { runCommand } from '../run-command.ts'
import { newSession, type Session } from '../session.ts'

const request = z.strictObject({ argv: z.array(z.string()), id: z.union([z.string(), z.number()]).optional() })

/** One answer of the shell: exit code, the JSON document, the lines for people, and the messages that would stand on stderr. */
export interface ShellAnswer {
  id?: string | number | undefined
  exit: number
  document: unknown
  human: string[]
  messages: string[]
}

/** `handover shell`: many commands in one process, one JSON line each; how another program drives one party. */
export const command: Command = {
  name: 'shell',
  summary: { zh: '从标准输入逐行执行命令(NDJSON),供程序调用', en: 'runs commands from standard input (NDJSON), for programs' },
  usage: 'handover shell [--home DIR]   < {"argv":["matter","show"]}',
  example: `echo '{"argv":["version"]}' | handover shell`,
  options: {},
  run: async (call) => {
    const session = newSession()
    const stop = call.stop ?? new AbortController().signal
    const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    stop.addEventListener('abort', () => lines.close())
    try {
      for await (const line of lines) {
        const began = performance.now()
        if (line.trim() !== '') process.stdout.write(`${jsonText(await answer(line, { call, session, stop }))}\n`)
        if (performance.now() - began > longCommandMs) giveMemoryBack()
        if (stop.aborted) break
      }
      return stop.aborted ? 130 : 0
    } finally {
      await session.close()
    }
  },
}

/** Only a command that worked for long leaves much behind. */
const longCommandMs = 2000

/** An idle Node keeps what its last command took from the machine; between two commands of a shell other parties may need it. Only V8's last resort gives emptied pages back too: an ordinary collection keeps them in a pool. */
function giveMemoryBack(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext("gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })")
}

async function answer(line: string, shell: { call: CommandCall; session: Session; stop: AbortSignal }): Promise<ShellAnswer> {
  const asked = request.safeParse(parseLine(line))
  if (!asked.success) return { exit: 2, document: { error: { code: 'WRONG_ARGUMENT', exit: 2 } }, human: [], messages: ['✗ {"argv":["…"]}'] }
  const said: Pick<ShellAnswer, 'human' | 'messages'> = { human: [], messages: [] }
  let document: unknown = null
  const argv = withDefaults(asked.data.argv, shell.call)
  const exit = await runCommand(argv, {
    session: shell.session,
    pause: shell.stop,
    streams: { out: (text) => said.human.push(...text.trimEnd().split('\n')), err: (text) => said.messages.push(...text.trimEnd().split('\n')), isTty: false, document: (given) => (document = given), progress: (figures) => process.stderr.write(figures) },
  })
  return { id: asked.data.id, exit, document, human: said.human, messages: said.messages }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Home, matter, language and clock of the shell hold for each command that does not name its own. */
function withDefaults(argv: readonly string[], call: CommandCall): string[] {
  const given = ['home', 'matter', 'lang', 'clock'].flatMap((name) => {
    const value = textFlag(call, name)
    return value === undefined || argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)) ? [] : [`--${name}`, value]
  })
  return [...given, ...argv]
}
