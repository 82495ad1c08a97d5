// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { cliFailures } from './cli-failures.ts'
import { textFlag, type CommandCall } from './command.ts'

const bytesMax = 65_536

/**
 * 文字选项. Free words, into which people write names of persons and firms: `@FILE`, or `@-` for standard input; a command line is read by everybody on the machine and kept in histories (SECURITY.md, personal values).
 * Undefined when it was left out. Refuses words on the command line (WORDS_ON_COMMAND_LINE), standard input that is a terminal or that the shell reads itself, and files above 64 KiB or not in UTF-8.
 */
export function wordsFlag(call: CommandCall, name: string, command: string): string | undefined {
  const given = textFlag(call, name)
  if (given === undefined) return undefined
  if (!given.startsWith('@') || given.length === 1) throw cliFailures.WORDS_ON_COMMAND_LINE({ option: `--${name}`, command })
  const bytes = given === '@-' ? standardInput(name, command) : readFileSync(given.slice(1))
  if (bytes.length > bytesMax) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: `> ${bytesMax} B`, command })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: 'UTF-8', command })
  }
}

/** All of standard input; nobody else may be reading it: in `handover shell` it carries the commands. */
function standardInput(name: string, command: string): Buffer {
  if (process.stdin.isTTY || process.stdin.readableFlowing !== null) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: '@FILE', command })
  return readFileSync(0)
}
