// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { wordMeantBy } from './correct-spelling.rules.ts'
import { readHeader } from './read-header.ts'

describe('a slip of the pen in a column’s name', () => {
  it('is put right when one letter is missing, put in, changed or has changed places', () => {
    expect(['adress', 'avater', 'marrige', 'brithday', 'emergencey', 'recievr'].map((word) => wordMeantBy(word))).toEqual(['address', 'avatar', 'marriage', 'birthday', 'emergency', null])
    expect(readHeader('brithday').type).toBe('birth-date')
    expect(readHeader('user_avater').type).toBe('photo')
  })

  it('leaves words alone that are words of their own, and inflected ones', () => {
    expect(['contract', 'received', 'county', 'hotel', 'address'].map((word) => wordMeantBy(word))).toEqual([null, null, null, null, null])
    expect(readHeader('souvenir_received').type).not.toBe('person-name')
  })
})
