// SPDX-License-Identifier: Apache-2.0
import type { ColumnCounts } from './column-scan.ts'
import type { InformationType } from './information-types.ts'
import { todayInChina } from './recogniser.ts'

/** 未成年人. How many births a column tells, and how many of them are of people below fourteen (个人信息保护法 第二十八条). */
export interface Births {
  births: number
  under14: number
}

/** What a column tells of ages: exactly by resident IDs; by birth dates to the year, and the whole year in which people turn fourteen counts as below, the cautious side. Other columns tell nothing. */
export function birthsOf(type: InformationType, counts: ColumnCounts, today: string = todayInChina()): Births {
  if (type === 'resident-id') return { births: counts.tallies.get('resident-id')?.matched ?? 0, under14: counts.childsIds }
  if (type !== 'birth-date') return { births: 0, under14: 0 }
  const from = Number(today.slice(0, 4)) - 14
  const sum = (since: number): number => [...counts.years].reduce((total, [year, count]) => (year >= since ? total + count : total), 0)
  return { births: sum(0), under14: sum(from) }
}
