// SPDX-License-Identifier: Apache-2.0
import type { Database } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { lockTurn } from './key-store.store.ts'

/** Holds the matter's turn lock while working: one turn, creation or change of key-encryption key at a time, over all processes. A killed process loses the lock with its connection. */
export async function underTurnLock<T>(room: KeyRoom, matterId: string, work: (scope: KeyScope) => Promise<T>): Promise<T> {
  return oneAtATime(room.keys, async () => {
    const scope = scopeOf(room, matterId)
    return room.keys.transaction(async (guard) => {
      await lockTurn(guard, scope)
      return work(scope)
    })
  })
}

const queues = new WeakMap<Database, Promise<unknown>>()

/** Within this process the holders queue here: each needs a second connection while it holds the lock, and a pool has few. */
async function oneAtATime<T>(keys: Database, work: () => Promise<T>): Promise<T> {
  const before = queues.get(keys) ?? Promise.resolve()
  const mine = before.then(work, work)
  queues.set(keys, mine.catch(() => undefined)) // the caller gets the error; the next in the queue must not
  return mine
}
