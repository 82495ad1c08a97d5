// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { SubjectSet } from './subject-set.ts'

it('counts every subject once, however often and in whatever order it comes', () => {
  const set = new SubjectSet()
  const ids = Array.from({ length: 5000 }, (_, at) => `sub_${createHash('sha256').update(String(at)).digest('hex').slice(0, 32)}`)
  for (const id of [...ids, ...ids.toReversed(), `sub_${'0'.repeat(32)}`, `sub_${'0'.repeat(32)}`]) set.add(id)
  expect(set.size).toBe(5001)
})
