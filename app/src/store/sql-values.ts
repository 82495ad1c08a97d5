// SPDX-License-Identifier: Apache-2.0
import type { ClientBase } from 'pg'

/** A value that may be given to a statement; JSON is given as its text, times as text. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | readonly SqlValue[]

/** What comes back for each PostgreSQL type: bytea as Buffer, int8 as number (refused above 2^53), dates and times as text, JSON parsed, numeric as text. */
export function setTypes(client: ClientBase): void {
  for (const [id, parse] of parserByTypeId) client.setTypeParser(id, 'text', parse)
}

const parserByTypeId = new Map<number, (text: string) => unknown>([
  [20, safeInteger], // int8
  [1082, (text) => text], // date
  [1184, isoInstant], // timestamptz
  [1016, (text) => textArray(text).map((item) => (item === null ? null : safeInteger(item)))], // int8[]
  [1182, (text) => textArray(text)], // date[]
  [1185, (text) => textArray(text).map((item) => (item === null ? null : isoInstant(item)))], // timestamptz[]
])

/** The items of a one-dimensional array of a type whose items hold no quotes or commas, e.g. `{1,NULL,"2026-11-21 08:00:00+00"}`. */
function textArray(text: string): (string | null)[] {
  if (text === '{}') return []
  return text.slice(1, -1).split(',').map((item) => (item === 'NULL' ? null : item.replaceAll('"', '')))
}

/** A count or size as a JavaScript number; refuses what would lose its last digits. */
export function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a 64-bit integer from the database is too large for exact arithmetic')
  return value
}

/** The server speaks ISO in UTC (`2026-11-21 08:00:00.5+00`); we speak RFC 3339 with at least milliseconds. */
function isoInstant(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?\+00$/.exec(text)
  if (match === null) return text // infinity, or a year before Christ
  return `${match[1]}T${match[2]}${(match[3] ?? '.').padEnd(4, '0')}Z`
}
