// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { checkWords, explainCode } from './words.ts'
import type { CheckName, Words } from './words.ts'

/** What a file was found to be. */
export type FileKind = 'bundle' | 'package' | 'acceptance' | 'receipt' | 'statement' | 'certificate' | 'checkpoint' | 'tlog-proof' | 'equivocation' | 'unknown'
/** One thing that was checked. */
export type Check = { name: CheckName; ok: boolean; detail: string }
/**
 * The answer (PRODUCT §5): `unchecked` says what could not be looked at, and why; `partial` when the file itself lacks what would be needed, so
 * that what holds is less than such a file proves today (exit code 3).
 */
export type Verdict = { ok: boolean; what: FileKind; trust: 'policy' | 'self-declared'; partial: boolean; checks: Check[]; unchecked: string[] }
/** Language of details. */
export type Language = 'zh' | 'en'

/** Thrown by `need` so that nothing is built on what did not hold; the failed check is already on the list. */
export class Stopped extends Error {}

/** Collects checks; what does not hold becomes a failed check with its reason, never a stack trace. */
export class CheckList {
  readonly language: Language
  readonly checks: Check[] = []
  readonly unchecked: string[] = []
  partial = false

  constructor(language: Language) {
    this.language = language
  }

  get ok(): boolean {
    return this.checks.length > 0 && this.checks.every((check) => check.ok)
  }

  /** Runs a check that the following ones build on; throws Stopped when it does not hold. */
  async need<T>(name: CheckName, body: (say: (words: Words) => void) => T | Promise<T>): Promise<T> {
    const result = await this.#run(name, body)
    if (result === null) throw new Stopped()
    return result.value
  }

  /** Runs a check on its own; the following ones run whatever it finds. */
  async also(name: CheckName, body: (say: (words: Words) => void) => unknown): Promise<void> {
    await this.#run(name, body)
  }

  /** Runs what is no check of its own: it appears on the list only when it fails, and then throws Stopped. */
  async begin<T>(name: CheckName, body: () => T | Promise<T>): Promise<T> {
    const value = await this.need(name, body)
    this.checks.pop()
    return value
  }

  /** Notes what could not be checked and why. */
  cannot(name: CheckName, why: Words): void {
    this.unchecked.push(`${checkWords[name][this.language]}: ${why[this.language]}`)
  }

  /** Notes what the file lacks: it proves less than a file of its kind does today. */
  lacks(name: CheckName, why: Words): void {
    this.cannot(name, why)
    this.partial = true
  }

  async #run<T>(name: CheckName, body: (say: (words: Words) => void) => T | Promise<T>): Promise<{ value: T } | null> {
    let detail = ''
    try {
      const value = await body((words) => {
        detail = words[this.language]
      })
      this.checks.push({ name, ok: true, detail })
      return { value }
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      this.checks.push({ name, ok: false, detail: explainCode(error.code, error.message)[this.language] })
      return null
    }
  }
}
