// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayOf, instantOf } from '../../kit/time.ts'
import { builtInLaw, dutiesOf, lawFiles } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { adoptLaw, lawPackText, reviewLawChange, signLawPack } from '../../stewardship/law-packs/index.ts'
import { settleDuty } from '../../stewardship/duties/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { inventTestPeople, registerLines } from '../discover/fixture.ts'
import { computePlan } from './compute-plan.ts'
import { askGate, loadMatterState } from './load-matter-state.ts'

describe('the law that a matter adopted', () => {
  let home: TestHome
  let matter: Matter
  let keyFile: string

  beforeAll(async () => {
    home = await openTestHome()
    matter = (await home.addParty(await home.openMatter('asset-transfer'), '乙卫浴有限公司', 'transferee')).matter
    keyFile = (await home.addPerson(matter, '安娜')).keyFile
    const file = join(dirname(home.path), '客户.csv')
    writeFileSync(file, `${registerLines(inventTestPeople(6)).join('\r\n')}\r\n`)
    await ingestSources(home.ctx, matter, { paths: [file] })
    await resolveSubjects(home.ctx, matter)
  }, 300_000)

  afterAll(() => home.remove())

  it('makes plans of the old one stale, counts in the gates, and asks for what it affects to be looked at', async () => {
    await computePlan(home.ctx, matter)
    const before = await loadMatterState(home.ctx, matter)
    expect([before.law.version, before.plan?.stale]).toEqual([builtInLaw.version, false])
    const stops = async () => (await askGate(home.ctx, matter, 'pack')).obstacles.some(({ rule }) => rule === 'B09')
    expect(await stops()).toBe(false) // a rule of middle weight only warns

    const files = structuredClone(lawFiles)
    for (const rule of files.rules) if (rule.id === 'B09') rule.sev = 'BLOCK'
    const pack = lawPackText(signLawPack(home.ctx.signer.noteSigner, { title: '更新', issuedAt: instantOf('2026-11-20T08:00:00Z'), files, where: 'test' }))
    expect(await adoptLaw(home.ctx, matter, { text: pack, keyFile, remove: [] })).toMatchObject({ asked: null, repeated: false })

    const after = await loadMatterState(home.ctx, matter)
    expect([after.law.origin, after.plan?.stale]).toEqual(['pack', true])
    expect(await stops()).toBe(true)
    await computePlan(home.ctx, matter)
    expect((await loadMatterState(home.ctx, matter)).plan?.stale).toBe(false)
  }, 300_000)

  it('leaves duties in the calendar until a person reviewed or settled them by name', async () => {
    const open = async () => dutiesOf(await loadMatterState(home.ctx, matter)).filter(({ rule, status }) => rule === 'M12' && status === 'open').map(({ id }) => id)
    expect(await open()).toEqual(['P05-M12-rules-2026-11-21'])
    const duties = dutiesOf(await loadMatterState(home.ctx, matter))
    const settle = (duty: string, on: string) => settleDuty(home.ctx, matter, duties, { duty, on: dayOf(on), keyFile, evidenceFile: keyFile })
    expect(await refusalOf(settle('P05-M12-nothing', '2026-11-21'))).toBe('DUTY_UNKNOWN')
    expect(await refusalOf(settle('P05-M12-rules-2026-11-21', '2026-11-22'))).toBe('DUTY_DAY') // a day to come
    expect(await settle('P05-M12-rules-2026-11-21', '2026-11-21')).toEqual({ repeated: false })
    expect(await settle('P05-M12-rules-2026-11-21', '2026-11-21')).toEqual({ repeated: true })
    expect(await open()).toEqual([])
    await reviewLawChange(home.ctx, matter, { subject: 'rules', keyFile })
    expect(dutiesOf(await loadMatterState(home.ctx, matter)).some(({ rule }) => rule === 'M12')).toBe(false)
  }, 300_000)
})
