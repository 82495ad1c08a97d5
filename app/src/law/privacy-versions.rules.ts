// SPDX-License-Identifier: Apache-2.0
import { dayOf, type Day } from '../kit/time.ts'
import type { FoundPromise, LostPromise } from './standing-state.ts'

/** Facets of a treatment that tell which privacy notice a person accepted: the version's name, or the year of the consent. */
export const privacyFacets = { version: 'privacy-version', year: 'consent-year' } as const

/** How many persons have records with this pair of facets; null = the facet is not there. */
export interface AcceptedRow {
  version: string | null
  year: string | null
  persons: number
}

/** A version with the days on which it was in force. */
export interface VersionSpan {
  id: string
  version: string
  from: Day
  until: Day | null
}

/** Persons by the version they accepted: by its name where the books know it, else by every version that was in force at some time of the year of consent (cautious: it may have been any of them). */
export function personsByVersion(rows: readonly AcceptedRow[], versions: readonly VersionSpan[]): { persons: ReadonlyMap<string, number>; without: number } {
  const persons = new Map<string, number>(versions.map(({ id }) => [id, 0]))
  let without = 0
  for (const row of rows) {
    const accepted = versionsOf(row, versions)
    if (accepted.length === 0) without += row.persons
    for (const { id } of accepted) persons.set(id, (persons.get(id) ?? 0) + row.persons)
  }
  return { persons, without }
}

function versionsOf({ version, year }: AcceptedRow, versions: readonly VersionSpan[]): VersionSpan[] {
  const byName = versions.filter((each) => each.version === version?.trim())
  if (byName.length > 0) return byName
  if (year === null || !/^\d{4}$/.test(year)) return []
  const [first, last] = [dayOf(`${year}-01-01`), dayOf(`${year}-12-31`)]
  return versions.filter(({ from, until }) => from <= last && (until === null || until >= first))
}

/** 版本登记. One filing of a version, and which it replaced. */
export interface FiledVersion extends VersionSpan {
  promises: readonly FoundPromise[]
  replaces: string | null
}

/**
 * 重新登记. What a version no longer promises, to whom it did, when it was filed again: promises that are gone or that leave more open, and all promises to persons whom the new days leave out. Every earlier record counts back
 * to one on which somebody decided, so that filing a text twice does not lose what filing it once would show.
 */
export function lostPromises(newest: FiledVersion, filed: readonly FiledVersion[], given: { rows: readonly AcceptedRow[]; others: readonly VersionSpan[]; reviewed: ReadonlySet<string> }): LostPromise[] {
  const personsOf = (version: VersionSpan): number => personsByVersion(given.rows, [...given.others, version]).persons.get(version.id) ?? 0
  const now = personsOf(newest)
  return earlierOf(newest, filed, given.reviewed).flatMap((earlier) => {
    const then = personsOf(earlier)
    const gone = earlier.promises.filter((promise) => !newest.promises.some((kept) => stillBinds(kept, promise)))
    const leftOut = then > now ? earlier.promises.filter((promise) => !gone.includes(promise)).map((promise) => ({ promise, persons: then - now })) : []
    return [...gone.map((promise) => ({ promise, persons: then })), ...leftOut]
  })
}

/** The records that this one replaced, back to the first on which somebody decided, which is one of them. */
function earlierOf(newest: FiledVersion, filed: readonly FiledVersion[], reviewed: ReadonlySet<string>): FiledVersion[] {
  const earlier: FiledVersion[] = []
  let next = filed.find(({ id }) => id === newest.replaces)
  while (next !== undefined && !earlier.includes(next)) {
    earlier.push(next)
    const { id, replaces } = next
    next = reviewed.has(id) ? undefined : filed.find((each) => each.id === replaces)
  }
  return earlier
}

/** A promise of the same kind that leaves nothing open that the former did not, and keeps no longer. */
function stillBinds(kept: FoundPromise, former: FoundPromise): boolean {
  return kept.kind === former.kind && kept.exceptions.every((exception) => former.exceptions.includes(exception)) && (former.days === null || (kept.days !== null && kept.days <= former.days))
}
