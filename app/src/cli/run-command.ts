// SPDX-License-Identifier: Apache-2.0
import { expects } from '../kit/failure.ts'
import { refuseHalted } from '../kit/halt.ts'
import { isCommandName, loadCommand } from './commands.ts'
import { cliFailures } from './cli-failures.ts'
import type { Command, CommandCall } from './command.ts'
import { describeFailure } from './describe-failure.ts'
import { haltIfBroken, mayRunHalted } from './halt-if-broken.ts'
import { commandHelp } from './help.ts'
import { createOutput, type CommandOutput, type Streams } from './output.ts'
import { hasFlag, languageOf, parseCall, refusePasswords, splitCommand } from './parse-arguments.ts'
import type { Session } from './session.ts'

/** What a run needs: open homes, where text goes, and the sign that a person asked to pause. */
export interface Run {
  session: Session
  streams: Streams
  pause: AbortSignal
}

/** Runs one command line and says how it went; the exit code is that of UX.md §5. Never throws. */
export async function runCommand(argv: readonly string[], run: Run): Promise<number> {
  const lang = languageOf(argv)
  const manner = { lang, json: hasFlag(argv, 'json'), quiet: hasFlag(argv, 'quiet') || argv.includes('-q') }
  const out = createOutput(run.streams, manner, () => stopIfAsked(run.pause, argv))
  try {
    refusePasswords(argv)
    const { words, rest } = splitCommand(argv, isCommandName)
    const command = await loadCommand(words.length > 0 ? words : [argv.includes('--version') ? 'version' : 'help'])
    return await runParsed(command, words.length > 0 ? rest : rest.filter((word) => word !== '--version'), { ...run, out })
  } catch (error) {
    const report = describeFailure(error, lang)
    out.failure(report.document, report.human)
    return report.exit
  } finally {
    out.end()
  }
}

async function runParsed(command: Command, rest: readonly string[], run: Run & { out: CommandOutput }): Promise<number> {
  const { out } = run
  const { positionals, flags } = parseCall(command, rest)
  if (flags['help'] === true && command.name !== 'help') {
    out.result({ name: command.name, summary: command.summary, usage: command.usage, example: command.example, options: command.options }, commandHelp(command, out.lang))
    return 0
  }
  let home: { path: string } | null = null
  try {
    const context = async () => {
      const ctx = await contextOf(flags, run)
      home = ctx.home
      if (!mayRunHalted(command.name)) refuseHalted(ctx.home)
      return ctx
    }
    return await command.run({ positionals, flags, out, stop: run.pause, context })
  } catch (error) {
    haltIfBroken(home, command.name, error)
    throw error
  }
}

async function contextOf(flags: CommandCall['flags'], { session, out }: Run & { out: CommandOutput }) {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined)
  const clock = text('clock')
  if (clock !== undefined && Number.isNaN(Date.parse(clock))) throw cliFailures.WRONG_ARGUMENT({ what: '--clock', why: expects('2026-11-21T08:00:00Z'), command: 'help' })
  const { context, warnings } = await session.context({ home: text('home'), clock }, (label, done, total) => out.progress({ label, done, total, unit: { zh: '', en: '' } }))
  for (const warning of warnings) out.say(warning)
  if (clock !== undefined) out.say({ zh: `法定时间(演示): ${context.now()}`, en: `Legal time (demo): ${context.now()}` })
  return context
}

/** Long work reports its progress between transactions, so that is where it is stopped (UX.md §5: Ctrl-C once = clean pause). */
function stopIfAsked(pause: AbortSignal, argv: readonly string[]): void {
  if (pause.aborted) throw cliFailures.PAUSED({ command: `handover ${argv.map(quoted).join(' ')}` })
}

/** A word of a command line as a shell takes it. */
function quoted(word: string): string {
  return /^[\p{L}\p{N}_./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
