// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { rowsFoundGone, verificationIn, verifiedBy } from './verification-words.ts'

describe('how a destruction was verified', () => {
  test('is said in Chinese to a Chinese reader, whatever sentences a certificate joins', () => {
    const how = [verifiedBy.files.en, verifiedBy.databases.en, rowsFoundGone(12).en].join('; ')
    expect(verificationIn('zh', how)).toBe([verifiedBy.files.zh, verifiedBy.databases.zh, rowsFoundGone(12).zh].join(';'))
    expect(verificationIn('zh', verifiedBy.vault.en)).toBe(verifiedBy.vault.zh)
    expect(verificationIn('en', how)).toBe(how)
  })

  test('stays as it was signed where the sentence is not ours', () => {
    expect(verificationIn('zh', 'by a sieve')).toBe('by a sieve')
  })
})
