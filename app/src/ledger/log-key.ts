// SPDX-License-Identifier: Apache-2.0
import { noteSigner, type NoteSigner } from '@handover/proof'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Queryable } from '../store/index.ts'
import { readIfThere, writeOnce } from './durable-file.ts'
import { lastEvent, type MatterScope } from './events.store.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'
import { lastCheckpoint, originOf } from './log.store.ts'

/**
 * The signer of the matter's log. The key is made at the first use. Refuses to make a second one
 * once anything was signed, and in a home that has booked nothing: the log is kept by the party that opened the matter.
 */
export async function logSigner(room: LedgerRoom, scope: MatterScope, db: Queryable = room.db): Promise<NoteSigner> {
  const origin = await originOf(db, scope)
  if (origin === undefined) throw ledgerFailures.LOG_MATTER_UNKNOWN({ matter: scope.matterId })
  const file = join(room.paths.keys, `log-${scope.matterId}.key`)
  const known = readIfThere(file)
  if (known !== null) return signerOf(origin, file, known)
  if ((await lastCheckpoint(db, scope, false)) !== undefined) throw ledgerFailures.LOG_KEY_MISSING({ file })
  if ((await lastEvent(db, scope)) === undefined) throw ledgerFailures.LOG_NOT_KEPT_HERE({ matter: scope.matterId })
  writeOnce(file, Buffer.from(`${randomBytes(32).toString('hex')}\n`), 0o600)
  return signerOf(origin, file, readIfThere(file) ?? Buffer.alloc(0))
}

function signerOf(name: string, file: string, content: Buffer): NoteSigner {
  const text = content.toString('latin1')
  if (!/^[0-9a-f]{64}\n$/.test(text)) throw ledgerFailures.LOG_KEY_MISSING({ file })
  return noteSigner({ name, seed: Buffer.from(text.trim(), 'hex') })
}
