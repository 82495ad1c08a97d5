// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { expects, type Words } from '../kit/failure.ts'
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
  if (bytes.length > bytesMax) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: { zh: `超过 ${bytesMax} 字节`, en: `more than ${bytesMax} bytes` }, command })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: expects('UTF-8'), command })
  }
}

/**
 * 必填的文字. Words that must be given: as `wordsFlag` takes them, or typed by a person at a terminal where the option was left out; `asked` is what that person reads.
 * Refuses none or empty ones (MISSING_ARGUMENT), and what `wordsFlag` refuses.
 */
export async function neededWords(call: CommandCall, name: string, command: string, asked: Words): Promise<string> {
  const given = wordsFlag(call, name, command) ?? (await askedWords(call, asked))
  if (given === '') throw cliFailures.MISSING_ARGUMENT({ what: `--${name} @FILE`, command })
  return given
}

/** One line from the person at the terminal, who may be asked only where nobody forbade it; empty where nobody is there. */
async function askedWords(call: CommandCall, asked: Words): Promise<string> {
  const mayAsk = process.stdin.isTTY && process.stderr.isTTY && process.stdin.readableFlowing === null && call.flags['no-input'] !== true && !call.out.json
  if (!mayAsk) return ''
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await lines.question(`${asked[call.out.lang]} `, { signal: call.stop ?? new AbortController().signal })).trim()
  } finally {
    lines.close()
  }
}

/** All of standard input; nobody else may be reading it: in `handover shell` it carries the commands. */
function standardInput(name: string, command: string): Buffer {
  if (process.stdin.isTTY || process.stdin.readableFlowing !== null) throw cliFailures.WRONG_ARGUMENT({ what: `--${name}`, why: expects('@FILE'), command })
  return readFileSync(0)
}
