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

/** The same, where a fact may have words of its own in both languages (why a value was refused). */
export type SaidFacts = Readonly<Record<string, string | number | Words>>

/** A refusal of one act with a symbolic code, the place, the reason and the way out; never carries a personal value. */
export class Failure extends Error {
  readonly code: string
  readonly words: FailureWords
  readonly facts: SaidFacts

  constructor(code: string, words: FailureWords, facts: SaidFacts, options?: ErrorOptions) {
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

  /** A fact as text, its English where it has words of its own; undefined where there is none. */
  factText(name: string): string | undefined {
    const fact = Object.hasOwn(this.facts, name) ? this.facts[name] : undefined
    return typeof fact === 'object' ? fact.en : fact === undefined ? undefined : String(fact)
  }
}

type FailureMakers<T> = { readonly [K in keyof T]: (facts?: SaidFacts, options?: ErrorOptions) => Failure }

const registered = new Map<string, FailureWords>()

/** Declares a room's table of failures and returns one maker per code; `handover explain CODE` reads the same table. Refuses a code that is declared twice. */
export function failures<const T extends Record<string, FailureWords>>(table: T): FailureMakers<T> {
  for (const [code, words] of Object.entries(table)) {
    const known = registered.get(code)
    if (known !== undefined && known.zh !== words.zh) throw new Error(`failure code ${code} is declared twice`)
    registered.set(code, words)
  }
  const makers = Object.entries(table).map(
    ([code, words]) => [code, (facts: SaidFacts = {}, options?: ErrorOptions) => new Failure(code, words, facts, options)] as const,
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
export function fillWords(sentence: string, facts: SaidFacts, lang: 'zh' | 'en' = 'en'): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    return fact === undefined ? whole : printable(typeof fact === 'object' ? fact[lang] : String(fact), name === 'where')
  })
}

/** A form, a list or a range that a value has to fit, as the reason why it was refused. */
export function expects(form: string): Words {
  return { zh: `应为 ${form}`, en: `expected ${form}` }
}

/** What a schema found wrong: where, and what it asks for there. */
export interface SchemaIssue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: unknown
  readonly values?: readonly unknown[]
  readonly keys?: readonly string[]
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
}

/** Why a schema refused, in both languages: its first findings, each with its place; never what was given, which may be personal. */
export function whyRefused(issues: readonly SchemaIssue[], most = 4): Words {
  const said = issues.slice(0, most).map((issue) => ({ at: issue.path.map(String).join('.'), words: issueWords(issue) }))
  const of = (lang: 'zh' | 'en'): string => said.map(({ at, words }) => (at === '' ? words[lang] : `${at}: ${words[lang]}`)).join('; ')
  return said.length === 0 ? { zh: '无法读取', en: 'unreadable' } : { zh: of('zh'), en: of('en') }
}

const kinds: Readonly<Record<string, Words>> = {
  string: { zh: '文字', en: 'text' }, number: { zh: '数字', en: 'a number' }, int: { zh: '整数', en: 'a whole number' }, boolean: { zh: 'true 或 false', en: 'true or false' }, array: { zh: '列表', en: 'a list' }, object: { zh: '对象', en: 'an object' }, null: { zh: 'null', en: 'null' },
}

function issueWords({ code, message, expected, values, keys, minimum, maximum }: SchemaIssue): Words {
  const kind = kinds[String(expected)]
  if (code === 'invalid_type') return kind === undefined ? expects(String(expected)) : { zh: `应为${kind.zh}`, en: `expected ${kind.en}` }
  if (code === 'invalid_value' && values !== undefined) return expects(values.map(String).join(' | '))
  if (code === 'unrecognized_keys' && keys !== undefined) return { zh: `没有这样的项 ${keys.join(', ').slice(0, 80)}`, en: `there is no ${keys.join(', ').slice(0, 80)}` }
  if (code === 'too_small' && minimum !== undefined) return { zh: `不足 ${minimum}`, en: `less than ${minimum}` }
  if (code === 'too_big' && maximum !== undefined) return { zh: `超过 ${maximum}`, en: `more than ${maximum}` }
  // A sentence of our own schemas, or a code of theirs: never the library's English.
  const isOurs = code === 'custom' || (code === 'invalid_format' && !message.startsWith('Invalid'))
  return isOurs ? { zh: message, en: message } : { zh: '写法不对', en: 'malformed' }
}

function printable(text: string, isOneLine: boolean): string {
  const plain = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·')
  return isOneLine ? plain.replaceAll('\n', '·') : plain
}
