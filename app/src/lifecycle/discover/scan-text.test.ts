// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { SourceRow } from '../../sources/index.ts'
import { TextFindings } from './scan-text.ts'

const row = (text: string): SourceRow => ({ ordinal: 0, place: 1, cells: [{ value: text }] })

function countsOf(text: string): Record<string, number> {
  const findings = new TextFindings(() => {})
  findings.add([row(text)])
  return Object.fromEntries(findings.end([], { isPicture: false, ruleSet: undefined }).found.map(({ type, count }) => [type, count]))
}

describe('a text that is longer than a piece', () => {
  it('has every identifier found once, wherever the pieces meet', () => {
    const identifier = '13800138001'
    for (const at of [19_600, 19_795, 19_800, 19_995, 20_001]) expect([at, countsOf(`${'.'.repeat(at - 1)} ${identifier} ${'.'.repeat(3000)}`)]).toEqual([at, { mobile: 1 }])
    expect(countsOf(`${identifier},`.repeat(2000))).toEqual({ mobile: 2000 })
  }, 240_000)

  it('is cut at the ends of its lines where there are any', () => {
    expect(countsOf(`${'一'.repeat(50)}\n`.repeat(600) + identifierLine.repeat(3))).toEqual({ mobile: 3 })
  }, 240_000)
})

const identifierLine = '电话 13800138001\n'
