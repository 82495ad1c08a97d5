// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../kit/time.ts'
import type { Database } from '../store/index.ts'

/** Points between two durable writes of the log, in order; a test stops the program at each (CONTRACTS §6, order of writes). */
export const logPoints = [
  'token-taken', 'recovered', 'sequenced', 'tile-written', 'tiles-written', 'checkpoint-signed', 'witness-asked', 'cosigned-stored', 'checkpoint-published', 'publishing-noted', 'imported',
] as const
export type LogPoint = (typeof logPoints)[number]

/** What the ledger needs from the world. */
export interface LedgerRoom {
  db: Database
  tenant: string
  /** `objects`: tiles, checkpoints and policies; `keys`: the log keys, each file for the owner only. */
  paths: { objects: string; keys: string }
  /** The legal clock that dates events. Checkpoints and witnesses keep real time. */
  now(): Instant
  /** The log is published on multiples of this many milliseconds of real time, so that outsiders cannot tell when an event happened. */
  tickMs: number
  /** How long one witness may take to answer. */
  witnessTimeoutMs: number
  /** How long to wait for another process that publishes the same log. */
  busyTimeoutMs: number
  /** Called between two durable writes. */
  at(point: LogPoint): void
}
