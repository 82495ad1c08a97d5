// SPDX-License-Identifier: Apache-2.0
import { accountCode } from '../../law/index.ts'
import { residualCode } from '../hand-over/index.ts'
import { isSet } from './row-fate.rules.ts'

/** What the books and the approved plan say of one record. */
export interface FateFacts {
  /** One bit a field: which fields have a value. */
  presence: Uint8Array
  /** One byte a field: the account in which the value stands now. */
  dispositions: Uint8Array
  /** One bit a field: values that this copy still holds; null = all that are present. */
  held: Uint8Array | null
  /** One byte a field: where the approved plan ends it; null when the plan does not know the record. */
  outcome: Uint8Array | null
  /** One byte a field: what becomes of the giver's copy of a transferred value. */
  residual: Uint8Array | null
  /** Fields that the plan seals in the transferor's own custody. */
  ownSeals: ReadonlySet<number>
  onHold: boolean
}

/** 记录的结局. `unsettled` records are left alone until every value stands where it ends. */
export interface Fate {
  act: 'unsettled' | 'nothing' | 'erase' | 'rewrite'
  /** Fields that stay in this copy, one bit a field. */
  keep: Buffer
  /** Fields to be posted pending→destroyed. */
  ended: Buffer
  /** Values that leave this copy. */
  leaving: number
  /** Values that stay in this copy. */
  staying: number
}

/** What becomes of the vault's copy: only what the transferor must hold sealed stays (个人信息保护法 第四十七条第二款; CONTRACTS §9). */
export function fateInVault(facts: FateFacts): Fate {
  const stays = (position: number): boolean => {
    const account = facts.dispositions[position]
    if (account === accountCode.sealed) return facts.ownSeals.has(position)
    return account === accountCode.transferred && facts.residual?.[position] === residualCode.seal
  }
  return fateOf(facts, stays)
}

/** What becomes of the original: only what the transferor goes on using stays; what is sealed stands in the vault alone (CONTRACTS §9). */
export function fateInOriginal(facts: FateFacts): Fate {
  const stays = (position: number): boolean => {
    const account = facts.dispositions[position]
    return account === accountCode.kept || (account === accountCode.transferred && facts.residual?.[position] === residualCode.keep)
  }
  return fateOf(facts, stays)
}

function fateOf(facts: FateFacts, stays: (position: number) => boolean): Fate {
  const held = facts.held ?? facts.presence
  const bytes = facts.presence.length
  const keep = Buffer.alloc(bytes)
  const ended = Buffer.alloc(bytes)
  let leaving = 0
  let staying = 0
  for (const position of facts.dispositions.keys()) {
    if (!isSet(facts.presence, position)) continue
    if (!isSettled(facts, position)) return { act: 'unsettled', keep: Buffer.from(facts.presence), ended: Buffer.alloc(bytes), leaving: 0, staying: 0 }
    if (facts.dispositions[position] === accountCode.pending) set(ended, position)
    if (!isSet(held, position)) continue
    if (stays(position)) {
      set(keep, position)
      staying += 1
    } else leaving += 1
  }
  return { act: actOf(facts, leaving, staying), keep, ended, leaving, staying }
}

/** A record without any value still has a key or a row; one that this copy gave up before has nothing left to do. */
function actOf({ held, onHold, outcome }: FateFacts, leaving: number, staying: number): Fate['act'] {
  if (staying > 0) return leaving === 0 ? 'nothing' : 'rewrite'
  if (held !== null && leaving === 0) return 'nothing'
  return onHold || outcome === null ? 'unsettled' : 'erase'
}

/** A value is settled when it stands where the approved plan ends it, or waits for nothing but its destruction; nothing under a hold is (民事诉讼法: evidence). */
function isSettled({ dispositions, outcome, onHold }: FateFacts, position: number): boolean {
  if (onHold || outcome === null) return false
  const account = dispositions[position]
  if (account === accountCode.destroyed) return true
  if (account === accountCode.pending) return outcome[position] === accountCode.destroyed
  return account === outcome[position] && account !== accountCode['in-transit']
}

function set(bitmap: Buffer, position: number): void {
  bitmap[position >> 3] = (bitmap[position >> 3] ?? 0) | (1 << (position & 7))
}
