// SPDX-License-Identifier: Apache-2.0
// Nobody reaches a guarded step but through its gate: the events of the steps are booked in one place each, and every way to that place asks the gate first.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { factNames, gateFor, refuseIfAny, rules } from '../law/index.ts'
import { stateOf } from '../law/gates/gates.cases.ts'
import { lastChance } from '../law/gates/last-chance.rules.ts'
import { guardedSteps, type GuardedStep } from '../law/nouns.ts'

const source = join(import.meta.dirname, '..')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/\.(test|fixture|cases)\.ts$/.test(file))
const textOf = new Map(files.map((file) => [relative('.', file), readFileSync(join(source, file), 'utf8')]))
const filesWith = (pattern: RegExp): string[] => [...textOf].filter(([, text]) => pattern.test(text)).map(([file]) => file).toSorted()

/** Each step: the event that takes it, the one file that books it, the file in which the way there begins, and what that file asks. */
const ways: Record<Exclude<GuardedStep, 'room-open'>, { event: string; booked: string; entered: string; asks: RegExp; calls?: RegExp; callers?: string[] }> = {
  plan: { event: 'PlanApproved', booked: 'lifecycle/hand-over/approve-plan.ts', entered: 'lifecycle/hand-over/approve-plan.ts', asks: /await judgeGate\(ctx, matter, 'plan'\)/ },
  pack: { event: 'PackageIssued', booked: 'lifecycle/hand-over/issue-package.ts', entered: 'lifecycle/hand-over/issue-package.ts', asks: /gateFor\('pack', state\)[\s\S]*refuseIfAny\(/ },
  reconcile: { event: 'Reconciled', booked: 'lifecycle/reconcile/conclude-reconciliation.ts', entered: 'lifecycle/reconcile/conclude-reconciliation.ts', asks: /await judgeGate\(ctx, matter, 'reconcile'\)/ },
  destroy: { event: 'DestructionIntended', booked: 'lifecycle/destroy/intend-destruction.ts', entered: 'lifecycle/destroy/run-destruction.ts', asks: /await judgeGate\(ctx, matter, 'destroy'\)/, calls: /\b(intendDestruction|eraseVault|runOriginals|prepareVault)\(ctx/, callers: ['lifecycle/destroy/run-destruction.ts'] },
  close: { event: 'MatterClosed', booked: 'lifecycle/prove/close-matter.ts', entered: 'lifecycle/prove/close-matter.ts', asks: /await judgeGate\(ctx, matter, 'close'\)/ },
}

/** Whether a HIGH rule could not be put right after this step. */
const tooLateAfter = (step: GuardedStep, rule: string): boolean => Object.entries<readonly string[]>(lastChance).some(([before, ids]) => before === step && ids.includes(rule))

describe('guarded steps', () => {
  it.each(Object.entries(ways))('%s is booked in one place, behind its gate', (_step, { event, booked, entered, asks, calls, callers }) => {
    expect(filesWith(new RegExp(`type: '${event}'[^}]*body|type: '${event}',`))).toEqual([booked])
    expect(textOf.get(entered)).toMatch(asks)
    if (calls !== undefined) expect(filesWith(calls).filter((file) => file !== booked && !file.endsWith('destroy-vault.ts') && !file.endsWith('destroy-originals.ts'))).toEqual(callers)
  })

  it('asks the gate before anything is booked: the call stands above the booking in the function that both are in', () => {
    const order = (file: string, first: string, then: string): boolean => {
      const text = textOf.get(file) ?? ''
      return text.includes(first) && text.indexOf(first) < text.indexOf(then)
    }
    expect(order('lifecycle/hand-over/approve-plan.ts', "judgeGate(ctx, matter, 'plan')", "type: 'PlanApproved'")).toBe(true)
    expect(order('lifecycle/hand-over/issue-package.ts', 'await refuseUnlessPackable(ctx, matter)', 'await issueOnce(')).toBe(true)
    expect(order('lifecycle/destroy/run-destruction.ts', "judgeGate(ctx, matter, 'destroy')", 'await runOriginals(')).toBe(true)
    expect(order('lifecycle/prove/close-matter.ts', "judgeGate(ctx, matter, 'close')", 'bookClose(ctx, tx, matter, judged))')).toBe(true)
    expect(order('lifecycle/reconcile/conclude-reconciliation.ts', "judgeGate(ctx, matter, 'reconcile')", 'await bookReconciliation(')).toBe(true)
  })

  it('is not passed by when something changed after it was asked: what came in meanwhile is judged under the lock', () => {
    const askingAgain = Object.values(ways).map(({ booked }) => booked).filter((file) => !file.endsWith('issue-package.ts'))
    for (const file of askingAgain) expect(textOf.get(file)).toMatch(/\.append\(tx, matter\.id, \{ type: '(PlanApproved|Reconciled|DestructionIntended|MatterClosed)', body[^\n]*\n[^\n]*await refuseIfOvertaken\(ctx, matter, judged, (appended\.)?seq\)/)
    expect(textOf.get('lifecycle/hand-over/issue-package.ts')).toMatch(/lastEventSeq\(tx, scope\)\) !== judgedAt\) await refuseUnlessPackable/)
  })

  it('lets nothing else erase values: former values of a delta ask for holds themselves, an abandoned matter destroys nothing', () => {
    // Scans that were given up erase what never came into the books.
    expect(filesWith(/vault\.eraseSlots\(/)).toEqual(['lifecycle/destroy/destroy-vault.ts', 'lifecycle/discover/delta-book.ts', 'lifecycle/discover/delta-scan.ts', 'lifecycle/discover/discard-unfinished.ts'])
    expect(textOf.get('lifecycle/discover/delta-approval.ts')).toMatch(/await refuseHeld\(ctx, tx, matter, report\)/)
    expect(textOf.get('lifecycle/prove/abandon-matter.ts')).not.toMatch(/runDestruction|eraseVault|vault\.erase/)
  })

  it('has a step for every BLOCK rule', () => {
    expect(rules.filter(({ sev, guards }) => sev === 'BLOCK' && guards.length === 0).map(({ id }) => id)).toEqual([])
    expect(guardedSteps.filter((step) => step !== 'room-open')).toEqual(Object.keys(ways))
  })

  it('refuses each step whatever single fact is taken away, exactly when a BLOCK rule before it is unmet, or a HIGH one before the close or before it is too late', () => {
    const asked = factNames.filter((name) => rules.some(({ sev, facts }) => sev === 'BLOCK' && facts.includes(name)))
    const wrong: string[] = []
    let refused = 0
    for (const type of ['asset-transfer'] as const) {
      const whole = stateOf(type)
      for (const name of asked) {
        for (const step of guardedSteps) {
          const { open, obstacles, results } = gateFor(step, { ...whole, facts: { ...whole.facts, [name]: undefined } })
          const demands = results.some(({ rule, sev, status }) => status === 'unmet' && (sev === 'BLOCK' || (sev === 'HIGH' && (step === 'close' || tooLateAfter(step, rule)))))
          if (open === demands || open !== (obstacles.length === 0)) wrong.push(`${type} ${step} without ${name}`)
          refused += open ? 0 : 1
        }
      }
    }
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(20)
    expect(() => refuseIfAny(gateFor('plan', stateOf('asset-transfer', { facts: {} })).obstacles, 'plan')).toThrow(/OBSTACLES_UNMET/)
  })

  it('runs the demo through the same commands as everybody', () => {
    const demo = [...textOf].filter(([file]) => file.startsWith('demo/')).map(([, text]) => text).join('\n')
    expect(demo).not.toMatch(/\b(approvePlan|issuePackage|runDestruction|closeMatter|concludeReconciliation)\(ctx\b/)
  })
})
