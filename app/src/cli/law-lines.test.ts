// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { builtInLaw, isCertain, lawEntry, residualMark, type LawEntry } from '../law/index.ts'
import { entryLines, listLines } from './law-lines.ts'

const law = builtInLaw
const ids = [
  ...law.articles.map(({ id }) => id), ...law.instruments.flatMap(({ id, code }) => [id, code]), ...law.rules.map(({ id }) => id), ...law.decisionRows.map(({ id }) => id), ...law.residualRows.map(({ id }) => id), ...law.deadlines.map(({ id }) => id),
  ...law.retentionRows.map(({ id }) => id), ...law.auditPoints.map(({ id }) => id), ...law.penalties.map(({ id }) => id), ...law.positions.map(({ id }) => id),
]
const found = (id: string): LawEntry => {
  const entry = lawEntry(id)
  if (entry === undefined) throw new Error(`nothing is found for ${id}`)
  return entry
}

describe('what is printed of the law', () => {
  test('every id of every law file is found and printed in both languages', () => {
    for (const id of ids) for (const lang of ['zh', 'en'] as const) expect(entryLines(found(id), lang).length, id).toBeGreaterThan(1)
    expect(lawEntry('PIPL-99')).toBeUndefined()
    expect(lawEntry('无此规定')).toBeUndefined()
  })

  test('every id that the code of the law and its files name can be shown, in small letters too', () => {
    const texts = ['../law/', '../law/gates/', '../../../law/'].flatMap((folder) => readdirSync(new URL(folder, import.meta.url)).filter((name) => /(?<!test|cases)\.(ts|json)$/.test(name)).map((name) => readFileSync(new URL(`${folder}${name}`, import.meta.url), 'utf8')))
    const named = [...new Set(texts.flatMap((text) => text.match(/(?<=['"(])(?:[A-MPSTX]|AU|LW|PN|RT|ST)\d{2}(?=['")])/g) ?? []))].toSorted()
    expect(named.length).toBeGreaterThan(250)
    expect(named.filter((id) => lawEntry(id) === undefined || lawEntry(id.toLowerCase())?.id !== id)).toEqual([])
  })

  test('no entry that the register did not read looks certain', () => {
    for (const id of ids) {
      const entry = found(id)
      const conf = 'conf' in entry.entry ? entry.entry.conf : entry.kind === 'residual' ? residualMark(entry.id) : 'P'
      const [zh, en] = [entryLines(entry, 'zh')[0] ?? '', entryLines(entry, 'en')[0] ?? '']
      expect([zh.includes('未核实'), en.includes('unverified')], id).toEqual([!isCertain(conf), !isCertain(conf)])
    }
    for (const rule of law.rules) expect(listLines(law, 'rules', 'zh').find((line) => line.startsWith(rule.id))?.includes('未核实'), rule.id).toBe(!isCertain(rule.conf))
  })

  test('an article leads to its rules, decisions, audit points, open questions and penalties', () => {
    const entry = found('PIPL-22')
    if (entry.kind !== 'article') throw new Error(entry.kind)
    expect(entry.restsOn.rules.map(({ id }) => id)).toEqual(['A01', 'E01', 'E05', 'F02', 'H08', 'I09'])
    expect(entry.restsOn.decisions.map(({ id }) => id)).toEqual(['X07', 'X19', 'X20', 'X21'])
    expect([entry.restsOn.audits.map(({ id }) => id), entry.restsOn.positions.map(({ id }) => id), entry.restsOn.penalties.map(({ id }) => id)]).toEqual([['AU07'], ['asset_deal', 'merger_sensitive', 'merger_child', 'notice_wait_days'], ['PN01', 'PN02']])
    expect(found('个人信息保护法第二十二条').id).toBe('PIPL-22')
    const text = entryLines(entry, 'en').join('\n')
    expect(text).toContain('Personal Information Protection Law Article 22')
    expect(text).toContain('our own summary, not the text')
  })

  test('a rule leads to the articles it rests on and what its breach costs', () => {
    const entry = found('j02')
    if (entry.kind !== 'rule') throw new Error(entry.kind)
    expect(entry.articles.map(({ id }) => id)).toEqual(expect.arrayContaining(['ACC-23', 'ACC-41', 'ACC-ARCH-21']))
    expect(entry.penalties.map(({ id }) => id)).toEqual(expect.arrayContaining(['PN16', 'PN17']))
    expect(entryLines(entry, 'zh').join('\n')).toContain('应当: 凭证账簿三十年')
  })

  test('a deadline of a standard or of the product never looks like one of the law', () => {
    const lines = (id: string) => entryLines(found(id), 'zh').join('\n')
    expect(lines('T07')).toContain('国家标准,非法定')
    expect(lines('T07')).toContain('法律原词: 及时')
    expect(lines('P01')).toContain('法律未定')
    expect(lines('T24')).toContain('效力: 法定')
  })
})
