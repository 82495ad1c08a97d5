// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util'
import { cliFailures } from './cli-failures.ts'
import type { Command, CommandCall, CommandOption } from './command.ts'
import { nearestWord } from './nearest-word.rules.ts'

/** Flags that every command has (UX.md §5). */
export const globalOptions = {
  home: { type: 'string', doc: { zh: '本方数据目录(默认 .handover 或 HANDOVER_HOME)', en: "the party's home directory (default .handover or HANDOVER_HOME)" } },
  matter: { type: 'string', short: 'm', doc: { zh: '事项代码(默认当前事项)', en: 'the matter by its code (default: the current one)' } },
  json: { type: 'boolean', doc: { zh: '结果以一个 JSON 文档输出', en: 'the result as one JSON document' } },
  lang: { type: 'string', doc: { zh: '语言:zh 或 en', en: 'language: zh or en' } },
  clock: { type: 'string', doc: { zh: '声明的法定时间(仅演示目录)', en: 'declared legal time (demo homes only)' } },
  quiet: { type: 'boolean', short: 'q', doc: { zh: '不输出提示和进度', en: 'no messages and no progress' } },
  'no-input': { type: 'boolean', doc: { zh: '从不提问', en: 'never ask' } },
  help: { type: 'boolean', short: 'h', doc: { zh: '用法和示例', en: 'usage and example' } },
} as const satisfies Record<string, CommandOption>

/** Where the words of the command stand among the arguments: its name and all the rest. */
export interface SplitArguments {
  words: string[]
  rest: string[]
}

/** Finds the command's words (the first one or two that are no flags of all commands) and leaves the rest as it stands. */
export function splitCommand(argv: readonly string[], isCommand: (name: string) => boolean): SplitArguments {
  const first = indexOfWord(argv, 0)
  if (first < 0) return { words: [], rest: [...argv] }
  const one = argv[first] ?? ''
  const two = argv[first + 1]
  const words = two !== undefined && isCommand(`${one} ${two}`) ? [one, two] : [one]
  return { words, rest: [...argv.slice(0, first), ...argv.slice(first + words.length)] }
}

/** What the person typed, checked against the command's options; refuses unknown and misused ones with the nearest that exists. */
export function parseCall(command: Command, rest: readonly string[]): Pick<CommandCall, 'positionals' | 'flags'> {
  const options = { ...command.options, ...globalOptions }
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options: optionTypes(options), allowPositionals: true, strict: true })
    return { positionals, flags: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, flagValue(value)])) }
  } catch (error) {
    throw optionFailure(command, Object.keys(options), error)
  }
}

/** Whether a global switch stands among the arguments, for speaking before they are parsed. */
export function hasFlag(argv: readonly string[], name: 'json' | 'quiet'): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).includes(`--${name}`)
}

/** The language asked for, before anything is parsed: --lang, else HANDOVER_LANG, else Chinese. */
export function languageOf(argv: readonly string[]): 'zh' | 'en' {
  const at = argv.indexOf('--lang')
  const given = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--lang='))?.slice('--lang='.length)
  return (given ?? process.env['HANDOVER_LANG']) === 'en' ? 'en' : 'zh'
}

/** Refuses `scheme://user:password@host` among the arguments (CONTRACTS §18). */
export function refusePasswords(argv: readonly string[]): void {
  if (argv.some((word) => /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(word))) throw cliFailures.PASSWORD_ON_COMMAND_LINE()
}

function indexOfWord(argv: readonly string[], from: number): number {
  for (let at = from; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return -1
    if (!word.startsWith('-')) return at
    if (takesValue(word)) at++
  }
  return -1
}

function takesValue(word: string): boolean {
  return Object.entries(globalOptions).some(([name, option]) => option.type === 'string' && (word === `--${name}` || ('short' in option && word === `-${option.short}`)))
}

function optionTypes(options: Readonly<Record<string, CommandOption>>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [name, { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) }]),
  )
}

function flagValue(value: string | boolean | (string | boolean)[] | undefined): string | boolean | string[] | undefined {
  return Array.isArray(value) ? value.map(String) : value
}

function optionFailure(command: Command, known: readonly string[], error: unknown): Error {
  if (!(error instanceof TypeError) || !('code' in error) || typeof error.code !== 'string' || !error.code.startsWith('ERR_PARSE_ARGS')) {
    return error instanceof Error ? error : new Error('parseArgs threw no error')
  }
  // Only the option's own name is repeated: what stands behind it may be anything.
  const given = /'(-{1,2}[A-Za-z][\w-]{0,40})/.exec(error.message)?.[1] ?? '--?'
  const near = nearestWord(given.replace(/^-+/, ''), known)
  return cliFailures.WRONG_OPTION({ given, guess: near === undefined || `--${near}` === given ? '' : ` (--${near}?)`, command: command.name }, { cause: error })
}
