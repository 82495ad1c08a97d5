// SPDX-License-Identifier: Apache-2.0

/** Crockford's alphabet: no I, L, O, U, so that a code survives being read aloud and typed. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const secretBytes = 16
const bodyLetters = 26

/** 回执码. The code for a receipt secret of 16 bytes: 26 letters and digits and a check, in groups of five. Refuses another length. */
export function codeOfSecret(secret: Uint8Array): string {
  if (secret.length !== secretBytes) throw new RangeError('a receipt secret has 16 bytes')
  let rest = secret.reduce((number, byte) => number * 256n + BigInt(byte), 0n)
  let body = ''
  for (let at = 0; at < bodyLetters; at++) {
    body = letters.charAt(Number(rest % 32n)) + body
    rest /= 32n
  }
  const code = body + checkLetter(body)
  return (code.match(/.{1,5}/g) ?? []).join('-')
}

/** The secret of a code as it was typed: spaces, hyphens and case do not matter, I and L are read as 1, O as 0; null when a letter is wrong or missing. */
export function secretOfCode(typed: string): Uint8Array | null {
  const code = typed.normalize('NFKC').toUpperCase().replace(/[\s\-‐–—]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
  const body = code.slice(0, bodyLetters)
  if (code.length !== bodyLetters + 1 || [...code].some((letter) => !letters.includes(letter)) || checkLetter(body) !== code.charAt(bodyLetters)) return null
  let number = [...body].reduce((sum, letter) => sum * 32n + BigInt(letters.indexOf(letter)), 0n)
  const secret = new Uint8Array(secretBytes)
  for (let at = secretBytes - 1; at >= 0; at--) {
    secret[at] = Number(number % 256n)
    number /= 256n
  }
  return number === 0n ? secret : null
}

/** Weighted sum modulo a prime, so that nearly every wrong letter and swap of neighbours shows before anything is looked up. */
function checkLetter(body: string): string {
  const sum = [...body].reduce((total, letter, at) => (total + (at + 1) * letters.indexOf(letter)) % 31, 0)
  return letters.charAt(sum)
}
