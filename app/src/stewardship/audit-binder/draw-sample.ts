// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'

/** 抽样. The events with the lowest HMAC-SHA256(seed, number): random, without replacement, the same for the same seed whoever draws; in the order of the ledger. */
export function drawSample(seed: string, candidates: readonly number[], wanted: number): number[] {
  const key = Buffer.from(seed, 'hex')
  const ranked = candidates.map((seq) => ({ seq, rank: createHmac('sha256', key).update(`handover-audit-sample/${seq}`).digest('hex') }))
  return ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, wanted).map(({ seq }) => seq).toSorted((a, b) => a - b)
}
