// SPDX-License-Identifier: Apache-2.0
import { builtInLaw } from './law-data.ts'

export { canonicalText } from './law-book.ts'

/** 规则版本. SHA-256 in hex over the canonical JSON (RFC 8785) of the shipped law files; what stands in plans, packages and certificates is the version of the law in use (`ctx.law.version`). */
export const rulesVersion: string = builtInLaw.version
