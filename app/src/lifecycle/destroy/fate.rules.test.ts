// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { accountCode } from '../../law/index.ts'
import { residualCode } from '../hand-over/index.ts'
import { fateInOriginal, fateInVault, type FateFacts } from './fate.rules.ts'

const { transferred, kept, sealed, destroyed, pending } = accountCode
/** Three fields, all filled, with what is told otherwise. */
const facts = (told: Partial<FateFacts> & { now: number[]; plan: number[] }): FateFacts => ({
  presence: Buffer.of(0b111), held: null, residual: Buffer.alloc(3), ownSeals: new Set(), onHold: false, ...told, dispositions: Buffer.from(told.now), outcome: Buffer.from(told.plan),
})

test.each([
  ['what waits for its destruction leaves both copies and is posted', facts({ now: [pending, pending, pending], plan: [destroyed, destroyed, destroyed] }), { act: 'erase', leaving: 3, ended: 0b111 }, { act: 'erase', leaving: 3 }],
  ['what is kept stays in the original and leaves the vault', facts({ now: [kept, kept, pending], plan: [kept, kept, destroyed] }), { act: 'erase', leaving: 3, ended: 0b100 }, { act: 'rewrite', keep: 0b011 }],
  ['what is sealed here stays in the vault and leaves the original', facts({ now: [sealed, sealed, pending], plan: [sealed, sealed, destroyed], ownSeals: new Set([0, 1]) }), { act: 'rewrite', keep: 0b011, ended: 0b100 }, { act: 'erase' }],
  ['what a custodian holds sealed leaves both', facts({ now: [sealed, sealed, sealed], plan: [sealed, sealed, sealed] }), { act: 'erase', ended: 0 }, { act: 'erase' }],
  ['the giver’s copy of what was transferred ends as planned', facts({ now: [transferred, transferred, transferred], plan: [transferred, transferred, transferred], residual: Buffer.of(residualCode.destroy, residualCode.seal, residualCode.keep) }), { act: 'rewrite', keep: 0b010 }, { act: 'rewrite', keep: 0b100 }],
  ['what still has to be transferred is left alone', facts({ now: [pending, pending, pending], plan: [transferred, destroyed, destroyed] }), { act: 'unsettled' }, { act: 'unsettled' }],
  ['what is on its way is left alone', facts({ now: [accountCode['in-transit'], pending, pending], plan: [transferred, destroyed, destroyed] }), { act: 'unsettled' }, { act: 'unsettled' }],
  ['what is to be anonymised is left alone', facts({ now: [pending, pending, pending], plan: [accountCode.anonymised, destroyed, destroyed] }), { act: 'unsettled' }, { act: 'unsettled' }],
  ['a hold stops everything', facts({ now: [pending, pending, pending], plan: [destroyed, destroyed, destroyed], onHold: true }), { act: 'unsettled' }, { act: 'unsettled' }],
  ['a value that stands elsewhere than the plan says is left alone', facts({ now: [kept, pending, pending], plan: [destroyed, destroyed, destroyed] }), { act: 'unsettled' }, { act: 'unsettled' }],
  ['a record without values goes too', { ...facts({ now: [0, 0, 0], plan: [0, 0, 0] }), presence: Buffer.of(0) }, { act: 'erase', leaving: 0 }, { act: 'erase', leaving: 0 }],
  ['but not under a hold', { ...facts({ now: [0, 0, 0], plan: [0, 0, 0], onHold: true }), presence: Buffer.of(0) }, { act: 'unsettled' }, { act: 'unsettled' }],
  ['what a copy gave up before is not counted again', facts({ now: [sealed, destroyed, destroyed], plan: [sealed, destroyed, destroyed], ownSeals: new Set([0]), held: Buffer.of(0b001) }), { act: 'nothing', staying: 1 }, { act: 'erase', leaving: 1 }],
])('%s', (_name, given, inVault, inOriginal) => {
  const plain = ({ keep, ended, ...rest }: ReturnType<typeof fateInVault>) => ({ ...rest, keep: keep[0], ended: ended[0] })
  expect(plain(fateInVault(given))).toMatchObject(inVault)
  expect(plain(fateInOriginal(given))).toMatchObject(inOriginal)
})
