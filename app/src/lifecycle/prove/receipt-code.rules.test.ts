// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { codeOfSecret, secretOfCode } from './receipt-code.rules.ts'
import { handleOf, newReceiptSecret, openKernels, sealKernels } from './sealed-receipt.ts'

test('a code leads back to its secret however it is typed', () => {
  for (const secret of [Buffer.alloc(16), Buffer.alloc(16, 255), ...Array.from({ length: 50 }, newReceiptSecret)]) {
    const code = codeOfSecret(secret)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{2}$/)
    for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ' '), ` ${code.replaceAll('0', 'o').replaceAll('1', 'l')}\n`]) expect(Buffer.from(secretOfCode(typed) ?? [])).toEqual(secret)
  }
})

test('a wrong, missing, added or swapped letter is noticed before anything is looked up', () => {
  const code = codeOfSecret(Buffer.from('00112233445566778899aabbccddeeff', 'hex')).replaceAll('-', '')
  expect(secretOfCode(code.slice(1))).toBeNull()
  expect(secretOfCode(`${code}0`)).toBeNull()
  expect(secretOfCode(code.replace(/.$/, 'U'))).toBeNull()
  const wrong = [...code].flatMap((letter, at) => [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].filter((other) => other !== letter).map((other) => code.slice(0, at) + other + code.slice(at + 1)))
  const swapped = Array.from({ length: 25 }, (_, at) => code.slice(0, at) + code.charAt(at + 1) + code.charAt(at) + code.slice(at + 2)).filter((other) => other !== code)
  const missed = [...wrong, ...swapped].filter((typed) => secretOfCode(typed) !== null)
  expect(missed.length / (wrong.length + swapped.length)).toBeLessThan(0.005)
})

test('a sealed receipt opens for its secret and its matter alone, and tells neither size nor owner', () => {
  const secret = newReceiptSecret()
  const kernel = (fields: number) => ({ recordId: Buffer.alloc(16, 7), leaves: Array.from({ length: fields }, (_, at) => Buffer.alloc(32, at)), salts: Array.from({ length: fields }, (_, at) => Buffer.alloc(16, at)) })
  const sealed = sealKernels(secret, 'mat_a', [kernel(12)])
  expect(openKernels(secret, 'mat_a', sealed)).toEqual([kernel(12)])
  expect(openKernels(secret, 'mat_b', sealed)).toBeNull()
  expect(openKernels(newReceiptSecret(), 'mat_a', sealed)).toBeNull()
  for (const place of [0, 20, sealed.length - 1]) expect(openKernels(secret, 'mat_a', Buffer.from(sealed.map((byte, at) => (at === place ? byte ^ 1 : byte))))).toBeNull()
  expect(sealKernels(secret, 'mat_a', [kernel(3), kernel(9)]).length).toBe(sealed.length)
  expect(handleOf(secret, 'mat_a')).not.toEqual(handleOf(secret, 'mat_b'))
})
