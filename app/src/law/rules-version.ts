// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { lawFiles } from './law-data.ts'

/** 规则版本. SHA-256 in hex over the canonical JSON (RFC 8785) of all law files; stands in plans, packages and certificates. */
export const rulesVersion: string = createHash('sha256').update(canonicalText(lawFiles)).digest('hex')

/** Canonical JSON of data whose numbers are all integers; the same bytes as RFC 8785 there (`law` may not import `proof`; a test compares the two). */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`
}
