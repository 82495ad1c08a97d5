// SPDX-License-Identifier: Apache-2.0

/** What a hostile file must lead to: a refusal with one of these codes (`why` codes of `notRead` count too), or a reading with these rows a data set. Among several possible `rows`, -1 stands for no data set at all. `either`: both are right, as long as it is one of them. */
export interface Expected {
  codes?: readonly string[]
  rows?: readonly number[]
  /** Codes that must stand in `notRead` of a reading. */
  notRead?: readonly string[]
}

/** One hostile input (SECURITY.md P23): how it is made below a folder, and what scanning it must lead to. */
export interface HostileFile {
  kind: string
  /** Unique; part of the name of what is made. */
  name: string
  /** Makes it and returns the path to scan. */
  make(folder: string): string
  expect: Expected
  /** Takes seconds or hundreds of megabytes: only in the full run. */
  isHeavy?: boolean
}

/** A value that stands in every hostile file; no refusal may repeat it. */
export const secret = '机密值7391'

/** Numbers from 0 to 1 that repeat with the seed (mulberry32). */
export function draws(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
