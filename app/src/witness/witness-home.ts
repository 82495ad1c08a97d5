// SPDX-License-Identifier: Apache-2.0
import { cosigner, equivocationText, NOTE_ED25519, parseVkey, ProofError, sha256, toHex, utf8, type Cosigner, type Vkey } from '@handover/proof'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeDurable, writeOnce } from '../ledger/index.ts'
import type { WitnessRoom } from './add-checkpoint.ts'
import { witnessFailures } from './witness-failures.ts'
import { openWitnessMemory } from './witness-memory.store.ts'

/** A witness that was opened from its directory. */
export interface OpenWitness extends WitnessRoom {
  name: string
  close(): void
}

const keyFile = z.strictObject({ name: z.string().min(1), seed: z.string().regex(/^[0-9a-f]{64}$/) })

/** The folder of a witness inside a home; it needs nothing else of the home, no matter and no database. */
export function witnessFolder(home: string): string {
  return join(home, 'witness')
}

/**
 * Opens the witness of a home, or makes it at the first run, for which it needs a name. Refuses another name than the first, a damaged key,
 * and a witness that has lost its memory (then it might vouch for a log that was rolled back).
 */
export function openWitness(home: string, name: string | null): OpenWitness {
  const folder = witnessFolder(home)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const isNew = !existsSync(join(folder, 'witness.key'))
  const memoryFile = join(folder, 'memory.sqlite')
  if (!isNew && !existsSync(memoryFile)) throw witnessFailures.WITNESS_STATE_MISSING({ file: memoryFile })
  const memory = openWitnessMemory(memoryFile)
  try {
    // The memory comes first, so that a crash between the two leaves no key without one.
    const signer = witnessSigner(folder, name)
    return {
      name: signer.vkey.name, cosigner: signer, memory,
      logs: () => watchedLogs(home),
      seconds: () => Math.floor(Date.now() / 1000),
      keepEquivocation: (proof) => keepEquivocation(folder, proof),
      close: () => memory.close(),
    }
  } catch (error) {
    memory.close()
    throw error
  }
}

/** The public key (hexadecimal) of the witness that lives in a home, or null: such a witness never counts for that home's own matters. */
export function witnessKeyOf(home: string): string | null {
  const file = join(witnessFolder(home), 'witness.key')
  return existsSync(file) ? toHex(readKey(file).vkey.publicKey) : null
}

/** The logs that the witness of a home watches. */
export function watchedLogs(home: string): Vkey[] {
  const text = readIfThere(join(witnessFolder(home), 'logs.txt'))?.toString('utf8') ?? ''
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map(logKey)
}

/** Lets the witness watch a log; a running witness takes it up at once. Returns whether it was new; refuses a malformed key and a second key under one name. */
export function watchLog(home: string, vkeyText: string): boolean {
  const vkey = logKey(vkeyText)
  const known = watchedLogs(home)
  const sameName = known.find((log) => log.name === vkey.name)
  if (sameName?.text === vkey.text) return false
  if (sameName !== undefined) throw witnessFailures.BAD_LOG_KEY({ vkey: vkey.name, why: 'another key is known under this name' })
  writeDurable(join(witnessFolder(home), 'logs.txt'), utf8(`${[...known, vkey].map((log) => log.text).join('\n')}\n`), 0o600)
  return true
}

function logKey(text: string): Vkey {
  try {
    const vkey = parseVkey(text)
    if (vkey.type !== NOTE_ED25519) throw new ProofError('BAD_VKEY', 'not the key of a log')
    return vkey
  } catch (error) {
    if (error instanceof ProofError) throw witnessFailures.BAD_LOG_KEY({ vkey: text.slice(0, 60), why: error.message }, { cause: error })
    throw error
  }
}

function witnessSigner(folder: string, name: string | null): Cosigner {
  const file = join(folder, 'witness.key')
  if (!existsSync(file)) {
    if (name === null) throw witnessFailures.WITNESS_NAME_MISSING()
    // Two first starts at once: one key wins, and both use it.
    writeOnce(file, utf8(`${JSON.stringify({ name, seed: randomBytes(32).toString('hex') })}\n`), 0o600)
  }
  const signer = readKey(file)
  if (name !== null && signer.vkey.name !== name) throw witnessFailures.WITNESS_NAME_OTHER({ known: signer.vkey.name, given: name })
  return signer
}

function readKey(file: string): Cosigner {
  try {
    const { name, seed } = keyFile.parse(JSON.parse(readIfThere(file)?.toString('utf8') ?? ''))
    return cosigner({ name, seed: Buffer.from(seed, 'hex') })
  } catch (error) {
    throw witnessFailures.WITNESS_KEY_DAMAGED({ file }, { cause: error })
  }
}

function keepEquivocation(folder: string, proof: { log: Vkey; size: bigint; first: string; second: string }): void {
  const digest = toHex(sha256(utf8(proof.second))).slice(0, 16)
  const file = join(folder, 'equivocation', `${toHex(sha256(utf8(proof.log.name))).slice(0, 16)}-${proof.size}-${digest}.txt`)
  if (!existsSync(file)) writeDurable(file, utf8(equivocationText(proof.log, proof.first, proof.second)), 0o600)
}
