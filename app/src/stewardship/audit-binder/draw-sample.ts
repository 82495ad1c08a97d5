// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'

/** 抽样过程. A draw that is offered candidates one by one and keeps no more than the sample needs, however long the ledger is. */
export interface SampleDraw {
  offer: (seq: number) => void
  /** The drawn events in the order of the ledger. */
  seqs: () => number[]
}

/** 抽样. The events with the lowest HMAC-SHA256(seed, number): random, without replacement, the same for the same seed whoever draws. */
export function newDraw(seed: string, wanted: number): SampleDraw {
  const key = Buffer.from(seed, 'hex')
  let lowest: { seq: number; rank: string }[] = []
  const cut = (): void => {
    lowest = lowest.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, wanted)
  }
  return {
    offer: (seq) => {
      lowest.push({ seq, rank: createHmac('sha256', key).update(`handover-audit-sample/${seq}`).digest('hex') })
      if (lowest.length >= 2 * wanted + 1000) cut()
    },
    seqs: () => {
      cut()
      return lowest.map(({ seq }) => seq).toSorted((a, b) => a - b)
    },
  }
}

/** The same of a list: what anybody can draw again from the seed on the report. */
export function drawSample(seed: string, candidates: readonly number[], wanted: number): number[] {
  const draw = newDraw(seed, wanted)
  for (const seq of candidates) draw.offer(seq)
  return draw.seqs()
}
