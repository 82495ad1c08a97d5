// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PersonRole } from './person.ts'
import { builtInLaw } from '../../law/index.ts'
import { answerImpact, startImpact } from '../../lifecycle/assess/index.ts'
import { freezeSources } from '../../lifecycle/hand-over/index.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { openAudit, recordFinding, sampleEvents } from '../audit-binder/index.ts'
import { addOpinion, recordLetter } from '../counsel/index.ts'
import { settleDuty } from '../duties/index.ts'
import { adoptLaw, reviewLawChange } from '../law-packs/index.ts'
import { addPrivacyNotice } from '../promises/index.ts'
import { dayOf } from '../../kit/time.ts'
import { endPerson, signingPersonOf } from './index.ts'

let home: TestHome
let matter: Matter
let document: string
/** Key files of a role of ours, and of people of other parties by their party's role. */
const ours: Partial<Record<PersonRole, string>> = {}
const others: Record<string, string> = {}
let anna: string
beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  document = join(dirname(home.path), '意见.txt')
  writeFileSync(document, '第一条 虚构的文件。\n')
  const lead = await home.addPerson(matter, '安娜', { role: 'lead' })
  anna = lead.id
  ours.lead = lead.keyFile
  ours.business = (await home.addPerson(matter, '波', { role: 'business' })).keyFile
  for (const role of ['transferee', 'advisor', 'custodian'] as const) {
    const added = await home.addParty(matter, `${role} 公司`, role)
    matter = added.matter
    others[role] = (await home.addPerson(matter, role, { partyId: added.partyId, role: 'counsel' })).keyFile
  }
}, 400_000)
afterAll(() => home.remove())

const covers = { articles: [], rules: ['E01'], rows: [], positions: [] }
/** Every act that one person signs with a key file for our side. */
const acts: Record<string, (keyFile: string) => Promise<unknown>> = {
  opinion: (keyFile) => addOpinion(home.ctx, matter, { file: document, covers, conclusion: 'supports', givenOn: dayOf('2026-11-10'), until: null, firm: '', note: '', keyFile }),
  letter: (keyFile) => recordLetter(home.ctx, matter, { direction: 'in', authority: 'cac-city', subject: 'audit-order', number: null, dated: dayOf('2026-11-02'), due: null, answers: null, file: null, note: '来函', keyFile }),
  duty: (keyFile) => settleDuty(home.ctx, matter, [], { duty: 'T10', on: dayOf('2026-11-20'), keyFile, evidenceFile: undefined }),
  'privacy notice': (keyFile) => addPrivacyNotice(home.ctx, matter, { file: document, version: 'V1', from: dayOf('2024-01-01'), until: null, keyFile }),
  'impact start': (keyFile) => startImpact(home.ctx, matter, keyFile),
  'impact answer': (keyFile) => answerImpact(home.ctx, matter, { item: 'team', said: { choice: null, text: '三人' }, keyFile }),
  'audit open': (keyFile) => openAudit(home.ctx, matter, { nature: 'self', from: undefined, to: undefined, keyFile }),
  'audit sample': (keyFile) => sampleEvents(home.ctx, matter, { point: null, count: 1, keyFile }),
  'audit finding': (keyFile) => recordFinding(home.ctx, matter, { point: builtInLaw.auditPoints[0]?.id ?? '', result: 'conforms', severity: 'none', due: null, fixedOn: null, text: '看过', fix: '', keyFile }),
  'law adopt': (keyFile) => adoptLaw(home.ctx, matter, { text: null, keyFile, remove: [] }),
  'law review': (keyFile) => reviewLawChange(home.ctx, matter, { subject: 'notices', keyFile }),
  freeze: (keyFile) => freezeSources(home.ctx, matter, { keyFile }),
}

describe('who signs for us', () => {
  for (const [name, act] of Object.entries(acts)) {
    test(`${name}: nobody of the transferee or the custodian, whatever their role`, async () => {
      const before = await booked()
      for (const party of ['transferee', 'custodian']) expect([party, await refusalOf(act(others[party] ?? ''))]).toEqual([party, 'SIGNER_OTHER_SIDE'])
      expect(await booked()).toBe(before)
    })
  }

  test('our adviser may, and so may we', async () => {
    expect((await signingPersonOf(home.ctx, matter, others['advisor'] ?? '')).person.role).toBe('counsel')
    expect((await signingPersonOf(home.ctx, matter, ours.business ?? '')).person.role).toBe('business')
    expect(await refusalOf(acts['opinion']?.(others['advisor'] ?? '') ?? Promise.resolve())).toBe('nothing was refused')
  })

  test.each(['opinion', 'letter', 'privacy notice', 'law adopt', 'law review', 'audit open', 'audit sample', 'audit finding'])('%s: not in a role that does not answer for it', async (name) => {
    const before = await booked()
    expect(await refusalOf(acts[name]?.(ours.business ?? '') ?? Promise.resolve())).toBe('ROLE_MAY_NOT_SIGN')
    expect(await booked()).toBe(before)
  })

  test("nobody of another party ends one of ours; they may end their own", async () => {
    expect(await refusalOf(endPerson(home.ctx, { id: anna, keyFile: others['transferee'] ?? '' }))).toBe('SIGNER_OTHER_SIDE')
    const second = await home.addPerson(matter, '乙', { partyId: matter.parties.find(({ role }) => role === 'transferee')?.id ?? '', role: 'legal' })
    expect((await endPerson(home.ctx, { id: second.id, keyFile: others['transferee'] ?? '' })).endedAt).not.toBeNull()
  })
})

async function booked(): Promise<number> {
  let events = 0
  for await (const _event of home.ctx.ledger.events(matter.id)) events += 1
  return events
}
