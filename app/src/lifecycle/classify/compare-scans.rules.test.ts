// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { ScannedDataSet, ScannedField, ScannedSource, ScanReport } from '../discover/index.ts'
import { compareScans } from './compare-scans.rules.ts'

const field = (name: string, index: number, more: Partial<ScannedField> = {}): ScannedField => ({
  name, index, type: 'none', grade: 'none', gradeRule: 'pipl-28/none', combination: false, confidence: 0.9, values: 10, empty: 0, distinct: 10, matched: 0, invalid: 0, masked: 0, damaged: 0, evidence: [], why: '', whyEn: '', ...more,
})
const set = (name: string, fields: ScannedField[], more: Partial<ScannedDataSet> = {}): ScannedDataSet => ({
  name, hidden: false, headerRow: 1, blankHeaders: 0, duplicateHeaders: 0, rows: 10, blankRows: 0, shortRows: 0, longRows: 0, oddCells: 0, mergedRanges: 0, duplicateRows: 0, grade: 'none', gradeRule: '', gradeWhy: '', fields, ...more,
})
const source = (name: string, dataSets: ScannedDataSet[], sha256 = name): ScannedSource => ({ source: name, kind: 'csv', bytes: 1, sha256, encoding: null, delimiter: null, dataSets })
const report = (...sources: ScannedSource[]): ScanReport => ({ sources, notRead: [], elapsedMs: 1 })

describe('two scans', () => {
  it('of the same have no difference, whatever the order of sources and columns says nothing about', () => {
    const one = report(source('a', [set('a', [field('x', 0)])]), source('b', [set('b', [])]))
    const found = compareScans(one, report(...one.sources.toReversed()))
    expect(found.sources).toEqual([])
    expect(found.counts).toEqual({ sources: { new: 0, gone: 0, changed: 0, same: 2 }, dataSets: { new: 0, gone: 0, changed: 0, same: 2 }, fields: { new: 0, gone: 0, changed: 0, same: 1 } })
  })

  it('show what is new, gone and changed, down to the counts of a field', () => {
    const before = report(source('a', [set('s1', [field('x', 0), field('old', 1)]), set('s2', [])]), source('left', [set('l', [field('z', 0)])]))
    const after = report(source('a', [set('s1', [field('x', 0, { type: 'mobile', grade: 'general', values: 12, matched: 12 }), field('fresh', 1)], { rows: 12 })], 'other'), source('came', [set('c', [])]))
    const { sources, counts } = compareScans(before, after)
    expect(sources.map(({ source, status }) => [source, status])).toEqual([['a', 'changed'], ['came', 'new'], ['left', 'gone']])
    expect(sources[0]?.dataSets.map(({ name, status, rows }) => [name, status, rows])).toEqual([['s1', 'changed', { from: 10, to: 12 }], ['s2', 'gone', { from: 10, to: null }]])
    expect(sources[0]?.dataSets[0]?.fields).toEqual([
      { name: 'x', index: 0, status: 'changed', changes: { type: { from: 'none', to: 'mobile' }, grade: { from: 'none', to: 'general' }, values: { from: 10, to: 12 }, matched: { from: 0, to: 12 } } },
      { name: 'fresh', index: 1, status: 'new', changes: {} }, { name: 'old', index: 1, status: 'gone', changes: {} },
    ])
    expect(counts.fields).toEqual({ new: 1, gone: 2, changed: 1, same: 0 })
  })

  it('know a renamed file by its bytes, but not when its old name is still there', () => {
    const same = [set('s', [field('x', 0)])]
    expect(compareScans(report(source('old.csv', same, 'h')), report(source('new.csv', same, 'h'))).sources).toMatchObject([{ source: 'new.csv', was: 'old.csv', status: 'same', sameBytes: true }])
    expect(compareScans(report(source('old.csv', same, 'h')), report(source('new.csv', same, 'h'), source('old.csv', same, 'h'))).sources).toMatchObject([{ source: 'new.csv', was: null, status: 'new' }])
  })

  it('pair repeated and blank titles by their place', () => {
    const before = report(source('a', [set('s', [field('tel', 0), field('tel', 1), field('', 2)])]))
    const after = report(source('a', [set('s', [field('tel', 0), field('tel', 1, { values: 3 }), field('', 2)])]))
    expect(compareScans(before, after).sources[0]?.dataSets[0]?.fields).toEqual([{ name: 'tel', index: 1, status: 'changed', changes: { values: { from: 10, to: 3 } } }])
  })

  it('say when they were graded by different rule sets, and what could not be read only once', () => {
    const before = { ...report(source('a', [set('s', [field('x', 0)])])), notRead: [{ where: 'p.png', why: '', whyEn: '', code: 'A' }] }
    const after = { ...report(source('a', [set('s', [field('x', 0, { gradeRule: 'gbt45574-2025/none' })])])), notRead: [{ where: 'q.png', why: '', whyEn: '', code: 'A' }] }
    expect(compareScans(before, after)).toMatchObject({ sources: [], ruleSets: { from: ['pipl-28'], to: ['gbt45574-2025'] }, notRead: { new: [{ where: 'q.png', code: 'A' }], gone: [{ where: 'p.png', code: 'A' }] } })
  })
})
