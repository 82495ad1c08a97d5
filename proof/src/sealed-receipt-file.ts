// SPDX-License-Identifier: Apache-2.0
import { concat, decodeUtf8Strict, fromBase64Strict, ProofError, toBase64, utf8 } from './bytes.ts'
import { canonicalJson, parseCanonicalJson } from './jcs.ts'
import { secretOfCode } from './receipt-code.ts'
import { isText, objectOf, oneOf, readShape } from './shape.ts'

const format = 'handover-sealed-receipt/v1'
const isSealedReceipt = objectOf({ format: oneOf(format), nonce: isText, sealed: isText })
/** Files have few sizes, so that one does not tell how many records it speaks of. */
const paddingBytes = 4096
const nonceBytes = 12

/** 封存回执文件. A receipt that only the holder of its code can open, so that it may travel by any way: the receipt's JCS, padded with spaces, under AES-256-GCM with a key from the receipt secret (CONTRACTS §9). Refuses a secret that is not 16 bytes. */
export async function sealReceiptFile(receipt: string, secret: Uint8Array): Promise<string> {
  const text = utf8(receipt)
  const plain = concat(text, new Uint8Array(paddingBytes - (text.length % paddingBytes)).fill(0x20))
  const nonce = globalThis.crypto.getRandomValues(new Uint8Array(nonceBytes))
  const sealed = await globalThis.crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: own(utf8(format)) }, await keyOf(secret), own(plain))
  return canonicalJson({ format, nonce: toBase64(nonce), sealed: toBase64(new Uint8Array(sealed)) })
}

/** Whether a text says that it is a sealed receipt. */
export function isSealedReceiptFile(text: string): boolean {
  return text.startsWith('{"format":"handover-sealed-receipt/')
}

/** Opens a sealed receipt with the code as it was typed; its content is then verified like any receipt. Refuses a code that was mistyped (BAD_CODE), another code or a changed file (NOT_OPENED), and a file of another form. */
export async function openSealedReceipt(text: string, code: string): Promise<string> {
  const file = readShape(isSealedReceipt, parseCanonicalJson(text.replace(/\n$/, '')), 'a sealed receipt')
  const secret = secretOfCode(code)
  if (secret === null) throw new ProofError('BAD_CODE', 'a letter of the receipt code is wrong or missing')
  if (globalThis.crypto.subtle === undefined) throw new ProofError('NO_WEBCRYPTO', 'this browser cannot decrypt; open the file in another one')
  const key = await keyOf(secret)
  try {
    const plain = await globalThis.crypto.subtle.decrypt({ name: 'AES-GCM', iv: own(fromBase64Strict(file.nonce)), additionalData: own(utf8(format)) }, key, own(fromBase64Strict(file.sealed)))
    return decodeUtf8Strict(new Uint8Array(plain)).replace(/ +$/, '')
  } catch {
    throw new ProofError('NOT_OPENED', 'this code does not open the file, or the file was changed')
  }
}

async function keyOf(secret: Uint8Array): ReturnType<typeof globalThis.crypto.subtle.deriveKey> {
  if (secret.length !== 16) throw new ProofError('BAD_CODE', 'a receipt secret has 16 bytes')
  const base = await globalThis.crypto.subtle.importKey('raw', own(secret), 'HKDF', false, ['deriveKey'])
  return globalThis.crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: own(utf8('handover/v1/receipt/file')) }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** A copy with memory of its own, as WebCrypto wants it. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
