// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { builtInLaw, cautiousPositions, decide, type PlanState } from '../../law/index.ts'
import { stories, type Story } from '../../law/gates/stories.cases.ts'
import type { Circumstances } from '../classify/index.ts'
import { treatmentSchema, type Treatment } from '../classify/treatment.ts'
import { decisionFactsOf, matterFactsOf, unitsOf } from './decision-facts-of.rules.ts'
import type { JudgedKind, JudgedUnit } from './evaluate-records.ts'
import { newPlanTally } from './plan-tally.ts'

const field = (at: number): string => `fld_${String(at).padStart(32, '0')}`
const grades = ['general', 'general', 'general', 'general', 'general', 'general', 'general', 'general', 'general', 'sensitive', 'general', 'general'] as const
const fields = grades.map((grade, position) => ({ id: field(position), position, type: 'text', grade, gradeRule: 'test', confidence: 1, neededFor: [] }))
const group = (from: number, to: number, more: object): object => ({ name: `g${from}`, fields: fields.slice(from, to + 1).map(({ id }) => id), neededForTransfer: true, recordsClasses: [], ...more })

/** A customer table as discovery and treatment leave it: contract fields, a profile on consent, one sensitive field on consent, vouchers that the accounting law keeps, old statements past their term. */
const treatment: Treatment = treatmentSchema.parse({
  collected: 'direct', lawfulSource: 'lawful', servedWhere: [{ facet: 'assent', values: ['no'] }],
  groups: [
    group(0, 3, { basis: 'contract', contractAssent: { facet: 'assent', values: ['yes'] }, purposeMetWhere: [{ facet: 'account', values: ['closed'] }] }),
    group(4, 8, { basis: 'consent' }), group(9, 9, { basis: 'consent' }),
    group(10, 10, { basis: 'legal-duty', neededForTransfer: false, recordsClasses: ['RT01'], yearFacet: 'year', purposeState: 'met' }),
    group(11, 11, { basis: 'legal-duty', neededForTransfer: false, recordsClasses: ['RT02'], yearFacet: 'year', purposeState: 'met' }),
  ],
})

const fresh: Circumstances = {
  ageGroup: 'adult', facets: { assent: 'yes' }, notices: {}, onSuppressionList: false, hold: false, holdUntil: null, transferConsent: 'none', sensitiveConsent: 'none', guardianConsent: 'none', exportConsent: 'none',
  objected: false, deletionRequested: false, withdrawn: false, openRequest: false,
}
const held = (...positions: number[]): Buffer => positions.reduce((bitmap, at) => bitmap.fill((bitmap[at >> 3] ?? 0) | (1 << (at & 7)), at >> 3, (at >> 3) + 1), Buffer.alloc(2))
const all = [0, 1, 2, 3, 4, 5, 6, 7, 8]

/** 120 records of 110 people, nobody told and nobody asked: forty without assent to the contract's assignment, whom the seller goes on serving, ten with the sensitive field, three children's, twenty of closed accounts, vouchers among them. */
const population: { n: number; people: number; presence: Buffer; bend: Partial<Circumstances> }[] = [
  { n: 47, people: 40, presence: held(...all), bend: {} },
  { n: 40, people: 37, presence: held(...all), bend: { facets: { assent: 'no' } } },
  { n: 10, people: 10, presence: held(...all, 9), bend: {} },
  { n: 3, people: 3, presence: held(...all), bend: { ageGroup: 'under14' } },
  { n: 13, people: 13, presence: held(0, 1, 2, 3, 10), bend: { facets: { account: 'closed', year: '2025' } } },
  { n: 7, people: 7, presence: held(0, 1, 2, 11), bend: { facets: { account: 'closed', year: '2015' } } },
]

/** Records of one line of the population as a matter of the story's type judges them on the day its inventory and its first answers are in. */
function kindOf({ state }: Story, number: number, { presence, bend }: { presence: Buffer; bend: Partial<Circumstances> }): JudgedKind {
  const { type, today, successor, transferorSurvives: survives, facts } = state
  const matter = matterFactsOf({ type, today, successor, survives, overseas: false, importantData: false, changesPurpose: false, cutoff: null, persons: 110, suppressionReady: state.suppression.ready, facts })
  const circumstances = { ...fresh, ...bend }
  const units = unitsOf(fields, treatment).map((unit): JudgedUnit => {
    const found = decisionFactsOf(matter, unit, circumstances, { treatment, presumption: null, recipientIsDesignated: false, law: builtInLaw })
    return { unit, facts: found, verdict: decide(found, cautiousPositions), override: null }
  })
  return { number, dataSetId: 'ds_1', presence, circumstances, units }
}

const recordOf = (kind: JudgedKind, person: number) => ({ recordId: Buffer.alloc(16), subjectId: `sub_${person.toString(16).padStart(16, '0')}${'0'.repeat(16)}`, kind })

/** The plan's numbers of a matter of the story's type. */
function tallyOf(story: Story): ReturnType<ReturnType<typeof newPlanTally>['finish']> {
  const tally = newPlanTally(cautiousPositions)
  let person = 0
  for (const [number, line] of population.entries()) {
    const kind = kindOf(story, number, line)
    for (let at = 0; at < line.n; at += 1) tally.add(recordOf(kind, person + Math.min(at, line.people - 1)))
    person += line.people
  }
  return tally.finish()
}

describe('the tally of a matter as it really starts', () => {
  it.each(stories.map((story) => [story.name, story] as const))('%s: nothing is ready to move, and the story of docs/laws has just these numbers', (_name, story) => {
    const { suppressed: _s, openRequests: _o, held: _h, ...counted } = tallyOf(story)
    const { id: _id, approved: _a, stale: _st, ...plan } = story.state.plan ?? fail()
    expect(counted.transfer.records).toBe(0)
    expect(counted).toEqual(plan satisfies Omit<PlanState, 'id' | 'approved' | 'stale'>)
  })
})

describe('children that move', () => {
  it('are counted as persons whose guardian agreed, however many records each has (E08)', () => {
    const sale = stories.find(({ name }) => name === 'asset') ?? fail()
    const moving = (number: number, bend: Partial<Circumstances>): JudgedKind => {
      const kind = kindOf(sale, number, { presence: held(...all), bend })
      return { ...kind, units: kind.units.map((unit) => ({ ...unit, verdict: { ...unit.verdict, outcome: 'transferred' } })) }
    }
    const agreed = moving(0, { ageGroup: 'under14', guardianConsent: 'given' })
    const silent = moving(1, { ageGroup: 'under14' })
    const grown = moving(2, { guardianConsent: 'given' })
    const tally = newPlanTally(cautiousPositions)
    for (const [kind, person] of [[agreed, 1], [agreed, 1], [agreed, 2], [silent, 3], [grown, 4]] as const) tally.add(recordOf(kind, person))
    expect(tally.finish().transfer).toMatchObject({ under14: 4, childrenConsentedFor: 2, consents: { guardian: { given: 3, none: 1 } } })
  })
})

function fail(): never {
  throw new Error('every story has a plan')
}
