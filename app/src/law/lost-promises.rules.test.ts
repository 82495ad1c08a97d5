// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { dayOf } from '../kit/time.ts'
import { lostPromises, type FiledVersion } from './privacy-versions.rules.ts'
import type { FoundPromise } from './standing-state.ts'

const promise = (exceptions: FoundPromise['exceptions'] = [], kind: FoundPromise['kind'] = 'no-third-party'): FoundPromise => ({ kind, clause: 1, exceptions, days: kind === 'retention-limit' ? 365 : null })
const filing = (id: string, replaces: string | null, promises: readonly FoundPromise[], days: Partial<Pick<FiledVersion, 'from' | 'until'>> = {}): FiledVersion => ({ id, version: 'V1', from: dayOf('2020-01-01'), until: null, promises, replaces, ...days })
const rows = [{ version: null, year: '2020', persons: 5 }, { version: null, year: '2024', persons: 7 }]
const lostOf = (chain: readonly FiledVersion[], reviewed: readonly string[] = []) => {
  const newest = chain.at(-1)
  if (newest === undefined) throw new Error('a chain has a newest filing')
  return lostPromises(newest, chain, { rows, others: [], reviewed: new Set(reviewed) }).map((one) => [one.promise.kind, one.persons])
}

describe('what a version no longer promises when it is filed again', () => {
  it('is what is gone or leaves more open, to all who accepted it', () => {
    const first = filing('a', null, [promise()])
    expect(lostOf([first, filing('b', 'a', [])])).toEqual([['no-third-party', 12]])
    expect(lostOf([first, filing('b', 'a', [promise(['restructuring'])])])).toEqual([['no-third-party', 12]])
    expect(lostOf([first, filing('b', 'a', [promise()])])).toEqual([])
    expect(lostOf([filing('a', null, [promise(['law'])]), filing('b', 'a', [promise()])])).toEqual([])
    expect(lostOf([filing('a', null, [promise([], 'retention-limit')]), filing('b', 'a', [{ ...promise([], 'retention-limit'), days: 366 }])])).toEqual([['retention-limit', 12]])
  })

  it('is every promise to those whom the new days leave out, and nothing where nobody is left out', () => {
    const open = filing('a', null, [promise()])
    expect(lostOf([open, filing('b', 'a', [promise()], { until: dayOf('2020-12-31') })])).toEqual([['no-third-party', 7]])
    expect(lostOf([open, filing('b', 'a', [promise()], { until: dayOf('2026-06-30') })])).toEqual([])
  })

  it('goes back through every record to one on which somebody decided', () => {
    const chain = [filing('a', null, [promise()]), filing('b', 'a', []), filing('c', 'b', [])]
    expect(lostOf(chain)).toEqual([['no-third-party', 12]])
    expect(lostOf(chain, ['b'])).toEqual([])
    expect(lostOf(chain, ['a'])).toEqual([['no-third-party', 12]]) // the decision was to go on with the promise known
  })
})
