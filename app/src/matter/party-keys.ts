// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ageRecipient, newAgeIdentity, type NoteSigner, type Vkey } from '@handover/proof'
import type { Home } from '../home.ts'
import { matterFailures } from './matter-failures.ts'
import { makeSigningKey, readPrivateFile, readSigningKey, writePrivateFile } from './signing-key-file.ts'

/** 本方密钥. The party's own keys: it signs statements and packages with one, and opens packages with the other; both stay in its home (CONTRACTS §11). */
export interface PartySigner {
  /** The public signing key; its name is the party id. */
  vkey: Vkey
  noteSigner: NoteSigner
  /** `AGE-SECRET-KEY-1…`: opens what is packed for this party. */
  ageIdentity: string
  /** `age1…`: given to those who pack for this party. */
  ageRecipient: string
}

/** Where the party's keys lie; `party.age` is an ordinary age identity file, so that `age -d -i` opens a segment. */
export function partyKeyFiles(home: Home): { signing: string; age: string } {
  return { signing: join(home.paths.keys, 'party-signing.key'), age: join(home.paths.keys, 'party.age') }
}

/** Whether the home has party keys already. */
export function hasPartyKeys(home: Home): boolean {
  return Object.values(partyKeyFiles(home)).every((file) => existsSync(file))
}

/** Makes the keys that are not there yet, the signing key under this party id; an interrupted first run is completed. */
export async function createPartyKeys(home: Home, partyId: string): Promise<PartySigner> {
  const files = partyKeyFiles(home)
  if (!existsSync(files.signing)) makeSigningKey(files.signing, partyId)
  if (!existsSync(files.age)) {
    const identity = await newAgeIdentity()
    writePrivateFile(files.age, `# public key: ${await ageRecipient(identity)}\n${identity}\n`)
  }
  return openPartyKeys(home)
}

/** The party's keys; refuses a home without them and files that other users can read. */
export async function openPartyKeys(home: Home): Promise<PartySigner> {
  const files = partyKeyFiles(home)
  for (const file of Object.values(files)) if (!existsSync(file)) throw matterFailures.PARTY_KEYS_MISSING({ home: home.path, file })
  const noteSigner = readSigningKey(files.signing)
  const ageIdentity = readPrivateFile(files.age).split('\n').map((line) => line.trim()).find((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (ageIdentity === undefined) throw matterFailures.SIGNING_KEY_DAMAGED({ file: files.age })
  return { vkey: noteSigner.vkey, noteSigner, ageIdentity, ageRecipient: await ageRecipient(ageIdentity) }
}
