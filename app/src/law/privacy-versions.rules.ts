// SPDX-License-Identifier: Apache-2.0
import { dayOf, type Day } from '../kit/time.ts'

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
