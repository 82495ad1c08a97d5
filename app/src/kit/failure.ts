// SPDX-License-Identifier: Apache-2.0

/** A sentence in both languages; `{name}` is replaced by the fact of that name. */
export interface Words {
  zh: string
  en: string
}

/** What a failure says: what happened and what it means, and the way out; `exit` is the process exit code of UX.md §5. */
export interface FailureWords extends Words {
  exit: number
  remedy: Words
}

/** Facts that fill the braces of a message: places, counts and reasons, never a personal value. */
export type FailureFacts = Readonly<Record<string, string | number>>

/** A refusal of one act with a symbolic code, the place, the reason and the way out; never carries a personal value. */
export class Failure extends Error {
  readonly code: string
  readonly words: FailureWords
  readonly facts: FailureFacts

  constructor(code: string, words: FailureWords, facts: FailureFacts, options?: ErrorOptions) {
    super(`${code}: ${fillWords(words.en, facts)}`, options)
    this.name = 'Failure'
    this.code = code
    this.words = words
    this.facts = facts
  }

  /** The exit code of UX.md §5 that this failure ends the process with. */
  get exitCode(): number {
    return this.words.exit
  }
}

type FailureMakers<T> = { readonly [K in keyof T]: (facts?: FailureFacts, options?: ErrorOptions) => Failure }

const registered = new Map<string, FailureWords>()

/** Declares a room's table of failures and returns one maker per code; `handover explain CODE` reads the same table. Refuses a code that is declared twice. */
export function failures<const T extends Record<string, FailureWords>>(table: T): FailureMakers<T> {
  for (const [code, words] of Object.entries(table)) {
    const known = registered.get(code)
    if (known !== undefined && known.zh !== words.zh) throw new Error(`failure code ${code} is declared twice`)
    registered.set(code, words)
  }
  const makers = Object.entries(table).map(
    ([code, words]) => [code, (facts: FailureFacts = {}, options?: ErrorOptions) => new Failure(code, words, facts, options)] as const,
  )
  return Object.fromEntries(makers) as FailureMakers<T> // the keys are those of the table by construction
}

/** The words of a declared failure code, or undefined; for `handover explain`. */
export function explainFailure(code: string): FailureWords | undefined {
  return registered.get(code)
}

/** All declared failure codes of the rooms that are loaded; for suggestions. */
export function failureCodes(): string[] {
  return [...registered.keys()]
}

/** Fills the braces of a sentence with its facts; an unknown name stays visible. A place that a foreign file names can neither steer a terminal nor turn the text around (SECURITY.md P23). */
export function fillWords(sentence: string, facts: FailureFacts): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(facts, name) ? printable(String(facts[name]), name === 'where') : whole))
}

function printable(text: string, isOneLine: boolean): string {
  const plain = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·')
  return isOneLine ? plain.replaceAll('\n', '·') : plain
}
