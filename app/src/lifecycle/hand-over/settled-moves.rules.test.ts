// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { accountCode } from '../../law/index.ts'
import { settledMoves } from './settled-moves.rules.ts'

const { kept, sealed, transferred, pending } = accountCode
const record = (dispositions: number[], outcome: number[], atCustodian: Uint8Array[] = []) => ({ dispositions: Uint8Array.from(dispositions), outcome: Uint8Array.from(outcome), atCustodian })

describe('what an approved plan settles', () => {
  it('posts what is kept or sealed here, and leaves what waits for an act', () => {
    expect(settledMoves(record([pending, pending, pending, 0], [kept, sealed, transferred, 0]), new Set([1]))).toEqual([
      { position: 0, from: 'pending', to: 'kept' }, { position: 1, from: 'pending', to: 'sealed' },
    ])
  })

  it('takes back what an earlier plan kept and this one hands over', () => {
    expect(settledMoves(record([kept, sealed], [transferred, sealed]), new Set())).toEqual([{ position: 0, from: 'kept', to: 'pending' }, { position: 1, from: 'sealed', to: 'pending' }])
  })

  it('never takes back what a custodian holds by a reconciled package', () => {
    expect(settledMoves(record([sealed, sealed], [sealed, sealed], [Uint8Array.of(0b01), Uint8Array.of(0b10)]), new Set())).toEqual([])
    expect(settledMoves(record([sealed, sealed], [kept, sealed], [Uint8Array.of(0b01)]), new Set([1]))).toEqual([])
  })

  it('leaves alone what is in transit, handed over or destroyed', () => {
    expect(settledMoves(record([accountCode['in-transit'], transferred, accountCode.destroyed], [kept, kept, kept]), new Set())).toEqual([])
  })
})
