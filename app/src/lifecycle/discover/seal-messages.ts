// SPDX-License-Identifier: Apache-2.0
// What the sealing thread and its parent say to each other.
import { KeyObject } from 'node:crypto'
import type { SealingKeys } from '../../vault/index.ts'
import type { SealedRows, SealOrder } from './seal-rows.ts'

/** To the thread. */
export type SealQuestion = { say: 'seal'; number: number; order: SealOrder } | { say: 'end' }
/** From the thread. */
export type SealAnswer = { say: 'sealed'; number: number; sealed: SealedRows } | { say: 'bug'; number: number; kind: string }

/** Memory that is handed over instead of copied. Only memory of its own may go: a small Buffer may share a pool with others. */
export function ownMemory(views: readonly Uint8Array[]): ArrayBuffer[] {
  return [...new Set(views.map((view) => view.buffer))].filter((memory) => memory instanceof ArrayBuffer)
}

/** A thread receives plain arrays where Buffers were sent. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Whether a thread was given the keys of a matter. */
export function isSealingKeys(given: unknown): given is SealingKeys {
  return typeof given === 'object' && given !== null && 'tenant' in given && 'matterId' in given && 'ids' in given && given.ids instanceof KeyObject && 'blind' in given && given.blind instanceof KeyObject
}
