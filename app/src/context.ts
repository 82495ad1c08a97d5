// SPDX-License-Identifier: Apache-2.0
import type { IdSource } from './kit/ids.ts'
import type { Day, Instant } from './kit/time.ts'
import type { Database } from './store/database.ts'
import type { Home } from './home.ts'
import type { PartySigner } from './matter/party-keys.ts'
import type { Vault } from './vault/index.ts'
import type { Ledger } from './ledger/index.ts'

/** Everything a command needs from the world, as one plain object; the one place where real things are plugged in is `open-context.ts`. */
export interface Context {
  home: Home
  tenant: string
  db: Database
  /** Keys, ciphertext and the one door to plaintext. */
  vault: Vault
  /** Events, books and the transparency log. */
  ledger: Ledger
  /** The party's own signing key. */
  signer: PartySigner
  ids: IdSource
  /** The legal clock: real time, or in a demo home the declared time that is printed on every document. */
  now(): Instant
  today(): Day
  /** Progress of long work; a door shows it with rate and ETA. */
  progress(label: { zh: string; en: string }, done: number, total: number | null): void
  close(): Promise<void>
}
