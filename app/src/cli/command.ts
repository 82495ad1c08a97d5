// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import type { Words } from '../kit/failure.ts'

/** One option of a command, for `node:util` parseArgs and for `--help`. */
export interface CommandOption {
  type: 'string' | 'boolean'
  short?: string
  multiple?: boolean
  doc: Words
}

/** One verb (or noun and verb) of the command line (PRODUCT.md §5). */
export interface Command {
  /** e.g. `scan` or `fact add` */
  name: string
  summary: Words
  /** e.g. `handover scan SOURCE…` */
  usage: string
  example: string
  options: Readonly<Record<string, CommandOption>>
  /** Returns the exit code of UX.md §5. */
  run(call: CommandCall): Promise<number>
}

/** What a command is given: its arguments, a way to speak, and the party's home when it asks for it. */
export interface CommandCall {
  positionals: string[]
  flags: Readonly<Record<string, string | boolean | string[] | undefined>>
  out: Output
  /** Aborted when a person pressed Ctrl-C once; progress() then stops the command, and one that only waits listens here. */
  stop?: AbortSignal
  /** Opens the party's home (database, keys, clock); closed by the caller at the end. */
  context(): Promise<Context>
}

/** The command's voice: results on stdout, messages and progress on stderr. */
export interface Output {
  lang: 'zh' | 'en'
  json: boolean
  /** The result: with --json the document, otherwise the lines for people. Call once. */
  result(document: unknown, human: string | string[]): void
  /** A message for people on stderr; silent with --json or -q. */
  say(words: Words | string): void
  /** Progress of long work on stderr: done of total, unit in words; rate and ETA are added. */
  progress(step: { label: Words; done: number; total: number | null; unit: Words }): void
  /** The suggested next command, printed last on stderr. */
  next(command: string): void
}

/** A flag that must be a single text, or undefined. */
export function textFlag(call: CommandCall, name: string): string | undefined {
  const value = call.flags[name]
  return typeof value === 'string' ? value : undefined
}

/** A flag given any number of times. */
export function listFlag(call: CommandCall, name: string): string[] {
  const value = call.flags[name]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}
