// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fromBase64Strict, noteSigner, toBase64, type NoteSigner } from '@handover/proof'
import { z } from 'zod'
import { matterFailures } from './matter-failures.ts'

const keyFile = z.strictObject({ format: z.literal('handover-signing-key/v1'), name: z.string().min(1), seed: z.string() })

/** Makes a new Ed25519 signing key under this name and keeps it in a file for its owner only; refuses to overwrite. */
export function makeSigningKey(file: string, name: string): NoteSigner {
  const seed = randomBytes(32)
  writePrivateFile(file, `${JSON.stringify({ format: 'handover-signing-key/v1', name, seed: toBase64(seed) })}\n`)
  return noteSigner({ name, seed })
}

/** The signing key of a file; refuses a missing or malformed one, and one that other users can read. */
export function readSigningKey(file: string): NoteSigner {
  const read = keyFile.safeParse(parseJson(readPrivateFile(file)))
  if (!read.success) throw matterFailures.SIGNING_KEY_DAMAGED({ file })
  try {
    return noteSigner({ name: read.data.name, seed: fromBase64Strict(read.data.seed) })
  } catch (error) {
    throw matterFailures.SIGNING_KEY_DAMAGED({ file }, { cause: error })
  }
}

/** The text of a secret file; refuses a missing one, and one that other users can read. */
export function readPrivateFile(file: string): string {
  if (!existsSync(file)) throw matterFailures.SIGNING_KEY_MISSING({ file })
  // Windows has no such bits; there the home's own access list protects the file.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) throw matterFailures.SIGNING_KEY_OPEN({ file })
  return readFileSync(file, 'utf8')
}

/** Writes a secret file of mode 0600 that is whole or not there at all; refuses to overwrite. */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`
  rmSync(temporary, { force: true })
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(temporary, file) // unlike a rename, a link never replaces a file
  } catch (error) {
    if (existsSync(file)) throw matterFailures.SIGNING_KEY_EXISTS({ file }, { cause: error })
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  syncDirectory(dirname(file))
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
