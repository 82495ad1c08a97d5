// SPDX-License-Identifier: Apache-2.0
import type { LookedAt } from './node-crypto.ts'

/** What the browser's own cryptography says of the signatures that were checked. */
export type SecondLook = { kind: 'agrees'; signatures: number } | { kind: 'disagrees' } | { kind: 'missing' }

/** Checks every signature once more with WebCrypto where it knows Ed25519 (Chrome 137, Firefox 129, Safari 17 and later); a browser without it leaves one implementation. */
export async function lookAgain(signatures: readonly LookedAt[]): Promise<SecondLook> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined || !(await knowsEd25519(subtle))) return { kind: 'missing' }
  for (const { publicKey, message, signature, isValid } of signatures) {
    if ((await isSignature(subtle, { publicKey, message, signature })) !== isValid) return { kind: 'disagrees' }
  }
  return { kind: 'agrees', signatures: signatures.length }
}

/** RFC 8032 §7.1, test 1: the signature over nothing. */
const KNOWN = {
  publicKey: hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
  message: new Uint8Array(0),
  signature: hex('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'),
}

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
  return isSignature(subtle, KNOWN)
}

async function isSignature(subtle: SubtleCrypto, { publicKey, message, signature }: Omit<LookedAt, 'isValid'>): Promise<boolean> {
  try {
    const key = await subtle.importKey('raw', Uint8Array.from(publicKey), { name: 'Ed25519' }, false, ['verify'])
    return await subtle.verify({ name: 'Ed25519' }, key, Uint8Array.from(signature), Uint8Array.from(message))
  } catch {
    return false
  }
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
