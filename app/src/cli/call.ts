// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { expects, type Words } from '../kit/failure.ts'
import { dayOf, type Day } from '../kit/time.ts'
import { currentMatter, type Matter } from '../matter/index.ts'
import type { Context } from '../context.ts'
import { cliFailures } from './cli-failures.ts'
import { listFlag, textFlag, type CommandCall } from './command.ts'

/** The home and the matter that a command is about (-m, else the chosen one). */
export async function matterOf(call: CommandCall): Promise<{ ctx: Context; matter: Matter }> {
  const ctx = await call.context()
  return { ctx, matter: await currentMatter(ctx, textFlag(call, 'matter')) }
}

/** A positional argument that must be there. */
export function neededArgument(call: CommandCall, at: number, what: Words & { command: string }): string {
  const given = call.positionals[at]
  if (given === undefined || given === '') throw cliFailures.MISSING_ARGUMENT({ what: what[call.out.lang], command: what.command })
  return given
}

/** A flag that must be given. */
export function neededFlag(call: CommandCall, name: string, command: string): string {
  const given = textFlag(call, name)
  if (given === undefined || given === '') throw cliFailures.MISSING_ARGUMENT({ what: `--${name}`, command })
  return given
}

/** A calendar day given as a flag, or null when it was left out; refuses text that is none. */
export function dayFlag(call: CommandCall, name: string, command: string): Day | null {
  const given = textFlag(call, name)
  if (given === undefined) return null
  try {
    return dayOf(given)
  } catch (error) {
    if (error instanceof RangeError) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: expects('YYYY-MM-DD'), command })
    throw error
  }
}

/** A calendar day that must be given. */
export function neededDay(call: CommandCall, name: string, command: string): Day {
  const day = dayFlag(call, name, command)
  if (day === null) throw cliFailures.MISSING_ARGUMENT({ what: `--${name}`, command })
  return day
}

/** One word of a fixed list; refuses others with the list. */
export function oneOf<T extends string>(given: string, allowed: readonly T[], what: { what: string; command: string }): T {
  const found = allowed.find((each) => each === given)
  if (found === undefined) throw cliFailures.WRONG_ARGUMENT({ ...what, why: expects(allowed.join(' | ')) })
  return found
}

/** `key=value` flags as a record; refuses one without `=`, and a key given twice. */
export function pairsOf(call: CommandCall, name: string, command: string): [string, string][] {
  const pairs = listFlag(call, name).map((given): [string, string] => {
    const at = given.indexOf('=')
    if (at <= 0) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: expects('KEY=VALUE'), command })
    return [given.slice(0, at), given.slice(at + 1)]
  })
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: { zh: '同一个名称写了两次', en: 'a name stands twice' }, command })
  return pairs
}

/** Names the command that follows, where this home may still run it: an ended matter, and one whose books another party keeps, take no more words. */
export function nextInOpen(call: CommandCall, matter: Pick<Matter, 'status' | 'keepsBooks'>, command: string): void {
  if (matter.status === 'open' && matter.keepsBooks) call.out.next(command)
}

/** The text of a file named on the command line; refuses a missing one by its system code. */
export function readTextFile(file: string): string {
  return readFileSync(file, 'utf8')
}
