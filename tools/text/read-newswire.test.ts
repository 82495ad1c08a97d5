// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readNewswire } from './read-newswire.ts'

const folder = mkdtempSync(join(tmpdir(), 'newswire-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('joins surnames with their given names, keeps names that stand alone, and takes every so-many-th paragraph', () => {
  const file = join(folder, 'tagged.txt')
  writeFileSync(file, '厂长/n  危/nr  国栋/nr  与/p  段/nr  永清/nr  、/w  欧阳/nr  修远/nr  来到/v  [青岛/ns  港/n]ns\n\n  小王/nr  说/v  图诺·凯尔/nr  走/v  了/y  \n次/q  行/n\n')
  const [first, second] = [readNewswire(file, 1, 0)[0], readNewswire(file, 2, 0)[1]]
  expect(first?.names.map(([start, end]) => first.text.slice(start, end))).toEqual(['危国栋', '段永清', '欧阳修远'])
  expect(first?.text.endsWith('来到青岛港')).toBe(true)
  expect(second?.names.map(([start, end]) => second.text.slice(start, end))).toEqual(['小王', '图诺·凯尔'])
  expect(readNewswire(file, 1, 0)).toHaveLength(3)
})
