// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayOf, instantOf } from '../../kit/time.ts'
import { signed, stateOf } from '../../law/gates/gates.cases.ts'
import { isCommandName } from '../../cli/commands.ts'
import { dutyLines } from '../../law/duties-lines.rules.ts'
import { nothingHappened } from '../../law/duties.ts'
import { dutiesOf, isFactName, type Duty, type MatterState } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { settleDuty } from './index.ts'

const now = instantOf('2026-11-21T08:00:00.000Z')
const incident = signed('incident-known', { incident: 'INC-1', knownAt: instantOf('2026-11-01T02:00:00.000Z'), kind: 'leak', persons: 2_000_000, under18: 0, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: false, harmAvoided: false })
const state: MatterState = stateOf('dissolution', {
  facts: { 'incident-known': [incident], 'sector-checked': [signed('sector-checked', { sectors: ['express'] })] },
  dutyEvents: { ...nothingHappened(now), cutoffDay: dayOf('2026-11-25'), lawReviews: [{ subject: 'notices', since: instantOf('2026-11-20T02:00:00.000Z') }] },
})
const duties = dutiesOf(state)
const duty = (start: string): Duty => duties.find(({ id }) => id.startsWith(start)) ?? expect.fail(`no duty ${start}`)

describe('settling a duty by a word', () => {
  let home: TestHome
  let matter: Matter
  let legal: string
  let business: string
  let paper: string
  beforeAll(async () => {
    home = await openTestHome()
    matter = await home.openMatter()
    legal = (await home.addPerson(matter, '安娜')).keyFile
    business = (await home.addPerson(matter, '波', { role: 'business' })).keyFile
    paper = join(dirname(home.path), '公告.txt')
    writeFileSync(paper, '虚构的公告\n')
  }, 300_000)
  afterAll(() => home.remove())
  const settle = (start: string, keyFile: string, evidenceFile?: string) => settleDuty(home.ctx, matter, duties, { duty: duty(start).id, on: home.ctx.today(), keyFile, evidenceFile })

  test('does not end an overdue duty that stops steps while a fact can say it, whoever signs and with whatever document', async () => {
    expect(duty('T04-L03')).toMatchObject({ sev: 'BLOCK', status: 'overdue', endsBy: 'handover fact add incident-known' })
    expect(await refusalOf(settle('T04-L03', legal))).toBe('DUTY_BY_ACT')
    expect(await refusalOf(settle('T04-L03', legal, paper))).toBe('DUTY_BY_ACT')
    expect(await home.ctx.ledger.eventsOfType(matter.id, 'DutySettled')).toEqual([])
  })

  test('that nothing else can say takes a document and somebody who answers for law or data', async () => {
    expect(duty('T33-A06')).toMatchObject({ sev: 'HIGH', endsBy: null })
    expect(await refusalOf(settle('T33-A06', business, paper))).toBe('ROLE_MAY_NOT_SIGN')
    expect(await refusalOf(settle('T33-A06', legal))).toBe('DUTY_EVIDENCE')
    expect(await refusalOf(settle('T33-A06', legal, `${paper}.none`))).toBe('DUTY_EVIDENCE_UNREADABLE')
    expect(await settle('T33-A06', legal, paper)).toEqual({ repeated: false })
    expect(await settle('T33-A06', legal, paper)).toEqual({ repeated: true })
  })

  test('that only warns takes a name', async () => {
    expect(duty('P05-M12')).toMatchObject({ sev: 'LOW' })
    expect(await settle('P05-M12', business)).toEqual({ repeated: false })
  })

  test('counts for nothing in the calendar where a fact has to say it, also one that an earlier version took', () => {
    const talked: MatterState = { ...state, dutyEvents: { ...state.dutyEvents, settled: [{ duty: duty('T04-L03').id, on: dayOf('2026-11-20') }, { duty: duty('T33-A06').id, on: dayOf('2026-11-20') }] } }
    expect(dutiesOf(talked).filter(({ id }) => id.startsWith('T04') || id.startsWith('T33')).map(({ status }) => status)).toEqual(['overdue', 'done'])
  })

  test('and every command that a duty names exists', () => {
    const named = dutyLines.flatMap(({ endsBy }) => (endsBy === undefined ? [] : [endsBy.split(' ')]))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(([program, ...words]) => program !== 'handover' || (!isCommandName(words.slice(0, 2).join(' ')) && !isCommandName(words.join(' '))))).toEqual([])
    expect(named.filter(([, what, , name]) => what === 'fact' && !isFactName(name ?? ''))).toEqual([])
  })
})
