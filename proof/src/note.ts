// SPDX-License-Identifier: Apache-2.0
import { concat, equalBytes, fromBase64Strict, fromHex, ProofError, sha256, toBase64, toHex, utf8 } from './bytes.ts'
import { ed25519Signer, isEd25519Signature, refuseWeakKey } from './ed25519.ts'

/** Type byte of a plain Ed25519 note signature. */
export const NOTE_ED25519 = 0x01
/** Type byte of a timestamped Ed25519 cosignature. */
export const NOTE_COSIGNATURE = 0x04

/** A key that a verifier knows by name (FORMATS §1). */
export type Vkey = { name: string; keyId: Uint8Array; type: number; publicKey: Uint8Array; text: string }
/** One signature line of a note; `bytes` is what follows the key id. */
export type NoteLine = { name: string; keyId: Uint8Array; bytes: Uint8Array; text: string }
/** A note before anybody looked at its signatures. */
export type Note = { body: string; lines: NoteLine[] }
/** One who signs notes and statements with one Ed25519 key. */
export type NoteSigner = { vkey: Vkey; sign: (bytes: Uint8Array) => Uint8Array }

const NOTE_CHARACTERS_MAX = 256 * 1024
const NOTE_LINES_MAX = 64

/** The verifier key of a name, type and raw public key (FORMATS §1); refuses bad names and weak keys. */
export function makeVkey(name: string, type: number, publicKey: Uint8Array): Vkey {
  if (name === '' || /[\s+\p{Cc}]/u.test(name)) throw new ProofError('BAD_VKEY', 'a key name is empty or has a space, a plus or a control character')
  refuseWeakKey(publicKey)
  const typed = concat(Uint8Array.of(type), publicKey)
  const keyId = sha256(utf8(`${name}\n`), typed).subarray(0, 4)
  return { name, keyId, type, publicKey, text: `${name}+${toHex(keyId)}+${toBase64(typed)}` }
}

/** The text of a verifier key: name+id+base64 (FORMATS §1). */
export function vkeyText(name: string, type: number, publicKey: Uint8Array): string {
  return makeVkey(name, type, publicKey).text
}

/** The verifier key of its text; recomputes the id and refuses another, unknown types and weak keys. */
export function parseVkey(text: string): Vkey {
  const [name, id, material, ...more] = splitAtPlus(text)
  if (name === undefined || id === undefined || material === undefined || more.length > 0) throw new ProofError('BAD_VKEY', 'a verifier key has three parts')
  const typed = fromBase64Strict(material)
  const type = typed[0]
  if (type !== NOTE_ED25519 && type !== NOTE_COSIGNATURE) throw new ProofError('BAD_VKEY', 'the key type is not known here')
  const vkey = makeVkey(name, type, typed.subarray(1))
  if (!equalBytes(vkey.keyId, fromHex(id))) throw new ProofError('BAD_VKEY', 'the key id does not belong to this name and key')
  return vkey
}

/** One who signs with the key of a 32-byte seed under a name. */
export function noteSigner(from: { name: string; seed: Uint8Array }): NoteSigner {
  const key = ed25519Signer(from.seed)
  return { vkey: makeVkey(from.name, NOTE_ED25519, key.publicKey), sign: key.sign }
}

/** A note signed by all signers (FORMATS §1); refuses a body that is not one. */
export function signNote(body: string, signers: readonly NoteSigner[]): string {
  refuseBadBody(body)
  if (signers.length === 0) throw new ProofError('BAD_NOTE', 'a note needs a signer')
  return `${body}\n${signers.map(({ vkey, sign }) => noteLine(vkey, sign(utf8(body)))).join('')}`
}

/** One signature line with its line feed. */
export function noteLine(vkey: Vkey, signature: Uint8Array): string {
  return `— ${vkey.name} ${toBase64(concat(vkey.keyId, signature))}\n`
}

/** The parts of a note; refuses malformed bodies and lines, and what is unreasonably large. No signature is checked. */
export function parseNote(text: string): Note {
  const at = text.lastIndexOf('\n\n')
  if (at < 0 || text.length > NOTE_CHARACTERS_MAX) throw new ProofError('BAD_NOTE', 'a note has a body, an empty line and signatures')
  const body = text.slice(0, at + 1)
  refuseBadBody(body)
  return { body, lines: parseNoteLines(text.slice(at + 2)) }
}

/** Signature lines, each ended by a line feed; refuses anything else. */
export function parseNoteLines(text: string): NoteLine[] {
  if (!text.endsWith('\n')) throw new ProofError('BAD_NOTE', 'the last signature line does not end')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > NOTE_LINES_MAX) throw new ProofError('BAD_NOTE', 'too many signature lines')
  return lines.map(parseNoteLine)
}

/** Body and the keys that signed it. Refuses a wrong signature by a known key, and a note that no known key signed. */
export function openNote(text: string, known: readonly Vkey[]): { body: string; verifiedBy: Vkey[]; lines: NoteLine[] } {
  const { body, lines } = parseNote(text)
  const message = utf8(body)
  const verifiedBy: Vkey[] = []
  for (const line of lines) {
    const vkey = known.find((key) => key.type === NOTE_ED25519 && isLineOf(line, key))
    if (vkey === undefined) continue
    if (!isEd25519Signature(vkey.publicKey, message, line.bytes)) throw new ProofError('BAD_SIGNATURE', 'a signature by a known key is wrong')
    if (!verifiedBy.includes(vkey)) verifiedBy.push(vkey)
  }
  if (verifiedBy.length === 0) throw new ProofError('NO_KNOWN_SIGNATURE', 'no known key signed this note')
  return { body, verifiedBy, lines }
}

/** Whether a line names this key. */
export function isLineOf(line: NoteLine, vkey: Vkey): boolean {
  return line.name === vkey.name && equalBytes(line.keyId, vkey.keyId)
}

function parseNoteLine(text: string): NoteLine {
  const found = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(text)
  const [, name, encoded] = found ?? []
  if (name === undefined || encoded === undefined) throw new ProofError('BAD_NOTE', 'a signature line is malformed')
  const bytes = fromBase64Strict(encoded)
  if (bytes.length < 5) throw new ProofError('BAD_NOTE', 'a signature is too short')
  return { name, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4), text: `${text}\n` }
}

function refuseBadBody(body: string): void {
  if (!body.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(body)) throw new ProofError('BAD_NOTE', 'a note body ends with a line feed and has no other control characters')
  utf8(body)
}

/** A vkey's base64 part may contain "+", its name and id may not. */
function splitAtPlus(text: string): string[] {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  return first < 0 || second < 0 ? [] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
}
