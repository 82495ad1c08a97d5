// SPDX-License-Identifier: Apache-2.0
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

/** Failures by which a running command finds that a rule of the books, the log or the keys does not hold; by code, with the facts that say where. Everything else is an ordinary refusal. */
const brokenRules: Readonly<Record<string, readonly string[]>> = {
  BOOKS_OUT_OF_BALANCE: ['dataSet', 'field', 'account'], // postings that would not balance
  LOG_DIFFERS: ['witness', 'size'], // tiles, checkpoint or a witness hold another log than the database (CONTRACTS §6: halt and say so)
  LOG_ENTRIES_DAMAGED: ['index'], // an entry of the log is not that of its event
  KEYS_NOT_GONE: [], // keys read back after they were erased
}

/** Stops the home when a command that changes things met what our own reasoning excludes: an assertion that failed, or a rule of the books, the log or the keys that does not hold. */
export function haltIfBroken(home: { path: string } | null, command: string, thrown: unknown): void {
  if (home === null || mayRunHalted(command) || !(thrown instanceof Error)) return
  const at = new Date().toISOString()
  const places = thrown instanceof Failure ? brokenRules[thrown.code] : undefined
  if (thrown instanceof Failure && places !== undefined) haltHome(home, { at, code: thrown.code, where: places.map((name) => thrown.factText(name) ?? '').join(' '), command })
  if (thrown.message.startsWith('assertion failed: ')) haltHome(home, { at, code: 'ASSERTION', where: thrown.message.slice('assertion failed: '.length, 200), command })
}
