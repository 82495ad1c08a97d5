// SPDX-License-Identifier: Apache-2.0

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of a citizen number (GB 11643-1999, ISO 7064 MOD 11-2) over its first 17 digits. */
export function residentIdCheck(body: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (body.charCodeAt(i) - 48) * (idWeights[i] ?? 0)
  return '10X98765432'[sum % 11] ?? ''
}

/** Whether the last digit is the Luhn digit of the rest (ISO/IEC 7812-1 annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = digits.length - 1, isDouble = false; i >= 0; i--, isDouble = !isDouble) {
    const digit = digits.charCodeAt(i) - 48
    sum += isDouble ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** The check character of a unified social credit code (GB 32100-2015) over its first 17 characters; empty when one of them is not in its alphabet. */
export function creditCodeCheck(body: string): string {
  let sum = 0
  let weight = 1
  for (let i = 0; i < 17; i++) {
    const value = creditAlphabet.indexOf(body[i] ?? '?')
    if (value < 0) return ''
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return creditAlphabet[(31 - (sum % 31)) % 31] ?? ''
}

const orgWeights = [3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of an organisation code (GB 11714-1997) over its first 8 characters. */
export function organisationCodeCheck(body: string): string {
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const unit = body.charCodeAt(i)
    sum += (unit <= 57 ? unit - 48 : unit - 55) * (orgWeights[i] ?? 0)
  }
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/** Whether a 15-digit business registration number passes ISO 7064 MOD 11,10 (GS 15-2006). */
export function passesMod1110(digits: string): boolean {
  let product = 10
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (product + digits.charCodeAt(i) - 48) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (product + digits.charCodeAt(digits.length - 1) - 48) % 10 === 1
}

const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
const vinValues = new Map([...'ABCDEFGH'].map((letter, i): [string, number] => [letter, i + 1]).concat([...'JKLMN'].map((letter, i): [string, number] => [letter, i + 1]), [['P', 7], ['R', 9]], [...'STUVWXYZ'].map((letter, i): [string, number] => [letter, i + 2])))

/** The check character at place 9 of a vehicle identification number (GB 16735-2019); empty when a character is not allowed. */
export function vinCheck(vin: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) {
    const char = vin[i] ?? ''
    const value = char >= '0' && char <= '9' ? Number(char) : vinValues.get(char)
    if (value === undefined) return ''
    sum += value * (vinWeights[i] ?? 0)
  }
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether year, month and day name a day that exists, from 1850 to `today` (`YYYY-MM-DD`). */
export function isPastDay(yyyymmdd: string, today: string): boolean {
  const year = Number(yyyymmdd.slice(0, 4))
  const month = Number(yyyymmdd.slice(4, 6))
  const day = Number(yyyymmdd.slice(6, 8))
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (!(year >= 1850 && month >= 1 && month <= 12 && day >= 1 && day <= (daysInMonth[month - 1] ?? 0) + (isLeap ? 1 : 0))) return false
  return year * 10_000 + month * 100 + day <= Number(today.slice(0, 4)) * 10_000 + Number(today.slice(5, 7)) * 100 + Number(today.slice(8, 10))
}

/** Whether a text is an account number of ISO 13616 (IBAN): letters of a country, two check digits, MOD 97-10 over the rest with letters as 10 to 35. */
export function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(plain)) return false
  let rest = 0
  for (const char of plain.slice(4) + plain.slice(0, 4)) for (const digit of String(Number.parseInt(char, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
