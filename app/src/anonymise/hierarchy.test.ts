// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { inferHierarchy } from './infer-hierarchy.ts'
import { IntervalHierarchy, treeOf } from './hierarchy.ts'
import { regionSteps } from './region-steps.rules.ts'

const jobs = [['Sales', 'Office', 'Work'], ['Clerk', 'Office', 'Work'], ['Smith', 'Hand', 'Work'], ['Monk', 'Church', 'Cloister'], ['Nun', 'Church', 'Cloister']]

describe('a tree of words', () => {
  const { hierarchy, leafOf } = treeOf(jobs)
  const leaf = (value: string): number => leafOf.get(value) ?? -1

  test('two values become the lowest step that is above both', () => {
    const steps = new Map(jobs.map((chain) => [chain[0] ?? '', [...chain, '*']]))
    for (const [one, above] of steps) {
      for (const [other, aboveOther] of steps) {
        const [low, high] = [Math.min(leaf(one), leaf(other)), Math.max(leaf(one), leaf(other))]
        expect(hierarchy.labelOf(low, high)).toBe(above.find((step) => aboveOther.includes(step)))
      }
    }
  })

  test('costs are leaves below over all leaves, and nothing for a single leaf', () => {
    expect([['Sales', 'Sales'], ['Sales', 'Clerk'], ['Sales', 'Smith'], ['Monk', 'Nun'], ['Sales', 'Nun']].map(([one = '', other = '']) => hierarchy.costOf(leaf(one), leaf(other)))).toEqual([0, 2 / 5, 3 / 5, 2 / 5, 1])
  })

  test('large trees, which have no table of costs, cost the same as their leaves say', () => {
    const large = treeOf(Array.from({ length: 300 }, (_, value) => [String(value), `${Math.floor(value / 10)}x`, `${Math.floor(value / 100)}xx`]))
    expect([large.hierarchy.costOf(3, 7), large.hierarchy.costOf(3, 12), large.hierarchy.costOf(3, 250)]).toEqual([10 / 300, 100 / 300, 1])
  })
})

test('numbers become intervals, and what is no number goes with others only as *', () => {
  const numbers = new IntervalHierarchy(['', '20', '25', '60'], Float64Array.from([Number.NaN, 20, 25, 60]))
  expect([numbers.labelOf(1, 2), numbers.costOf(1, 2), numbers.labelOf(2, 2), numbers.labelOf(0, 0), numbers.labelOf(0, 3), numbers.costOf(0, 1)]).toEqual(['20~25', 1 / 8, '25', '', '*', 1])
})

describe('a hierarchy made from the values', () => {
  const generalised = (values: string[], type: Parameters<typeof inferHierarchy>[1], together: [string, string]): string[] => {
    const { origin, hierarchy, leafOf } = inferHierarchy(values, type)
    const [one, other] = together.map((value) => leafOf.get(value) ?? -1)
    return [origin, hierarchy.labelOf(Math.min(one ?? -1, other ?? -1), Math.max(one ?? -1, other ?? -1))]
  }

  test.each([
    ['dates by month', ['1990-01-02', '1990-01-30', '1985-05-05'], 'birth-date', ['1990-01-02', '1990-01-30'], 'dates', '1990-01'],
    ['dates by ten years', ['1990-01-02', '1997-03-30', '1985-05-05'], 'birth-date', ['1990-01-02', '1997-03-30'], 'dates', '1990~1999'],
    ['dates without separators', ['19900102', '19900930', '20010101'], 'none', ['19900102', '19900930'], 'dates', '1990'],
    ['numbers by interval, 5 and 5.0 being one', ['5', '5.0', '9', '30'], 'none', ['5.0', '9'], 'numbers', '5~9'],
    ['addresses by district', ['上海市黄浦区南京东路1号', '上海市黄浦区淮海路2号', '江苏省苏州市姑苏区人民路3号'], 'address', ['上海市黄浦区南京东路1号', '上海市黄浦区淮海路2号'], 'regions', '上海市黄浦区'],
    ['regions by province', ['江苏苏州', '江苏省南京市', '上海'], 'region', ['江苏苏州', '江苏省南京市'], 'regions', '江苏省'],
    ['postcodes by their first digits', ['200001', '200032', '510000'], 'postcode', ['200001', '200032'], 'prefixes', '2000**'],
    ['region codes by their first digits', ['310101', '310104', '440100'], 'region', ['310101', '310104'], 'prefixes', '3101**'],
    ['mobiles by their segment', ['13812345678', '13898765432', '15900001111'], 'mobile', ['13812345678', '13898765432'], 'prefixes', '138********'],
    ['plates by their province and letter', ['沪A12345', '沪A99999', '苏B00001'], 'licence-plate', ['沪A12345', '沪A99999'], 'prefixes', '沪A*****'],
    ['e-mail by its domain', ['a@x.cn', 'b@x.cn', 'c@y.cn'], 'email', ['a@x.cn', 'b@x.cn'], 'domains', '*@x.cn'],
    ['other words not at all', ['红', '绿', '蓝'], 'none', ['红', '绿'], 'words', '*'],
  ] as const)('takes %s', (_, values, type, together, origin, label) => {
    expect(generalised([...values], type, [...together])).toEqual([origin, label])
  })

  test('an empty cell is a value of its own', () => {
    expect(generalised(['1990-01-02', ''], 'birth-date', ['', ''])).toEqual(['dates', ''])
    expect(generalised(['1', '2', ''], 'none', ['', '2'])).toEqual(['numbers', '*'])
  })
})

test('a road that is called after a city is no region', () => {
  expect(regionSteps('上海市黄浦区南京东路1号')).toEqual(['上海市黄浦区', '上海市'])
  expect(regionSteps('北京市市辖区朝阳区')).toEqual(['北京市朝阳区', '北京市'])
  expect(regionSteps('Berlin')).toEqual([])
})
