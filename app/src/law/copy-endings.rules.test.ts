// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { copyEnding, type CopyFacts, type CopyMatter } from './copy-endings.rules.ts'
import { caseOf, voucher } from './decide.cases.ts'
import { decide } from './decide.rules.ts'
import { residualRows } from './law-data.ts'
import { cautiousPositions } from './legal-positions.ts'

const sale: CopyMatter = { type: 'asset-transfer', transferorSurvives: true }
const original: CopyFacts = { kind: 'original', holder: 'transferor', handedOver: true }
const rule = (copy: Partial<CopyFacts>, matter: CopyMatter = sale) => copyEnding({ ...original, ...copy }, matter)?.rule ?? null
const residual = (facts: Parameters<typeof caseOf>) => decide(caseOf(...facts), cautiousPositions).residual?.rule

describe('what becomes of a copy', () => {
  const cases: { row: string; says: string; found: () => string | null | undefined }[] = [
    { row: 'S01', says: 'the copies of a giver that ends in a merger are the successor’s', found: () => rule({}, { type: 'merger-new', transferorSurvives: false }) },
    { row: 'S02', says: 'a surviving giver seals what a law orders to keep', found: () => residual(['asset-transfer', { retention: voucher }]) },
    { row: 'S03', says: 'a surviving giver destroys the rest after acceptance', found: () => rule({ kind: 'backup' }) },
    { row: 'S04', says: 'a giver that goes on serving a customer keeps what that contract needs', found: () => residual(['asset-transfer', { transferorGoesOnServing: true }]) },
    { row: 'S05', says: 'at the end of a company the custodian takes what must be kept', found: () => rule({ kind: 'vault', handedOver: false }, { type: 'bankruptcy', transferorSurvives: false }) },
    { row: 'S06', says: 'what was shown in a data room or exported to an adviser comes back or ends', found: () => rule({ kind: 'room', holder: 'advisor', handedOver: false }) },
    { row: 'S07', says: 'a processor keeps nothing', found: () => rule({ kind: 'processor', holder: null, handedOver: false }) },
  ]

  it.each(cases)('$row: $says', ({ row, found }) => {
    expect(found()).toBe(row)
  })

  it('has a case for every row of the register', () => {
    expect(cases.map(({ row }) => row)).toEqual(residualRows.map(({ id }) => id))
  })

  it('asks nothing of the recipient’s own copy, nor of the giver’s before anything was handed over', () => {
    expect([rule({ kind: 'transferee', holder: 'transferee' }), rule({ handedOver: false })]).toEqual([null, null])
  })

  it('tells an export at the giver from one at an adviser', () => {
    expect([rule({ kind: 'export', holder: 'transferor' }), rule({ kind: 'export', holder: 'advisor' }), rule({ kind: 'export', holder: null })]).toEqual(['S03', 'S06', 'S06'])
  })

  it('names law and mark', () => {
    expect(copyEnding({ ...original, kind: 'processor' }, sale)).toMatchObject({ law: 'PIPL 21(2)', conf: 'P' })
  })
})
