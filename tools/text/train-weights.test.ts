// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { characterTables } from './character-tables.ts'
import { knownFacts } from './known-facts.ts'
import { mixedWeights, TaggerTrainer } from './train-weights.ts'
import { SentenceWriter } from './write-sentences.ts'

const trained = (seed: number): string => {
  const writer = new SentenceWriter(seed, knownFacts)
  const trainer = new TaggerTrainer(characterTables(new SentenceWriter(seed + 1, knownFacts), 2_000), seed)
  for (let number = 0; number < 150; number++) trainer.learn(writer.next())
  return createHash('sha256').update(mixedWeights([trainer.means()])).digest('hex')
}

describe('training text', () => {
  it('marks every name at its place, and leaves no slot unfilled', () => {
    const writer = new SentenceWriter(5, knownFacts)
    for (let number = 0; number < 3_000; number++) {
      const { text, spans } = writer.next()
      expect(text).not.toMatch(/[{}]/)
      for (const [start, end] of spans) {
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
        expect(text.slice(start, end)).not.toMatch(/[，。、：]/)
      }
    }
  })

  it('trains the same model from the same seed, and another from another', () => {
    const first = trained(3)
    expect(trained(3)).toBe(first)
    expect(trained(4)).not.toBe(first)
  }, 180_000)
})
