// SPDX-License-Identifier: Apache-2.0
import type { MatterType } from './nouns.ts'

/** 处理者是否变更. Rule A01: whether the handler of a record changes by this type of matter (PIPL 22, 23, 73(1); 民法典 67). `stays` = the record belongs to the part that is not in the deal: the absorber's own customers, the survivor's customers, a branch that is not sold. */
export function handlerChanges(matterType: MatterType, record: { stays: boolean }): boolean {
  switch (handlerChangeByType[matterType]) {
    case 'never':
      return false
    case 'unless-it-stays':
      return !record.stays
    case 'always':
      return true
  }
}

/** A01 as a table: types in which no, some or every record gets another handler. */
export const handlerChangeByType = {
  'share-transfer': 'never', // the company is the same handler
  reorganisation: 'never', // court reorganisation in which the company survives; a business sold out of it is an asset transfer
  'stop-product': 'never',
  'merger-absorb': 'unless-it-stays', // the absorber's own customers
  'split-survive': 'unless-it-stays', // customers who stay with the survivor
  'asset-transfer': 'unless-it-stays', // S04: a branch that is not sold
  'data-only': 'unless-it-stays',
  'merger-new': 'always',
  'split-new': 'always',
  dissolution: 'always',
  bankruptcy: 'always',
} as const satisfies Record<MatterType, 'never' | 'unless-it-stays' | 'always'>

/** Whether the transferor usually goes on existing after a matter of this type (law register §10.2, S01–S05); a matter may say otherwise, e.g. an asset sale before dissolution. */
export function transferorSurvives(matterType: MatterType): boolean {
  return survivors.includes(matterType)
}

const survivors: readonly MatterType[] = ['share-transfer', 'reorganisation', 'stop-product', 'split-survive', 'asset-transfer', 'data-only']
