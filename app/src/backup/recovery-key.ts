// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { ageRecipient, newAgeIdentity, ProofError } from '@handover/proof'
import type { Home } from '../home.ts'
import { writeDurable } from '../ledger/index.ts'
import { readPrivateFile, writePrivateFile } from '../matter/index.ts'
import { backupFailures } from './backup-failures.ts'

/** Where the home keeps for whom its backups are encrypted: public keys only. */
function recipientsFile(home: Home): string {
  return join(home.paths.objects, 'backup', 'recipients.txt')
}

/** 恢复密钥. Makes the key that opens this home's backups and writes it to a file that an age program can use; the home keeps the public part only. Refuses a place inside the home (RECOVERY_IN_HOME) and to overwrite. */
export async function makeRecoveryKey(home: Home, file: string): Promise<string> {
  const place = realpathSync(dirname(resolve(file)))
  const below = relative(realpathSync(home.path), place)
  if (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) throw backupFailures.RECOVERY_IN_HOME({ file })
  const identity = await newAgeIdentity()
  const recipient = await ageRecipient(identity)
  writePrivateFile(file, `# Handover 清交 backup recovery key 备份恢复密钥\n# public key: ${recipient}\n${identity}\n`)
  const known = knownRecipients(home)
  writeDurable(recipientsFile(home), Buffer.from(`${[...known, recipient].join('\n')}\n`), 0o600)
  return recipient
}

/** For whom this home's backups are encrypted. */
export function knownRecipients(home: Home): string[] {
  const file = recipientsFile(home)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
}

/** The secret part of a recovery key file; refuses one that is missing, readable by others, or without an age identity (RECOVERY_WRONG). */
export async function readRecoveryKey(file: string): Promise<string> {
  const identity = readPrivateFile(file).split('\n').map((line) => line.trim()).find((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (identity === undefined) throw backupFailures.RECOVERY_WRONG({ file })
  try {
    await ageRecipient(identity)
    return identity
  } catch (error) {
    if (error instanceof ProofError) throw backupFailures.RECOVERY_WRONG({ file }, { cause: error })
    throw error
  }
}
