// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { foldWidth } from './normalise-text.ts'
import { glance, signs } from './text/glance.ts'

/** Full-width forms by Unicode's own table, spaces and dashes by ours. */
function foldedByPattern(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (unit) => unit.normalize('NFKC')).replaceAll('\u3000', ' ').replace(/[‐‑‒–—−]/g, '-')
}

it('every UTF-16 unit is folded as the pattern says, and a glance at the unfolded text shows what stands in the folded one', () => {
  const wrong: string[] = []
  for (let unit = 0; unit < 65_536; unit++) {
    const text = `a${String.fromCharCode(unit)}b${String.fromCharCode(unit)}`
    const folded = foldedByPattern(text)
    const isRight = foldWidth(text) === folded && (glance(text) & ~signs.wide) === glance(folded) && ((glance(text) & signs.wide) !== 0) === (folded !== text)
    if (!isRight) wrong.push(unit.toString(16))
  }
  expect(wrong).toEqual([])
})
