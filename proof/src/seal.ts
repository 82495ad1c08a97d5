// SPDX-License-Identifier: Apache-2.0
import { ProofError, sha256, toHex } from './bytes.ts'
import { parseNote, signNote } from './note.ts'
import type { NoteSigner } from './note.ts'

/** One file under a seal. */
export type SealedFile = { name: string; sha256: string }

const TITLE = 'handover-seal/v1'

/** A signed note over names and digests of files: with it, every byte of a tar has a signer (bundle.sig, package.sig). */
export function sealFiles(files: readonly { name: string; bytes: Uint8Array }[], signers: readonly NoteSigner[]): string {
  const lines = files.map(({ name, bytes }) => `${toHex(sha256(bytes))} ${name}\n`)
  return signNote(`${TITLE}\n${lines.join('')}`, signers)
}

/** The files under a seal, in its order; refuses malformed lines. Signatures are checked by `openNote`. */
export function parseSeal(body: string): SealedFile[] {
  const [title, ...lines] = body.slice(0, -1).split('\n')
  if (title !== TITLE) throw new ProofError('BAD_SEAL', 'not a seal')
  return lines.map((line) => {
    const found = /^([0-9a-f]{64}) ([a-z0-9_./-]+)$/.exec(line)
    const [, digest, name] = found ?? []
    if (digest === undefined || name === undefined) throw new ProofError('BAD_SEAL', 'a line of the seal is malformed')
    return { name, sha256: digest }
  })
}

/** The files under a seal whose signatures nobody has looked at. */
export function unverifiedSeal(text: string): SealedFile[] {
  return parseSeal(parseNote(text).body)
}
