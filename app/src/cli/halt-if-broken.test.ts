// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assert } from '../kit/assert.ts'
import { haltForBooks, haltOf, refuseHalted } from '../kit/halt.ts'
import { ledgerFailures } from '../ledger/index.ts'
import { destroyFailures } from '../lifecycle/destroy/index.ts'
import { haltIfBroken } from './halt-if-broken.ts'

let home: { path: string }
beforeEach(() => { home = { path: mkdtempSync(join(tmpdir(), 'handover-halt-')) } })
afterEach(() => rmSync(home.path, { recursive: true, force: true }))

const broken = (): unknown => {
  try {
    assert(false, 'a rule of ours')
    return null
  } catch (error) {
    return error
  }
}

describe('a home stops', () => {
  test.each([
    ['the log and a witness hold different entries', ledgerFailures.LOG_DIFFERS({ witness: 'witness.example', size: 7 }), 'LOG_DIFFERS', 'witness.example 7'],
    ['an entry of the log is not that of its event', ledgerFailures.LOG_ENTRIES_DAMAGED({ index: 3, why: 'x' }), 'LOG_ENTRIES_DAMAGED', '3'],
    ['postings would not balance', ledgerFailures.BOOKS_OUT_OF_BALANCE({ dataSet: 'ds_1', field: 'fld_1', account: 'kept', why: 'x' }), 'BOOKS_OUT_OF_BALANCE', 'ds_1 fld_1 kept'],
    ['erased keys are still there', destroyFailures.KEYS_NOT_GONE(), 'KEYS_NOT_GONE', ''],
    ['an assertion fails', broken(), 'ASSERTION', 'a rule of ours'],
  ])('when %s, and says where', (_, thrown, code, where) => {
    haltIfBroken(home, 'pack', thrown)
    expect(haltOf(home)).toMatchObject({ code, where, command: 'pack' })
    expect(() => refuseHalted(home)).toThrow(/HOME_HALTED/)
  })

  test('when the recount of any command finds a contradiction, and keeps the first reason', () => {
    haltForBooks(home, [], 'gate')
    expect(haltOf(home)).toBeNull()
    haltForBooks(home, [{ ds: 'ds_1', f: 'fld_1', account: 'kept' }], 'gate')
    haltIfBroken(home, 'pack', ledgerFailures.LOG_DIFFERS({ witness: 'w', size: 1 }))
    expect(haltOf(home)).toMatchObject({ code: 'BOOKS_DIFFER', where: 'ds_1 fld_1 kept', command: 'gate' })
  })

  test('for no ordinary refusal, and for nothing that a command finds which only looks', () => {
    haltIfBroken(home, 'log publish', ledgerFailures.QUORUM_NOT_REACHED({ got: 0, reasons: '' }))
    haltIfBroken(home, 'log verify', ledgerFailures.LOG_DIFFERS({ witness: 'w', size: 1 }))
    expect(haltOf(home)).toBeNull()
  })
})
