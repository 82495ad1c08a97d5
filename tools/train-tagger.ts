// SPDX-License-Identifier: Apache-2.0
// Trains the built-in tagger of names, addresses and organisations from generated sentences alone; the same seed writes the same file, byte for byte.
// node tools/train-tagger.ts [--seed 20260901] [--sentences 600000] [-o app/src/detection/text/model.bin]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { characterTables } from './text/character-tables.ts'
import { knownFacts } from './text/known-facts.ts'
import { TaggerTrainer } from './text/train-weights.ts'
import { SentenceWriter } from './text/write-sentences.ts'
import { encodeModel } from '../app/src/detection/text/index.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '20260901' }, sentences: { type: 'string', default: '600000' }, output: { type: 'string', short: 'o', default: join(import.meta.dirname, '../app/src/detection/text/model.bin') } },
})
const seed = Number(values.seed)
const count = Number(values.sentences)
const start = performance.now()
const writer = new SentenceWriter(seed, knownFacts)
const characters = characterTables(new SentenceWriter(seed + 1, knownFacts))
const trainer = new TaggerTrainer(characters, seed)
let wrong = 0
for (let number = 1; number <= count; number++) {
  wrong += trainer.learn(writer.next()) ? 0 : 1
  if (number % 20_000 === 0) {
    console.log(`${number} sentences, ${((wrong / 20_000) * 100).toFixed(1)} % of the last 20,000 not right at once, ${((performance.now() - start) / 1000).toFixed(0)} s`)
    wrong = 0
  }
}
const bytes = encodeModel({ characters, ...trainer.weights() })
writeFileSync(values.output, bytes)
console.log(`${values.output}: ${bytes.length} bytes`)
