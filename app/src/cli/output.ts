// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import { assert } from '../kit/assert.ts'
import type { Output } from './command.ts'
import { ProgressLine, type ProgressStep } from './progress-line.ts'

/** Where text goes: the process's own streams, or a collector in `handover shell`. */
export interface Streams {
  out(text: string): void
  err(text: string): void
  /** Whether a person watches stderr, so that a line may be redrawn. */
  isTty: boolean
  /** Given to the collector of `handover shell`, which wants the document and the lines for people, whatever the flags. */
  document?(document: unknown): void
  /** Where the shell's progress lines go, so that they are not kept. */
  progress?(text: string): void
}

/** How a command speaks: language, one JSON document or lines for people, and whether it keeps quiet. */
export interface Manner {
  lang: 'zh' | 'en'
  json: boolean
  quiet: boolean
}

/** The command's voice, and what the runner needs beside it. */
export interface CommandOutput extends Output {
  /** Whether the result was given. */
  hasResult(): boolean
  /** A failure: with --json the document on stdout (on stderr after a result), otherwise lines on stderr. */
  failure(document: unknown, human: string[]): void
  /** Ends the redrawn line. */
  end(): void
}

/** A voice over these streams; `beforeStep` is called at every sign of progress and may throw to stop there (Ctrl-C). */
export function createOutput(streams: Streams, manner: Manner, beforeStep: () => void = () => undefined): CommandOutput {
  const { lang, json, quiet } = manner
  const line = new ProgressLine(streams, manner)
  let given = false
  const messages = (lines: string[]) => {
    line.clear()
    streams.err(`${lines.join('\n')}\n`)
  }
  return {
    lang,
    json,
    hasResult: () => given,
    result: (document, human) => {
      assert(!given, 'a command gives one result')
      given = true
      line.clear()
      streams.document?.(document)
      streams.out(json && streams.document === undefined ? `${jsonText(document)}\n` : linesText(human))
    },
    say: (words) => {
      if (!json && !quiet) messages([inLanguage(words, lang)])
    },
    progress: (step: ProgressStep) => {
      beforeStep()
      if (!quiet) line.show(step)
    },
    next: (command) => {
      if (!json && !quiet) messages([`→ ${lang === 'zh' ? '下一步' : 'Next'}: ${command}`])
    },
    failure: (document, human) => {
      line.clear()
      streams.document?.(document)
      if (!json || streams.document !== undefined) messages(human)
      else if (given) streams.err(`${jsonText(document)}\n`)
      else streams.out(`${jsonText(document)}\n`)
    },
    end: () => line.clear(),
  }
}

/** A sentence in the language of the output. */
export function inLanguage(words: Words | string, lang: 'zh' | 'en'): string {
  return typeof words === 'string' ? words : words[lang]
}

/** JSON on one line; big integers as numbers where exact, else as text; bytes as hexadecimal. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : String(value)
    return value
  })
}

function linesText(human: string | string[]): string {
  const text = typeof human === 'string' ? human : human.join('\n')
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
