// SPDX-License-Identifier: Apache-2.0
import { addDays, dayOf } from '../app/src/kit/time.ts'
import { ageGroups, decide, handlerChanges, lawfulBases, legalPositionsSchema, matterTypes, retentionOfEntries, transferorSurvives, type DecisionFacts } from '../app/src/law/index.ts'
import type { Benchmark } from './harness.ts'

/** Deciding once for each combination of facts; a plan asks for as many as there are, never for each record. */
export const benchmark: Benchmark = {
  name: 'decide',
  row: '判定(每种事实组合一次) · decide (once for each combination of facts)',
  compare: 'rate',
  target: 0.2,
  unit: 'decisions',
  sizes: [1000, 10_000, 100_000],
  prepare: () => Promise.resolve(),
  ours: (size) => timed(size, (facts) => decide(facts, positions).outcome.length),
  yardsticks: [{ name: 'JSON.stringify of the same facts', run: (size) => timed(size, (facts) => JSON.stringify(facts).length) }],
}

const positions = legalPositionsSchema.parse({})

function timed(size: number, work: (facts: DecisionFacts) => number): Promise<{ seconds: number; units: number; notes: Record<string, number> }> {
  const cases = Array.from({ length: size }, (_, number) => factsOf(number))
  const started = performance.now()
  let sum = 0
  for (const facts of cases) sum += work(facts)
  return Promise.resolve({ seconds: (performance.now() - started) / 1000, units: size, notes: { sum } })
}

const today = dayOf('2026-11-21')
const told = { state: 'delivered', on: addDays(today, -40) } as const
const voucher = retentionOfEntries(['RT01'], dayOf('2026-03-01'))
const common = {
  today, successor: true, receiverChangesPurpose: false, overseas: false, exportRouteDone: false, importantDataOrMass: false, disposalPlanReported: false, piaApproved: true, agreementSigned: true, undertakingSigned: true,
  suppressionReady: true, childAssessmentDone: true, cutoffPassed: false, holdsPersons: true, lawfulSource: 'lawful', purposeState: 'live', neededForContract: true, onlyForNewPurpose: false, biometric: 'none',
  faceRoute: 'enrol-anew', majorEffect: false, designatedBody: false, removal: 'destroy', stays: false, transferorGoesOnServing: false, agePresumption: null, contractAssent: true, sensitiveConsent: 'none',
  guardianConsent: 'none', exportConsent: 'none', deletionRequested: false, withdrawn: false, suppressed: false, holdUntil: null,
} as const

/** Different facts for each number: its digits in mixed bases. */
function factsOf(number: number): DecisionFacts {
  let rest = number
  const pick = <T>(choices: readonly [T, ...T[]]): T => {
    const chosen = choices[rest % choices.length] ?? choices[0]
    rest = Math.floor(rest / choices.length)
    return chosen
  }
  const matterType = pick([...matterTypes])
  return {
    ...common, matterType, transferorSurvives: transferorSurvives(matterType), handlerChanges: handlerChanges(matterType, { stays: false }),
    basis: pick([...lawfulBases]), ageGroup: pick([...ageGroups]), objected: pick([false, true]), grade: pick(['general', 'sensitive']), retention: pick([[], voucher, null]),
    transferConsent: pick(['none', 'given', 'refused']), neededForTransfer: pick([true, false]), hold: pick([false, true]), openRequest: pick([false, true]),
    notices: { art22: told, art23: { state: pick(['delivered', 'bounced', 'none']), on: addDays(today, -(rest % 60)) } },
  }
}
