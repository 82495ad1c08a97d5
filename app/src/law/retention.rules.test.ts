// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { dayOf } from '../kit/time.ts'
import { retentionRows } from './law-data.ts'
import { capacities, isRecordsClass, longestRetention, recordsClasses, retentionCeiling, retentionFor, retentionOfEntries, runningRetention } from './retention.rules.ts'

const ends = (recordsClass: Parameters<typeof retentionFor>[0], day: string) => retentionFor(recordsClass, dayOf(day)).map(({ id, until }) => [id, until])

describe('statutory retention', () => {
  it('counts vouchers from the end of the fiscal year and tax papers from their day', () => {
    expect(ends('accounting-voucher', '2026-03-01')).toEqual([['RT01', '2056-12-31'], ['RT06', '2036-03-01']])
    expect(ends('accounting-voucher', '2026-12-31')).toEqual([['RT01', '2056-12-31'], ['RT06', '2036-12-31']])
  })

  it.each([
    ['invoice-stub', '2024-02-29', 'RT07', '2029-02-28'], // no 29 February that year: the last day of the month (民法典 202)
    ['platform-transaction', '2026-05-10', 'RT08', '2029-05-10'],
    ['anti-money-laundering', '2020-01-01', 'RT10', '2030-01-01'],
    ['network-log', '2026-08-31', 'RT19', '2027-02-28'],
    ['network-log', '2026-06-15', 'RT19', '2026-12-15'],
    ['internet-service-record', '2026-11-21', 'RT20', '2027-01-20'],
    ['medical-inpatient', '2026-01-01', 'RT17', '2056-01-01'],
    ['medical-outpatient', '2026-01-01', 'RT17', '2041-01-01'],
    ['insurance-short', '2026-01-01', 'RT13', '2031-01-01'],
    ['annual-report', '2026-01-01', 'RT03', 'permanent'],
    ['liquidation-papers', '2026-01-01', 'RT26', 'unknown'],
  ] as const)('counts %s of %s out to its last day (%s → %s)', (recordsClass, day, id, until) => {
    expect(ends(recordsClass, day)).toEqual([[id, until]])
  })

  it('treats a duty as running while the day it starts from is not known', () => {
    const duties = retentionFor('tax', null)
    expect(duties.map(({ until }) => until)).toEqual(['unknown'])
    expect(runningRetention(duties, dayOf('2099-01-01'))).toHaveLength(1)
  })

  it('presents only lines whose primary text was read as certain', () => {
    expect(retentionFor('accounting-voucher', dayOf('2026-01-01')).map(({ id, certain }) => [id, certain])).toEqual([['RT01', false], ['RT06', true]])
    expect(retentionFor('liquidation-papers', null).at(0)).toMatchObject({ certain: false, conf: 'P (absence checked in Company Law text)' })
    expect(retentionFor('bankruptcy-books', null).at(0)?.certain).toBe(false)
  })

  it('runs on its last day and is over on the next', () => {
    const duties = retentionFor('invoice-stub', dayOf('2020-06-30'))
    expect(runningRetention(duties, dayOf('2025-06-30'))).toHaveLength(1)
    expect(runningRetention(duties, dayOf('2025-07-01'))).toHaveLength(0)
  })

  it('binds only those whom the law binds, and everybody when nobody said who it is', () => {
    expect(retentionFor('platform-transaction', null, ['any-unit', 'taxpayer'])).toEqual([])
    expect(retentionFor('platform-transaction', null, ['e-commerce-platform'])).toHaveLength(1)
    expect(retentionFor('platform-transaction', null)).toHaveLength(1)
  })

  it('counts entries named by id, and lets an id that nobody knows run', () => {
    const duties = retentionOfEntries(['RT07', 'RT17', 'RT18', 'RT99'], dayOf('2026-01-01'))
    expect(duties.map(({ id, until }) => [id, until])).toEqual([['RT07', '2031-01-01'], ['RT17', '2056-01-01'], ['RT99', 'unknown']])
  })

  it('never turns an upper limit into a duty to keep', () => {
    expect(retentionFor('credit-negative', dayOf('2026-01-01'))).toEqual([])
    expect(retentionCeiling('credit-negative', dayOf('2026-01-01'))).toBe('2031-01-01')
    expect(retentionCeiling('tax', dayOf('2026-01-01'))).toBeNull()
  })

  it('takes the longest of several duties, permanent before unknown before any day', () => {
    const [voucher, annual, unknown] = [retentionFor('accounting-voucher', dayOf('2026-03-01')), retentionFor('annual-report', null), retentionFor('tax', null)]
    expect([longestRetention([]), longestRetention(voucher), longestRetention([...voucher, ...unknown]), longestRetention([...unknown, ...annual])]).toEqual([null, '2056-12-31', 'unknown', 'permanent'])
  })

  it('uses every entry of the register, in a class whose capacity is known', () => {
    const used = new Set(Object.values(recordsClasses).flatMap((each): readonly string[] => each.entries))
    expect(retentionRows.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([])
    const known: readonly string[] = capacities
    expect(retentionRows.filter(({ boundKind }) => !known.includes(boundKind))).toEqual([])
    expect([isRecordsClass('tax'), isRecordsClass('constructor')]).toEqual([true, false])
  })
})
