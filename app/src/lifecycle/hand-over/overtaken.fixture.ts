// SPDX-License-Identifier: Apache-2.0
// For tests: another process books something between the question to the gate and the transaction of the step.
import type { Context } from '../../context.ts'

/** A context in which `meanwhile` happens once, right before the first transaction after the gate was asked: the gate recounts the books, which nothing else does before a step. */
export function overtakenContext(ctx: Context, meanwhile: () => Promise<unknown>): Context {
  let state: 'not asked' | 'asked' | 'overtaken' = 'not asked'
  const db = new Proxy(ctx.db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (key === 'transaction') {
        const transaction: Context['db']['transaction'] = async (run, options) => {
          if (state === 'asked') {
            state = 'overtaken'
            await meanwhile()
          }
          return target.transaction(run, options)
        }
        return transaction
      }
      return typeof value === 'function' ? (...given: unknown[]): unknown => Reflect.apply(value, target, given) : value
    },
  })
  const verifyBooks: Context['ledger']['verifyBooks'] = (matterId) => {
    if (state === 'not asked') state = 'asked'
    return ctx.ledger.verifyBooks(matterId)
  }
  return { ...ctx, db, ledger: { ...ctx.ledger, verifyBooks } }
}
