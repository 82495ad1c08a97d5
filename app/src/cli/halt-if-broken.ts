// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { haltHome } from '../kit/halt.ts'
import { Failure } from '../kit/failure.ts'

/** Commands that look, verify or help while a home has stopped; all others are refused then (SECURITY P30). */
const runHalted: ReadonlySet<string> = new Set([
  'doctor', 'halt clear', 'log verify', 'log show', 'log proof', 'matter show', 'matter list', 'party list', 'user list', 'approval list', 'gate', 'fact list', 'fact names', 'choice list', 'hold list',
  'destroy list', 'copies', 'key list', 'key slots', 'backup list', 'backup verify', 'verify', 'scan', 'inspect', 'explain', 'help', 'version', 'shell', 'witness',
])

/** Whether a command only looks. */
export function mayRunHalted(command: string): boolean {
  return runHalted.has(command)
}

/** Stops the home when a command that changes things met what our own reasoning excludes: an assertion that failed, or postings that do not balance. Everything else is an ordinary refusal. */
export function haltIfBroken(home: { path: string } | null, command: string, thrown: unknown): void {
  if (home === null || mayRunHalted(command) || !(thrown instanceof Error)) return
  const at = new Date().toISOString()
  if (thrown instanceof Failure && thrown.code === 'BOOKS_OUT_OF_BALANCE') haltHome(home, { at, code: thrown.code, where: ['dataSet', 'field', 'account'].map((name) => String(thrown.facts[name] ?? '')).join(' '), command })
  if (thrown.message.startsWith('assertion failed: ')) haltHome(home, { at, code: 'ASSERTION', where: thrown.message.slice('assertion failed: '.length, 200), command })
}

/** Stops the home whose stored books do not add up. */
export function haltForBooks(ctx: Context, problems: readonly { ds: string; f: string; account: string }[]): void {
  const [first] = problems
  haltHome(ctx.home, { at: new Date().toISOString(), code: 'BOOKS_DIFFER', where: `${first?.ds ?? ''} ${first?.f ?? ''} ${first?.account ?? ''}`.trim(), command: 'log verify' })
}
