// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { withCheckDigit } from '../lifecycle/discover/fixture.ts'
import { birthsOf, ColumnScan, mergeCounts } from './index.ts'

const counted = (...values: string[]) => {
  const column = new ColumnScan()
  values.forEach((value, at) => column.add(value, at))
  return column.counts
}
const thisYear = Number(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 4))
const idOf = (year: number, rest = '0101') => withCheckDigit(`110199${year}${rest}121`)

describe('ages in columns', () => {
  it('come from resident IDs exactly, also from ones with X and spaces, and from merged parts', () => {
    const grown = counted(idOf(1990), idOf(thisYear - 14), '110199900101121')
    const children = counted(idOf(thisYear - 13), idOf(thisYear - 13, '0102').replace(/^(.{6})(.{8})/, '$1 $2 '))
    expect(birthsOf('resident-id', mergeCounts(grown, children))).toEqual({ births: 5, under14: 2 })
  })

  it('come from birth dates by the year, in which people turn fourteen they count as children', () => {
    expect(birthsOf('birth-date', counted('1990-01-01', '20120305', '2012-12-31', '2013年5月1日'), '2026-11-22')).toEqual({ births: 4, under14: 3 })
    expect(birthsOf('birth-date', counted('2011-12-31'), '2026-11-22')).toEqual({ births: 1, under14: 0 })
  })

  it('come from no other column', () => {
    expect(birthsOf('mobile', counted('13800138000'))).toEqual({ births: 0, under14: 0 })
  })
})
