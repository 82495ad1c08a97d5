// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Answer } from './armed-party.ts'

const errorSchema = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.looseObject({ en: z.string() }) }) })

/** The code and the English message of a refusal; `?` when the answer carries none. */
export function errorOf({ document }: Answer): { code: string; message: string } {
  const said = errorSchema.safeParse(document)
  return said.success ? { code: said.data.error.code, message: said.data.error.message.en } : { code: '?', message: '' }
}

/** An answer in a few words: exit and code. */
export function endOf(answer: Answer): string {
  return `exit ${answer.exit} ${answer.exit === 0 ? '' : errorOf(answer).code}`.trim()
}

/** Whether an answer is the refusal of damaged or contradicting data: exit 65 with one of these codes. Any other end is no refusal. */
export function isRefusal(answer: Answer, codes: RegExp): boolean {
  return answer.exit === 65 && codes.test(errorOf(answer).code)
}
