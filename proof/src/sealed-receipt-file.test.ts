// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { once } from './byte-reader.ts'
import { ProofError, utf8 } from './bytes.ts'
import { codeOfSecret } from './receipt-code.ts'
import { isSealedReceiptFile, openSealedReceipt, sealReceiptFile } from './sealed-receipt-file.ts'
import { verifySource } from './verify/verify-source.ts'

const secret = Uint8Array.from({ length: 16 }, (_, at) => at * 3)
const receipt = '{"format":"handover-receipt/v1","matter":"测试"}'
const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'opened', (error: unknown) => (error instanceof ProofError ? error.code : error))

describe('a sealed receipt', () => {
  it('opens with its code however it is typed, and gives the receipt back to the byte', async () => {
    const file = await sealReceiptFile(receipt, secret)
    expect(isSealedReceiptFile(file)).toBe(true)
    for (const typed of [codeOfSecret(secret), codeOfSecret(secret).toLowerCase().replaceAll('-', ' ')]) expect(await openSealedReceipt(`${file}\n`, typed)).toBe(receipt)
  })

  it('opens with no other code, and not when a byte was changed', async () => {
    const file = await sealReceiptFile(receipt, secret)
    expect(await codeOf(openSealedReceipt(file, codeOfSecret(Uint8Array.from({ length: 16 }, () => 9))))).toBe('NOT_OPENED')
    expect(await codeOf(openSealedReceipt(file, 'ABCDE'))).toBe('BAD_CODE')
    const at = file.indexOf('"sealed":"') + 30
    expect(await codeOf(openSealedReceipt(`${file.slice(0, at)}${file[at] === 'A' ? 'B' : 'A'}${file.slice(at + 1)}`, codeOfSecret(secret)))).toBe('NOT_OPENED')
    expect(await codeOf(openSealedReceipt('{"format":"handover-sealed-receipt/v2","nonce":"","sealed":""}', codeOfSecret(secret)))).toBe('BAD_SHAPE')
  })

  it('is named by the verifier, which does not take it for a forgery', async () => {
    const text = utf8(await sealReceiptFile(receipt, secret))
    const verdict = await verifySource(() => once(text), { language: 'en' })
    expect([verdict.ok, verdict.checks[0]?.detail]).toEqual([false, expect.stringContaining('only its holder can open it')])
  })

  it('tells neither its content nor its length, and is another file each time', async () => {
    const [one, two] = [await sealReceiptFile(receipt, secret), await sealReceiptFile(`${receipt.slice(0, -1)},"x":"${'长'.repeat(100)}"}`, secret)]
    expect(one.length).toBe(two.length)
    expect(one).not.toBe(await sealReceiptFile(receipt, secret))
    expect(one).not.toContain('测试')
  })
})
