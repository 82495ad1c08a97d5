// SPDX-License-Identifier: Apache-2.0
import type { ColumnCounts } from './column-scan.ts'
import type { InformationType } from './information-types.ts'
import { recogniserOf } from './recognisers.ts'

/** Telephone numbers of all kinds are one family. */
export const phones: readonly InformationType[] = ['mobile', 'landline']

/** How many values are of a type: whole, masked or damaged. */
export function countOf(type: InformationType, counts: ColumnCounts): number {
  const tally = counts.tallies.get(type)
  return tally === undefined ? 0 : tally.matched + tally.masked + tally.damaged
}

/** Share of the values that are of a type; telephone numbers of all kinds count together. */
export function share(type: InformationType, counts: ColumnCounts): number {
  if (counts.values === 0) return 0
  const types = phones.includes(type) ? phones : [type]
  return Math.min(1, types.reduce((sum, one) => sum + countOf(one, counts), 0) / counts.values)
}

/** Types whose check says so much that it outweighs a name. */
export function isStrong(type: InformationType): boolean {
  const recogniser = recogniserOf(type)
  return recogniser !== undefined && recogniser.chance <= 0.003 && !recogniser.isSoft
}

/** A share as people read it. */
export const percent = (part: number): string => `${(part * 100).toFixed(part > 0.999 && part < 1 ? 2 : 1).replace(/\.0+$/, '')} %`
