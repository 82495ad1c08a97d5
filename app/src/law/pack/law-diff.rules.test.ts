// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { builtInLaw, lawFiles } from '../law-data.ts'
import { readLawBook, type LawBook } from '../law-book.ts'
import { compareLaws } from './law-diff.rules.ts'

type Files = typeof lawFiles
/** The shipped law with some files bent. */
function bent(change: (files: Files) => void): LawBook {
  const files = structuredClone(lawFiles)
  change(files)
  return readLawBook(files, 'pack')
}
const line = <T extends { id: string }>(lines: readonly T[], id: string): T => {
  const found = lines.find((each) => each.id === id)
  if (found === undefined) throw new Error(id)
  return found
}
const loosenedBy = (change: (files: Files) => void) => compareLaws(builtInLaw, bent(change)).loosened.map(({ id }) => id)

describe('the difference of two laws', () => {
  it('is empty for the same law, whatever the order of members', () => {
    expect(compareLaws(builtInLaw, readLawBook(structuredClone(lawFiles)))).toMatchObject({ changes: [], articles: [], vanished: [], loosened: [], from: builtInLaw.version, to: builtInLaw.version })
  })

  it('leads from a changed article to what rests on it', () => {
    const difference = compareLaws(builtInLaw, bent((files) => (line(files.articles, 'PIPL-22').zh = '改后的第二十二条。')))
    expect(difference.changes).toEqual([{ file: 'articles', id: 'PIPL-22', kind: 'changed', fields: ['zh'], loosens: [] }])
    expect(difference.affected.rules).toEqual(expect.arrayContaining(['A01', 'E01', 'E05', 'F02', 'H08', 'I09']))
    expect(difference.affected.rules).not.toContain('L03')
    expect(difference.affected).toMatchObject({ notices: ['art22'], training: ['PIPL-22'], audits: ['AU07'] })
    expect(difference.affected.decisions).toEqual(expect.arrayContaining(['X07', 'X21']))
    expect(difference.loosened).toEqual([])
  })

  it('calls changed words changed words and not changed rules', () => {
    const difference = compareLaws(builtInLaw, bent((files) => Object.assign(line(files.rules, 'A04'), { whenZh: '凡事适用' })))
    expect(difference.changes).toEqual([{ file: 'rules', id: 'A04', kind: 'reworded', fields: ['whenZh'], loosens: [] }])
    expect([difference.affected.rules, difference.loosened, difference.articles]).toEqual([[], [], []])
    const asked = compareLaws(builtInLaw, bent((files) => Object.assign(line(files.rules, 'A04'), { whenZh: '凡事适用', mustZh: '另有要求' })))
    expect([asked.changes.map(({ kind }) => kind), asked.affected.rules]).toEqual([['changed'], ['A04']])
  })

  it('touches every article of an instrument that is amended', () => {
    const difference = compareLaws(builtInLaw, bent((files) => (line(files.instruments, 'LW07').inForce = '2027-06-01')))
    expect(difference.articles).toEqual(expect.arrayContaining(['EBL-14', 'EBL-121', 'EBL-123']))
    expect(difference.affected.deadlines).toEqual(expect.arrayContaining(['T28', 'T29', 'T30']))
    expect(difference.affected.rules).toEqual(expect.arrayContaining(['J08', 'K06', 'K07']))
  })

  it('does not take a shorter period in another unit for a longer one', () => {
    const period = (files: Files, to: object) => Object.assign(line(files.retention, 'RT01'), { period: to })
    const loosens = (to: object) => loosenedBy((files) => period(files, to))
    expect([{ months: 355 }, { months: 360 }, { years: 29 }, { days: 99_999 }].map(loosens)).toEqual([['RT01'], ['RT01'], ['RT01'], ['RT01']])
    expect([{ months: 361 }, { years: 31 }, { permanent: true }].map(loosens)).toEqual([[], [], []])
  })

  it('refuses a pack without what the code counts by or tries in order', () => {
    for (const { id } of lawFiles.deadlines) expect(() => bent((files) => files.deadlines.splice(files.deadlines.findIndex((each) => each.id === id), 1)), id).toThrow(id)
    expect(() => bent((files) => line(files.deadlines, 'T25').period.splice(1, 1))).toThrow('T25')
    expect(() => bent((files) => line(files.deadlines, 'T11').period.splice(2, 1))).toThrow('T11')
    expect(() => bent((files) => Object.assign(line(files.deadlines, 'T11').period[2] ?? {}, { when: '<900000' }))).toThrow('T11')
    // A new row of the decision table would be judged by nobody.
    const added = (kind: string) => bent((files) => files.decisions.decisions.push({ ...line(files.decisions.decisions, 'X07'), id: 'X99', kind }))
    expect(() => added('main')).toThrow('X99')
  })

  it('calls weaker severity, a missing guard, a missing type, a missing fact and a missing rule loosened', () => {
    expect(loosenedBy((files) => (line(files.rules, 'E01').sev = 'HIGH'))).toEqual(['E01'])
    expect(loosenedBy((files) => (line(files.rules, 'E01').guards = []))).toEqual(['E01'])
    expect(loosenedBy((files) => line(files.rules, 'E01').appliesTo.splice(0, 1))).toEqual(['E01'])
    expect(loosenedBy((files) => line(files.rules, 'D01').facts.splice(0, 1))).toEqual(['D01'])
    expect(loosenedBy((files) => files.rules.splice(3, 1))).toEqual(['A04'])
    expect(loosenedBy((files) => (line(files.rules, 'E03').sev = 'BLOCK'))).toEqual([])
    expect(loosenedBy((files) => (line(files.rules, 'E03').must += ' (more)'))).toEqual([])
  })

  it('calls a shorter retention loosened and a longer one not', () => {
    expect(loosenedBy((files) => (line(files.retention, 'RT01').period = { years: 15 }))).toEqual(['RT01'])
    expect(loosenedBy((files) => (line(files.retention, 'RT01').period = { years: 40 }))).toEqual([])
    expect(loosenedBy((files) => (line(files.retention, 'RT03').period = { years: 100 }))).toEqual(['RT03'])
    expect(loosenedBy((files) => (line(files.retention, 'RT18').period = { years: 5 }))).toEqual(['RT18'])
    expect(loosenedBy((files) => (line(files.retention, 'RT06').clock = 'fiscal-year-end'))).toEqual(['RT06'])
  })

  it('asks for two people where it cannot tell: deadlines, decision rows, their order, holidays, a mark that becomes certain', () => {
    expect(loosenedBy((files) => (line(files.deadlines, 'T07').period = [{ days: 15 }]))).toEqual(['T07'])
    expect(loosenedBy((files) => line(files.decisions.decisions, 'X04').appliesTo.splice(0, 1))).toEqual(['X04'])
    expect(loosenedBy((files) => files.decisions.decisions.reverse())).toEqual(['order'])
    expect(loosenedBy((files) => files.calendar[2]?.workdays.splice(0, 1))).toEqual(['2026'])
    expect(loosenedBy((files) => (line(files.rules, 'J02').conf = 'P'))).toEqual(['J02'])
  })

  it('asks two people for what is added where an addition can undo a safeguard: a year of holidays, a row of the table', () => {
    const holidays = { year: 2027, notice: '测试', published: '2026-11-23', conf: 'P', holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-03' }], workdays: [] }
    const difference = compareLaws(builtInLaw, bent((files) => files.calendar.push(holidays)))
    expect([difference.loosened.map(({ id }) => id), difference.changes.map(({ id, kind }) => `${kind} ${id}`), difference.affected.deadlines]).toEqual([['2027'], ['added 2027'], ['calendar 2027']])
    const without = bent((files) => files.decisions.decisions.splice(files.decisions.decisions.findIndex(({ id }) => id === 'X21'), 1))
    expect(compareLaws(without, builtInLaw).loosened.map(({ id }) => id)).toEqual(['X21'])
  })

  it('does not call a new rule loosened', () => {
    const without = bent((files) => files.rules.splice(files.rules.findIndex(({ id }) => id === 'J02'), 1))
    expect(compareLaws(without, builtInLaw).loosened.map(({ id }) => id)).toEqual([])
  })

  it('names every id that vanishes', () => {
    expect(compareLaws(builtInLaw, bent((files) => files.articles.splice(0, 2))).vanished).toEqual(['PIPL-4', 'PIPL-5'])
  })
})

describe('law files', () => {
  it('with a word too many, an unknown step or a repeated id are refused', () => {
    expect(() => bent((files) => Object.assign(line(files.rules, 'E01'), { note: 'x' }))).toThrow('note')
    expect(() => bent((files) => Object.assign(line(files.rules, 'E01'), { guards: ['nowhere'] }))).toThrow('guards')
    expect(() => bent((files) => files.rules.push(structuredClone(line(files.rules, 'E01'))))).toThrow('stands twice')
  })
})
