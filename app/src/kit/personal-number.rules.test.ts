// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { holdsPersonalNumber } from './personal-number.rules.ts'

test('mobile and identity numbers are found bare, beside words, in full width and with hyphens; numbers of documents are none', () => {
  for (const text of ['13800000000', '张三13800000000', 'V1-13800000000', '138-0000-0000', '１３８００００００００', '110199199001010017', '11019919900101001X', '沪〔110199199001010017〕']) expect(holdsPersonalNumber(text), text).toBe(true)
  for (const text of ['沪网信〔2026〕12号', 'V3.1', '2026-11-02', 'INC-2026-000000000001', '20261102000000000000', '12345678901', '2026-0001-1234567890']) expect(holdsPersonalNumber(text), text).toBe(false)
})
